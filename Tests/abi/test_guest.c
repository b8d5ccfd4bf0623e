/* What the library does to its process: threads, descriptors, signals, libcurl. */

#define _GNU_SOURCE

#include <curl/curl.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include "create.h"
#include "emulator.h"
#include "peer.h"
#include "process.h"
#include "queue.h"

/* ---- Threads and descriptors ----------------------------------------------------- */

static void a_thread_only_when_there_is_work(void **state)
{
  unsigned threads = thread_count();
  deepidv_client *client = make_client(service.url);

  (void)state;
  assert_int_equal(thread_count(), threads);
  assert_int_equal(threads_named("deepidv"), 0);
  assert_status(create_status(client), DEEPIDV_OK);
  assert_int_equal(threads_named("deepidv"), 1);
  assert_status(create_status(client), DEEPIDV_OK);
  assert_int_equal(threads_named("deepidv"), 1);
  deepidv_client_free(client);
  assert_threads(threads);
}

static void everything_is_freed(void **state)
{
  const unsigned before = thread_count();
  unsigned threads, descriptors;
  int i;

  (void)state;
  for (i = 0; i < 10; i++) {
    peer *peer = peer_of_sessions(i % 2 ? PEER_HANG : PEER_ANSWER);
    deepidv_client *client;
    int j;

    threads = thread_count();
    descriptors = descriptor_count();
    client = peer_client(peer);
    assert_int_equal(descriptor_count(), descriptors + 1);
    for (j = 0; j < 20; j++)
      submit_create(client, 1);
    peer_wait(peer, 1);
    deepidv_client_free(client);
    assert_threads(threads);
    peer_stop(peer); /* its ends of the connections are in this process too */
    assert_int_equal(descriptor_count(), descriptors - 2);
    assert_threads(before);
  }
}

/* A name lookup may need another thread, which must end too. */
static void nothing_is_left_of_a_name_lookup(void **state)
{
  unsigned threads = thread_count(), descriptors = descriptor_count();
  char url[64] = "http://localhost";
  deepidv_client *client;

  (void)state;
  strcat(url, strrchr(service.url, ':'));
  client = make_client(url);
  assert_status(create_status(client), DEEPIDV_OK);
  deepidv_client_free(client);
  assert_threads(threads);
  assert_int_equal(descriptor_count(), descriptors);
}

/* Is it a socket of a connection, or an eventfd? The one that wakes libcurl is neither. */
static int is_ours_to_close(int descriptor)
{
  struct sockaddr_storage address;
  socklen_t length = sizeof address;
  char path[64], target[64] = "";

  if (getsockname(descriptor, (struct sockaddr *)&address, &length) == 0)
    return address.ss_family == AF_INET || address.ss_family == AF_INET6;
  snprintf(path, sizeof path, "/proc/self/fd/%d", descriptor);
  return readlink(path, target, sizeof target - 1) > 0
      && (strcmp(target, "anon_inode:[eventfd]") == 0 || strcmp(target, "anon_inode:[eventpoll]") == 0);
}

/* A program that this process starts must not inherit connections. */
static void every_descriptor_is_closed_on_exec(void **state)
{
  peer *peer = peer_of_sessions(PEER_HANG);
  deepidv_client *client = peer_client(peer);
  unsigned checked = 0;
  int descriptor;

  (void)state;
  submit_create(client, 1);
  peer_wait(peer, 1);
  for (descriptor = 3; descriptor < 1024; descriptor++) {
    if (!is_ours_to_close(descriptor))
      continue;
    assert_true(fcntl(descriptor, F_GETFD) & FD_CLOEXEC);
    checked++;
  }
  /* The peer's three, the client's eventfd, its wake-up, its epoll and its connection. From 8.9 on, libcurl has
     eventfds, too. */
  assert_in_range(checked, 7, 12);
  peer_end(peer, client);
}

/* The number of descriptors in a program that this one starts. */
static int inherited_descriptors(void)
{
  FILE *child = popen("ls /proc/self/fd | wc -l", "re");
  int count = 0;

  assert_non_null(child);
  assert_int_equal(fscanf(child, "%d", &count), 1);
  pclose(child);
  return count;
}

static atomic_int is_busy;

/* Opens and closes descriptors that are inherited. */
static void *open_and_close(void *ignored)
{
  (void)ignored;
  while (is_busy) {
    int pair[2], other = dup(2), i;

    if (socketpair(AF_UNIX, SOCK_STREAM, 0, pair) != 0)
      abort();
    for (i = 0; i < 2; i++)
      if (fcntl(pair[i], F_GETFD) != 0)
        abort();
    close(other), close(pair[0]), close(pair[1]);
  }
  return NULL;
}

