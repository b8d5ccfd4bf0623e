#define _GNU_SOURCE
#include "ask.h"

#include <stdio.h>
#include <time.h>

deepidv_result *ask(deepidv_client *client, const question_row *row, const char *text, deepidv_status status)
{
  deepidv_result *result = NULL;
  uint64_t op = 0;

  assert_status(row->ask(client, text, DEEPIDV_NTS, &result), status);
  assert_non_null(result);
  assert_status(deepidv_result_status(result), status);
  deepidv_result_free(result);
  assert_status(row->submit(client, text, DEEPIDV_NTS, 77, &op), DEEPIDV_OK);
  assert_int_not_equal(op, 0);
  result = take_result(client, op, 77, row->kind);
  assert_status(deepidv_result_status(result), status);
  return result;
}

const question_row *question(const char *name)
{
  size_t i;

  for (i = 0; i < COUNT(questions); i++)
    if (strcmp(questions[i].name, name) == 0)
      return &questions[i];
  fail_msg("no question %s", name);
  return NULL;
}

const char *record(const char *id, const char *external_id, int age)
{
  static char texts[4][256];
  static size_t next;
  char *text = texts[next++ % COUNT(texts)];
  time_t created = time(NULL) - age;
  struct tm parts;
  char stamp[32];

  strftime(stamp, sizeof stamp, "%Y-%m-%dT%H:%M:%S.000Z", gmtime_r(&created, &parts));
  snprintf(text, sizeof texts[0],
      "{\"id\":\"%s\",\"external_id\":\"%s\",\"status\":\"PENDING\","
      "\"created_at\":\"%s\"}",
      id, external_id, stamp);
  return text;
}

const char *page(const char *first, const char *second)
{
  static char text[600];

  snprintf(text, sizeof text, "{\"sessions\":[%s%s%s],\"next_token\":null}", first ? first : "",
      second ? "," : "", second ? second : "");
  return text;
}

void assert_asked(peer *peer, const char *line)
{
  char *head = peer_last_head(peer);

  assert_non_null(head);
  assert_row(strncmp(head, line, strlen(line)) == 0, head);
  assert_non_null(strstr(head, "\r\nx-api-key: " CANARY_KEY "\r\n"));
  assert_null(strcasestr(head, "\r\nContent-Length:"));
  free(head);
}
