/* The library in forked processes: a child cannot use inherited clients, but can create its own. */

#define _GNU_SOURCE

#include <fcntl.h>
#include <pthread.h>
#include <semaphore.h>
#include <sys/wait.h>
#include <unistd.h>

#include "calls.h"
#include "create.h"
#include "emulator.h"
#include "peer.h"
#include "queue.h"

/* Runs a function in a child; it returns NULL or an error text, since assertions do not work there. */
static void in_a_child(const char *(*body)(void *context), void *context)
{
  char report[128] = "";
  ssize_t length;
  int ends[2];
  pid_t child;

  assert_int_equal(pipe2(ends, O_CLOEXEC), 0);
  child = fork();
  assert_true(child >= 0);
  if (child == 0) {
    const char *wrong;

    alarm(20);
    wrong = body(context);
    if (!wrong)
      wrong = "fine";
    _exit(write(ends[1], wrong, strlen(wrong)) < 0);
  }
  close(ends[1]);
  length = read(ends[0], report, sizeof report - 1);
  close(ends[0]);
  assert_int_equal(waitpid(child, NULL, 0), child);
  assert_true(length > 0);
  assert_string_equal(report, "fine");
}

#define EXPECT(condition) \
  do { \
    if (!(condition)) \
      return #condition; \
  } while (0)

static const char *use_inherited(void *context)
{
  deepidv_client *client = context;
  deepidv_session_request *request = make_request();
  deepidv_result *result = (deepidv_result *)request;
  deepidv_event event;
  uint64_t op = 1;
  size_t i;

  EXPECT(deepidv_session_create(client, request, &result) == DEEPIDV_E_FORKED);
  EXPECT(result == NULL);
  EXPECT(deepidv_session_create_submit(client, request, 1, &op) == DEEPIDV_E_FORKED);
  EXPECT(op == 0);
  for (i = 0; i < COUNT(questions); i++) {
    result = (deepidv_result *)request;
    op = 1;
    EXPECT(questions[i].ask(client, questions[i].good, DEEPIDV_NTS, &result) == DEEPIDV_E_FORKED);
    EXPECT(result == NULL);
    EXPECT(questions[i].submit(client, questions[i].good, DEEPIDV_NTS, 1, &op) == DEEPIDV_E_FORKED);
    EXPECT(op == 0);
  }
  EXPECT(deepidv_client_next(client, &event, &result) == DEEPIDV_E_FORKED);
  EXPECT(deepidv_client_take(client, 1, -1, &event, &result) == DEEPIDV_E_FORKED);
  EXPECT(deepidv_client_wait(client, -1) == DEEPIDV_E_FORKED);
  EXPECT(deepidv_client_grant(client, 1, 1000, -1, NULL) == DEEPIDV_E_FORKED);
  EXPECT(deepidv_client_cancel(client, 1) == DEEPIDV_E_FORKED);
  EXPECT(deepidv_client_close(client) == DEEPIDV_E_FORKED);
  EXPECT(deepidv_client_fd(client) == -1);
  deepidv_client_free(client);
  deepidv_session_request_free(request);
  return NULL;
}

/* The child's calls and its free do not affect the parent's operation. */
static void a_client_in_a_forked_child(void **state)
{
  peer *peer = peer_of_sessions(PEER_HANG);
  deepidv_client *client = peer_client(peer);

  (void)state;
  submit_create(client, 1);
  peer_wait(peer, 1);
  in_a_child(use_inherited, client);
  assert_status(deepidv_client_wait(client, 0), DEEPIDV_E_TIMEOUT);
  peer_release(peer);
  assert_status(take_status(client), DEEPIDV_OK);
  assert_status(create_status(client), DEEPIDV_OK);
  peer_end(peer, client);
}

static const char *make_another(void *context)
{
  deepidv_client *client = make_client(service.url);

  EXPECT(create_status(client) == DEEPIDV_OK);
  deepidv_client_free(client);
  deepidv_client_free(context);
  return NULL;
}

