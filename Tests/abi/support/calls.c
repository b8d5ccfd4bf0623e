#include "calls.h"

const config_text_row config_texts[5] = {
  { "api_key", deepidv_config_set_api_key, "dk_1", 512 },
  { "base_url", deepidv_config_set_base_url, "https://api.example.com", 2048 },
  { "ca_file", deepidv_config_set_ca_file, "/etc/ssl/certs/ca.pem", 4095 },
  { "proxy", deepidv_config_set_proxy, "http://proxy.example.com:3128", 2048 },
  { "user_agent", deepidv_config_set_user_agent, "shop/1.0 (test)", 256 },
};

const config_number_row config_numbers[3] = {
  { "timeout_ms", deepidv_config_set_timeout_ms, 86400000 },
  { "connect_timeout_ms", deepidv_config_set_connect_timeout_ms, 86400000 },
  { "max_in_flight", deepidv_config_set_max_in_flight, 1000000 },
};

request_text *const request_texts[7] = {
  deepidv_session_request_set_first_name, deepidv_session_request_set_last_name,
  deepidv_session_request_set_email, deepidv_session_request_set_phone,
  deepidv_session_request_set_external_id, deepidv_session_request_set_workflow_id,
  deepidv_session_request_set_redirect_url,
};

request_flag *const request_flags[2] = {
  deepidv_session_request_set_send_email_invite, deepidv_session_request_set_send_phone_invite,
};

result_text *const result_texts[8] = {
  deepidv_result_message, deepidv_result_field, deepidv_result_api_code, deepidv_result_json,
  deepidv_result_session_id, deepidv_result_session_url, deepidv_result_external_id,
  deepidv_result_expires_at,
};
