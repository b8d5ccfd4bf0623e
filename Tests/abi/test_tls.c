/* What TLS carries besides data: tickets, new keys, new handshakes, and resumed sessions. */

#define _GNU_SOURCE

#include <errno.h>
#include <stdio.h>
#include <stdatomic.h>
#include <sys/syscall.h>
#include <sys/socket.h>
#include <unistd.h>

#include "create.h"
#include "peer.h"
#include "secure.h"

/* libcurl's: while a record drips, each wake-up brings a little of it. */
static atomic_int drips, has_dripped;

ssize_t recv(int socket, void *bytes, size_t size, int flags)
{
  if (drips && !(flags & MSG_PEEK)) {
    has_dripped = !has_dripped;
    if (!has_dripped) {
      errno = EAGAIN;
      return -1;
    }
    size = size < 20 ? size : 20;
  }
  return syscall(SYS_recvfrom, socket, bytes, size, flags, NULL, NULL);
}

/* ---- Messages without data ------------------------------------------------------- */

static int send_ticket(SSL *tls) { return SSL_new_session_ticket(tls) == 1 && SSL_do_handshake(tls) == 1; }

static int ask_for_keys(SSL *tls)
{
  return SSL_key_update(tls, SSL_KEY_UPDATE_REQUESTED) == 1 && SSL_do_handshake(tls) == 1;
}

static int change_keys(SSL *tls)
{
  return SSL_key_update(tls, SSL_KEY_UPDATE_NOT_REQUESTED) == 1 && SSL_do_handshake(tls) == 1;
}

/* As servers do that want a client's certificate for some paths. */
static int renew_handshake(SSL *tls)
{
  char byte;

  if (SSL_renegotiate(tls) != 1 || SSL_do_handshake(tls) != 1)
    return 0;
  /* It returns after the handshake, instead of waiting for data. */
  SSL_clear_mode(tls, SSL_MODE_AUTO_RETRY);
  SSL_peek(tls, &byte, 0);
  return !SSL_renegotiate_pending(tls);
}

typedef struct message {
  const char *name;
  secure_kind kind;
  int (*send)(SSL *tls);
} message;

static const message messages[] = {
  { "ticket", SECURE_TLS13, send_ticket },
  { "request for keys", SECURE_TLS13, ask_for_keys },
  { "new keys", SECURE_TLS13, change_keys },
  { "new handshake", SECURE_TLS12, renew_handshake },
};

static int repeat(const message *message, SSL *tls, int count)
{
  while (count-- > 0)
    if (!message->send(tls))
      return 0;
  return 1;
}

/* The first of them: those that a server may send at any time, without an answer to them. */
#define ONE_WAY 3

/* Before a response, inside it, and behind it: a handshake there would cross with the next request. */
static void answer_with_messages(secure_link *link)
{
  static const char head[] = "HTTP/1.1 200 OK\r\nContent-Le", length[] = "ngth: %zu\r\n\r\n%s";
  const message *message = link->context;
  char rest[1024];

  while (secure_read(link)) {
    const int count = snprintf(rest, sizeof rest, length, strlen(PEER_SESSION), PEER_SESSION);

    if (!repeat(message, link->tls, 3) || !secure_write(link, head, sizeof head - 1)
        || !repeat(message, link->tls, 3) || !secure_write(link, rest, (size_t)count)
        || (message->kind == SECURE_TLS13 && !repeat(message, link->tls, 3)))
      return;
  }
}

static void messages_do_not_disturb(void **state)
{
  size_t i;
  int j;

  (void)state;
  for (i = 0; i < COUNT(messages); i++) {
    secure *server = secure_start(messages[i].kind, answer_with_messages, (void *)&messages[i]);
    deepidv_client *client = secure_client(server, 20000);

    for (j = 0; j < 5; j++)
      assert_row(create_status(client) == DEEPIDV_OK, messages[i].name);
    assert_row(secure_connections(server) == 1, messages[i].name);
    deepidv_client_free(client);
    secure_stop(server);
  }
}

static atomic_uint ended;

/* Messages, and then the end. */
static void end_with_messages(secure_link *link)
{
  const message *message = link->context;

  if (secure_read(link) && secure_answer(link, "") && repeat(message, link->tls, 5))
    SSL_shutdown(link->tls);
  shutdown(link->socket, SHUT_WR);
  ended = link->number;
}

