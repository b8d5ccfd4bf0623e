/* What a create costs at least: sockets, requests and responses by hand, for this server only and without any checks. */

#define _GNU_SOURCE

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/socket.h>
#include <unistd.h>

#include "measure.h"

static struct pollfd sockets[CONNECTIONS];
static uint64_t submitted[CONNECTIONS];
static struct sockaddr_in address = { .sin_family = AF_INET };

static void begin(uint32_t index, uint32_t number)
{
  char body[512], request[1024];
  uint64_t random[2];
  int length, size;

  submitted[index] = now_ns();
  if (getrandom(random, sizeof random, 0) != (ssize_t)sizeof random)
    give_up("no random bits");
  length = snprintf(body, sizeof body,
      "{\"first_name\":\"" FIRST_NAME "\",\"last_name\":\"" LAST_NAME "\",\"email\":\"" EMAIL
      "\",\"phone\":\"" PHONE "\",\"external_id\":\"didv_%016llx%016llx\",\"workflow_id\":\"" WORKFLOW_ID
      "\",\"redirect_url\":\"" REDIRECT_URL "\"}",
      number, number, (unsigned long long)random[0], (unsigned long long)random[1]);
  size = snprintf(request, sizeof request,
      "POST /v1/sessions HTTP/1.1\r\nHost: 127.0.0.1\r\nx-api-key: dk_benchmark\r\nContent-Type: "
      "application/json\r\n"
      "Accept: application/json\r\nContent-Length: %d\r\n\r\n%s",
      length, body);
  if (send(sockets[index].fd, request, (size_t)size, MSG_NOSIGNAL) != size)
    give_up("send failed");
}

/* Copies what is between `before` and the next quote. */
static void copy(char *text, const char *answer, const char *before)
{
  const char *start = strstr(answer, before), *end = start ? strchr(start + strlen(before), '"') : NULL;

  if (!end)
    give_up("the response is wrong");
  start += strlen(before);
  memcpy(text, start, (size_t)(end - start));
  text[end - start] = '\0';
}

static void end(uint32_t index)
{
  char answer[2048], id[512], url[512];
  const ssize_t count = recv(sockets[index].fd, answer, sizeof answer - 1, 0);

  if (count < 12 || memcmp(answer + 9, "200", 3) != 0)
    give_up("the HTTP status is not 200");
  answer[count] = '\0';
  copy(id, answer, "\"id\":\"");
  copy(url, answer, "\"session_url\":\"");
  measure_one(submitted[index], id, url);
}

static void create(uint32_t connections, uint32_t count)
{
  uint32_t started = 0, ended = 0, i;

  for (i = 0; i < connections && started < count; i++)
    begin(i, started++);
  while (ended < count) {
    if (poll(sockets, connections, 1000) < 0)
      give_up("poll failed");
    for (i = 0; i < connections; i++) {
      if (!(sockets[i].revents & POLLIN))
        continue;
      end(i);
      ended++;
      if (started < count)
        begin(i, started++);
    }
  }
}

int main(int argc, char **argv)
{
  const job job = job_of(argc, argv);
  const uint32_t connections = job.in_flight < CONNECTIONS ? job.in_flight : CONNECTIONS;
  uint32_t i;

  address.sin_port = htons((uint16_t)atoi(strrchr(job.url, ':') + 1));
  inet_pton(AF_INET, "127.0.0.1", &address.sin_addr);
  for (i = 0; i < connections; i++) {
    sockets[i].fd = socket(AF_INET, SOCK_STREAM, 0);
    sockets[i].events = POLLIN;
    if (connect(sockets[i].fd, (struct sockaddr *)&address, sizeof address) != 0)
      give_up("connect failed");
  }
  create(connections, 4 * CONNECTIONS);
  measure_begin(&job);
  create(connections, job.count);
  measure_end();
  for (i = 0; i < connections; i++)
    close(sockets[i].fd);
  return 0;
}