static void a_started_program_inherits_no_descriptor(void **state)
{
  peer *peer = peer_of_sessions(PEER_HANG);
  const int before = inherited_descriptors();
  deepidv_client *clients[20];
  pthread_t threads[3];
  size_t i;

  (void)state;
  is_busy = 1;
  /* Half of the clients are created while other threads open descriptors. */
  for (i = 0; i < COUNT(clients); i++) {
    size_t j;

    for (j = 0; i == COUNT(clients) / 2 && j < COUNT(threads); j++)
      assert_int_equal(pthread_create(&threads[j], NULL, open_and_close, NULL), 0);
    clients[i] = peer_client(peer);
    submit_create(clients[i], 1);
    if (i < COUNT(clients) / 2) {
      peer_wait(peer, (unsigned)i + 1);
      assert_int_equal(inherited_descriptors(), before);
    }
  }
  is_busy = 0;
  for (i = 0; i < COUNT(threads); i++)
    pthread_join(threads[i], NULL);
  peer_wait(peer, COUNT(clients));
  assert_int_equal(inherited_descriptors(), before);
  for (i = 0; i < COUNT(clients); i++)
    deepidv_client_free(clients[i]);
  peer_stop(peer);
}

/* With any number of descriptors the status is right, and no request is sent twice. */
static void too_few_descriptors(void **state)
{
  const unsigned descriptors = descriptor_count(), threads = thread_count();
  struct rlimit before, few;
  unsigned left, created = 0, refused = 0;

  (void)state;
  if (is_watched())
    skip(); /* it needs descriptors itself */
  assert_int_equal(getrlimit(RLIMIT_NOFILE, &before), 0);
  for (left = 0; left < 12; left++) {
    deepidv_config *config = make_config(service.url);
    deepidv_client *client = NULL;
    deepidv_status status;

    assert_status(deepidv_config_set_timeout_ms(config, 300), DEEPIDV_OK);
    few = before;
    few.rlim_cur = descriptors + left;
    assert_int_equal(setrlimit(RLIMIT_NOFILE, &few), 0);
    status = deepidv_client_new(config, &client);
    assert_true((client != NULL) == (status == DEEPIDV_OK));
    if (client)
      status = create_status(client);
    assert_int_equal(setrlimit(RLIMIT_NOFILE, &before), 0);
    assert_true(status == DEEPIDV_OK || status == DEEPIDV_E_SYSTEM || status == DEEPIDV_E_NOT_SENT);
    created += status == DEEPIDV_OK;
    refused += status != DEEPIDV_OK;
    if (client)
      assert_status(create_status(client), DEEPIDV_OK); /* as soon as there are enough */
    deepidv_client_free(client);
    deepidv_config_free(config);
    assert_int_equal(descriptor_count(), descriptors);
    assert_threads(threads);
  }
  assert_true(refused > 0);
  assert_true(created > 0);
}

/* ---- Signals --------------------------------------------------------------------- */

/* Under valgrind the system knows only valgrind's masks. */
static void the_worker_blocks_all_signals(void **state)
{
  deepidv_client *client;
  uint64_t blocked;
  int number;

  (void)state;
  if (is_watched())
    skip();
  client = make_client(service.url);
  assert_status(create_status(client), DEEPIDV_OK);
  blocked = blocked_signals("deepidv");
  for (number = 1; number < SIGRTMIN; number++) {
    /* Two cannot be blocked, and two belong to the C library. */
    if (number == SIGKILL || number == SIGSTOP || number >= 32)
      continue;
    if (!(blocked >> (number - 1) & 1))
      print_error("signal %d is not blocked\n", number);
    assert_true(blocked >> (number - 1) & 1);
  }
  deepidv_client_free(client);
}

static volatile sig_atomic_t broken_pipes;

static void count_broken_pipe(int number)
{
  (void)number;
  broken_pipes++;
}

/* A large body, so that part of it is written after the peer has closed. */
static void a_reset_raises_no_sigpipe(void **state)
{
  static const peer_act acts[] = { PEER_REFUSE, PEER_RESET, PEER_CLOSE };
  struct sigaction count = { .sa_handler = count_broken_pipe }, before;
  char *name = make_text('a', 65536);
  size_t i;
  int j;

  (void)state;
  assert_int_equal(sigaction(SIGPIPE, &count, &before), 0);
  for (i = 0; i < COUNT(acts); i++) {
    peer *peer = peer_of_sessions(acts[i]);
    /* Little time for retries. */
    deepidv_client *client = make_hasty_client(peer_url(peer), 250);
    deepidv_session_request *request = make_request();

    assert_status(deepidv_session_request_set_first_name(request, name, 65536), DEEPIDV_OK);
    assert_status(deepidv_session_request_set_last_name(request, name, 65536), DEEPIDV_OK);
    assert_status(deepidv_session_request_set_external_id(request, name, 65536), DEEPIDV_OK);
    for (j = 0; j < 20; j++) {
      deepidv_result *result = NULL;
      deepidv_status status = deepidv_session_create(client, request, &result);

      assert_true(status == DEEPIDV_E_NOT_SENT || status == DEEPIDV_E_NOT_PROCESSED
          || status == DEEPIDV_E_OUTCOME_UNKNOWN);
      deepidv_result_free(result);
    }
    deepidv_session_request_free(request);
    peer_end(peer, client);
  }
  assert_int_equal(broken_pipes, 0);
  assert_int_equal(sigaction(SIGPIPE, &before, NULL), 0);
  free(name);
}

