#define _GNU_SOURCE
#include "CPlatformSocket.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>

int cplatform_socket(int family, int type, int protocol) {
  return socket(family, type | SOCK_CLOEXEC, protocol);
}

int cplatform_socket_port(int socket) {
  struct sockaddr_storage address;
  socklen_t length = sizeof address;
  if (getsockname(socket, (struct sockaddr *)&address, &length) != 0) return -1;
  switch (address.ss_family) {
  case AF_INET: return ntohs(((struct sockaddr_in *)&address)->sin_port);
  case AF_INET6: return ntohs(((struct sockaddr_in6 *)&address)->sin6_port);
  default: return -1;
  }
}

int cplatform_socket_is_quiet(int socket) {
  char byte;
  return recv(socket, &byte, 1, MSG_PEEK | MSG_DONTWAIT) < 0 &&
         (errno == EAGAIN || errno == EWOULDBLOCK);
}

int cplatform_is_ipv6(const uint8_t *text, size_t count) {
  char terminated[INET6_ADDRSTRLEN];
  struct in6_addr address;
  if (count >= sizeof terminated || memchr(text, 0, count)) return 0;
  memcpy(terminated, text, count);
  terminated[count] = 0;
  return inet_pton(AF_INET6, terminated, &address) == 1;
}
