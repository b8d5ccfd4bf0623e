#define _GNU_SOURCE
#include "CPlatformAddress.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>

cplatform_address cplatform_address_read(const uint8_t *text, size_t size)
{
  cplatform_address address = { { 0 }, 0 };
  char terminated[INET6_ADDRSTRLEN + 1];
  if (size >= sizeof terminated || memchr(text, 0, size))
    return address;
  memcpy(terminated, text, size);
  terminated[size] = '\0';
  if (inet_pton(AF_INET, terminated, address.words) == 1)
    address.size = 4;
  else if (inet_pton(AF_INET6, terminated, address.words) == 1)
    address.size = 16;
  return address;
}

cplatform_address cplatform_address_of(const void *socket_address)
{
  cplatform_address address = { { 0 }, 0 };
  switch (((const struct sockaddr *)socket_address)->sa_family) {
  case AF_INET:
    address.size = 4;
    memcpy(address.words, &((const struct sockaddr_in *)socket_address)->sin_addr, 4);
    break;
  case AF_INET6:
    address.size = 16;
    memcpy(address.words, &((const struct sockaddr_in6 *)socket_address)->sin6_addr, 16);
    break;
  }
  return address;
}

int cplatform_address_is_loopback(cplatform_address address)
{
  const uint8_t *bytes = (const uint8_t *)address.words;
  if (address.size == 4)
    return bytes[0] == 127;
  return address.size == 16 && IN6_IS_ADDR_LOOPBACK((const struct in6_addr *)bytes);
}

int cplatform_address_matches(cplatform_address one, cplatform_address other, uint32_t bits)
{
  const uint8_t *left = (const uint8_t *)one.words, *right = (const uint8_t *)other.words;
  const uint32_t whole = bits / 8, rest = bits % 8;
  if (one.size == 0 || one.size != other.size || bits > one.size * 8)
    return 0;
  if (memcmp(left, right, whole) != 0)
    return 0;
  return rest == 0 || (left[whole] ^ right[whole]) >> (8 - rest) == 0;
}
