#ifndef CCURL_H
#define CCURL_H

#include <curl/curl.h>

/* libcurl's option calls are variadic, which Swift cannot call: one fixed shape for each argument type. */

/* Whether libcurl knows a file of trusted certificates by itself. */
static inline int ccurl_has_ca_file(void) {
  return curl_version_info(CURLVERSION_NOW)->cainfo != NULL;
}

/* Safe from several threads at once since libcurl 7.84. Never undone: the host may use libcurl too. */
static inline CURLcode ccurl_global_init(void) { return curl_global_init(CURL_GLOBAL_DEFAULT); }

static inline CURLcode ccurl_set_long(CURL *easy, CURLoption option, long value) {
  return curl_easy_setopt(easy, option, value);
}

static inline CURLcode ccurl_set_size(CURL *easy, CURLoption option, curl_off_t value) {
  return curl_easy_setopt(easy, option, value);
}

/* Strings, lists and user data. */
static inline CURLcode ccurl_set_pointer(CURL *easy, CURLoption option, const void *value) {
  return curl_easy_setopt(easy, option, value);
}

typedef size_t (*ccurl_transfer_callback)(char *, size_t, size_t, void *);

/* CURLOPT_WRITEFUNCTION, CURLOPT_HEADERFUNCTION. */
static inline CURLcode ccurl_set_transfer(
    CURL *easy, CURLoption option, ccurl_transfer_callback callback) {
  return curl_easy_setopt(easy, option, callback);
}

typedef int (*ccurl_prereq_callback)(void *, char *, char *, int, int);

static inline CURLcode ccurl_set_prereq(CURL *easy, ccurl_prereq_callback callback) {
  return curl_easy_setopt(easy, CURLOPT_PREREQFUNCTION, callback);
}

typedef curl_socket_t (*ccurl_socket_callback)(void *, curlsocktype, struct curl_sockaddr *);

static inline CURLcode ccurl_set_open_socket(CURL *easy, ccurl_socket_callback callback) {
  return curl_easy_setopt(easy, CURLOPT_OPENSOCKETFUNCTION, callback);
}

/* The `struct sockaddr` of what is connected to; it may be longer than libcurl's header says. */
static inline const void *_Nonnull ccurl_socket_address(
    const struct curl_sockaddr *_Nonnull address) {
  return &address->addr;
}

typedef int (*ccurl_close_callback)(void *, curl_socket_t);

static inline CURLcode ccurl_set_close_socket(CURL *easy, ccurl_close_callback callback) {
  return curl_easy_setopt(easy, CURLOPT_CLOSESOCKETFUNCTION, callback);
}

static inline CURLcode ccurl_get_long(CURL *easy, CURLINFO info, long *value) {
  return curl_easy_getinfo(easy, info, value);
}

/* Answers in a `long` too, which is as long where this library runs. */
static inline CURLcode ccurl_get_size(CURL *easy, CURLINFO info, long *value) {
  curl_off_t size = 0;
  CURLcode refused = curl_easy_getinfo(easy, info, &size);
  *value = (long)size;
  return refused;
}

static inline CURLMcode ccurl_multi_set_long(CURLM *multi, CURLMoption option, long value) {
  return curl_multi_setopt(multi, option, value);
}

#endif
