/* Broken connections: no signal for the host, and nothing is lost over thousands of them. */

#define _GNU_SOURCE

#include <sched.h>
#include <signal.h>
#include <stdatomic.h>
#include <sys/socket.h>
#include <unistd.h>

#include "create.h"
#include "process.h"
#include "secure.h"

/* ---- Broken pipes ---------------------------------------------------------------- */

/* Resets each connection a little later than the one before: in the handshake, and in the request. */
static void reset_somewhere(secure_link *link)
{
  char bytes[4096];
  unsigned left = link->number % 12;

  if (left < 3) {
    /* The client writes its part of the handshake to a connection that was closed twice over. */
    while (left-- > 0)
      if (recv(link->socket, bytes, 100, 0) <= 0)
        return;
    shutdown(link->socket, SHUT_WR);
    secure_reset(link);
    return;
  }
  if (!secure_shake_hands(link))
    return;
  while (left-- > 3)
    if (SSL_read(link->tls, bytes, sizeof bytes) <= 0)
      return;
  if (link->number % 2)
    SSL_shutdown(link->tls);
  if (link->number % 3)
    shutdown(link->socket, SHUT_WR);
  secure_reset(link);
}

/* A body that does not fit in the buffers of the system, so that TLS writes after the reset. */
static deepidv_session_request *large_request(void)
{
  deepidv_session_request *request = make_request();
  char *name = make_text('\1', 65536);

  assert_status(deepidv_session_request_set_first_name(request, name, 65536), DEEPIDV_OK);
  assert_status(deepidv_session_request_set_last_name(request, name, 65536), DEEPIDV_OK);
  free(name);
  return request;
}

/* A SIGPIPE would end this program: the default is in force, and the calls run on this thread. */
static void create_on_broken_connections(int count)
{
  secure *server = secure_start(SECURE_BY_HAND, reset_somewhere, NULL);
  deepidv_client *client = secure_client(server, 100);
  deepidv_session_request *request = large_request();

  while (count-- > 0) {
    deepidv_result *result = NULL;
    const deepidv_status status = deepidv_session_create(client, request, &result);

    assert_true(status == DEEPIDV_E_NOT_SENT || status == DEEPIDV_E_NOT_PROCESSED
        || status == DEEPIDV_E_OUTCOME_UNKNOWN);
    deepidv_result_free(result);
  }
  deepidv_session_request_free(request);
  deepidv_client_free(client);
  secure_stop(server);
}

static void broken_connections_raise_no_signal(void **state)
{
  sigset_t pending;

  (void)state;
  signal(SIGPIPE, SIG_DFL);
  create_on_broken_connections(is_watched() ? 12 : 60);
  sigpending(&pending);
  assert_false(sigismember(&pending, SIGPIPE));
}

/* The host has blocked it: neither is its own taken away, nor does one of the library's stay. */
static void a_pending_signal_stays(void **state)
{
  sigset_t pipe, before, pending;
  int number, has_own;

  (void)state;
  sigemptyset(&pipe);
  sigaddset(&pipe, SIGPIPE);
  pthread_sigmask(SIG_BLOCK, &pipe, &before);
  for (has_own = 0; has_own < 2; has_own++) {
    if (has_own)
      pthread_kill(pthread_self(), SIGPIPE);
    create_on_broken_connections(12);
    sigpending(&pending);
    assert_int_equal(sigismember(&pending, SIGPIPE), has_own);
  }
  sigwait(&pipe, &number);
  pthread_sigmask(SIG_SETMASK, &before, NULL);
}

/* ---- Thousands of connections ---------------------------------------------------- */

/* One of: the response announces the end, the end follows it, a reset follows it, or nothing does. */
static void answer_and_end(secure_link *link)
{
  atomic_uint *ended = link->context;
  unsigned way = link->number % 4;

  if (secure_read(link) && secure_answer(link, way == 0 ? "Connection: close\r\n" : "")) {
    if (way == 1 && link->tls)
      SSL_shutdown(link->tls);
    if (way == 1)
      shutdown(link->socket, SHUT_WR);
    if (way == 2)
      secure_reset(link);
    /* The end of the request after this one, so that no request is lost. */
    if (way == 3 && secure_read(link))
      secure_answer(link, "Connection: close\r\n");
  }
  *ended = link->number;
}

static void reconnect(secure_kind kind, unsigned count)
{
  atomic_uint ended = 0;
  secure *server = secure_start(kind, answer_and_end, &ended);
  deepidv_client *client = secure_client(server, 20000);
  unsigned descriptors = 0, i;
  size_t bytes = 0;

  for (i = 1; i <= count; i++) {
    assert_status(create_status(client), DEEPIDV_OK);
    if (i % 4 == 3)
      assert_status(create_status(client), DEEPIDV_OK);
    while (ended != i)
      sched_yield();
    assert_int_equal(secure_connections(server), i);
    /* Each server's thread has ended, but its descriptor is closed with the next connection. */
    if (i == count / 5 / 4 * 4) {
      descriptors = descriptor_count();
      bytes = resident_bytes();
    }
  }
  assert_int_equal(descriptor_count(), descriptors);
  if (!is_watched())
    assert_in_range(resident_bytes(), 0, bytes + 512 * 1024);
  deepidv_client_free(client);
  secure_stop(server);
}

static void thousands_of_connections_leave_nothing(void **state)
{
  (void)state;
  reconnect(SECURE_PLAIN, is_watched() ? 200 : 10000);
  reconnect(SECURE_TLS13, is_watched() ? 40 : 800);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(broken_connections_raise_no_signal),
    cmocka_unit_test(a_pending_signal_stays),
    cmocka_unit_test(thousands_of_connections_leave_nothing),
  };

  return cmocka_run_group_tests_name("network", tests, NULL, NULL);
}
