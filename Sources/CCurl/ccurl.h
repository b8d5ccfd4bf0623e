#ifndef CCURL_H
#define CCURL_H

#include <curl/curl.h>
#include <openssl/crypto.h>
#include <openssl/ssl.h>
#include <string.h>

/* C shims for libcurl. Swift cannot call variadic functions: these have one fixed signature per argument type. */

/* The libcurl that is loaded, as 0xXXYYZZ for X.Y.Z. */
static inline unsigned ccurl_version_number(void) { return curl_version_info(CURLVERSION_NOW)->version_num; }

/* The same as a text. */
static inline const char *_Nonnull ccurl_version(void) { return curl_version_info(CURLVERSION_NOW)->version; }

/* Whether libcurl has what this library needs: TLS, HTTPS, and with it HTTP, and name lookups that do not block. */
static inline int ccurl_has_all_parts(void)
{
  const curl_version_info_data *info = curl_version_info(CURLVERSION_NOW);
  const int needed = CURL_VERSION_SSL | CURL_VERSION_ASYNCHDNS;
  const char *const *name;

  if ((info->features & needed) != needed)
    return 0;
  for (name = info->protocols; *name; name++)
    if (strcmp(*name, "https") == 0)
      return 1;
  return 0;
}

/* Whether libcurl has a default CA file. */
static inline int ccurl_has_ca_file(void) { return curl_version_info(CURLVERSION_NOW)->cainfo != NULL; }

/* Whether child programs inherit the wake-up descriptors of a multi handle: no close-on-exec before 8.8.0. */
static inline int ccurl_wakeup_is_inherited(void) { return ccurl_version_number() < 0x080800; }

/*
 * Whether libcurl keeps the connection of a removed handle open, although nobody can use it: before 7.85.0. It closes
 * it when it makes another one, after a second at the earliest, if it is dead by then.
 */
static inline int ccurl_keeps_connections(void) { return ccurl_version_number() < 0x075500; }

/*
 * OpenSSL skips each HelloRequest that arrives during a handshake, without returning: a peer, or anybody on the way,
 * that sends them faster than they are read would hold the thread without end, whatever the timeout. No server has
 * a reason to send one then. Without a place to read from, the handshake fails. Between handshakes, one is allowed: OpenSSL
 * has gone to the state of that name when it tells of it.
 */
static inline void ccurl_refuse_hello_requests(
    int is_sent, int version, int type, const void *message, size_t size, SSL *tls, void *context)
{
  (void)version, (void)context;
  if (!is_sent && type == SSL3_RT_HANDSHAKE && size > 0
      && *(const unsigned char *)message == SSL3_MT_HELLO_REQUEST
      && SSL_get_state(tls) != TLS_ST_CR_HELLO_REQ)
    SSL_set0_rbio(tls, NULL);
}

static inline CURLcode ccurl_prepare_context(CURL *easy, void *context, void *reads_singly)
{
  (void)easy;
  SSL_CTX_set_msg_callback((SSL_CTX *)context, ccurl_refuse_hello_requests);
  SSL_CTX_set_keylog_callback((SSL_CTX *)context, NULL);
  if (reads_singly)
    SSL_CTX_clear_mode((SSL_CTX *)context, SSL_MODE_AUTO_RETRY);
  return CURLE_OK;
}

/*
 * Keeps the secrets of TLS out of the file that SSLKEYLOGFILE names in the environment.
 *
 * With `reads_singly`, a read returns after each message without data: a peer that sends such messages faster than they
 * are read would hold the thread for ever, whatever the timeout. What it leaves unread must then be in the socket, and
 * not in another layer of TLS, which is a proxy's: no event would tell.
 *
 * libcurl asks its TLS library to log the secrets before it lets the callback have a look. The context that it passes is
 * only touched if it is of the very OpenSSL that this library is linked to: a weak reference, or one by dlsym, could be
 * bound to another OpenSSL of the host's, where a linked one is bound as libcurl's is.
 */
static inline CURLcode ccurl_prepare_tls(CURL *easy, int reads_singly)
{
  static const char name[] = "OpenSSL/";
  const char *theirs = curl_version_info(CURLVERSION_NOW)->ssl_version;
  const char *ours = OpenSSL_version(OPENSSL_VERSION_STRING);
  CURLcode refused;
  if (!theirs || !ours || strncmp(theirs, name, sizeof name - 1) != 0
      || strcmp(theirs + sizeof name - 1, ours) != 0)
    return CURLE_OK;
  refused = curl_easy_setopt(easy, CURLOPT_SSL_CTX_DATA, reads_singly ? (void *)easy : NULL);
  return refused ? refused : curl_easy_setopt(easy, CURLOPT_SSL_CTX_FUNCTION, ccurl_prepare_context);
}

