#ifndef CCURL_H
#define CCURL_H

#include <curl/curl.h>
#include <openssl/crypto.h>
#include <openssl/ssl.h>
#include <string.h>

/* C shims for libcurl. Swift cannot call variadic functions: these have one fixed signature per argument type. */

/* Whether libcurl has a default CA file. */
static inline int ccurl_has_ca_file(void) { return curl_version_info(CURLVERSION_NOW)->cainfo != NULL; }

/*
 * Whether an answer can make libcurl write into memory that it has freed, unless its headers are checked first.
 *
 * From 7.84.0 to 8.0.1 an easy handle keeps the address of the last header of the exchange before, which is freed when
 * the next one begins; if the first header line of that one's answer begins with a blank, it is appended there
 * (curl's issue #11101, fixed in 8.1.0). No option and no reset of the handle helps, and a handle for each exchange
 * costs a sixth of a create. But with CURLOPT_HEADER each of these versions shows a line to the write callback before
 * it stores it, and gives up there if the callback says so. Running this on a patched libcurl does no harm.
 */
static inline int ccurl_store_dangles(void)
{
  unsigned version = curl_version_info(CURLVERSION_NOW)->version_num;
  return version >= 0x075400 && version < 0x080100;
}

/* Whether child programs inherit the wake-up descriptors of a multi handle: no close-on-exec before 8.8.0. */
static inline int ccurl_wakeup_is_inherited(void)
{
  return curl_version_info(CURLVERSION_NOW)->version_num < 0x080800;
}

static inline CURLcode ccurl_forget_key_log(CURL *easy, void *context, void *ignored)
{
  (void)easy, (void)ignored;
  SSL_CTX_set_keylog_callback((SSL_CTX *)context, NULL);
  return CURLE_OK;
}

/*
 * Keeps the secrets of TLS out of the file that SSLKEYLOGFILE names in the environment.
 *
 * libcurl asks its TLS library to log them before it lets the callback have a look. The context that it passes is
 * only touched if it is of the very OpenSSL that this library is linked to: a weak reference, or one by dlsym, could be
 * bound to another OpenSSL of the host's, where a linked one is bound as libcurl's is.
 */
static inline CURLcode ccurl_keep_tls_secrets(CURL *easy)
{
  static const char name[] = "OpenSSL/";
  const char *theirs = curl_version_info(CURLVERSION_NOW)->ssl_version;
  const char *ours = OpenSSL_version(OPENSSL_VERSION_STRING);
  if (!theirs || !ours || strncmp(theirs, name, sizeof name - 1) != 0
      || strcmp(theirs + sizeof name - 1, ours) != 0)
    return CURLE_OK;
  return curl_easy_setopt(easy, CURLOPT_SSL_CTX_FUNCTION, ccurl_forget_key_log);
}

/* Thread-safe since libcurl 7.84. Never cleaned up, because the host may use libcurl too. */
static inline CURLcode ccurl_global_init(void) { return curl_global_init(CURL_GLOBAL_DEFAULT); }

static inline CURLcode ccurl_set_long(CURL *easy, CURLoption option, long value)
{
  return curl_easy_setopt(easy, option, value);
}

static inline CURLcode ccurl_set_size(CURL *easy, CURLoption option, curl_off_t value)
{
  return curl_easy_setopt(easy, option, value);
}

/* Strings, lists and user data. */
static inline CURLcode ccurl_set_pointer(CURL *easy, CURLoption option, const void *value)
{
  return curl_easy_setopt(easy, option, value);
}

typedef size_t (*ccurl_transfer_callback)(char *, size_t, size_t, void *);

/* CURLOPT_WRITEFUNCTION, CURLOPT_HEADERFUNCTION. */
static inline CURLcode ccurl_set_transfer(CURL *easy, CURLoption option, ccurl_transfer_callback callback)
{
  return curl_easy_setopt(easy, option, callback);
}

typedef int (*ccurl_prereq_callback)(void *, char *, char *, int, int);

static inline CURLcode ccurl_set_prereq(CURL *easy, ccurl_prereq_callback callback)
{
  return curl_easy_setopt(easy, CURLOPT_PREREQFUNCTION, callback);
}

typedef curl_socket_t (*ccurl_socket_callback)(void *, curlsocktype, struct curl_sockaddr *);

static inline CURLcode ccurl_set_open_socket(CURL *easy, ccurl_socket_callback callback)
{
  return curl_easy_setopt(easy, CURLOPT_OPENSOCKETFUNCTION, callback);
}

/* The `struct sockaddr` of the peer; it may be longer than libcurl's header says. */
static inline const void *_Nonnull ccurl_socket_address(const struct curl_sockaddr *_Nonnull address)
{
  return &address->addr;
}

typedef int (*ccurl_close_callback)(void *, curl_socket_t);

static inline CURLcode ccurl_set_close_socket(CURL *easy, ccurl_close_callback callback)
{
  return curl_easy_setopt(easy, CURLOPT_CLOSESOCKETFUNCTION, callback);
}

static inline CURLcode ccurl_get_long(CURL *easy, CURLINFO info, long *value)
{
  return curl_easy_getinfo(easy, info, value);
}

/* Returns a `long`, which has the same size on the supported platforms. */
static inline CURLcode ccurl_get_size(CURL *easy, CURLINFO info, long *value)
{
  curl_off_t size = 0;
  CURLcode refused = curl_easy_getinfo(easy, info, &size);
  *value = (long)size;
  return refused;
}

static inline CURLMcode ccurl_multi_set_long(CURLM *multi, CURLMoption option, long value)
{
  return curl_multi_setopt(multi, option, value);
}

#endif
