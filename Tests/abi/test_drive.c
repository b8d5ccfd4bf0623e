/* A blocking call does the client's network I/O on the waiting thread. */

#define _GNU_SOURCE

#include <signal.h>
#include <stdio.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

#include "create.h"
#include "peer.h"
#include "process.h"
#include "queue.h"

/* ---- Who drives ------------------------------------------------------------------ */

static void the_worker_sleeps_while_a_caller_waits(void **state)
{
  peer *peer = peer_of_sessions(PEER_ANSWER);
  deepidv_client *client = peer_client(peer);
  uint64_t slept;
  int i;

  (void)state;
  assert_status(create_status(client), DEEPIDV_OK);
  slept = times_slept("deepidv");
  for (i = 0; i < 50; i++)
    assert_status(create_status(client), DEEPIDV_OK);
  assert_true(times_slept("deepidv") - slept <= 2);
  for (i = 0; i < 50; i++) {
    submit_create(client, 1);
    assert_status(take_status(client), DEEPIDV_OK);
  }
  /* Not each time: the next one may come before it sleeps. */
  assert_true(times_slept("deepidv") - slept > 5);
  peer_end(peer, client);
}

static void a_caller_serves_the_others(void **state)
{
  peer *peer = peer_of_sessions(PEER_HANG);
  deepidv_client *client = peer_client(peer);
  caller caller;

  (void)state;
  caller_start(&caller, client);
  peer_wait(peer, 1);
  /* The blocking call does the I/O, and is woken for this one. */
  submit_create(client, 1);
  peer_wait(peer, 2);
  peer_next(peer, PEER_ANSWER, 200, PEER_SESSION);
  assert_status(create_status(client), DEEPIDV_OK);
  peer_release(peer);
  assert_status(caller_end(&caller), DEEPIDV_OK);
  assert_status(take_status(client), DEEPIDV_OK);
  peer_end(peer, client);
}

static void the_worker_takes_over_running_operations(void **state)
{
  peer *peer = peer_of_sessions(PEER_HANG);
  deepidv_client *client = make_hasty_client(peer_url(peer), 2000);
  caller caller;

  (void)state;
  caller_start(&caller, client);
  peer_wait(peer, 1);
  sleep_ms(1000);
  submit_create(client, 1);
  peer_wait(peer, 2);
  /* It times out before the other one, which the worker then continues. */
  assert_status(caller_end(&caller), DEEPIDV_E_OUTCOME_UNKNOWN);
  assert_status(deepidv_client_wait(client, 0), DEEPIDV_E_TIMEOUT);
  peer_release(peer);
  assert_status(take_status(client), DEEPIDV_OK);
  peer_end(peer, client);
}

static void a_close_ends_the_driving_call(void **state)
{
  peer *peer = peer_of_sessions(PEER_HANG);
  deepidv_client *client = peer_client(peer);
  uint64_t begun;
  caller callers[3];
  int i;

  (void)state;
  for (i = 0; i < 3; i++)
    caller_start(&callers[i], client);
  peer_wait(peer, 3);
  begun = now_ms();
  assert_status(deepidv_client_close(client), DEEPIDV_OK);
  for (i = 0; i < 3; i++)
    assert_status(caller_end(&callers[i]), DEEPIDV_E_OUTCOME_UNKNOWN);
  deepidv_client_free(client);
  assert_true(now_ms() - begun < 5000);
  peer_stop(peer);
}

/* Each time another thread does the I/O. */
static void blocking_and_submitted_calls_in_turn(void **state)
{
  peer *peer = peer_of_sessions(PEER_ANSWER);
  deepidv_client *client = peer_client(peer);
  int i;

  (void)state;
  for (i = 0; i < 200; i++) {
    if (i % 3 != 0)
      submit_create(client, 1);
    if (i % 3 != 1)
      assert_status(create_status(client), DEEPIDV_OK);
    if (i % 3 != 0)
      assert_status(take_status(client), DEEPIDV_OK);
  }
  peer_end(peer, client);
}

/* ---- What the thread lends ------------------------------------------------------- */

static volatile sig_atomic_t rang;
static pthread_t rang_here;

static void ring(int number)
{
  (void)number;
  rang++;
  rang_here = pthread_self();
}

static void ring_every(unsigned milliseconds)
{
  const struct itimerval timer = { { 0, milliseconds * 1000 }, { 0, milliseconds * 1000 } };

  assert_int_equal(setitimer(ITIMER_REAL, &timer, NULL), 0);
}

