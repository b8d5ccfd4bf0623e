/*
 * Fuzzes responses of the service, through libcurl and the whole library.
 *
 * The first byte of an input selects the requests and whether connections are closed after each response; the rest are
 * the responses, one after the other. A violation aborts the process.
 */

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "deepidv.h"
#include "service.h"

#define require(holds) ((holds) ? (void)0 : give_up(#holds, __LINE__))

static void give_up(const char *what, int line)
{
  fprintf(stderr, "ERROR: line %d: %s\n", line, what);
  abort();
}

/* ---- Checks of every result ------------------------------------------------------- */

static void require_text(const char *text, size_t length) { require(!text || strlen(text) == length); }

typedef const char *text_reader(const deepidv_result *, size_t *);

static void require_texts(const deepidv_result *result)
{
  static text_reader *const readers[] = {
    deepidv_result_session_id,
    deepidv_result_session_url,
    deepidv_result_external_id,
    deepidv_result_expires_at,
    deepidv_result_session_status,
    deepidv_result_session_progress,
    deepidv_result_reconcile_token,
  };
  size_t length = 0, i;
  uint32_t index;
  const char *text;

  for (i = 0; i < sizeof readers / sizeof *readers; i++) {
    text = readers[i](result, &length);
    require_text(text, length);
  }
  for (index = 0; index < deepidv_result_session_count(result); index++) {
    text = deepidv_result_session_id_at(result, index, &length);
    require_text(text, length);
  }
  /* These can contain any bytes, also NUL, and are NUL-terminated. */
  text = deepidv_result_message(result, &length);
  require(!text || text[length] == '\0');
  text = deepidv_result_next_token(result, &length);
  require(!text || text[length] == '\0');
  text = deepidv_result_json(result, &length);
  require(!text || text[length] == '\0');
  text = deepidv_result_describe(result, &length);
  require(text && strlen(text) == length && text[0] == '{' && text[length - 1] == '}');
  for (index = 0; index < deepidv_result_hint_count(result); index++)
    require(deepidv_result_hint(result, index, &length)[length] == '\0');
  for (index = 0; index < deepidv_result_link_count(result); index++) {
    deepidv_result_link(result, index, &length);
    deepidv_result_link_rel(result, index, &length);
  }
}

static int is_in_table(deepidv_status status)
{
  return strcmp(deepidv_status_name(status), deepidv_status_name(-12345)) != 0;
}

/* Checks and frees a result. Returns its status. */
static deepidv_status check(deepidv_status status, deepidv_result *result)
{
  require(is_in_table(status));
  if (!result)
    return status;
  require(deepidv_result_status(result) == status);
  require(is_in_table(deepidv_result_cause(result)));
  require_texts(result);
  if (status == DEEPIDV_OK && deepidv_result_session_count(result) == 0)
    require(deepidv_result_session_id(result, NULL) || deepidv_result_json(result, NULL));
  deepidv_result_free(result);
  return status;
}

/* ---- Requests --------------------------------------------------------------------- */

static void create(deepidv_client *client)
{
  static const char body[] = "{\"firstName\":\"Ada\",\"lastName\":\"Lovelace\",\"email\":\"ada@example.com\","
                             "\"phone\":\"+15192223333\",\"externalId\":\"order 7\"}";
  deepidv_session_request *request = NULL;
  deepidv_result *result = NULL;
  deepidv_status status;

  require(deepidv_session_request_new(&request) == DEEPIDV_OK);
  require(deepidv_session_request_set_json(request, body, DEEPIDV_NTS, NULL, NULL) == DEEPIDV_OK);
  status = deepidv_session_create(client, request, &result);
  require(status != DEEPIDV_OK || deepidv_result_session_id(result, NULL));
  status = check(status, result);
  /* A create is executed at most once, and never if the result says that it was not. */
  require(service_creates() <= 1);
  if (status == DEEPIDV_E_NOT_SENT || status == DEEPIDV_E_NOT_PROCESSED)
    require(service_creates() == 0);
  deepidv_session_request_free(request);
}

static void retrieve(deepidv_client *client)
{
  deepidv_result *result = NULL;

  check(deepidv_session_retrieve(client, "sess_abc", DEEPIDV_NTS, &result), result);
}

static void list(deepidv_client *client)
{
  deepidv_result *result = NULL;

  check(deepidv_session_list(client, NULL, 0, 50, NULL, 0, &result), result);
}

static void confirm(deepidv_client *client)
{
  static const char redirect[] = "?session_id=sess_abc&status=success";
  deepidv_result *result = NULL;

  check(deepidv_redirect_confirm(client, redirect, DEEPIDV_NTS, "sess_abc", DEEPIDV_NTS, &result), result);
}

static deepidv_client *make_client(void)
{
  deepidv_config *config = NULL;
  deepidv_client *client = NULL;

  require(deepidv_config_new(&config) == DEEPIDV_OK);
  require(deepidv_config_set_api_key(config, "dk_fuzz", DEEPIDV_NTS) == DEEPIDV_OK);
  require(deepidv_config_set_base_url(config, service_url(), DEEPIDV_NTS) == DEEPIDV_OK);
  require(deepidv_config_set_rate_limit(config, 0) == DEEPIDV_OK);
  require(deepidv_config_set_timeout_ms(config, 3000) == DEEPIDV_OK);
  require(deepidv_client_new(config, &client) == DEEPIDV_OK);
  deepidv_config_free(config);
  return client;
}

int LLVMFuzzerTestOneInput(const uint8_t *input, size_t count);

int LLVMFuzzerTestOneInput(const uint8_t *input, size_t count)
{
  static void (*const all[][3])(deepidv_client *) = {
    { create, NULL, NULL },
    { retrieve, retrieve, retrieve },
    { list, retrieve, create },
    { confirm, create, NULL },
  };
  deepidv_client *client;
  size_t i;

  if (count == 0)
    return 0;
  client = make_client();
  service_set_responses(input + 1, count - 1, input[0] & 4);
  for (i = 0; i < 3 && all[input[0] & 3][i]; i++)
    all[input[0] & 3][i](client);
  deepidv_client_free(client);
  service_reset();
  return 0;
}
