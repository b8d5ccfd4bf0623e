#define _GNU_SOURCE
#include "peer.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <strings.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include "support.h"

#define MOST_CONNECTIONS 512
#define MOST_STEPS 16

typedef struct connection {
  int socket;
  int hangs;          /* a request waits for its answer */
  const char *answer; /* what it waits for */
  char *bytes;
  size_t count;
} connection;

struct peer {
  pthread_t thread;
  int listener;
  int wakeup; /* an eventfd */
  char url[64];
  char *answer;

  pthread_mutex_t lock;
  /* Under the lock. */
  peer_act act;
  int is_stopped;
  int gives_up; /* on the requests that hang */
  unsigned requests, creates, decisions, accepted;
  struct {
    peer_act act;
    char *answer;
  } steps[MOST_STEPS];
  size_t step, step_count;
  char *head;
  char *body;

  /* The thread's own. */
  connection connections[MOST_CONNECTIONS];
  size_t count;
};

/* ---- The thread ------------------------------------------------------------------ */

static void send_answer(const peer *peer, connection *connection)
{
  const char *answer = connection->answer ? connection->answer : peer->answer;
  size_t length = strlen(answer);

  connection->hangs = 0;
  /* The client may be gone. */
  if (send(connection->socket, answer, length, MSG_NOSIGNAL) != (ssize_t)length)
    shutdown(connection->socket, SHUT_RDWR);
}

static void drop(peer *peer, size_t index, int with_reset)
{
  struct linger linger = { 1, 0 };
  connection *gone = &peer->connections[index];

  if (with_reset)
    setsockopt(gone->socket, SOL_SOCKET, SO_LINGER, &linger, sizeof linger);
  close(gone->socket);
  free(gone->bytes);
  *gone = peer->connections[--peer->count];
}

/* The length of the complete request at the front, or 0. *body is where its body begins. */
static size_t whole_request(const connection *connection, size_t *body)
{
  static const char header[] = "\r\nContent-Length:";
  const char *end = memmem(connection->bytes, connection->count, "\r\n\r\n", 4);
  const char *length = strcasestr(connection->bytes, header);
  size_t whole;

  if (!end)
    return 0;
  *body = (size_t)(end - connection->bytes) + 4;
  whole = *body;
  if (length && length < end)
    whole += strtoul(length + strlen(header), NULL, 10);
  return whole <= connection->count ? whole : 0;
}

/* Records the request at the front and removes it; returns what to do about it. */
static peer_act take_request(peer *peer, connection *connection, size_t body, size_t whole)
{
  peer_act act;

  pthread_mutex_lock(&peer->lock);
  free(peer->head);
  peer->head = strndup(connection->bytes, body);
  peer->requests++;
  if (strncmp(connection->bytes, "GET ", 4) != 0) {
    free(peer->body);
    peer->body = strndup(connection->bytes + body, whole - body);
    peer->creates += strncmp(connection->bytes, "POST ", 5) == 0;
    peer->decisions += strncmp(connection->bytes, "PATCH ", 6) == 0;
  }
  act = peer->act;
  connection->answer = NULL;
  if (peer->step < peer->step_count) {
    act = peer->steps[peer->step].act;
    connection->answer = peer->steps[peer->step++].answer;
  }
  pthread_mutex_unlock(&peer->lock);
  connection->count -= whole;
  memmove(connection->bytes, connection->bytes + whole, connection->count + 1);
  return act;
}

/* Reads from a connection; false when it was closed. */
static int serve(peer *peer, size_t index)
{
  connection *connection = &peer->connections[index];
  size_t body, whole;
  ssize_t count;

  connection->bytes = realloc(connection->bytes, connection->count + 65536 + 1);
  count = recv(connection->socket, connection->bytes + connection->count, 65536, 0);
  if (count <= 0) {
    drop(peer, index, 0);
    return 0;
  }
  connection->count += (size_t)count;
  connection->bytes[connection->count] = '\0';
  while ((whole = whole_request(connection, &body)) > 0) {
    switch (take_request(peer, connection, body, whole)) {
    case PEER_ANSWER: send_answer(peer, connection); break;
    case PEER_HANG: connection->hangs = 1; break;
    case PEER_CLOSE: drop(peer, index, 0); return 0;
    case PEER_RESET:
    case PEER_REFUSE: drop(peer, index, 1); return 0;
    }
  }
  return 1;
}