/*
 * Whether TLS may write to a broken connection so that the system raises SIGPIPE. From 7.87.0 on, libcurl sends for
 * OpenSSL, with MSG_NOSIGNAL as it sends without TLS; before, OpenSSL writes itself.
 */
static inline int ccurl_tls_breaks_pipes(void)
{
  const curl_version_info_data *info = curl_version_info(CURLVERSION_NOW);
  return info->version_num < 0x075700 || !info->ssl_version || strncmp(info->ssl_version, "OpenSSL/", 8) != 0;
}

/* Thread-safe since libcurl 7.84. Never cleaned up, because the host may use libcurl too. */
static inline CURLcode ccurl_global_init(void) { return curl_global_init(CURL_GLOBAL_DEFAULT); }

static inline CURLcode ccurl_set_long(CURL *easy, CURLoption option, long value)
{
  return curl_easy_setopt(easy, option, value);
}

/* Strings and user data. */
static inline CURLcode ccurl_set_pointer(CURL *easy, CURLoption option, const void *value)
{
  return curl_easy_setopt(easy, option, value);
}

static inline size_t ccurl_ignore(char *bytes, size_t size, size_t count, void *context)
{
  (void)bytes, (void)context;
  return size * count;
}

/* Without it, libcurl would write what a proxy answers to the host's standard output. */
static inline CURLcode ccurl_ignore_output(CURL *easy)
{
  return curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, ccurl_ignore);
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

static inline curl_socket_t ccurl_refuse_socket(
    void *context, curlsocktype purpose, struct curl_sockaddr *address)
{
  (void)context, (void)purpose, (void)address;
  return CURL_SOCKET_BAD;
}

/* Lets a connection fail as soon as its name has been looked up. */
static inline CURLcode ccurl_refuse_sockets(CURL *easy)
{
  return curl_easy_setopt(easy, CURLOPT_OPENSOCKETFUNCTION, ccurl_refuse_socket);
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

/* The socket of a connection, or -1. */
static inline curl_socket_t ccurl_socket(CURL *easy)
{
  curl_socket_t socket = CURL_SOCKET_BAD;
  return curl_easy_getinfo(easy, CURLINFO_ACTIVESOCKET, &socket) == CURLE_OK ? socket : CURL_SOCKET_BAD;
}

/* Whether a connection was established, to the proxy if there is one. */
static inline int ccurl_has_connected(CURL *easy)
{
  curl_off_t microseconds = 0;
  return curl_easy_getinfo(easy, CURLINFO_CONNECT_TIME_T, &microseconds) == CURLE_OK && microseconds > 0;
}

/* Whether the name of the host, or of the proxy, has been looked up. */
static inline int ccurl_has_looked_up(CURL *easy)
{
  curl_off_t microseconds = 0;
  return curl_easy_getinfo(easy, CURLINFO_NAMELOOKUP_TIME_T, &microseconds) == CURLE_OK && microseconds > 0;
}

/* Waits for the sockets of transfers, and for this one to be readable. */
static inline CURLMcode ccurl_multi_wait(CURLM *multi, curl_socket_t other, int timeout_ms)
{
  struct curl_waitfd wait = { .fd = other, .events = CURL_WAIT_POLLIN };
  return curl_multi_poll(multi, &wait, 1, timeout_ms, NULL);
}

static inline CURLMcode ccurl_multi_set_long(CURLM *multi, CURLMoption option, long value)
{
  return curl_multi_setopt(multi, option, value);
}

/*
 * From 8.20 on, a pool of threads of the multi handle looks up names. Freeing the handle must not wait for them, and a
 * lookup must not wait for others that name servers do not answer. Older libcurls refuse these options, whose numbers
 * are those of CURLMOPT_QUICK_EXIT and CURLMOPT_RESOLVE_THREADS_MAX.
 */
static inline void ccurl_multi_leave_lookups(CURLM *multi, long threads)
{
  curl_multi_setopt(multi, (CURLMoption)21, 1L);
  curl_multi_setopt(multi, (CURLMoption)20, threads);
}

#endif