static void signal_handlers_are_not_changed(void **state)
{
  struct sigaction before[32], after;
  deepidv_client *client;
  int number;

  (void)state;
  for (number = 1; number < 32; number++)
    sigaction(number, NULL, &before[number]);
  client = make_client(service.url);
  assert_status(create_status(client), DEEPIDV_OK);
  deepidv_client_free(client);
  for (number = 1; number < 32; number++) {
    sigaction(number, NULL, &after);
    assert_true(before[number].sa_handler == after.sa_handler);
  }
}

/* ---- Company --------------------------------------------------------------------- */

static void two_clients(void **state)
{
  peer *slow = peer_of_sessions(PEER_HANG);
  peer *quick = peer_start(PEER_ANSWER, 429, "{\"message\":\"no\"}");
  deepidv_client *first = peer_client(slow), *second;
  unsigned threads = threads_named("deepidv");

  (void)state;
  second = make_hasty_client(peer_url(quick), 1500);
  peer_next_with(quick, PEER_ANSWER, 429, "Retry-After: 60\r\n", "{\"message\":\"no\"}");
  submit_create(first, 1);
  peer_wait(slow, 1);
  assert_status(create_status(second), DEEPIDV_E_RATE_LIMITED);
  assert_int_equal(threads_named("deepidv"), threads + 2);
  deepidv_client_free(second);
  assert_status(deepidv_client_wait(first, 0), DEEPIDV_E_TIMEOUT);
  peer_release(slow);
  assert_status(take_status(first), DEEPIDV_OK);
  peer_end(slow, first);
  peer_stop(quick);
}

/* The library still needs libcurl after the program has called curl_global_cleanup(). */
static void a_program_that_uses_libcurl_too(void **state)
{
  peer *peer = peer_of_sessions(PEER_ANSWER);
  deepidv_client *client = peer_client(peer);
  CURL *easy;

  (void)state;
  assert_int_equal(curl_global_init(CURL_GLOBAL_DEFAULT), CURLE_OK);
  assert_status(create_status(client), DEEPIDV_OK);
  easy = curl_easy_init();
  assert_non_null(easy);
  curl_easy_setopt(easy, CURLOPT_URL, peer_url(peer));
  curl_easy_setopt(easy, CURLOPT_NOBODY, 1L);
  assert_int_equal(curl_easy_perform(easy), CURLE_OK);
  curl_easy_cleanup(easy);
  curl_global_cleanup();
  assert_status(create_status(client), DEEPIDV_OK);
  peer_end(peer, client);
}

/* A variable that was set for another program must not reveal an applicant's data. */
static void proxies_of_the_environment_are_not_used(void **state)
{
  static const char *const names[] = { "http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY" };
  deepidv_client *client = make_client(service.url);
  size_t i;

  (void)state;
  for (i = 0; i < COUNT(names); i++)
    setenv(names[i], "http://127.0.0.1:1", 1);
  assert_status(create_status(client), DEEPIDV_OK);
  for (i = 0; i < COUNT(names); i++)
    unsetenv(names[i]);
  deepidv_client_free(client);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(a_thread_only_when_there_is_work),
    cmocka_unit_test(everything_is_freed),
    cmocka_unit_test(nothing_is_left_of_a_name_lookup),
    cmocka_unit_test(every_descriptor_is_closed_on_exec),
    cmocka_unit_test(a_started_program_inherits_no_descriptor),
    cmocka_unit_test(too_few_descriptors),
    cmocka_unit_test(the_worker_blocks_all_signals),
    cmocka_unit_test(a_reset_raises_no_sigpipe),
    cmocka_unit_test(signal_handlers_are_not_changed),
    cmocka_unit_test(two_clients),
    cmocka_unit_test(a_program_that_uses_libcurl_too),
    cmocka_unit_test(proxies_of_the_environment_are_not_used),
  };

  return cmocka_run_group_tests_name("guest", tests, start_service, stop_service);
}
