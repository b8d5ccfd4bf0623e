/* Headers, trailers and codings of a response. */

#define _GNU_SOURCE

#include <stdio.h>

#include "ask.h"
#include "create.h"
#include "peer.h"

#define LIMIT 65536
/* With a colon, so that it could be a header itself. */
#define FOLDED " A: AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\r\n"
#define RECORD "{\"session_record\":{\"id\":\"sess_peer\",\"status\":\"PENDING\"}}"
#define CHUNKED "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"

/* A whole response; valid until the next call. */
static char *raw(const char *head, const char *body)
{
  static char text[4096];

  snprintf(text, sizeof text, "%sContent-Length: %zu\r\n\r\n%s", head, strlen(body), body);
  return text;
}

static deepidv_result *retrieve(deepidv_client *client, deepidv_status status)
{
  deepidv_result *result = NULL;

  assert_status(deepidv_session_retrieve(client, "sess_peer", DEEPIDV_NTS, &result), status);
  return result;
}

/* A client with time for a search. */
static deepidv_client *make_looking_client(peer *peer)
{
  deepidv_config *config = make_config(peer_url(peer));

  assert_status(deepidv_config_set_timeout_ms(config, 20000), DEEPIDV_OK);
  return make_client_of(config);
}

/* ---- The first header line continues none ---------------------------------------- */

static void a_folded_first_header_after_a_failed_create(void **state)
{
  peer *peer = peer_of_sessions(PEER_ANSWER);
  deepidv_client *client = make_looking_client(peer);
  deepidv_session_request *request = make_request_as("order 7");
  deepidv_result *result;

  (void)state;
  peer_next_raw(peer, "HTTP/1.1 500 Oops\r\nContent-Length: 0\r\nA: b\r\n\r\n");
  peer_next_raw(peer, raw("HTTP/1.1 200 OK\r\n" FOLDED, "{\"sessions\":[]}"));
  peer_next(peer, PEER_ANSWER, 200, page(record("sess_found", "order 7", 0), NULL));
  result = create_result(client, request, DEEPIDV_OK);
  assert_string_equal(deepidv_result_session_id(result, NULL), "sess_found");
  assert_int_equal(peer_creates(peer), 1);
  assert_int_equal(peer_requests(peer), 3);
  deepidv_result_free(result);
  deepidv_session_request_free(request);
  peer_end(peer, client);
}

static void folded_first_headers_in_several_responses(void **state)
{
  static const char *const heads[] = {
    "HTTP/1.1 200 OK\r\n" FOLDED,
    "HTTP/1.1 200 OK\r\n\tx:y\r\n",
    "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\n" FOLDED,
    "HTTP/1.1 103 Early\r\n" FOLDED "\r\nHTTP/1.1 200 OK\r\n",
    "HTTP/1.1 404 Gone\r\n" FOLDED,
  };
  size_t i;

  (void)state;
  for (i = 0; i < COUNT(heads); i++) {
    peer *peer = peer_of_sessions(PEER_ANSWER);
    deepidv_client *client = peer_client(peer);
    deepidv_result *result;
    int j;

    peer_next_raw(peer, "HTTP/1.1 200 OK\r\nContent-Length: 56\r\nA: b\r\n\r\n" RECORD);
    deepidv_result_free(retrieve(client, DEEPIDV_OK));
    for (j = 0; j < 4; j++)
      peer_next_raw(peer, raw(heads[i], RECORD));
    deepidv_session_retrieve(client, "sess_peer", DEEPIDV_NTS, &result);
    assert_row(deepidv_result_status(result) == DEEPIDV_E_ANSWER_HTTP
            || deepidv_result_status(result) == DEEPIDV_E_NOT_FOUND,
        heads[i]);
    deepidv_result_free(result);
    peer_next_raw(peer, raw("HTTP/1.1 200 OK\r\nA: b\r\n", RECORD));
    peer_next_raw(peer, raw("HTTP/1.1 200 OK\r\nA: b\r\n", RECORD));
    peer_end(peer, client);
  }
}

