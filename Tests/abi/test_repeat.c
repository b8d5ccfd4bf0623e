/*
 * Creates that are made again. Time is this program's own: libdeepidv asks it for the time, so that nothing waits
 * until a create has settled.
 */

#define _GNU_SOURCE

#include <sys/syscall.h>
#include <stdio.h>
#include <time.h>
#include <unistd.h>

#include "ask.h"
#include "create.h"

static time_t skipped; /* seconds; only changed while nothing is under way */

int clock_gettime(clockid_t clock, struct timespec *now)
{
  long failed = syscall(SYS_clock_gettime, clock, now);

  if (failed == 0 && clock != CLOCK_REALTIME)
    now->tv_sec += skipped;
  return (int)failed;
}

enum { SETTLE = 120, TIMEOUT_MS = 300 };

/* An answer to a create, and to a search that finds nothing. */
#define CREATED_OR_NONE \
  "{\"id\":\"sess_peer\",\"session_url\":\"https://verify.example.com/session/sess_peer\"," \
  "\"links\":[],\"sessions\":[]}"

/* ---- A client that guards -------------------------------------------------------- */

static deepidv_config *guarded_config(const peer *peer)
{
  deepidv_config *config = make_config(peer_url(peer));

  assert_status(deepidv_config_set_repeat_guard(config, 1), DEEPIDV_OK);
  assert_status(deepidv_config_set_make_external_id(config, 1), DEEPIDV_OK);
  assert_status(
      deepidv_config_set_timeout_ms(config, is_watched() ? TIMEOUT_MS * 4 : TIMEOUT_MS), DEEPIDV_OK);
  return config;
}

static deepidv_client *guarded_client(const peer *peer) { return make_client_of(guarded_config(peer)); }

typedef struct scene {
  peer *peer;
  deepidv_client *client;
  deepidv_result *lost; /* of a create whose answer was lost */
  const char *external_id;
} scene;

/* Sends a create whose answer never comes, as the first request that the peer reads, and cancels it. */
static scene lose(deepidv_client *client, peer *peer, const deepidv_session_request *request)
{
  deepidv_session_request *usual = request ? NULL : make_request();
  scene scene = { peer, client, NULL, NULL };
  uint64_t op = 0;

  peer_next(peer, PEER_HANG, 200, "");
  assert_status(deepidv_session_create_submit(client, request ? request : usual, 7, &op), DEEPIDV_OK);
  peer_wait(peer, 1);
  assert_status(deepidv_client_cancel(client, op), DEEPIDV_OK);
  scene.lost = take_result(client, op, 7, DEEPIDV_EVENT_SESSION_CREATE);
  assert_status(deepidv_result_status(scene.lost), DEEPIDV_E_OUTCOME_UNKNOWN);
  assert_status(deepidv_result_cause(scene.lost), DEEPIDV_E_CANCELLED);
  scene.external_id = deepidv_result_external_id(scene.lost, NULL);
  deepidv_session_request_free(usual);
  return scene;
}

static scene lose_one(void)
{
  peer *peer = peer_start(PEER_ANSWER, 200, CREATED_OR_NONE);
  deepidv_config *config = guarded_config(peer);
  scene scene;

  /* The first create of a process takes long under valgrind, and must be sent before it is cancelled. */
  assert_status(deepidv_config_set_timeout_ms(config, 20000), DEEPIDV_OK);
  scene = lose(make_client_of(config), peer, NULL);
  deepidv_client_free(scene.client);
  scene.client = guarded_client(peer);
  assert_int_equal(peer_creates(peer), 1);
  assert_int_equal(deepidv_result_found(scene.lost), 0);
  assert_int_equal(deepidv_result_attempts(scene.lost), 1);
  return scene;
}

/* Lets time pass. The client is another, for the thread of one that was just driving may have asked for the time
   before; whatever else the config says, it is consumed. */
static void let_pass_with(scene *scene, time_t seconds, deepidv_config *config)
{
  deepidv_client_free(scene->client);
  skipped += seconds;
  scene->client = make_client_of(config);
}

static void let_pass(scene *scene, time_t seconds)
{
  let_pass_with(scene, seconds, guarded_config(scene->peer));
}

static void let_settle(scene *scene) { let_pass(scene, SETTLE + 1); }

static void end(scene *scene)
{
  deepidv_result_free(scene->lost);
  peer_end(scene->peer, scene->client);
}

/* Fails unless it is the create that was lost, and nothing was sent. */
static void assert_still_unknown(const scene *scene, const deepidv_session_request *request)
{
  unsigned creates = peer_creates(scene->peer);
  deepidv_result *result = create_result(scene->client, request, DEEPIDV_E_OUTCOME_UNKNOWN);

  assert_int_equal(peer_creates(scene->peer), creates);
  assert_int_equal(deepidv_result_attempts(result), 0);
  assert_int_equal(deepidv_result_found(result), 0);
  assert_null(deepidv_result_session_id(result, NULL));
  assert_string_equal(
      deepidv_result_reconcile_token(result, NULL), deepidv_result_reconcile_token(scene->lost, NULL));
  assert_string_equal(
      deepidv_result_external_id(result, NULL), deepidv_result_external_id(scene->lost, NULL));
  assert_non_null(strstr(deepidv_result_message(result, NULL), "The same request was sent earlier"));
  deepidv_result_free(result);
}

