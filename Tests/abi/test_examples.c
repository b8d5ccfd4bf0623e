/*
 * Runs the example programs. DEEPIDV_EXAMPLES is the folder of
 * the programs; DEEPIDV_RUNNER, if set, is a command that runs them, such as "valgrind -q".
 */

#define _GNU_SOURCE

#include <stdio.h>
#include <sys/wait.h>

#include "emulator.h"
#include "peer.h"
#include "support.h"

#define APPLICANT "Ada Lovelace ada@example.com "
#define PHONE "+15192223333 "

/* The output of the last program. */
static char output[65536];

static void use_service(const char *url)
{
  setenv("DEEPIDV_API_KEY", "dk_emulator", 1);
  setenv("DEEPIDV_BASE_URL", url, 1);
  unsetenv("DEEPIDV_TIMEOUT_MS");
}

/* Runs an example with arguments for the shell; returns its exit status. */
static int run(const char *example, const char *arguments)
{
  const char *folder = getenv("DEEPIDV_EXAMPLES"), *runner = getenv("DEEPIDV_RUNNER");
  char *command = NULL;
  size_t length;
  FILE *pipe;
  int status;

  assert_non_null(folder);
  assert_true(
      asprintf(&command, "exec 2>&1; %s %s/%s %s", runner ? runner : "", folder, example, arguments) > 0);
  pipe = popen(command, "r");
  assert_non_null(pipe);
  length = fread(output, 1, sizeof output - 1, pipe);
  output[length] = '\0';
  status = pclose(pipe);
  free(command);
  assert_true(WIFEXITED(status));
  return WEXITSTATUS(status);
}

static void assert_said(const char *text) { assert_row(strstr(output, text) != NULL, output); }

static void example_create(void **state)
{
  (void)state;
  use_service(service.url);
  assert_int_equal(run("create_session", APPLICANT PHONE), 0);
  assert_said("id       sess_");
  assert_said("url      http://127.0.0.1:");
  assert_int_equal(run("create_session", APPLICANT PHONE "https://yourapp.com/cb"), 0);
  assert_said("redirect_url=https%3A%2F%2Fyourapp.com%2Fcb");
}

static void example_create_that_fails(void **state)
{
  (void)state;
  use_service(service.url);
  assert_int_equal(run("create_session", APPLICANT "5192223333"), 1);
  assert_said("DEEPIDV_E_PHONE");
  assert_said("refused  phone");
  assert_int_equal(run("create_session", APPLICANT "+1234"), 1);
  assert_said("http     400");
  assert_said("hint     phone: ");
  setenv("DEEPIDV_API_KEY", "dk_wrong", 1);
  assert_int_equal(run("create_session", APPLICANT PHONE), 1);
  assert_said("DEEPIDV_E_UNAUTHORIZED");
  unsetenv("DEEPIDV_API_KEY");
  assert_int_equal(run("create_session", APPLICANT PHONE), 1);
  assert_said("refused  api_key");
  use_service("http://api.example.com");
  assert_int_equal(run("create_session", APPLICANT PHONE), 1);
  assert_said("refused  base_url");
  assert_int_equal(run("create_session", "Ada"), 2);
  assert_said("usage");
}

static void example_create_with_an_unknown_outcome(void **state)
{
  peer *peer = peer_of_sessions(PEER_CLOSE);

  (void)state;
  use_service(peer_url(peer));
  setenv("DEEPIDV_TIMEOUT_MS", "2500", 1); /* the search ends then */
  assert_int_equal(run("create_session", APPLICANT PHONE), 3);
  assert_said("DEEPIDV_E_OUTCOME_UNKNOWN");
  assert_said("cause    DEEPIDV_E_CONNECTION_LOST");
  assert_said("A session may exist: run find_session --token TOKEN later.");
  assert_said("token    1.");
  assert_int_equal(peer_creates(peer), 1);
  assert_int_equal(run("epoll_service", "5"), 3);
  assert_said("created 0, failed 0, unknown 5");
  assert_int_equal(peer_creates(peer), 6);
  peer_stop(peer);
}