/* Where readers of HTTP disagree, one that is not strict reads a response that the service has not sent. */
static void ambiguous_responses_are_refused(void **state)
{
  static const char *const heads[] = {
    "HTTP/1.1 200 OK\r\nA: b\r\n" FOLDED,
    "HTTP/1.1 100 Continue\r\nA: b\r\n" FOLDED "\r\nHTTP/1.1 200 OK\r\n",
    "HTTP/1.0 200 OK\n",
    "HTTP/1.1 200 OK\r\nA: b\n",
    "HTTP/1.1 200 OK\r\nA : b\r\n",
    "HTTP/1.1 200 OK\r\nA: b\rc\r\n",
    "HTTP/1.1 200 OK\r\nContent-Length: 56\r\n",
    "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n",
    "\r\nHTTP/1.1 200 OK\r\n",
    "HTTP/1.2 200 OK\r\n",
    "HTTP/1.1 101 Switching Protocols\r\n",
  };
  size_t i;

  (void)state;
  for (i = 0; i < COUNT(heads); i++) {
    peer *peer = peer_of_sessions(PEER_ANSWER);
    deepidv_client *client = peer_client(peer);
    deepidv_result *result;
    int j;

    /* A question is retried. */
    for (j = 0; j < 4; j++)
      peer_next_raw(peer, raw(heads[i], RECORD));
    deepidv_session_retrieve(client, "sess_peer", DEEPIDV_NTS, &result);
    assert_row(deepidv_result_status(result) == DEEPIDV_E_ANSWER_HTTP, heads[i]);
    deepidv_result_free(result);
    peer_end(peer, client);
  }
}

static void a_body_may_begin_with_blanks(void **state)
{
  peer *peer = peer_of_sessions(PEER_ANSWER);
  deepidv_client *client = peer_client(peer);
  deepidv_result *result;

  (void)state;
  peer_next_raw(peer, raw("HTTP/1.0 200 OK\r\n", " \t\r\n " RECORD));
  result = retrieve(client, DEEPIDV_OK);
  assert_string_equal(deepidv_result_json(result, NULL), " \t\r\n " RECORD);
  deepidv_result_free(result);
  peer_end(peer, client);
}

static void a_header_line_in_many_pieces(void **state)
{
  /* At most 16 KiB are read at a time, so the second piece begins with a blank. */
  char *text = make_text(' ', 40000);
  peer *peer = peer_of_sessions(PEER_ANSWER);
  deepidv_client *client = peer_client(peer);
  char *answer;

  (void)state;
  memcpy(text, "HTTP/1.1 200 OK\r\nA: b", 21);
  assert_true(asprintf(&answer, "%sc\r\nContent-Length: %zu\r\n\r\n%s", text, strlen(RECORD), RECORD) > 0);
  peer_next_raw(peer, answer);
  deepidv_result_free(retrieve(client, DEEPIDV_OK));
  free(answer), free(text);
  peer_end(peer, client);
}

/* ---- How much ------------------------------------------------------------------- */

