#include "parser.h"

#include <deepidv.h>

void with_deepidv(const char *url, size_t length, int decode, answer *out)
{
  deepidv_redirect redirect;

  deepidv_redirect_parse(url, length, &redirect);
  out->status = redirect.status;
  out->reason = redirect.reason;
  out->id_length = redirect.session_id.length;
  if (decode)
    deepidv_span_decode(url, length, &redirect.session_id, out->id, sizeof out->id, &out->id_length);
}
