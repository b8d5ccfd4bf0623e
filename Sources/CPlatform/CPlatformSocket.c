#define _GNU_SOURCE
#include "CPlatformSocket.h"

#include <fcntl.h>
#include <linux/sockios.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

int cplatform_socket(int family, int type, int protocol)
{
  const int unsent = 16384;
  const int made = socket(family, type | SOCK_CLOEXEC, protocol);
  /* The system would accept megabytes of a body that the peer does not read, and all of them would count as sent. */
  if (made >= 0)
    setsockopt(made, IPPROTO_TCP, TCP_NOTSENT_LOWAT, &unsent, sizeof unsent);
  return made;
}

void cplatform_next_descriptors(int *first, int *second)
{
  *first = eventfd(0, EFD_CLOEXEC);
  *second = eventfd(0, EFD_CLOEXEC);
  if (*first >= 0)
    close(*first);
  if (*second >= 0)
    close(*second);
}

int cplatform_has_bytes_under_way(int descriptor)
{
  int incoming = 0, outgoing = 0;
  return (ioctl(descriptor, FIONREAD, &incoming) == 0 && incoming > 0)
      || (ioctl(descriptor, SIOCOUTQ, &outgoing) == 0 && outgoing > 0);
}

int cplatform_is_readable(int descriptor)
{
  struct pollfd polled = { descriptor, POLLIN, 0 };
  return poll(&polled, 1, 0) > 0;
}

void cplatform_close_on_exec(int descriptor) { fcntl(descriptor, F_SETFD, FD_CLOEXEC); }

int cplatform_watch_new(void) { return epoll_create1(EPOLL_CLOEXEC); }

static int control(int watch, int operation, int descriptor, uint32_t number, int for_room)
{
  struct epoll_event event = { .events = EPOLLIN, .data.u32 = number };
  if (for_room)
    event.events |= EPOLLOUT;
  return epoll_ctl(watch, operation, descriptor, &event) == 0;
}

int cplatform_watch_add(int watch, int descriptor, uint32_t number)
{
  return control(watch, EPOLL_CTL_ADD, descriptor, number, 0);
}

int cplatform_watch_change(int watch, int descriptor, uint32_t number, int for_room)
{
  return control(watch, EPOLL_CTL_MOD, descriptor, number, for_room);
}

void cplatform_watch_remove(int watch, int descriptor) { epoll_ctl(watch, EPOLL_CTL_DEL, descriptor, NULL); }

void cplatform_end_connection(int descriptor)
{
  const int dead = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (dead < 0 || dup3(dead, descriptor, O_CLOEXEC) < 0)
    shutdown(descriptor, SHUT_RDWR);
  if (dead >= 0)
    close(dead);
}

int cplatform_watch_wait(int watch, uint32_t *numbers, int capacity, int timeout_ms)
{
  struct epoll_event events[64];
  int count, i;
  if (capacity > 64)
    capacity = 64;
  count = epoll_wait(watch, events, capacity, timeout_ms);
  for (i = 0; i < count; i++)
    numbers[i] = events[i].data.u32;
  return count > 0 ? count : 0;
}