/* Fails unless it is sent, and answered with a session. */
static void assert_sent(const scene *scene, const deepidv_session_request *request)
{
  unsigned creates = peer_creates(scene->peer);
  deepidv_result *result = create_result(scene->client, request, DEEPIDV_OK);

  assert_int_equal(peer_creates(scene->peer), creates + 1);
  assert_int_equal(deepidv_result_reconciled(result), 0);
  assert_int_equal(deepidv_result_found(result), 0);
  deepidv_result_free(result);
}

/* Fails unless it finds this session, by this external id, and sends nothing. */
static void assert_found(const scene *scene, const char *id, const char *external_id)
{
  unsigned creates = peer_creates(scene->peer);
  deepidv_result *result;
  char listed[600];

  snprintf(listed, sizeof listed, "%s", page(record(id, external_id, 0), NULL));
  peer_next(scene->peer, PEER_ANSWER, 200, listed);
  result = create_result(scene->client, NULL, DEEPIDV_OK);
  assert_string_equal(deepidv_result_session_id(result, NULL), id);
  assert_int_equal(deepidv_result_found(result), 1);
  assert_int_equal(peer_creates(scene->peer), creates);
  deepidv_result_free(result);
}

/* ---- A repeated create ----------------------------------------------------------- */

static void it_is_found(void **state)
{
  scene scene = lose_one();
  deepidv_result *result;
  char listed[600];

  (void)state;
  snprintf(listed, sizeof listed, "%s", page(record("sess_1", scene.external_id, 0), NULL));
  peer_next(scene.peer, PEER_ANSWER, 200, listed);
  result = create_result(scene.client, NULL, DEEPIDV_OK);
  assert_string_equal(deepidv_result_session_id(result, NULL), "sess_1");
  assert_null(deepidv_result_session_url(result, NULL));
  assert_string_equal(deepidv_result_external_id(result, NULL), scene.external_id);
  assert_int_equal(deepidv_result_reconciled(result), 1);
  assert_int_equal(deepidv_result_found(result), 1);
  assert_int_equal(deepidv_result_attempts(result), 0);
  assert_int_equal(deepidv_result_retry_after_ms(result), 0);
  assert_int_equal(peer_creates(scene.peer), 1);
  deepidv_result_free(result);
  /* Another caller may be about to repeat it too; a late one means another session. */
  assert_found(&scene, "sess_1", scene.external_id);
  let_pass(&scene, SETTLE);
  assert_found(&scene, "sess_1", scene.external_id);
  let_pass(&scene, SETTLE + 1);
  assert_sent(&scene, NULL);
  assert_int_equal(peer_requests(scene.peer), 5);
  end(&scene);
}

static void it_stays_unknown_until_it_has_settled(void **state)
{
  scene scene = lose_one();
  uint64_t left = deepidv_result_retry_after_ms(scene.lost);
  int i;

  (void)state;
  assert_in_range(left, SETTLE * 1000 - 60000, SETTLE * 1000);
  for (i = 0; i < 3; i++) {
    deepidv_result *result;

    assert_still_unknown(&scene, NULL);
    let_pass(&scene, 20);
    result = create_result(scene.client, NULL, DEEPIDV_E_OUTCOME_UNKNOWN);
    assert_true(deepidv_result_retry_after_ms(result) + 20000 <= left);
    left = deepidv_result_retry_after_ms(result);
    deepidv_result_free(result);
  }
  assert_int_equal(peer_creates(scene.peer), 1);
  end(&scene);
}

/* It is the same create still, under the same external id. */
static void it_is_sent_after_it_has_settled(void **state)
{
  scene scene = lose_one();
  char *body = peer_last_body(scene.peer), *sent;
  unsigned requests;

  (void)state;
  let_settle(&scene);
  assert_sent(&scene, NULL);
  sent = peer_last_body(scene.peer);
  assert_string_equal(sent, body);
  assert_non_null(strstr(sent, scene.external_id));
  free(body);
  free(sent);
  /* It is known for a while. After that no search comes before the next one, which has an id of its own. */
  assert_found(&scene, "sess_peer", scene.external_id);
  let_pass(&scene, 2 * SETTLE + 1);
  requests = peer_requests(scene.peer);
  assert_sent(&scene, NULL);
  assert_int_equal(peer_requests(scene.peer), requests + 1);
  sent = peer_last_body(scene.peer);
  assert_null(strstr(sent, scene.external_id));
  free(sent);
  end(&scene);
}

