/* The maximum age of a connection, and the maximum time without a request. This program replaces the clock of libdeepidv and libcurl. */

#define _GNU_SOURCE

#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "create.h"
#include "peer.h"

static time_t skipped; /* seconds; only changed while no operation runs */

int clock_gettime(clockid_t clock, struct timespec *now)
{
  long failed = syscall(SYS_clock_gettime, clock, now);

  if (failed == 0 && clock != CLOCK_REALTIME)
    now->tv_sec += skipped;
  return (int)failed;
}

/* Time passes before each create; after it, there have been so many connections. */
static void check(const time_t *steps, const unsigned *connections, size_t count)
{
  peer *peer = peer_of_sessions(PEER_ANSWER);
  deepidv_client *client = peer_client(peer);
  size_t i;

  for (i = 0; i < count; i++) {
    skipped += steps[i];
    assert_status(create_status(client), DEEPIDV_OK);
    assert_int_equal(peer_connections(peer), connections[i]);
  }
  peer_end(peer, client);
}

/* Otherwise a busy client would never notice that the service has moved. */
static void a_busy_connection_is_renewed(void **state)
{
  static const time_t steps[] = { 0, 14, 14, 14, 14, 14, 14, 14, 14, 7, 2, 14 };
  static const unsigned connections[] = { 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 2, 2 };

  (void)state;
  check(steps, connections, COUNT(steps));
}

/* Otherwise a gateway closes it, and perhaps at the moment when the next request leaves. */
static void an_idle_connection_is_renewed(void **state)
{
  static const time_t steps[] = { 0, 14, 16, 14, 3600 };
  static const unsigned connections[] = { 1, 1, 2, 2, 3 };

  (void)state;
  check(steps, connections, COUNT(steps));
}

int main(void)
{
  const struct CMUnitTest tests[] = { cmocka_unit_test(a_busy_connection_is_renewed),
    cmocka_unit_test(an_idle_connection_is_renewed) };

  return cmocka_run_group_tests_name("age", tests, NULL, NULL);
}
