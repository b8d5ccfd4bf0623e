#include "wire.h"

#include <jansson.h>
#include <stdio.h>

#include "create.h"

int wire_start(void **state)
{
  static wire wire;

  wire.peer = peer_of_sessions(PEER_ANSWER);
  wire.client = peer_client(wire.peer);
  *state = &wire;
  return 0;
}

int wire_stop(void **state)
{
  wire *wire = *state;

  peer_end(wire->peer, wire->client);
  return 0;
}

/* Parsed by another library. */
void assert_sent(wire *wire, const deepidv_session_request *request, const char *json)
{
  json_t *wanted = json_loads(json, 0, NULL), *sent;
  char *body;

  deepidv_result_free(create_result(wire->client, request, DEEPIDV_OK));
  body = peer_last_body(wire->peer);
  assert_non_null(body);
  sent = json_loads(body, JSON_REJECT_DUPLICATES | JSON_ALLOW_NUL, NULL);
  if (!wanted || !sent || !json_equal(wanted, sent)) {
    print_error("sent: %s\n", body);
    assert_row(0, json);
  }
  json_decref(wanted);
  json_decref(sent);
  free(body);
}