/* It has to settle anew, and both its times are searched through. */
static void it_is_lost_a_second_time(void **state)
{
  scene scene = lose_one();
  deepidv_result *result;

  (void)state;
  let_settle(&scene);
  peer_next(scene.peer, PEER_ANSWER, 200, CREATED_OR_NONE);
  peer_next(scene.peer, PEER_CLOSE, 200, "");
  result = create_result(scene.client, NULL, DEEPIDV_E_OUTCOME_UNKNOWN);
  assert_int_equal(peer_creates(scene.peer), 2);
  assert_int_equal(deepidv_result_attempts(result), 1);
  assert_in_range(deepidv_result_retry_after_ms(result), SETTLE * 1000 - 60000, SETTLE * 1000);
  assert_string_equal(
      deepidv_result_reconcile_token(result, NULL), deepidv_result_reconcile_token(scene.lost, NULL));
  deepidv_result_free(result);
  assert_still_unknown(&scene, NULL);
  let_settle(&scene);
  assert_sent(&scene, NULL);
  end(&scene);
}

/* It was certainly not executed then, so that the next one may try. */
static void it_is_refused(void **state)
{
  scene scene = lose_one();
  deepidv_result *result;

  (void)state;
  let_settle(&scene);
  peer_next(scene.peer, PEER_ANSWER, 200, CREATED_OR_NONE);
  peer_next(scene.peer, PEER_ANSWER, 402, "{\"error\":\"no\"}");
  result = create_result(scene.client, NULL, DEEPIDV_E_BALANCE);
  assert_int_equal(peer_creates(scene.peer), 2);
  deepidv_result_free(result);
  assert_sent(&scene, NULL);
  end(&scene);
}

/* A search that is not answered, refused, or not conclusive, proves nothing, however late it is. */
static void a_search_that_proves_nothing(void **state)
{
  static const struct {
    peer_act act;
    int http;
    const char *body;
    deepidv_status cause;
  } rows[] = {
    { PEER_CLOSE, 200, "", DEEPIDV_E_CONNECTION_LOST },
    { PEER_ANSWER, 503, "", DEEPIDV_E_SERVER },
    { PEER_ANSWER, 401, "{\"error\":\"e\"}", DEEPIDV_E_UNAUTHORIZED },
    { PEER_ANSWER, 429, "", DEEPIDV_E_RATE_LIMITED },
    { PEER_ANSWER, 200, "{\"sessions\":[],\"next_token\":\"more\"}", DEEPIDV_E_TIMEOUT },
    { PEER_ANSWER, 200, "{\"sessions\":[{\"id\":\"a\"}]}", DEEPIDV_E_TIMEOUT },
    { PEER_ANSWER, 200, "<html>", DEEPIDV_E_ANSWER_JSON },
  };
  size_t i, j;

  (void)state;
  for (i = 0; i < COUNT(rows); i++) {
    scene scene = lose_one();
    deepidv_result *result;

    let_settle(&scene);
    /* As many as there can be within the timeout, which is longer under valgrind. */
    for (j = 0; j < 8; j++)
      peer_next(scene.peer, rows[i].act, rows[i].http, rows[i].body);
    result = create_result(scene.client, NULL, DEEPIDV_E_OUTCOME_UNKNOWN);
    assert_status(deepidv_result_cause(result), rows[i].cause);
    assert_int_equal(peer_creates(scene.peer), 1);
    assert_string_equal(
        deepidv_result_reconcile_token(result, NULL), deepidv_result_reconcile_token(scene.lost, NULL));
    deepidv_result_free(result);
    end(&scene);
  }
}

static void several_are_found(void **state)
{
  scene scene = lose_one();
  char listed[600];
  int i;

  (void)state;
  snprintf(listed, sizeof listed, "%s",
      page(record("sess_1", scene.external_id, 0), record("sess_2", scene.external_id, 0)));
  for (i = 0; i < 2; i++) {
    deepidv_result *result;

    peer_next(scene.peer, PEER_ANSWER, 200, listed);
    result = create_result(scene.client, NULL, DEEPIDV_E_DUPLICATE);
    assert_int_equal(deepidv_result_session_count(result), 2);
    assert_int_equal(peer_creates(scene.peer), 1);
    deepidv_result_free(result);
    let_settle(&scene);
  }
  end(&scene);
}

/* Whatever ends it, it is as unknown as before. */
static void a_repeat_is_cancelled(void **state)
{
  scene scene = lose_one();
  deepidv_result *result;
  uint64_t op;

  (void)state;
  peer_next(scene.peer, PEER_HANG, 200, "");
  op = submit_create(scene.client, 2);
  peer_wait(scene.peer, 2);
  assert_status(deepidv_client_cancel(scene.client, op), DEEPIDV_OK);
  result = take_result(scene.client, op, 2, DEEPIDV_EVENT_SESSION_CREATE);
  assert_status(deepidv_result_status(result), DEEPIDV_E_OUTCOME_UNKNOWN);
  assert_string_equal(
      deepidv_result_reconcile_token(result, NULL), deepidv_result_reconcile_token(scene.lost, NULL));
  deepidv_result_free(result);
  assert_still_unknown(&scene, NULL);
  let_settle(&scene);
  assert_sent(&scene, NULL);
  end(&scene);
}

/* ---- Which creates are the same -------------------------------------------------- */

static void another_create_is_sent(void **state)
{
  scene scene = lose_one();
  deepidv_session_request *other = make_request(), *own = make_request_as("order-1");

  (void)state;
  assert_status(deepidv_session_request_set_expires_in_hours(other, 3), DEEPIDV_OK);
  assert_sent(&scene, other);
  assert_sent(&scene, own);
  assert_int_equal(peer_requests(scene.peer), 3);
  assert_still_unknown(&scene, NULL);
  deepidv_session_request_free(other);
  deepidv_session_request_free(own);
  end(&scene);
}

