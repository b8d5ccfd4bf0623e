#define _GNU_SOURCE
#include "CPlatformAddress.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>

cplatform_address cplatform_address_read(const uint8_t *text, size_t size) {
  cplatform_address address = { { 0 }, 0 };
  char terminated[INET6_ADDRSTRLEN + 1];
  if (size >= sizeof terminated || memchr(text, 0, size)) return address;
  memcpy(terminated, text, size);
  terminated[size] = '\0';
  if (inet_pton(AF_INET, terminated, address.bytes) == 1)
    address.size = 4;
  else if (inet_pton(AF_INET6, terminated, address.bytes) == 1)
    address.size = 16;
  return address;
}

cplatform_address cplatform_address_of(const void *socket_address) {
  cplatform_address address = { { 0 }, 0 };
  switch (((const struct sockaddr *)socket_address)->sa_family) {
  case AF_INET:
    address.size = 4;
    memcpy(address.bytes, &((const struct sockaddr_in *)socket_address)->sin_addr, 4);
    break;
  case AF_INET6:
    address.size = 16;
    memcpy(address.bytes, &((const struct sockaddr_in6 *)socket_address)->sin6_addr, 16);
    break;
  }
  return address;
}

int cplatform_address_is_loopback(cplatform_address address) {
  static const uint8_t loopback[16] = { [15] = 1 };
  return (address.size == 4 && address.bytes[0] == 127) ||
         (address.size == 16 && memcmp(address.bytes, loopback, sizeof loopback) == 0);
}

int cplatform_address_matches(cplatform_address one, cplatform_address other, uint32_t bits) {
  if (one.size == 0 || one.size != other.size || bits > one.size * 8) return 0;
  const uint32_t whole = bits / 8, rest = bits % 8;
  if (memcmp(one.bytes, other.bytes, whole) != 0) return 0;
  return rest == 0 || (one.bytes[whole] ^ other.bytes[whole]) >> (8 - rest) == 0;
}
