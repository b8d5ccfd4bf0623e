#define _GNU_SOURCE
#include "service.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#define MAX_CONNECTIONS 64
/* The idle timeout of a connection, in milliseconds of time.c. It ends incomplete responses. */
#define IDLE_TIMEOUT 300

typedef struct connection {
  int socket;
  size_t count;
  char bytes[16384];
} connection;

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
/* Protected by the lock. */
static const unsigned char *responses, *responses_end;
static int closes_each;
static unsigned creates;
static int must_reset;
static pthread_cond_t is_reset = PTHREAD_COND_INITIALIZER;

static int listener;
static int wakeup; /* an eventfd */
static connection connections[MAX_CONNECTIONS];
static size_t connection_count;

static void drop(size_t index)
{
  close(connections[index].socket);
  connections[index] = connections[--connection_count];
}

/* Responds to the first request in the buffer. Returns false if the connection must be closed. */
static int respond(const connection *connection)
{
  const unsigned char *from, *end;
  int stays_open;

  pthread_mutex_lock(&lock);
  from = responses;
  end = from ? memmem(from, (size_t)(responses_end - from), SEPARATOR, strlen(SEPARATOR)) : NULL;
  responses = end ? end + strlen(SEPARATOR) : NULL;
  if (!end)
    end = responses_end;
  if (strncmp(connection->bytes, "POST ", 5) == 0 && !(from && memmem(from, (size_t)(end - from), "429", 3)))
    creates++;
  stays_open = from && !closes_each;
  if (from && send(connection->socket, from, (size_t)(end - from), MSG_NOSIGNAL) < 0)
    stays_open = 0;
  pthread_mutex_unlock(&lock);
  return stays_open;
}

/* Returns the size of the first request in the buffer, or 0 if it is incomplete. */
static size_t whole_request(const connection *connection)
{
  static const char header[] = "\r\nContent-Length:";
  const char *end = memmem(connection->bytes, connection->count, "\r\n\r\n", 4);
  const char *length = strcasestr(connection->bytes, header);
  size_t whole;

  if (!end)
    return 0;
  whole = (size_t)(end - connection->bytes) + 4;
  if (length && length < end)
    whole += strtoul(length + strlen(header), NULL, 10);
  return whole <= connection->count ? whole : 0;
}

static void serve(size_t index)
{
  connection *served = &connections[index];
  ssize_t count =
      recv(served->socket, served->bytes + served->count, sizeof served->bytes - 1 - served->count, 0);
  size_t whole;

  if (count <= 0) {
    drop(index);
    return;
  }
  served->count += (size_t)count;
  served->bytes[served->count] = '\0';
  while ((whole = whole_request(served)) > 0) {
    if (!respond(served)) {
      drop(index);
      return;
    }
    served->count -= whole;
    memmove(served->bytes, served->bytes + whole, served->count + 1);
  }
}

/* Returns false if no connection is waiting. */
static int accept_one(void)
{
  int socket = accept4(listener, NULL, NULL, SOCK_CLOEXEC), on = 1;

  if (socket < 0)
    return 0;
  if (connection_count == MAX_CONNECTIONS)
    drop(0);
  setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  connections[connection_count].socket = socket;
  connections[connection_count].count = 0;
  connections[connection_count++].bytes[0] = '\0';
  return 1;
}

static void reset(void)
{
  unsigned long long ignored;

  if (read(wakeup, &ignored, sizeof ignored) < 0)
    abort();
  do {
    while (connection_count > 0)
      drop(connection_count - 1);
  } while (accept_one());
  pthread_mutex_lock(&lock);
  must_reset = 0;
  pthread_mutex_unlock(&lock);
  pthread_cond_signal(&is_reset);
}

static void *run(void *ignored)
{
  struct pollfd polled[MAX_CONNECTIONS + 2];

  (void)ignored;
  while (1) {
    const size_t count = connection_count;
    size_t i;
    int ready;

    polled[0] = (struct pollfd){ listener, POLLIN, 0 };
    polled[1] = (struct pollfd){ wakeup, POLLIN, 0 };
    for (i = 0; i < count; i++)
      polled[i + 2] = (struct pollfd){ connections[i].socket, POLLIN, 0 };
    ready = poll(polled, count + 2, count > 0 ? IDLE_TIMEOUT : -1);
    /* Backward, because the last connection replaces a dropped one. */
    for (i = count; i > 0; i--) {
      if (ready == 0)
        drop(i - 1);
      else if (polled[i + 1].revents)
        serve(i - 1);
    }
    if (polled[0].revents)
      accept_one();
    if (polled[1].revents)
      reset();
  }
  return NULL;
}

const char *service_url(void)
{
  static char url[64];
  struct sockaddr_in address = { .sin_family = AF_INET };
  socklen_t length = sizeof address;
  pthread_t thread;

  if (url[0])
    return url;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  wakeup = eventfd(0, EFD_CLOEXEC);
  if (wakeup < 0 || bind(listener, (struct sockaddr *)&address, length) != 0 || listen(listener, 64) != 0
      || getsockname(listener, (struct sockaddr *)&address, &length) != 0
      || pthread_create(&thread, NULL, run, NULL) != 0)
    abort();
  snprintf(url, sizeof url, "http://127.0.0.1:%d", ntohs(address.sin_port));
  return url;
}

void service_set_responses(const unsigned char *bytes, size_t count, int closes)
{
  pthread_mutex_lock(&lock);
  responses = bytes;
  responses_end = bytes + count;
  closes_each = closes;
  creates = 0;
  pthread_mutex_unlock(&lock);
}

void service_reset(void)
{
  const unsigned long long one = 1;

  pthread_mutex_lock(&lock);
  must_reset = 1;
  if (write(wakeup, &one, sizeof one) < 0)
    abort();
  while (must_reset)
    pthread_cond_wait(&is_reset, &lock);
  responses = NULL;
  pthread_mutex_unlock(&lock);
}

unsigned service_creates(void)
{
  unsigned count;

  pthread_mutex_lock(&lock);
  count = creates;
  pthread_mutex_unlock(&lock);
  return count;
}
