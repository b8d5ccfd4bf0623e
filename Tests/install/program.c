/* Creates one session and prints its URL, using only installed files. Valid C89 and C++98. */
#include <deepidv.h>

#include <stdio.h>
#include <string.h>

static const char body[] =
    "{\"firstName\": \"Ada\", \"lastName\": \"Lovelace\", \"email\": \"ada@example.com\","
    " \"phone\": \"+15192223333\"}";

int main(void)
{
  deepidv_config *config = NULL;
  deepidv_client *client = NULL;
  deepidv_session_request *request = NULL;
  deepidv_result *result = NULL;
  deepidv_status status;

  if (strcmp(deepidv_version(), DEEPIDV_VERSION_TEXT) != 0) {
    fprintf(stderr, "the header has version %s, the library %s\n", DEEPIDV_VERSION_TEXT, deepidv_version());
    return 1;
  }
  deepidv_config_new(&config);
  deepidv_config_from_env(config, NULL);
  deepidv_client_new(config, &client);
  deepidv_session_request_new(&request);
  deepidv_session_request_set_json(request, body, DEEPIDV_NTS, NULL, NULL);
  status = deepidv_session_create(client, request, &result);
  if (status == DEEPIDV_OK) {
    puts(deepidv_result_session_url(result, NULL));
  } else {
    fprintf(stderr, "%s\n", deepidv_status_text(status));
  }
  deepidv_result_free(result);
  deepidv_session_request_free(request);
  deepidv_client_free(client);
  deepidv_config_free(config);
  return status == DEEPIDV_OK ? 0 : 1;
}
