#ifndef CCRYPTO_H
#define CCRYPTO_H

#include <fcntl.h>
#include <openssl/bio.h>
#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <sys/stat.h>
#include <unistd.h>

/* Without this callback, libcrypto prompts on the terminal. */
static inline int ccrypto_no_password(char *buffer, int size, int is_writing, void *context)
{
  (void)buffer, (void)size, (void)is_writing, (void)context;
  return -1;
}

/* Whether a PEM file contains a readable certificate. Leaves the thread's OpenSSL error queue unchanged. */
static inline int ccrypto_has_certificate(const char *path)
{
  /* Opening a pipe would block, and some devices are endless. */
  const int descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  struct stat file;
  X509 *certificate = NULL;
  if (descriptor < 0)
    return 0;
  ERR_set_mark();
  if (fstat(descriptor, &file) == 0 && S_ISREG(file.st_mode) && file.st_size <= 64 << 20) {
    FILE *stream = fdopen(descriptor, "r");
    BIO *bio = stream ? BIO_new_fp(stream, BIO_CLOSE) : NULL;
    if (bio)
      certificate = PEM_read_bio_X509_AUX(bio, NULL, ccrypto_no_password, NULL);
    BIO_free(bio);
    if (!bio && stream)
      fclose(stream);
    if (!stream)
      close(descriptor);
  } else {
    close(descriptor);
  }
  ERR_pop_to_mark();
  X509_free(certificate);
  return certificate != NULL;
}

#endif