static void one_with_the_same_external_id(void **state)
{
  peer *peer = peer_start(PEER_ANSWER, 200, CREATED_OR_NONE);
  deepidv_session_request *request = make_request_as("order-1"), *other = make_request_as("order-2");
  scene scene = lose(guarded_client(peer), peer, request);

  (void)state;
  assert_string_equal(scene.external_id, "order-1");
  assert_sent(&scene, other);
  assert_still_unknown(&scene, request);
  deepidv_session_request_free(request);
  deepidv_session_request_free(other);
  end(&scene);
}

/* Those that were under way at once have one hash and two ids. */
static scene lose_two(deepidv_result *results[2])
{
  peer *peer = peer_start(PEER_ANSWER, 200, CREATED_OR_NONE);
  deepidv_client *client = guarded_client(peer);
  scene scene = { peer, client, NULL, NULL };
  int i;

  peer_next(peer, PEER_HANG, 200, "");
  peer_next(peer, PEER_HANG, 200, "");
  submit_create(client, 0);
  submit_create(client, 1);
  peer_wait(peer, 2);
  peer_give_up(peer);
  for (i = 0; i < 2; i++)
    assert_status(take_create(client, &results[i]).status, DEEPIDV_E_OUTCOME_UNKNOWN);
  let_settle(&scene);
  return scene;
}

static void two_were_lost_at_once(void **state)
{
  deepidv_result *results[2];
  scene scene = lose_two(results);
  char listed[600];
  int i;

  (void)state;
  /* The first was not executed, the second was. */
  snprintf(listed, sizeof listed, "%s",
      page(record("sess_2", deepidv_result_external_id(results[1], NULL), 0), NULL));
  peer_next(scene.peer, PEER_ANSWER, 200, CREATED_OR_NONE);
  peer_next(scene.peer, PEER_ANSWER, 200, listed);
  scene.lost = create_result(scene.client, NULL, DEEPIDV_OK);
  assert_string_equal(deepidv_result_session_id(scene.lost, NULL), "sess_2");
  assert_int_equal(peer_creates(scene.peer), 2);
  let_pass(&scene, 2 * SETTLE + 1);
  assert_sent(&scene, NULL);
  for (i = 0; i < 2; i++)
    deepidv_result_free(results[i]);
  end(&scene);
}

/* Both leave the first entry for the second: one sends it, and the other does not bring the first one back. */
static void two_were_lost_and_both_are_repeated(void **state)
{
  deepidv_result *results[2], *repeats[2];
  scene scene = lose_two(results);
  deepidv_config *patient = guarded_config(scene.peer);
  const char *external_id;
  int i, sent;

  (void)state;
  /* Time for one to send it, however slow the machine is, before the other gives up. */
  assert_status(deepidv_config_set_timeout_ms(patient, is_watched() ? 10000 : 2500), DEEPIDV_OK);
  let_pass_with(&scene, 0, patient);
  peer_next(scene.peer, PEER_HANG, 200, CREATED_OR_NONE);
  peer_next(scene.peer, PEER_HANG, 200, CREATED_OR_NONE);
  submit_create(scene.client, 0);
  submit_create(scene.client, 1);
  peer_wait(scene.peer, 4);
  peer_release(scene.peer);
  for (i = 0; i < 2; i++)
    take_create(scene.client, &repeats[i]);
  assert_int_equal(peer_creates(scene.peer), 3);
  sent = deepidv_result_status(repeats[0]) == DEEPIDV_OK ? 0 : 1;
  assert_status(deepidv_result_status(repeats[sent]), DEEPIDV_OK);
  assert_status(deepidv_result_status(repeats[1 - sent]), DEEPIDV_E_OUTCOME_UNKNOWN);
  external_id = deepidv_result_external_id(repeats[sent], NULL);
  assert_string_equal(deepidv_result_external_id(repeats[1 - sent], NULL), external_id);
  let_settle(&scene);
  assert_found(&scene, "sess_peer", external_id);
  for (i = 0; i < 2; i++) {
    deepidv_result_free(results[i]);
    deepidv_result_free(repeats[i]);
  }
  end(&scene);
}

/* Who looks for its session by its token knows it. */
static void it_is_reconciled(void **state)
{
  scene scene = lose_one();
  deepidv_result *result = NULL;
  char listed[600];

  (void)state;
  /* What finds nothing changes nothing. */
  assert_status(deepidv_session_reconcile(
                    scene.client, deepidv_result_reconcile_token(scene.lost, NULL), DEEPIDV_NTS, &result),
      DEEPIDV_E_OUTCOME_UNKNOWN);
  deepidv_result_free(result);
  assert_still_unknown(&scene, NULL);
  snprintf(listed, sizeof listed, "%s", page(record("sess_1", scene.external_id, 0), NULL));
  peer_next(scene.peer, PEER_ANSWER, 200, listed);
  assert_status(deepidv_session_reconcile(
                    scene.client, deepidv_result_reconcile_token(scene.lost, NULL), DEEPIDV_NTS, &result),
      DEEPIDV_OK);
  deepidv_result_free(result);
  assert_sent(&scene, NULL);
  end(&scene);
}