static void accept_one(peer *peer)
{
  int socket = accept4(peer->listener, NULL, NULL, SOCK_CLOEXEC);
  peer_act act;

  if (socket < 0 || peer->count == MOST_CONNECTIONS) {
    if (socket >= 0)
      close(socket);
    return;
  }
  pthread_mutex_lock(&peer->lock);
  act = peer->act;
  peer->accepted++;
  pthread_mutex_unlock(&peer->lock);
  peer->connections[peer->count++] = (connection){ .socket = socket };
  if (act == PEER_REFUSE)
    drop(peer, peer->count - 1, 1);
}

/* Reads what another thread has changed; false when the peer must stop. */
static int heed(peer *peer)
{
  uint64_t ignored;
  int is_stopped, is_released, gives_up;
  size_t i;

  if (read(peer->wakeup, &ignored, sizeof ignored) < 0)
    return 0;
  pthread_mutex_lock(&peer->lock);
  is_stopped = peer->is_stopped;
  is_released = peer->act == PEER_ANSWER;
  gives_up = peer->gives_up;
  peer->gives_up = 0;
  pthread_mutex_unlock(&peer->lock);
  for (i = peer->count; gives_up && i > 0; i--)
    if (peer->connections[i - 1].hangs)
      drop(peer, i - 1, 0);
  for (i = 0; is_released && i < peer->count; i++)
    if (peer->connections[i].hangs)
      send_answer(peer, &peer->connections[i]);
  return !is_stopped;
}

static void *run(void *context)
{
  peer *peer = context;
  struct pollfd polled[MOST_CONNECTIONS + 2];
  int runs = 1;

  while (runs) {
    size_t count = peer->count, i;

    polled[0] = (struct pollfd){ peer->wakeup, POLLIN, 0 };
    polled[1] = (struct pollfd){ peer->listener, POLLIN, 0 };
    for (i = 0; i < count; i++)
      polled[i + 2] = (struct pollfd){ peer->connections[i].socket, POLLIN, 0 };
    if (poll(polled, count + 2, -1) < 0)
      continue;
    /* From the back: a connection that is dropped is replaced by the last. */
    for (i = count; i > 0; i--)
      if (polled[i + 1].revents)
        serve(peer, i - 1);
    if (polled[1].revents)
      accept_one(peer);
    if (polled[0].revents)
      runs = heed(peer);
  }
  while (peer->count > 0)
    drop(peer, peer->count - 1, 0);
  return NULL;
}

/* ---- For the test ---------------------------------------------------------------- */

static void wake(peer *peer)
{
  uint64_t one = 1;

  assert_int_equal(write(peer->wakeup, &one, sizeof one), sizeof one);
}

static void tell(peer *peer, peer_act act, int is_stopped)
{
  pthread_mutex_lock(&peer->lock);
  peer->act = act;
  peer->is_stopped = is_stopped;
  pthread_mutex_unlock(&peer->lock);
  wake(peer);
}

/* A whole answer. */
static char *make_answer(int status, const char *headers, const char *body)
{
  char *answer = NULL;

  assert_true(asprintf(&answer,
                  "HTTP/1.1 %d Whatever\r\nContent-Type: application/json\r\n%sContent-Length: %zu\r\n\r\n%s",
                  status, headers, strlen(body), body)
      > 0);
  return answer;
}

static void listen_on_loopback(peer *peer)
{
  struct sockaddr_in address = { .sin_family = AF_INET };
  socklen_t length = sizeof address;

  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  peer->listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  assert_true(peer->listener >= 0);
  assert_int_equal(bind(peer->listener, (struct sockaddr *)&address, length), 0);
  assert_int_equal(listen(peer->listener, MOST_CONNECTIONS), 0);
  assert_int_equal(getsockname(peer->listener, (struct sockaddr *)&address, &length), 0);
  snprintf(peer->url, sizeof peer->url, "http://127.0.0.1:%d", ntohs(address.sin_port));
}