/* The end of an idle connection is seen behind other messages, so that no request is lost on it. */
static void an_end_behind_messages_is_seen(void **state)
{
  size_t i;
  unsigned j;

  (void)state;
  for (i = 0; i < ONE_WAY; i++) {
    secure *server = secure_start(messages[i].kind, end_with_messages, (void *)&messages[i]);
    deepidv_client *client = secure_client(server, 20000);

    for (j = 1; j <= 5; j++) {
      assert_row(create_status(client) == DEEPIDV_OK, messages[i].name);
      while (ended != j)
        sleep_ms(1);
    }
    assert_row(secure_connections(server) == 5, messages[i].name);
    deepidv_client_free(client);
    secure_stop(server);
    ended = 0;
  }
}

static atomic_int flooded;

/* More than a client should read, and than the buffers of the system have room for. */
#define FLOOD 20000

static void flood(secure_link *link)
{
  const message *message = link->context;

  if (!secure_read(link))
    return;
  for (flooded = 0; flooded < FLOOD; flooded++)
    if (!message->send(link->tls) || secure_is_over(link))
      return;
}

static void a_flood_of_messages_ends(void **state)
{
  size_t i;

  (void)state;
  for (i = 0; i < ONE_WAY; i++) {
    secure *server = secure_start(messages[i].kind, flood, (void *)&messages[i]);
    deepidv_client *client = secure_client(server, 20000);

    assert_row(create_status(client) == DEEPIDV_E_OUTCOME_UNKNOWN, messages[i].name);
    assert_row(flooded < FLOOD, messages[i].name);
    deepidv_client_free(client);
    secure_stop(server);
  }
}

/* ---- Records --------------------------------------------------------------------- */

/* 200 records of 512 bytes, which arrive in 5,000 pieces. */
static void answer_in_records(secure_link *link)
{
  char record[512];
  int i;

  while (secure_read(link)) {
    const int count = snprintf(record, sizeof record, "HTTP/1.1 200 OK\r\nContent-Length: %zu\r\n\r\n",
        199 * sizeof record + strlen(PEER_SESSION));

    drips = 1;
    secure_write(link, record, (size_t)count);
    memset(record, ' ', sizeof record);
    for (i = 0; i < 199; i++)
      secure_write(link, record, sizeof record);
    secure_write(link, PEER_SESSION, strlen(PEER_SESSION));
  }
}

static void a_record_may_arrive_in_pieces(void **state)
{
  secure *server = secure_start(SECURE_TLS13, answer_in_records, NULL);
  deepidv_client *client = secure_client(server, 20000);

  (void)state;
  assert_status(create_status(client), DEEPIDV_OK);
  drips = 0;
  deepidv_client_free(client);
  secure_stop(server);
}

/* ---- Sessions -------------------------------------------------------------------- */

static atomic_int resumed;

static void answer_once(secure_link *link)
{
  resumed = SSL_session_reused(link->tls);
  if (secure_read(link))
    secure_answer(link, "Connection: close\r\n");
  SSL_shutdown(link->tls);
}

static void a_session_is_resumed(void **state)
{
  static const secure_kind kinds[] = { SECURE_TLS12, SECURE_TLS13 };
  size_t i;
  int j;

  (void)state;
  for (i = 0; i < COUNT(kinds); i++) {
    secure *server = secure_start(kinds[i], answer_once, NULL);
    deepidv_client *client = secure_client(server, 20000);

    for (j = 0; j < 3; j++) {
      assert_status(create_status(client), DEEPIDV_OK);
      assert_int_equal(resumed, j > 0);
    }
    assert_int_equal(secure_connections(server), 3);
    deepidv_client_free(client);
    secure_stop(server);
  }
}

int main(void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(messages_do_not_disturb),
    cmocka_unit_test(an_end_behind_messages_is_seen),
    cmocka_unit_test(a_flood_of_messages_ends),
    cmocka_unit_test(a_record_may_arrive_in_pieces),
    cmocka_unit_test(a_session_is_resumed),
  };

  return cmocka_run_group_tests_name("tls", tests, NULL, NULL);
}