/* So does who searches before sending. */
static void it_is_found_or_created(void **state)
{
  peer *peer = peer_start(PEER_ANSWER, 200, CREATED_OR_NONE);
  deepidv_session_request *request = make_request_as("order-1");
  scene scene = lose(guarded_client(peer), peer, request);
  deepidv_result *result = NULL;
  char listed[600];

  (void)state;
  snprintf(listed, sizeof listed, "%s", page(record("sess_1", "order-1", 0), NULL));
  peer_next(peer, PEER_ANSWER, 200, listed);
  assert_status(deepidv_session_find_or_create(scene.client, request, &result), DEEPIDV_OK);
  assert_int_equal(deepidv_result_found(result), 1);
  deepidv_result_free(result);
  assert_sent(&scene, request);
  deepidv_session_request_free(request);
  end(&scene);
}

/* Of all that search at once, one sends it, and the others go on searching. */
static void many_repeat_it_at_once(void **state)
{
  enum { REPEATS = 8 };
  scene scene = lose_one();
  unsigned created = 0;
  int i;

  (void)state;
  let_settle(&scene);
  peer_become(scene.peer, PEER_HANG);
  for (i = 0; i < REPEATS; i++)
    submit_create(scene.client, (uint64_t)i);
  peer_wait(scene.peer, 1 + REPEATS);
  peer_release(scene.peer);
  for (i = 0; i < REPEATS; i++) {
    deepidv_status status = take_create(scene.client, NULL).status;

    assert_true(status == DEEPIDV_OK || status == DEEPIDV_E_OUTCOME_UNKNOWN);
    created += status == DEEPIDV_OK;
  }
  assert_int_equal(created, 1);
  assert_int_equal(peer_creates(scene.peer), 2);
  /* What the others do not know is not sent by the next one either. */
  assert_still_unknown(&scene, NULL);
  end(&scene);
}

/* Another repeat has sent it meanwhile, and knows its session. */
static void a_repeat_is_overtaken(void **state)
{
  scene scene = lose_one();

  (void)state;
  let_settle(&scene);
  peer_next(scene.peer, PEER_HANG, 200, CREATED_OR_NONE);
  submit_create(scene.client, 1);
  peer_wait(scene.peer, 2);
  assert_sent(&scene, NULL);
  /* Its search was answered before the other one was executed, so to speak. */
  peer_release(scene.peer);
  assert_status(take_create(scene.client, NULL).status, DEEPIDV_E_OUTCOME_UNKNOWN);
  assert_int_equal(peer_creates(scene.peer), 2);
  end(&scene);
}

static void clients_of_one_account_share_it(void **state)
{
  scene scene = lose_one();
  deepidv_config *config = guarded_config(scene.peer);
  deepidv_client *first = scene.client;

  (void)state;
  assert_status(deepidv_config_set_rate_limit(config, 500), DEEPIDV_OK);
  scene.client = make_client_of(config);
  assert_still_unknown(&scene, NULL);
  deepidv_client_free(scene.client);

  config = guarded_config(scene.peer);
  assert_status(deepidv_config_set_api_key(config, "dk_another", DEEPIDV_NTS), DEEPIDV_OK);
  scene.client = make_client_of(config);
  assert_sent(&scene, NULL);
  deepidv_client_free(scene.client);

  /* It also outlives its clients. */
  deepidv_client_free(first);
  scene.client = guarded_client(scene.peer);
  assert_still_unknown(&scene, NULL);
  end(&scene);
}

static void it_is_forgotten_after_a_day(void **state)
{
  scene scene = lose_one();

  (void)state;
  let_pass(&scene, 86400 + 1);
  assert_sent(&scene, NULL);
  assert_int_equal(peer_requests(scene.peer), 2);
  end(&scene);
}

/* ---- What cannot be searched for ------------------------------------------------- */

static void assert_waits_without_a_search(
    scene *scene, const deepidv_session_request *request, deepidv_config *later)
{
  deepidv_result *result = create_result(scene->client, request, DEEPIDV_E_OUTCOME_UNKNOWN);

  assert_status(deepidv_result_cause(result), DEEPIDV_E_OUTCOME_UNKNOWN);
  assert_null(deepidv_result_reconcile_token(result, NULL));
  assert_in_range(deepidv_result_retry_after_ms(result), SETTLE * 1000 - 60000, SETTLE * 1000);
  assert_int_equal(peer_requests(scene->peer), 1);
  deepidv_result_free(result);
  let_pass_with(scene, SETTLE + 1, later);
  assert_sent(scene, request);
  assert_int_equal(peer_requests(scene->peer), 2);
  end(scene);
}

static void one_without_an_external_id(void **state)
{
  peer *peer = peer_start(PEER_ANSWER, 200, CREATED_OR_NONE);
  deepidv_config *config = guarded_config(peer), *later = guarded_config(peer);
  scene scene;

  (void)state;
  assert_status(deepidv_config_set_make_external_id(config, 0), DEEPIDV_OK);
  assert_status(deepidv_config_set_make_external_id(later, 0), DEEPIDV_OK);
  scene = lose(make_client_of(config), peer, NULL);
  assert_waits_without_a_search(&scene, NULL, later);
}

