#include "objects.h"

#include "create.h"

int make_objects(void **state)
{
  static objects made;

  made.config = make_config(NULL);
  assert_status(deepidv_client_new(made.config, &made.client), DEEPIDV_OK);
  made.request = make_request();
  made.result = refused_result(made.client);
  *state = &made;
  return 0;
}

int free_objects(void **state)
{
  objects *made = *state;

  deepidv_result_free(made->result);
  deepidv_session_request_free(made->request);
  deepidv_client_free(made->client);
  deepidv_config_free(made->config);
  return 0;
}