/* The id or the token that the last program printed. */
static char *said_after(const char *name)
{
  const char *said = strstr(output, name);

  assert_non_null(said);
  said += strlen(name);
  return strndup(said, strcspn(said, "\n"));
}

static void example_retrieve(void **state)
{
  char *arguments;

  (void)state;
  use_service(service.url);
  assert_int_equal(run("create_session", APPLICANT PHONE), 0);
  arguments = said_after("id       ");
  assert_int_equal(run("find_session", arguments), 0);
  assert_said(arguments);
  assert_said("status    PENDING\n");
  free(arguments);
  assert_int_equal(run("find_session", "sess_none"), 1);
  assert_said("DEEPIDV_E_NOT_FOUND");
  assert_int_equal(run("find_session", ""), 2);
  assert_said("usage");
}

static void example_reconcile(void **state)
{
  peer *peer = peer_of_sessions(PEER_CLOSE);
  char *token, *arguments = NULL;

  (void)state;
  use_service(peer_url(peer));
  setenv("DEEPIDV_TIMEOUT_MS", "2500", 1);
  assert_int_equal(run("create_session", APPLICANT PHONE), 3);
  token = said_after("token    ");
  assert_true(asprintf(&arguments, "--token %s", token) > 0);
  assert_int_equal(run("find_session", arguments), 3);
  assert_said("DEEPIDV_E_OUTCOME_UNKNOWN");
  assert_int_equal(peer_creates(peer), 1);
  assert_int_equal(run("find_session", "--token nonsense"), 1);
  assert_said("DEEPIDV_E_TOKEN");
  free(arguments);
  free(token);
  peer_stop(peer);
}

static void example_redirects(void **state)
{
  (void)state;
  assert_int_equal(run("parse_redirect",
                       "--expect sess_abc "
                       "'https://yourapp.com/cb?session_id=sess_abc&status=failed&reason=face_mismatch'"),
      0);
  assert_said("session id  sess_abc\nstatus      failed\nreason      face_mismatch\nexpected    yes\n");
  assert_said("This is an unsigned claim.");
  assert_int_equal(run("parse_redirect", "--expect sess_abc '?session_id=sess_abd&status=success'"), 1);
  assert_said("expected    The redirect is not for the expected session.\n");
  assert_int_equal(run("parse_redirect", "'?session_id=a&session_id=b&status=success'"), 1);
  assert_said("ambiguous");
  assert_int_equal(run("parse_redirect", "'?session_id=%1b%5b31m&status=%ff&reason=some+thing'"), 0);
  assert_said("session id  ?[31m\n");
  assert_said("its text    (DEEPIDV_E_UTF8)\n");
  assert_said("its text    some thing\n");
  assert_int_equal(run("parse_redirect", "--unknown"), 2);
}

static void example_redirects_from_input(void **state)
{
  (void)state;
  assert_int_equal(run("parse_redirect", "</dev/null"), 0);
  assert_string_equal(output, "");
  assert_int_equal(run("parse_redirect",
                       "<<'END'\n"
                       "?session_id=one&status=success\n"
                       "\n"
                       "https://yourapp.com/cb?status=SUBMITTED&sessionId=abc123\n"
                       "END"),
      0);
  assert_said("session id  one\nstatus      success\n");
  assert_said("fact        no session id\n");
  assert_said("sessionId   abc123\nstatus      SUBMITTED\n");
  assert_said("fact        the vendor's alternative form, which never means success\n");
}

#define JSON_APPLICANT \
  "'{\"first_name\":\"Ada\",\"last_name\":\"Lovelace\",\"email\":\"ada@example.com\"," \
  "\"phone\":\"+15192223333\"}'"
#define VERIFIED(id) "{\"session_record\":{\"id\":\"" id "\",\"status\":\"VERIFIED\"}}"