static void one_with_a_long_external_id(void **state)
{
  peer *peer = peer_start(PEER_ANSWER, 200, CREATED_OR_NONE);
  char *id = make_text('a', 1025);
  deepidv_session_request *request = make_request_as(id);
  scene scene = lose(guarded_client(peer), peer, request);

  (void)state;
  assert_waits_without_a_search(&scene, request, guarded_config(peer));
  deepidv_session_request_free(request);
  free(id);
}

static void without_the_guard(void **state)
{
  peer *peer = peer_start(PEER_ANSWER, 200, CREATED_OR_NONE);
  deepidv_config *config = guarded_config(peer);
  scene scene;

  (void)state;
  assert_status(deepidv_config_set_repeat_guard(config, 0), DEEPIDV_OK);
  scene = lose(make_client_of(config), peer, NULL);
  assert_int_equal(deepidv_result_retry_after_ms(scene.lost), 0);
  assert_sent(&scene, NULL);
  assert_int_equal(peer_requests(peer), 2);
  end(&scene);
}

/* ---- Find or create -------------------------------------------------------------- */

typedef deepidv_status find_function(deepidv_client *, const deepidv_session_request *, deepidv_result **);

static deepidv_status create_searching_first(
    deepidv_client *client, const deepidv_session_request *request, deepidv_result **out_result)
{
  assert_status(deepidv_session_request_set_search_first((deepidv_session_request *)request, 1), DEEPIDV_OK);
  return deepidv_session_create(client, request, out_result);
}

static deepidv_status submit_and_take(
    deepidv_client *client, const deepidv_session_request *request, deepidv_result **out_result)
{
  deepidv_event event;
  uint64_t op = 0;

  assert_status(deepidv_session_find_or_create_submit(client, request, 5, &op), DEEPIDV_OK);
  assert_status(deepidv_client_take(client, op, 30000, &event, out_result), DEEPIDV_OK);
  assert_int_equal(event.kind, DEEPIDV_EVENT_SESSION_FIND_OR_CREATE);
  assert_int_equal(event.tag, 5);
  return event.status;
}

static find_function *const ways[] = { deepidv_session_find_or_create, submit_and_take,
  create_searching_first };

static deepidv_result *find(
    size_t way, deepidv_client *client, const deepidv_session_request *request, deepidv_status status)
{
  deepidv_result *result = NULL;

  assert_status(ways[way](client, request, &result), status);
  assert_non_null(result);
  assert_status(deepidv_result_status(result), status);
  return result;
}

static void one_that_exists_is_found(void **state)
{
  size_t way;

  (void)state;
  for (way = 0; way < COUNT(ways); way++) {
    /* However old it is. */
    peer *peer = peer_start(PEER_ANSWER, 200, page(record("sess_1", "order-1", 40000000), NULL));
    deepidv_client *client = guarded_client(peer);
    deepidv_session_request *request = make_request_as("order-1");
    deepidv_result *result = find(way, client, request, DEEPIDV_OK);
    deepidv_session session;

    assert_asked(peer, "GET /v1/sessions?external_id=order-1&limit=500 HTTP/1.1\r\n");
    assert_int_equal(peer_requests(peer), 1);
    assert_string_equal(deepidv_result_session_id(result, NULL), "sess_1");
    assert_string_equal(deepidv_result_session_status(result, NULL), "PENDING");
    assert_null(deepidv_result_session_url(result, NULL));
    assert_int_equal(deepidv_result_found(result), 1);
    assert_int_equal(deepidv_result_reconciled(result), 1);
    assert_int_equal(deepidv_result_attempts(result), 0);
    assert_status(deepidv_result_session(result, &session), DEEPIDV_OK);
    assert_int_equal(session.found, 1);
    deepidv_result_free(result);
    deepidv_session_request_free(request);
    peer_end(peer, client);
  }
}

static void one_that_does_not_exist_is_created(void **state)
{
  size_t way;

  (void)state;
  for (way = 0; way < COUNT(ways); way++) {
    peer *peer = peer_start(PEER_ANSWER, 200, CREATED_OR_NONE);
    deepidv_client *client = guarded_client(peer);
    deepidv_session_request *request = make_request_as("order-1");
    deepidv_result *result = find(way, client, request, DEEPIDV_OK);

    assert_int_equal(peer_requests(peer), 2);
    assert_int_equal(peer_creates(peer), 1);
    assert_string_equal(deepidv_result_session_id(result, NULL), "sess_peer");
    assert_non_null(deepidv_result_session_url(result, NULL));
    assert_int_equal(deepidv_result_found(result), 0);
    assert_int_equal(deepidv_result_reconciled(result), 0);
    assert_int_equal(deepidv_result_attempts(result), 1);
    deepidv_result_free(result);
    deepidv_session_request_free(request);
    peer_end(peer, client);
  }
}

