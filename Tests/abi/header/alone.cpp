// Constants and structs are usable without linking anything.
#include "deepidv.h"

int main()
{
  deepidv_redirect redirect = deepidv_redirect();
  deepidv_event event = deepidv_event();
  deepidv_config *config = NULL;
  deepidv_status status = DEEPIDV_OK;
  return redirect.status == DEEPIDV_REDIRECT_NONE && event.op == 0 && !config ? status : 1;
}