/* A response whose headers and trailers have this many bytes in total, in one of these places. */
static char *sized(const char *where, size_t size)
{
  char *line, *answer;
  size_t used = 0, i, count;

  if (strcmp(where, "one header") == 0) {
    const char *rest = "HTTP/1.1 200 OK\r\nContent-Length: 56\r\n\r\n";

    line = make_text('x', size - strlen(rest) - strlen("A: \r\n"));
    assert_true(asprintf(&answer, "HTTP/1.1 200 OK\r\nA: %s\r\nContent-Length: 56\r\n\r\n" RECORD, line) > 0);
    assert_int_equal(strlen(RECORD), 56);
    free(line);
    return answer;
  }
  if (strcmp(where, "headers") == 0) {
    const char *start = "HTTP/1.1 200 OK\r\n", *end = "Content-Length: 56\r\n\r\n";

    count = (size - strlen(start) - strlen(end)) / 40;
    answer = calloc(1, size + strlen(RECORD) + 1);
    used = (size_t)sprintf(answer, "%s", start);
    for (i = 0; i < count - 1; i++)
      used += (size_t)sprintf(answer + used, "A: %035d\r\n", 1);
    used += (size_t)sprintf(answer + used, "A: %0*d\r\n", (int)(size - strlen(end) - used - 5), 1);
    sprintf(answer + used, "%s" RECORD, end);
    return answer;
  }
  if (strcmp(where, "1xx") == 0) {
    const char *one = "HTTP/1.1 103 Early Hints\r\n\r\n", *end = "Content-Length: 56\r\n\r\n";
    const size_t head = strlen("HTTP/1.1 200 OK\r\n") + strlen(end);

    count = (size - head - 40) / strlen(one);
    answer = calloc(1, size + strlen(RECORD) + 1);
    for (i = 0; i < count; i++)
      used += (size_t)sprintf(answer + used, "%s", one);
    used +=
        (size_t)sprintf(answer + used, "HTTP/1.1 200 OK\r\nA: %0*d\r\n", (int)(size - used - head - 5), 1);
    sprintf(answer + used, "%s" RECORD, end);
    return answer;
  }
  /* Trailers, and the empty line behind them; sizes of chunks do not count. */
  answer = calloc(1, size + 200);
  used = (size_t)sprintf(answer, CHUNKED "38\r\n" RECORD "\r\n0\r\n");
  {
    size_t left = size - strlen(CHUNKED) - strlen("\r\n");

    while (left > 2000) {
      used += (size_t)sprintf(answer + used, "A: %0995d\r\n", 1);
      left -= 1000;
    }
    used += (size_t)sprintf(answer + used, "A: %0*d\r\n", (int)(left - 5), 1);
  }
  sprintf(answer + used, "\r\n");
  return answer;
}

static void heads_and_trailers_have_a_limit(void **state)
{
  static const char *const places[] = { "one header", "headers", "1xx", "trailers" };
  size_t i;

  (void)state;
  for (i = 0; i < COUNT(places); i++) {
    peer *peer = peer_of_sessions(PEER_ANSWER);
    deepidv_client *client = peer_client(peer);
    deepidv_result *result = NULL;
    char *fits = sized(places[i], LIMIT), *does_not = sized(places[i], LIMIT + 1);
    int j;

    peer_next_raw(peer, fits);
    deepidv_session_retrieve(client, "sess_peer", DEEPIDV_NTS, &result);
    assert_row(deepidv_result_status(result) == DEEPIDV_OK, places[i]);
    deepidv_result_free(result);
    /* A question is retried. */
    for (j = 0; j < 4; j++)
      peer_next_raw(peer, does_not);
    deepidv_session_retrieve(client, "sess_peer", DEEPIDV_NTS, &result);
    assert_row(deepidv_result_status(result) == DEEPIDV_E_ANSWER_TOO_LARGE, places[i]);
    assert_row(deepidv_result_cause(result) == DEEPIDV_E_ANSWER_TOO_LARGE, places[i]);
    assert_row(!deepidv_result_session_id(result, NULL), places[i]);
    deepidv_result_free(result);
    free(fits), free(does_not);
    peer_end(peer, client);
  }
}

/* Far more than the limit. */
static void endless_headers(void **state)
{
  static const char *const starts[] = {
    "HTTP/1.1 200 OK\r\nA: ",
    "HTTP/1.1 200 A",
    "HTTP/1.1 103 Early Hints\r\nA: ",
    CHUNKED "5a\r\n" PEER_SESSION "\r\n0\r\nA: ",
  };
  char *much = make_text('x', 3 << 20);
  size_t i, j;

  (void)state;
  assert_int_equal(strlen(PEER_SESSION), 0x5a);
  for (i = 0; i < COUNT(starts) * 2; i++) {
    const char *start = starts[i / 2];
    peer *peer = peer_of_sessions(PEER_ANSWER);
    deepidv_client *client = peer_client(peer);
    deepidv_result *result = NULL;
    char *answer;

    /* In one line, and in many. */
    for (j = 1000; i % 2 && j < 3 << 20; j += 1000)
      memcpy(much + j, "\r\nA: ", 5);
    assert_true(asprintf(&answer, "%s%s\r\n\r\n", start, much) > 0);
    peer_next_raw(peer, answer);
    result =
        create_result(client, NULL, strstr(start, PEER_SESSION) ? DEEPIDV_OK : DEEPIDV_E_OUTCOME_UNKNOWN);
    if (!strstr(start, PEER_SESSION))
      assert_row(deepidv_result_cause(result) == DEEPIDV_E_ANSWER_TOO_LARGE, start);
    assert_int_equal(peer_creates(peer), 1);
    deepidv_result_free(result);
    free(answer);
    peer_end(peer, client);
  }
  free(much);
}