static void several_exist(void **state)
{
  peer *peer = peer_start(PEER_ANSWER, 200, page(record("a", "order-1", 5), record("b", "order-1", 5000000)));
  deepidv_client *client = guarded_client(peer);
  deepidv_session_request *request = make_request_as("order-1");
  deepidv_result *result = find(0, client, request, DEEPIDV_E_DUPLICATE);

  (void)state;
  assert_int_equal(deepidv_result_session_count(result), 2);
  assert_int_equal(deepidv_result_found(result), 0);
  assert_int_equal(peer_creates(peer), 0);
  deepidv_result_free(result);
  /* Nothing was sent, so that nothing is remembered of it. */
  peer_next(peer, PEER_ANSWER, 200, PEER_SESSION);
  result = create_result(client, request, DEEPIDV_OK);
  assert_int_equal(peer_requests(peer), 2);
  deepidv_result_free(result);
  deepidv_session_request_free(request);
  peer_end(peer, client);
}

/* Nothing is sent unless it is certain that there is none. */
static void it_cannot_be_searched_for(void **state)
{
  static const struct {
    peer_act act;
    int http;
    const char *body;
    deepidv_status status, cause;
  } rows[] = {
    { PEER_CLOSE, 200, "", DEEPIDV_E_NOT_SENT, DEEPIDV_E_CONNECTION_LOST },
    { PEER_HANG, 200, "", DEEPIDV_E_NOT_SENT, DEEPIDV_E_TIMEOUT },
    { PEER_ANSWER, 503, "", DEEPIDV_E_NOT_SENT, DEEPIDV_E_SERVER },
    { PEER_ANSWER, 429, "", DEEPIDV_E_RATE_LIMITED, DEEPIDV_E_RATE_LIMITED },
    { PEER_ANSWER, 401, "{\"error\":\"e\"}", DEEPIDV_E_UNAUTHORIZED, DEEPIDV_E_UNAUTHORIZED },
    { PEER_ANSWER, 200, "{\"sessions\":[],\"next_token\":\"more\"}", DEEPIDV_E_NOT_SENT, DEEPIDV_E_TIMEOUT },
    { PEER_ANSWER, 200, "{\"sessions\":[{\"id\":\"a\",\"external_id\":\"order-1\"}],\"next_token\":\"more\"}",
        DEEPIDV_E_NOT_SENT, DEEPIDV_E_TIMEOUT },
    { PEER_ANSWER, 200, "{\"sessions\":[{\"external_id\":\"order-1\"}]}", DEEPIDV_E_NOT_SENT,
        DEEPIDV_E_TIMEOUT },
  };
  size_t i;

  (void)state;
  for (i = 0; i < COUNT(rows); i++) {
    peer *peer = peer_start(rows[i].act, rows[i].http, rows[i].body);
    deepidv_client *client = guarded_client(peer);
    deepidv_session_request *request = make_request_as("order-1");
    deepidv_result *result = find(i % COUNT(ways), client, request, rows[i].status);

    assert_status(deepidv_result_cause(result), rows[i].cause);
    assert_int_equal(deepidv_result_attempts(result), 0);
    assert_null(deepidv_result_session_id(result, NULL));
    assert_null(deepidv_result_reconcile_token(result, NULL));
    assert_int_equal(peer_creates(peer), 0);
    /* What is refused for good is not asked again. */
    if (rows[i].http == 401)
      assert_int_equal(peer_requests(peer), 1);
    deepidv_result_free(result);
    deepidv_session_request_free(request);
    peer_end(peer, client);
  }
}

/* It is asked again within its time. */
static void a_search_that_is_answered_the_second_time(void **state)
{
  peer *peer = peer_start(PEER_ANSWER, 200, CREATED_OR_NONE);
  deepidv_config *config = guarded_config(peer);
  deepidv_session_request *request = make_request_as("order-1");
  deepidv_client *client;

  (void)state;
  assert_status(deepidv_config_set_timeout_ms(config, 20000), DEEPIDV_OK);
  client = make_client_of(config);
  peer_next(peer, PEER_CLOSE, 200, "");
  deepidv_result_free(find(0, client, request, DEEPIDV_OK));
  assert_int_equal(peer_requests(peer), 3);
  assert_int_equal(peer_creates(peer), 1);
  deepidv_session_request_free(request);
  peer_end(peer, client);
}

/* It is guarded as any create. */
static void one_that_was_lost(void **state)
{
  peer *peer = peer_start(PEER_ANSWER, 200, CREATED_OR_NONE);
  deepidv_client *client = guarded_client(peer);
  deepidv_session_request *request = make_request_as("order-1");
  scene scene = { peer, client, NULL, NULL };

  (void)state;
  peer_next(peer, PEER_ANSWER, 200, CREATED_OR_NONE);
  peer_next(peer, PEER_CLOSE, 200, "");
  scene.lost = find(0, client, request, DEEPIDV_E_OUTCOME_UNKNOWN);
  assert_int_equal(peer_creates(peer), 1);
  assert_still_unknown(&scene, request);
  deepidv_result_free(find(0, client, request, DEEPIDV_E_OUTCOME_UNKNOWN));
  assert_int_equal(peer_creates(peer), 1);
  let_settle(&scene);
  deepidv_result_free(find(0, scene.client, request, DEEPIDV_OK));
  assert_int_equal(peer_creates(peer), 2);
  deepidv_session_request_free(request);
  end(&scene);
}

