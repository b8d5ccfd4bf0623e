#include <curl/curl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "peers.h"

/* Our end of the connection holds the response and its end before libcurl gets the other one. */
struct wire {
  int end;
  int is_closed;
};

static curl_socket_t open_wire(void *data, curlsocktype purpose, struct curl_sockaddr *address)
{
  (void)purpose, (void)address;
  return ((struct wire *)data)->end;
}

/* libcurl's calls come here. It cannot be told that the wire is connected already: libcurl 7.88 connects all the same. */
int connect(int socket, const struct sockaddr *address, socklen_t size)
{
  (void)socket, (void)address, (void)size;
  return 0;
}

static int close_wire(void *data, curl_socket_t socket)
{
  struct wire *wire = data;
  if (socket == wire->end)
    wire->is_closed = 1;
  return close(socket);
}

static size_t take_body(char *data, size_t one, size_t size, void *verdict)
{
  add_to_body(verdict, data, one * size);
  return one * size;
}

static CURL *make_easy(void)
{
  CURL *easy = curl_easy_init();
  if (!easy)
    fail("curl_easy_init");
  curl_easy_setopt(easy, CURLOPT_URL, "http://127.0.0.1/");
  curl_easy_setopt(easy, CURLOPT_PROXY, "");
  curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(easy, CURLOPT_OPENSOCKETFUNCTION, open_wire);
  curl_easy_setopt(easy, CURLOPT_CLOSESOCKETFUNCTION, close_wire);
  curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, take_body);
  /* What would never end by itself; all responses are here before the request is. */
  curl_easy_setopt(easy, CURLOPT_TIMEOUT, 60L);
  return easy;
}

void read_with_curl(const char *response, size_t size, struct verdict *verdict)
{
  struct wire wire = { 0 };
  int ends[2];
  if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends))
    fail("socketpair");
  wire.end = ends[0];
  if (send(ends[1], response, size, MSG_DONTWAIT) != (ssize_t)size)
    fail("the response is too large");
  shutdown(ends[1], SHUT_WR);
  CURL *easy = make_easy();
  curl_easy_setopt(easy, CURLOPT_OPENSOCKETDATA, &wire);
  curl_easy_setopt(easy, CURLOPT_CLOSESOCKETDATA, &wire);
  curl_easy_setopt(easy, CURLOPT_WRITEDATA, verdict);
  const CURLcode code = curl_easy_perform(easy);
  /* A connection that is kept is closed with the handle. */
  verdict->keeps = !wire.is_closed;
  long status = 0;
  curl_easy_getinfo(easy, CURLINFO_RESPONSE_CODE, &status);
  curl_easy_cleanup(easy);
  close(ends[1]);
  verdict->status = status >= 200 || status == 101 ? (int)status : 0;
  verdict->reason = (int)code;
  if (code == CURLE_OK) {
    verdict->kind = 'c';
  } else if (code == CURLE_GOT_NOTHING || code == CURLE_PARTIAL_FILE || code == CURLE_RECV_ERROR) {
    verdict->kind = 'x';
  } else {
    verdict->kind = 'r';
  }
}
