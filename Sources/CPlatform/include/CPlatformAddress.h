#ifndef CPLATFORM_ADDRESS_H
#define CPLATFORM_ADDRESS_H

#include <stddef.h>
#include <stdint.h>

/* An IP address in network byte order: 4 or 16 bytes, or 0 for none. */
typedef struct cplatform_address {
  uint64_t words[2];
  uint32_t size;
} cplatform_address;

/* Parses an address with `inet_pton`, and accepts no other form. */
cplatform_address cplatform_address_read(const uint8_t *_Nonnull text, size_t size);

/* The address in a `struct sockaddr`, which must be long enough for its family. */
cplatform_address cplatform_address_of(const void *_Nonnull socket_address);

/* Whether the address is in 127.0.0.0/8, or ::1. */
int cplatform_address_is_loopback(cplatform_address address);

/* Whether the first bits of two addresses of the same family are equal. */
int cplatform_address_matches(cplatform_address one, cplatform_address other, uint32_t bits);

#endif