/* The state in the redirect URL of a session URL. */
static char *said_state(void)
{
  const char *state = strstr(output, "state%3D");

  assert_non_null(state);
  return strndup(state + 8, 96);
}

/* Returns with a state, in a browser with a cookie. */
static int come_back(const char *cookie, const char *id, const char *state, const char *claim)
{
  char *arguments = NULL;
  int code;

  assert_true(asprintf(&arguments, "finish %s %s 'https://yourapp.com/cb?a=b&state=%s&session_id=%s&%s'",
                  cookie, id, state, id, claim)
      > 0);
  code = run("callback", arguments);
  free(arguments);
  return code;
}

static void example_state(void **state)
{
  peer *peer = peer_start(PEER_ANSWER, 200, VERIFIED("sess_peer"));
  char *id, *text;

  (void)state;
  use_service(service.url);
  setenv("STATE_KEY", "0123456789abcdef0123456789abcdef", 1);
  assert_int_equal(run("callback", "start cookie=42 'https://yourapp.com/cb?a=b' " JSON_APPLICANT), 0);
  id = said_after("id       ");
  text = said_state();
  /* A forged redirect. */
  assert_int_equal(come_back("cookie=42", id, text, "status=success"), 3);
  assert_said("verdict  DEEPIDV_VERDICT_PENDING\n");
  assert_int_equal(come_back("cookie=43", id, text, "status=success"), 1);
  assert_said("DEEPIDV_E_STATE_CONTEXT");
  assert_int_equal(come_back("cookie=42", id, text, "session_id=another"), 1);
  assert_said("verdict  DEEPIDV_VERDICT_FORGED\n");

  use_service(peer_url(peer));
  assert_int_equal(come_back("cookie=42", "sess_peer", text, "status=failed"), 0);
  assert_said("verdict  DEEPIDV_VERDICT_VERIFIED\n");
  assert_int_equal(come_back("cookie=42", id, text, "status=success"), 3);
  assert_said("verdict  DEEPIDV_VERDICT_UNKNOWN\n");
  assert_said("DEEPIDV_E_ANSWER_FOREIGN");

  setenv("STATE_KEY", "too short", 1);
  assert_int_equal(come_back("cookie=42", id, text, "status=success"), 1);
  assert_said("DEEPIDV_E_SHORT_KEY");
  assert_int_equal(run("callback", "start cookie=42"), 2);
  assert_said("usage");
  unsetenv("STATE_KEY");
  free(text);
  free(id);
  peer_stop(peer);
}

static void example_many_creates(void **state)
{
  unsigned created = 0, failed = 1, unknown = 1, busy = 0;
  const char *totals;

  (void)state;
  use_service(service.url);
  assert_int_equal(run("epoll_service", "100"), 0);
  totals = strstr(output, "created ");
  assert_non_null(totals);
  assert_int_equal(
      sscanf(totals, "created %u, failed %u, unknown %u, busy %u times", &created, &failed, &unknown, &busy),
      4);
  assert_int_equal(created, 100);
  assert_int_equal(failed + unknown, 0);
  assert_true(busy > 0);
  assert_said("100  DEEPIDV_OK  sess_");
  setenv("DEEPIDV_API_KEY", "dk_wrong", 1);
  assert_int_equal(run("epoll_service", "3"), 1);
  assert_said("created 0, failed 3, unknown 0");
  unsetenv("DEEPIDV_API_KEY");
  assert_int_equal(run("epoll_service", "3"), 1);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(example_create),
    cmocka_unit_test(example_create_that_fails),
    cmocka_unit_test(example_create_with_an_unknown_outcome),
    cmocka_unit_test(example_retrieve),
    cmocka_unit_test(example_reconcile),
    cmocka_unit_test(example_redirects),
    cmocka_unit_test(example_redirects_from_input),
    cmocka_unit_test(example_state),
    cmocka_unit_test(example_many_creates),
  };

  return cmocka_run_group_tests_name("examples", tests, start_service, stop_service);
}