peer *peer_start(peer_act act, int status, const char *body)
{
  peer *peer = calloc(1, sizeof *peer);
  sigset_t all, before;

  assert_non_null(peer);
  peer->answer = make_answer(status, "", body);
  peer->act = act;
  pthread_mutex_init(&peer->lock, NULL);
  listen_on_loopback(peer);
  peer->wakeup = eventfd(0, EFD_CLOEXEC);
  assert_true(peer->wakeup >= 0);
  /* Signals are the test's own. */
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, &before);
  assert_int_equal(pthread_create(&peer->thread, NULL, run, peer), 0);
  pthread_sigmask(SIG_SETMASK, &before, NULL);
  return peer;
}

peer *peer_of_sessions(peer_act act) { return peer_start(act, 200, PEER_SESSION); }

void peer_stop(peer *peer)
{
  size_t i;

  tell(peer, PEER_HANG, 1);
  pthread_join(peer->thread, NULL);
  close(peer->listener);
  close(peer->wakeup);
  pthread_mutex_destroy(&peer->lock);
  for (i = 0; i < peer->step_count; i++)
    free(peer->steps[i].answer);
  free(peer->answer);
  free(peer->head);
  free(peer->body);
  free(peer);
}

deepidv_client *peer_client(const peer *peer) { return make_client(peer->url); }

void peer_end(peer *peer, deepidv_client *client)
{
  deepidv_client_free(client);
  peer_stop(peer);
}

void peer_become(peer *peer, peer_act act) { tell(peer, act, 0); }

void peer_release(peer *peer) { tell(peer, PEER_ANSWER, 0); }

static void add_step(peer *peer, peer_act act, char *answer)
{
  assert_non_null(answer);
  pthread_mutex_lock(&peer->lock);
  assert_true(peer->step_count < MOST_STEPS);
  peer->steps[peer->step_count].act = act;
  peer->steps[peer->step_count++].answer = answer;
  pthread_mutex_unlock(&peer->lock);
}

void peer_next(peer *peer, peer_act act, int status, const char *body)
{
  peer_next_with(peer, act, status, "", body);
}

void peer_next_with(peer *peer, peer_act act, int status, const char *headers, const char *body)
{
  add_step(peer, act, make_answer(status, headers, body));
}

void peer_next_raw(peer *peer, const char *answer) { add_step(peer, PEER_ANSWER, strdup(answer)); }

void peer_give_up(peer *peer)
{
  pthread_mutex_lock(&peer->lock);
  peer->gives_up = 1;
  pthread_mutex_unlock(&peer->lock);
  wake(peer);
}

const char *peer_url(const peer *peer) { return peer->url; }

const char *peer_gone_url(void)
{
  static char url[64];
  peer *gone = peer_of_sessions(PEER_ANSWER);

  strcpy(url, peer_url(gone));
  peer_stop(gone);
  return url;
}

static unsigned count(peer *peer, const unsigned *counter)
{
  unsigned now;

  pthread_mutex_lock(&peer->lock);
  now = *counter;
  pthread_mutex_unlock(&peer->lock);
  return now;
}

unsigned peer_requests(peer *peer) { return count(peer, &peer->requests); }

unsigned peer_creates(peer *peer) { return count(peer, &peer->creates); }

unsigned peer_decisions(peer *peer) { return count(peer, &peer->decisions); }

unsigned peer_connections(peer *peer) { return count(peer, &peer->accepted); }

void peer_wait(peer *peer, unsigned requests)
{
  uint64_t deadline = now_ms() + 10000;

  while (peer_requests(peer) < requests) {
    assert_true(now_ms() < deadline);
    sleep_ms(2);
  }
}

static char *copy(peer *peer, char *const *text)
{
  char *answer;

  pthread_mutex_lock(&peer->lock);
  answer = *text ? strdup(*text) : NULL;
  pthread_mutex_unlock(&peer->lock);
  return answer;
}

char *peer_last_head(peer *peer) { return copy(peer, &peer->head); }

char *peer_last_body(peer *peer) { return copy(peer, &peer->body); }