/* Forks at random moments: the parent's operations all end once, and the child can use the library. */
static void forking_while_operations_run(void **state)
{
  enum { FORKS = 5, OPERATIONS = 200 };
  peer *peer = peer_of_sessions(PEER_ANSWER);
  deepidv_client *client = peer_client(peer);
  int i, j;

  (void)state;
  for (i = 0; i < FORKS; i++) {
    for (j = 0; j < OPERATIONS; j++)
      submit_create(client, 1);
    in_a_child(i % 2 ? make_another : use_inherited, client);
    for (j = 0; j < OPERATIONS; j++)
      assert_status(take_status(client), DEEPIDV_OK);
    assert_status(deepidv_client_wait(client, 0), DEEPIDV_E_TIMEOUT);
  }
  assert_int_equal(peer_creates(peer), FORKS * OPERATIONS);
  peer_end(peer, client);
}

static void a_new_client_in_a_forked_child(void **state)
{
  deepidv_client *client = make_client(service.url);

  (void)state;
  in_a_child(make_another, client);
  assert_status(create_status(client), DEEPIDV_OK);
  in_a_child(make_another, client);
  assert_status(create_status(client), DEEPIDV_OK);
  deepidv_client_free(client);
}

static void *make_a_client(void *context)
{
  (void)context;
  deepidv_client_free(make_client("http://127.0.0.1:1"));
  return NULL;
}

static const char *make_in_a_fork(void *context)
{
  (void)context;
  make_a_client(NULL);
  return NULL;
}

/* The thread stays until the process has forked: at the end of a thread OpenSSL holds a lock of its own. */
static void *make_a_client_and_stay(void *context)
{
  make_a_client(NULL);
  sem_wait(context);
  return NULL;
}

/* The library initializes libcurl for the first client of a process: a process that is forked meanwhile must not find it
   half done. Each process here is one in which no client has been made yet. */
static const char *fork_while_the_first_is_made(void *context)
{
  pthread_t thread;
  sem_t forked;
  int status = -1;
  pid_t child;

  EXPECT(sem_init(&forked, 0, 0) == 0);
  EXPECT(pthread_create(&thread, NULL, make_a_client_and_stay, &forked) == 0);
  usleep(*(useconds_t *)context);
  child = fork();
  EXPECT(child >= 0);
  if (child == 0) {
    alarm(10);
    _exit(make_in_a_fork(NULL) ? 1 : 0);
  }
  sem_post(&forked);
  EXPECT(waitpid(child, &status, 0) == child);
  EXPECT(WIFEXITED(status) && WEXITSTATUS(status) == 0);
  pthread_join(thread, NULL);
  return NULL;
}

static void *make_a_client_cancelled(void *context)
{
  /* It is cancelled at the next cancellation point, which is outside of the library. */
  pthread_cancel(pthread_self());
  make_a_client(NULL);
  *(int *)context = 1;
  return NULL;
}

/* A thread that ended inside would keep a lock that every client and every fork needs. */
static const char *fork_after_a_cancelled_first_call(void *context)
{
  pthread_t thread;
  int has_returned = 0, status = -1;
  pid_t child;

  (void)context;
  EXPECT(pthread_create(&thread, NULL, make_a_client_cancelled, &has_returned) == 0);
  pthread_join(thread, NULL);
  EXPECT(has_returned);
  child = fork();
  EXPECT(child >= 0);
  if (child == 0)
    _exit(0);
  EXPECT(waitpid(child, &status, 0) == child);
  EXPECT(status == 0);
  make_a_client(NULL);
  return NULL;
}

static void a_thread_cancelled_in_its_first_call(void **state)
{
  (void)state;
  in_a_child(fork_after_a_cancelled_first_call, NULL);
}

static void a_fork_while_the_first_client_is_created(void **state)
{
  useconds_t delay;

  (void)state;
  /* Under valgrind, the memory of the parent's threads would count as leaked in the child. */
  if (is_watched())
    skip();
  for (delay = 0; delay < 1500; delay += 30)
    in_a_child(fork_while_the_first_is_made, &delay);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
    /* Before any other test creates a client. */
    cmocka_unit_test(a_thread_cancelled_in_its_first_call),
    cmocka_unit_test(a_fork_while_the_first_client_is_created),
    cmocka_unit_test(a_client_in_a_forked_child),
    cmocka_unit_test(a_new_client_in_a_forked_child),
    cmocka_unit_test(forking_while_operations_run),
  };

  return cmocka_run_group_tests_name("fork", tests, start_service, stop_service);
}
