# The C program, with a webhook, a wrong secret, half a body, one that is too large, and one without a status.
verified='{"type": "session.status.verified", "data": {"id": "sess_abc", "status": "VERIFIED"}}'

# receives BODY SIGNATURE: runs it as a server does.
receives() {
  printf '%s' "$1" | HTTP_DEEPIDV_SIGNATURE=$2 ./program1 || true
}

[ "$(receives "$verified" whsec_emulator)" = "session.status.verified sess_abc VERIFIED
204" ]
[ "$(receives "$verified" whsec_guess)" = 401 ]
[ "$(receives "${verified%\}}" whsec_emulator)" = 400 ]
[ "$(head -c 4194313 /dev/zero | tr '\0' ' ' | HTTP_DEEPIDV_SIGNATURE=whsec_emulator ./program1 || true)" = 413 ]
[ "$(receives '{"type": "session.created", "data": {"id": "sess_abc"}}' whsec_emulator)" = "session.created sess_abc -
204" ]
