#define _GNU_SOURCE
#include "CPlatformSocket.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/sockios.h>
#include <netinet/in.h>
#include <sys/eventfd.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

int cplatform_socket(int family, int type, int protocol)
{
  return socket(family, type | SOCK_CLOEXEC, protocol);
}

int cplatform_socket_port(int socket)
{
  struct sockaddr_storage address;
  socklen_t length = sizeof address;
  if (getsockname(socket, (struct sockaddr *)&address, &length) != 0)
    return -1;
  switch (address.ss_family) {
  case AF_INET: return ntohs(((struct sockaddr_in *)&address)->sin_port);
  case AF_INET6: return ntohs(((struct sockaddr_in6 *)&address)->sin6_port);
  default: return -1;
  }
}

int cplatform_socket_is_quiet(int socket)
{
  char byte;
  return recv(socket, &byte, 1, MSG_PEEK | MSG_DONTWAIT) < 0 && (errno == EAGAIN || errno == EWOULDBLOCK);
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

void cplatform_close_on_exec(int descriptor) { fcntl(descriptor, F_SETFD, FD_CLOEXEC); }