/* The other thread blocks every signal, so this one gets them while it does I/O. */
static void signal_handlers_run_during_a_call(void **state)
{
  peer *peer = peer_of_sessions(PEER_HANG);
  deepidv_client *client = make_hasty_client(peer_url(peer), 500);
  const struct sigaction action = { .sa_handler = ring };

  (void)state;
  assert_int_equal(sigaction(SIGALRM, &action, NULL), 0);
  rang = 0;
  ring_every(20);
  assert_status(create_status(client), DEEPIDV_E_OUTCOME_UNKNOWN);
  assert_true(rang >= 5);
  assert_true(pthread_equal(rang_here, pthread_self()));
  /* The handler stays installed: a signal may still be pending. */
  ring_every(0);
  peer_end(peer, client);
}

static void the_thread_s_state_is_restored(void **state)
{
  peer *peer = peer_of_sessions(PEER_ANSWER);
  deepidv_client *client = peer_client(peer);
  sigset_t mine, before, after, pending;
  int cancel, number;

  (void)state;
  sigemptyset(&mine);
  sigaddset(&mine, SIGPIPE);
  sigaddset(&mine, SIGUSR1);
  pthread_sigmask(SIG_SETMASK, &mine, &before);
  pthread_setcancelstate(PTHREAD_CANCEL_ENABLE, NULL);
  /* The mask of the thread must not change. */
  pthread_kill(pthread_self(), SIGPIPE);
  assert_status(create_status(client), DEEPIDV_OK);
  sigpending(&pending);
  assert_true(sigismember(&pending, SIGPIPE));
  pthread_sigmask(SIG_SETMASK, NULL, &after);
  for (number = 1; number < 32; number++)
    assert_int_equal(sigismember(&after, number), sigismember(&mine, number));
  pthread_setcancelstate(PTHREAD_CANCEL_ENABLE, &cancel);
  assert_int_equal(cancel, PTHREAD_CANCEL_ENABLE);
  sigwait(&mine, &number);
  assert_int_equal(number, SIGPIPE);
  pthread_sigmask(SIG_SETMASK, &before, NULL);
  peer_end(peer, client);
}

/* A thread that is cancelled while it does I/O ends its call first: other calls depend on it. */
static void a_cancelled_thread_ends_its_call(void **state)
{
  peer *peer = peer_of_sessions(PEER_HANG);
  deepidv_client *client = peer_client(peer);
  caller caller = { .status = -1 };

  (void)state;
  caller_start(&caller, client);
  peer_wait(peer, 1);
  pthread_cancel(caller.thread);
  submit_create(client, 1);
  peer_wait(peer, 2);
  peer_release(peer);
  assert_status(take_status(client), DEEPIDV_OK);
  pthread_join(caller.thread, NULL);
  peer_end(peer, client);
}

/* ---- The end of the process ------------------------------------------------------ */

static void leave(int number)
{
  (void)number;
  exit(7);
}

/* Ctrl-C: the handler runs on the thread that does I/O. */
static void a_handler_may_exit(void **state)
{
  peer *peer = peer_of_sessions(PEER_HANG);
  const uint64_t deadline = now_ms() + 10000;
  int status = 0;
  pid_t child;

  (void)state;
  fflush(NULL);
  child = fork();
  assert_true(child >= 0);
  if (child == 0) {
    signal(SIGALRM, leave);
    ring_every(300);
    create_status(peer_client(peer));
    _exit(1);
  }
  while (waitpid(child, &status, WNOHANG) == 0) {
    if (now_ms() > deadline) {
      kill(child, SIGKILL);
      waitpid(child, &status, 0);
      fail_msg("the process did not end");
    }
    sleep_ms(5);
  }
  assert_true(WIFEXITED(status));
  assert_int_equal(WEXITSTATUS(status), 7);
  peer_stop(peer);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(the_worker_sleeps_while_a_caller_waits),
    cmocka_unit_test(a_caller_serves_the_others),
    cmocka_unit_test(the_worker_takes_over_running_operations),
    cmocka_unit_test(a_close_ends_the_driving_call),
    cmocka_unit_test(blocking_and_submitted_calls_in_turn),
    cmocka_unit_test(signal_handlers_run_during_a_call),
    cmocka_unit_test(the_thread_s_state_is_restored),
    cmocka_unit_test(a_cancelled_thread_ends_its_call),
    cmocka_unit_test(a_handler_may_exit),
  };

  return cmocka_run_group_tests_name("drive", tests, NULL, NULL);
}
