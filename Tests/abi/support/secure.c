#define _GNU_SOURCE
#include "secure.h"

#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <sys/socket.h>
#include <unistd.h>

#include "peer.h"
#include "support.h"

#define MOST_LINKS 512

typedef struct running {
  secure_link link;
  pthread_t thread;
  atomic_int is_over;
  int is_used;
} running;

struct secure {
  secure_kind kind;
  secure_handler *handler;
  void *context;
  SSL_CTX *settings;
  int listener;
  pthread_t thread;
  char url[64], file[64];
  atomic_uint connections;
  atomic_int is_stopped;
  running links[MOST_LINKS]; /* the thread's own */
};

/* ---- The certificate ------------------------------------------------------------- */

static void add_extension(X509 *certificate, int number, const char *value)
{
  X509_EXTENSION *extension = X509V3_EXT_conf_nid(NULL, NULL, number, value);

  assert_non_null(extension);
  X509_add_ext(certificate, extension, -1);
  X509_EXTENSION_free(extension);
}

static void make_certificate(secure *server)
{
  EVP_PKEY *key = EVP_EC_gen("P-256");
  X509 *certificate = X509_new();
  X509_NAME *name = X509_get_subject_name(certificate);
  int descriptor;
  FILE *file;

  X509_set_version(certificate, 2);
  ASN1_INTEGER_set(X509_get_serialNumber(certificate), (long)now_ms());
  X509_gmtime_adj(X509_getm_notBefore(certificate), -3600);
  X509_gmtime_adj(X509_getm_notAfter(certificate), 86400);
  X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC, (const unsigned char *)"a test", -1, -1, 0);
  X509_set_issuer_name(certificate, name);
  X509_set_pubkey(certificate, key);
  add_extension(certificate, NID_basic_constraints, "critical,CA:TRUE");
  add_extension(certificate, NID_subject_alt_name, "IP:127.0.0.1");
  assert_true(X509_sign(certificate, key, EVP_sha256()) > 0);
  assert_int_equal(SSL_CTX_use_certificate(server->settings, certificate), 1);
  assert_int_equal(SSL_CTX_use_PrivateKey(server->settings, key), 1);
  strcpy(server->file, "/tmp/deepidv-test-XXXXXX");
  descriptor = mkstemp(server->file);
  file = fdopen(descriptor, "w");
  assert_non_null(file);
  assert_int_equal(PEM_write_X509(file, certificate), 1);
  assert_int_equal(fclose(file), 0);
  X509_free(certificate);
  EVP_PKEY_free(key);
}

static void prepare_tls(secure *server)
{
  const int version = server->kind == SECURE_TLS12 ? TLS1_2_VERSION : TLS1_3_VERSION;

  server->settings = SSL_CTX_new(TLS_server_method());
  assert_non_null(server->settings);
  SSL_CTX_set_min_proto_version(server->settings, version);
  SSL_CTX_set_max_proto_version(server->settings, version);
  make_certificate(server);
}

/* ---- Its threads ----------------------------------------------------------------- */

static void *serve(void *context)
{
  running *running = context;
  secure_link *link = &running->link;

  if (link->server->kind == SECURE_PLAIN || link->server->kind == SECURE_BY_HAND || secure_shake_hands(link))
    link->server->handler(link);
  if (link->tls)
    SSL_free(link->tls);
  link->tls = NULL;
  running->is_over = 1;
  return NULL;
}

static void join(running *running)
{
  pthread_join(running->thread, NULL);
  if (running->link.socket >= 0)
    close(running->link.socket);
  running->is_used = 0;
}

static void accept_one(secure *server, int socket)
{
  const int yes = 1;
  running *running = server->links;
  size_t i;

  for (i = 0; i < MOST_LINKS; i++)
    if (server->links[i].is_used && server->links[i].is_over)
      join(&server->links[i]);
  while (running->is_used)
    running++;
  setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
  running->is_used = 1;
  running->is_over = 0;
  running->link = (secure_link){
    .server = server, .socket = socket, .number = ++server->connections, .context = server->context
  };
  if (pthread_create(&running->thread, NULL, serve, running) != 0)
    abort();
}

static void *run(void *context)
{
  secure *server = context;
  size_t i;

  while (!server->is_stopped) {
    const int socket = accept4(server->listener, NULL, NULL, SOCK_CLOEXEC);

    if (socket >= 0)
      accept_one(server, socket);
  }
  for (i = 0; i < MOST_LINKS; i++) {
    if (!server->links[i].is_used)
      continue;
    if (server->links[i].link.socket >= 0)
      shutdown(server->links[i].link.socket, SHUT_RDWR);
    join(&server->links[i]);
  }
  return NULL;
}