/* The session is kept: only the trailers are refused. */
static void too_large_trailers_after_a_session(void **state)
{
  peer *peer = peer_of_sessions(PEER_ANSWER);
  deepidv_client *client = peer_client(peer);
  deepidv_result *result;
  char *answer, *much = sized("trailers", LIMIT + 1), *trailers = strstr(much, "\r\n0\r\n");

  (void)state;
  assert_true(asprintf(&answer, CHUNKED "%zx\r\n%s%s", strlen(PEER_SESSION), PEER_SESSION, trailers) > 0);
  peer_next_raw(peer, answer);
  result = create_result(client, NULL, DEEPIDV_OK);
  assert_string_equal(deepidv_result_session_id(result, NULL), "sess_peer");
  deepidv_result_free(result);
  free(answer), free(much);
  peer_end(peer, client);
}

/* ---- Codings -------------------------------------------------------------------- */

static void codings_that_were_not_requested(void **state)
{
  static const struct {
    const char *headers;
    const char *body;
    deepidv_status status;
  } rows[] = {
    { "Content-Encoding: gzip\r\n", "\x1f\x8b\x08?", DEEPIDV_E_ANSWER_ENCODING },
    { "Content-Encoding: br\r\n", "?", DEEPIDV_E_ANSWER_ENCODING },
    { "content-encoding: identity, GZIP\r\n", "?", DEEPIDV_E_ANSWER_ENCODING },
    { "Content-Encoding: identity\r\n", "?", DEEPIDV_E_ANSWER_JSON },
    { "Content-Encoding: \r\n", "?", DEEPIDV_E_ANSWER_JSON },
    /* The header is wrong: the body has no coding. */
    { "Content-Encoding: gzip\r\n", RECORD, DEEPIDV_OK },
    { "Transfer-Encoding: gzip\r\n", "?", DEEPIDV_E_ANSWER_ENCODING },
    { "TRANSFER-ENCODING:gzip , chunked\r\n", "?", DEEPIDV_E_ANSWER_ENCODING },
    { "Transfer-Encoding: deflate,deflate,deflate\r\n", "?", DEEPIDV_E_ANSWER_ENCODING },
    { "Transfer-Encoding: identity\r\n", RECORD, DEEPIDV_E_ANSWER_ENCODING },
  };
  size_t i;

  (void)state;
  for (i = 0; i < COUNT(rows); i++) {
    peer *peer = peer_of_sessions(PEER_ANSWER);
    deepidv_client *client = peer_client(peer);
    deepidv_result *result = NULL;
    char head[256];
    int j;

    snprintf(head, sizeof head, "HTTP/1.1 200 OK\r\n%s", rows[i].headers);
    for (j = 0; j < 4; j++)
      peer_next_raw(peer, raw(head, rows[i].body));
    deepidv_session_retrieve(client, "sess_peer", DEEPIDV_NTS, &result);
    assert_row(deepidv_result_status(result) == rows[i].status, rows[i].headers);
    deepidv_result_free(result);
    peer_end(peer, client);
  }
}

int main(void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(a_folded_first_header_after_a_failed_create),
    cmocka_unit_test(folded_first_headers_in_several_responses),
    cmocka_unit_test(ambiguous_responses_are_refused),
    cmocka_unit_test(a_body_may_begin_with_blanks),
    cmocka_unit_test(a_header_line_in_many_pieces),
    cmocka_unit_test(heads_and_trailers_have_a_limit),
    cmocka_unit_test(endless_headers),
    cmocka_unit_test(too_large_trailers_after_a_session),
    cmocka_unit_test(codings_that_were_not_requested),
  };

  return cmocka_run_group_tests_name("headers", tests, NULL, NULL);
}