static void it_needs_an_external_id(void **state)
{
  peer *peer = peer_start(PEER_ANSWER, 200, CREATED_OR_NONE);
  deepidv_client *client = guarded_client(peer);
  char *longest = make_text('a', 1024), *longer = make_text('a', 1025);
  static const deepidv_status statuses[] = { DEEPIDV_E_REQUIRED, DEEPIDV_E_TOO_LONG };
  size_t i;

  (void)state;
  for (i = 0; i < COUNT(statuses); i++) {
    deepidv_session_request *request = i == 0 ? make_request() : make_request_as(longer);
    deepidv_result *result = find(0, client, request, statuses[i]);
    const char *field = NULL;
    uint64_t op;

    assert_string_equal(deepidv_result_field(result, NULL), "external_id");
    deepidv_result_free(result);
    assert_status(deepidv_session_find_or_create_submit(client, request, 0, &op), statuses[i]);
    assert_status(deepidv_session_request_validate(request, &field), DEEPIDV_OK);
    deepidv_result_free(find(2, client, request, statuses[i]));
    assert_status(deepidv_session_request_validate(request, &field), statuses[i]);
    assert_string_equal(field, "external_id");
    assert_status(deepidv_session_request_set_search_first(request, 0), DEEPIDV_OK);
    assert_status(deepidv_session_request_validate(request, &field), DEEPIDV_OK);
    deepidv_session_request_free(request);
  }
  assert_int_equal(peer_requests(peer), 0);
  {
    deepidv_session_request *request = make_request_as(longest);

    deepidv_result_free(find(0, client, request, DEEPIDV_OK));
    deepidv_session_request_free(request);
  }
  free(longest);
  free(longer);
  peer_end(peer, client);
}

/* It is no field of the service's. */
static void search_first_outlasts_a_document(void **state)
{
  deepidv_session_request *request = make_request_as("order-1");
  const char *field = NULL;

  (void)state;
  assert_status(deepidv_session_request_set_search_first(request, 2), DEEPIDV_E_RANGE);
  assert_status(deepidv_session_request_set_search_first(request, -1), DEEPIDV_E_RANGE);
  assert_status(deepidv_session_request_validate(request, NULL), DEEPIDV_OK);
  assert_status(deepidv_session_request_set_search_first(request, 1), DEEPIDV_OK);
  assert_status(deepidv_session_request_set_json(request, "{}", DEEPIDV_NTS, &field, NULL), DEEPIDV_OK);
  assert_status(deepidv_session_request_validate(request, &field), DEEPIDV_E_REQUIRED);
  assert_string_equal(field, "first_name");
  assert_status(deepidv_session_request_set_json(request,
                    "{\"first_name\":\"a\",\"last_name\":\"b\",\"email\":\"a@b.c\",\"phone\":\"+1519\"}",
                    DEEPIDV_NTS, &field, NULL),
      DEEPIDV_OK);
  assert_status(deepidv_session_request_validate(request, &field), DEEPIDV_E_REQUIRED);
  assert_string_equal(field, "external_id");
  deepidv_session_request_free(request);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
    /* First, when the process remembers nothing else. */
    cmocka_unit_test(a_repeat_is_overtaken),
    cmocka_unit_test(it_is_found),
    cmocka_unit_test(it_stays_unknown_until_it_has_settled),
    cmocka_unit_test(it_is_sent_after_it_has_settled),
    cmocka_unit_test(it_is_lost_a_second_time),
    cmocka_unit_test(it_is_refused),
    cmocka_unit_test(a_search_that_proves_nothing),
    cmocka_unit_test(several_are_found),
    cmocka_unit_test(a_repeat_is_cancelled),
    cmocka_unit_test(another_create_is_sent),
    cmocka_unit_test(one_with_the_same_external_id),
    cmocka_unit_test(two_were_lost_at_once),
    cmocka_unit_test(two_were_lost_and_both_are_repeated),
    cmocka_unit_test(it_is_reconciled),
    cmocka_unit_test(it_is_found_or_created),
    cmocka_unit_test(many_repeat_it_at_once),
    cmocka_unit_test(clients_of_one_account_share_it),
    cmocka_unit_test(it_is_forgotten_after_a_day),
    cmocka_unit_test(one_without_an_external_id),
    cmocka_unit_test(one_with_a_long_external_id),
    cmocka_unit_test(without_the_guard),
    cmocka_unit_test(one_that_exists_is_found),
    cmocka_unit_test(one_that_does_not_exist_is_created),
    cmocka_unit_test(several_exist),
    cmocka_unit_test(it_cannot_be_searched_for),
    cmocka_unit_test(a_search_that_is_answered_the_second_time),
    cmocka_unit_test(one_that_was_lost),
    cmocka_unit_test(it_needs_an_external_id),
    cmocka_unit_test(search_first_outlasts_a_document),
  };

  return cmocka_run_group_tests_name("repeat", tests, NULL, NULL);
}