/* ---- For the test ---------------------------------------------------------------- */

secure *secure_start(secure_kind kind, secure_handler *handler, void *context)
{
  struct sockaddr_in address = { .sin_family = AF_INET };
  socklen_t length = sizeof address;
  secure *server = calloc(1, sizeof *server);
  sigset_t all, before;

  assert_non_null(server);
  server->kind = kind;
  server->handler = handler;
  server->context = context;
  if (kind != SECURE_PLAIN)
    prepare_tls(server);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  server->listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  assert_int_equal(bind(server->listener, (struct sockaddr *)&address, length), 0);
  assert_int_equal(listen(server->listener, MOST_LINKS), 0);
  assert_int_equal(getsockname(server->listener, (struct sockaddr *)&address, &length), 0);
  snprintf(server->url, sizeof server->url, "%s://127.0.0.1:%d", kind == SECURE_PLAIN ? "http" : "https",
      ntohs(address.sin_port));
  /* Signals are the test's own. */
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, &before);
  assert_int_equal(pthread_create(&server->thread, NULL, run, server), 0);
  pthread_sigmask(SIG_SETMASK, &before, NULL);
  return server;
}

void secure_stop(secure *server)
{
  server->is_stopped = 1;
  shutdown(server->listener, SHUT_RDWR);
  pthread_join(server->thread, NULL);
  close(server->listener);
  if (server->file[0])
    unlink(server->file);
  SSL_CTX_free(server->settings);
  free(server);
}

deepidv_config *secure_config(const secure *server)
{
  deepidv_config *config = make_config(server->url);

  if (server->kind != SECURE_PLAIN)
    assert_status(deepidv_config_set_ca_file(config, server->file, DEEPIDV_NTS), DEEPIDV_OK);
  return config;
}

deepidv_client *secure_client(const secure *server, uint32_t timeout_ms)
{
  deepidv_config *config = secure_config(server);

  assert_status(deepidv_config_set_timeout_ms(config, timeout_ms), DEEPIDV_OK);
  return make_client_of(config);
}

unsigned secure_connections(secure *server) { return server->connections; }

int secure_shake_hands(secure_link *link)
{
  link->tls = SSL_new(link->server->settings);
  return link->tls && SSL_set_fd(link->tls, link->socket) == 1 && SSL_accept(link->tls) == 1;
}

static int receive(secure_link *link, char *bytes, size_t size)
{
  return link->tls ? SSL_read(link->tls, bytes, (int)size) : (int)recv(link->socket, bytes, size, 0);
}

int secure_read(secure_link *link)
{
  char bytes[16384];
  size_t count = 0;

  for (;;) {
    const int more = receive(link, bytes + count, sizeof bytes - 1 - count);
    const char *end, *length;

    if (more <= 0)
      return 0;
    count += (size_t)more;
    bytes[count] = '\0';
    end = strstr(bytes, "\r\n\r\n");
    length = strstr(bytes, "Content-Length: ");
    if (end && count >= (size_t)(end + 4 - bytes) + (length ? strtoul(length + 16, NULL, 10) : 0))
      return 1;
  }
}

int secure_write(secure_link *link, const char *bytes, size_t count)
{
  if (link->tls)
    return SSL_write(link->tls, bytes, (int)count) == (int)count;
  return send(link->socket, bytes, count, MSG_NOSIGNAL) == (ssize_t)count;
}

int secure_answer(secure_link *link, const char *headers)
{
  char answer[1024];
  const int count = snprintf(answer, sizeof answer, "HTTP/1.1 200 OK\r\n%sContent-Length: %zu\r\n\r\n%s",
      headers, strlen(PEER_SESSION), PEER_SESSION);

  return secure_write(link, answer, (size_t)count);
}

int secure_is_over(const secure_link *link)
{
  struct pollfd polled = { link->socket, POLLRDHUP, 0 };

  return poll(&polled, 1, 0) > 0;
}

void secure_reset(secure_link *link)
{
  struct linger linger = { 1, 0 };

  setsockopt(link->socket, SOL_SOCKET, SO_LINGER, &linger, sizeof linger);
  close(link->socket);
  link->socket = -1;
}
