/*
 * Time passes a hundred times faster for the library and for libcurl, so that a wait of half a second takes 5
 * milliseconds. libFuzzer uses another clock.
 */

#define _GNU_SOURCE

#include <poll.h>
#include <pthread.h>
#include <sys/epoll.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#define SPEED 100

int clock_gettime(clockid_t clock, struct timespec *now)
{
  const long failed = syscall(SYS_clock_gettime, clock, now);
  unsigned long long time;

  if (failed != 0)
    return -1;
  if (clock == CLOCK_MONOTONIC || clock == CLOCK_MONOTONIC_RAW || clock == CLOCK_MONOTONIC_COARSE) {
    time = ((unsigned long long)now->tv_sec * 1000000000ull + (unsigned long long)now->tv_nsec) * SPEED;
    now->tv_sec = (time_t)(time / 1000000000ull);
    now->tv_nsec = (long)(time % 1000000000ull);
  }
  return 0;
}

/* Waits as poll() does, but for a hundredth of the time. */
int poll(struct pollfd *polled, nfds_t count, int timeout)
{
  struct timespec time = { 0, 0 };

  if (timeout > 0) {
    const long long nanoseconds = (long long)timeout * 1000000 / SPEED;

    time.tv_sec = (time_t)(nanoseconds / 1000000000);
    time.tv_nsec = (long)(nanoseconds % 1000000000);
  }
  return (int)syscall(SYS_ppoll, polled, count, timeout < 0 ? NULL : &time, NULL, 0);
}

/* The library waits for open connections, and between attempts, with this function. */
int epoll_wait(int watch, struct epoll_event *events, int capacity, int timeout)
{
  struct pollfd polled = { watch, POLLIN, 0 };
  const int ready = poll(&polled, 1, timeout);

  return ready <= 0 ? ready : (int)syscall(SYS_epoll_pwait, watch, events, capacity, 0, NULL, 0);
}

/* The library's conditions use the monotonic clock. */
int pthread_cond_timedwait(pthread_cond_t *condition, pthread_mutex_t *mutex, const struct timespec *deadline)
{
  const unsigned long long time =
      ((unsigned long long)deadline->tv_sec * 1000000000ull + (unsigned long long)deadline->tv_nsec) / SPEED;
  const struct timespec real = { (time_t)(time / 1000000000ull), (long)(time % 1000000000ull) };

  return pthread_cond_clockwait(condition, mutex, CLOCK_MONOTONIC, &real);
}
