#include "create.h"

deepidv_result *create_result(
    deepidv_client *client, const deepidv_session_request *request, deepidv_status status)
{
  deepidv_session_request *usual = request ? NULL : make_request();
  deepidv_result *result = NULL;

  assert_status(deepidv_session_create(client, request ? request : usual, &result), status);
  assert_non_null(result);
  assert_status(deepidv_result_status(result), status);
  deepidv_session_request_free(usual);
  return result;
}

deepidv_result *create_once(deepidv_client *client, deepidv_session_request *request, deepidv_status status)
{
  deepidv_result *result = create_result(client, request, status);

  deepidv_session_request_free(request);
  deepidv_client_free(client);
  return result;
}

deepidv_status create_status(deepidv_client *client)
{
  deepidv_session_request *request = make_request();
  deepidv_result *result = NULL;
  deepidv_status status = deepidv_session_create(client, request, &result);

  deepidv_result_free(result);
  deepidv_session_request_free(request);
  return status;
}

deepidv_result *refused_result(deepidv_client *client)
{
  deepidv_session_request *empty = make_empty_request();
  deepidv_result *result = create_result(client, empty, DEEPIDV_E_REQUIRED);

  deepidv_session_request_free(empty);
  return result;
}

static void *create_here(void *context)
{
  caller *caller = context;

  caller->status = create_status(caller->client);
  return NULL;
}

void caller_start(caller *caller, deepidv_client *client)
{
  caller->client = client;
  assert_int_equal(pthread_create(&caller->thread, NULL, create_here, caller), 0);
}

deepidv_status caller_end(caller *caller)
{
  pthread_join(caller->thread, NULL);
  return caller->status;
}
