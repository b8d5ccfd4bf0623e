#include <llhttp.h>

#include "peers.h"

struct reading {
  struct verdict *verdict;
  int status;
  int is_complete;
  int keeps;
};

static int on_status_complete(llhttp_t *parser)
{
  struct reading *reading = parser->data;
  const int status = llhttp_get_status_code(parser);
  if (status >= 200 || status == 101)
    reading->verdict->status = status;
  return 0;
}

static int on_headers_complete(llhttp_t *parser)
{
  const int status = llhttp_get_status_code(parser);
  /* Of these it has to be told that no body follows, as of a response to HEAD. */
  return status < 200 || status == 204 || status == 304;
}

static int on_body(llhttp_t *parser, const char *data, size_t size)
{
  struct reading *reading = parser->data;
  add_to_body(reading->verdict, data, size);
  return 0;
}

static int on_message_complete(llhttp_t *parser)
{
  struct reading *reading = parser->data;
  const int status = llhttp_get_status_code(parser);
  /* It reads a 1xx as a response of its own. */
  if (status < 200 && status != 101)
    return 0;
  reading->is_complete = 1;
  reading->keeps = llhttp_should_keep_alive(parser);
  return HPE_PAUSED;
}

void read_with_llhttp(const char *response, size_t size, struct verdict *verdict)
{
  struct reading reading = { .verdict = verdict };
  llhttp_settings_t settings;
  llhttp_t parser;
  llhttp_settings_init(&settings);
  settings.on_status_complete = on_status_complete;
  settings.on_headers_complete = on_headers_complete;
  settings.on_body = on_body;
  settings.on_message_complete = on_message_complete;
  llhttp_init(&parser, HTTP_RESPONSE, &settings);
  parser.data = &reading;
  /* Strict is what it is unless told otherwise. */
  llhttp_errno_t error = llhttp_execute(&parser, response, size);
  const char *end = error == HPE_OK ? response + size : llhttp_get_error_pos(&parser);
  if (error == HPE_OK)
    error = llhttp_finish(&parser);
  if (reading.is_complete) {
    verdict->kind = 'c';
    verdict->keeps = reading.keeps && end == response + size;
  } else if (error == HPE_OK || error == HPE_INVALID_EOF_STATE) {
    verdict->kind = 'x';
  } else {
    verdict->kind = 'r';
    verdict->reason = (int)error;
  }
}
