# The conformance driver in Nim. The compiler frees an object at the end of its scope.

import std/[os, posix, selectors, strutils]
import deepidv

type
  Owned[T] = object
    pointer: ptr T
  Refused = object of CatchableError
  Client = Owned[deepidv_client]
  Request = Owned[deepidv_session_request]
  Outcome = Owned[deepidv_result]

proc free(one: ptr deepidv_config) = deepidv_config_free(one)
proc free(one: ptr deepidv_client) = deepidv_client_free(one)
proc free(one: ptr deepidv_session_request) = deepidv_session_request_free(one)
proc free(one: ptr deepidv_result) = deepidv_result_free(one)
proc free(one: ptr deepidv_webhook_secrets) = deepidv_webhook_secrets_free(one)
proc free(one: ptr deepidv_webhook) = deepidv_webhook_free(one)
proc `=destroy`[T](owned: var Owned[T]) = free(owned.pointer)
proc `=copy`[T](target: var Owned[T], source: Owned[T]) {.error.}

proc name(status: int32, field: cstring = nil): string =
  result = $deepidv_status_name(status)
  if field != nil: result &= "\t" & $field

proc check(status: int32, field: cstring = nil) =
  if status != DEEPIDV_OK: raise newException(Refused, name(status, field))

# Takes over an object that a call has stored; the status is why there may be none.
proc own[T](one: ptr T, status: int32): Owned[T] =
  if one == nil: raise newException(Refused, name(status))
  Owned[T](pointer: one)

proc size(text: string): csize_t = csize_t(text.len)

proc newConfig(): Owned[deepidv_config] =
  let status = deepidv_config_new(addr result.pointer)
  check status

proc newClient(): Client =
  let config = newConfig()
  check deepidv_config_from_env(config.pointer, nil)
  check deepidv_client_new(config.pointer, addr result.pointer)

proc newRequest(json: string): Request =
  check deepidv_session_request_new(addr result.pointer)
  var field: cstring
  let status = deepidv_session_request_set_json(result.pointer, json, json.size, addr field, nil)
  check(status, field)

proc describe(outcome: Outcome): string = $deepidv_result_describe(outcome.pointer, nil)

# Calls an operation, whose result is stored in `made`, and describes it.
template ask(call: untyped): string =
  var made {.inject.}: ptr deepidv_result
  let status = call
  describe(own(made, status))

proc submit(client: Client, prefix: string, count: int, json: string) =
  let request = newRequest(json)
  for tag in 1 .. count:
    let id = prefix & "-" & $tag
    check deepidv_session_request_set_external_id(request.pointer, id, id.size)
    check deepidv_session_create_submit(client.pointer, request.pointer, uint64(tag), nil)

proc take(client: Client, count: int): string =
  let selector = newSelector[int]()
  selector.registerHandle(int(deepidv_client_fd(client.pointer)), {Event.Read}, 0)
  var
    event: deepidv_event
    made: ptr deepidv_result
    taken, tags, sessions = 0
  while taken < count:
    discard selector.select(-1)
    while deepidv_client_next(client.pointer, addr event, addr made) == DEEPIDV_OK:
      let outcome = own(made, DEEPIDV_OK)
      inc taken
      inc tags, int(event.tag)
      inc sessions, ord(deepidv_result_session_id(outcome.pointer, nil) != nil)
  close selector
  "$1 completions, tags $2, $3 sessions" % [$taken, $tags, $sessions]

proc cancel(client: Client, id: string): string =
  var
    op: uint64
    event: deepidv_event
    made: ptr deepidv_result
  check deepidv_session_retrieve_submit(client.pointer, id, id.size, 1, addr op)
  let waited = deepidv_client_take(client.pointer, op, 50, addr event, addr made)
  discard deepidv_client_cancel(client.pointer, op)
  let status = deepidv_client_take(client.pointer, op, -1, addr event, addr made)
  discard own(made, status)
  name(waited) & "\t" & name(event.status)

proc redirect(url: string): string =
  result = newString(8192)
  var length: csize_t
  check deepidv_redirect_describe(url, url.size, result.cstring, result.size, addr length)
  result.setLen(length)

proc matches(url, id: string): string =
  var parsed: deepidv_redirect
  check deepidv_redirect_parse(url, url.size, addr parsed)
  name(deepidv_redirect_matches(url, url.size, addr parsed, id, id.size))

proc webhook(secret, signature, body: string): string =
  var secrets: Owned[deepidv_webhook_secrets]
  var event: Owned[deepidv_webhook]
  check deepidv_webhook_secrets_new(addr secrets.pointer)
  check deepidv_webhook_secrets_add(secrets.pointer, secret, secret.size)
  check deepidv_webhook_open(secrets.pointer, signature, signature.size, body, body.size, addr event.pointer)
  $deepidv_webhook_describe(event.pointer, nil)

proc order(json: string): string =
  var made: ptr deepidv_result
  block:
    let (other, request) = (newClient(), newRequest(json))
    discard deepidv_session_create(other.pointer, request.pointer, addr made)
  describe(own(made, DEEPIDV_OK))

proc forked(client: Client, json: string): string =
  let request = newRequest(json)
  var made: ptr deepidv_result
  let child = fork()
  if child == 0: exitnow(deepidv_session_create(client.pointer, request.pointer, addr made))
  var ended: cint
  discard waitpid(child, ended, 0)
  name(WEXITSTATUS(ended))

proc run(client: Client, field: seq[string]): string =
  let it = client.pointer
  case field[0]
  of "version": $(deepidv_abi_version() shr 16) & "." & $(deepidv_abi_version() and 0xFFFF)
  of "redirect": redirect(field[1])
  of "matches": matches(field[1], field[2])
  of "webhook": webhook(field[1], field[2], field[3])
  of "option": name(deepidv_config_set(newConfig().pointer, field[1], DEEPIDV_NTS, field[2], DEEPIDV_NTS))
  of "check":
    var missing: cstring
    let status = deepidv_session_request_validate(newRequest(field[1]).pointer, addr missing)
    name(status, missing)
  of "create": ask deepidv_session_create(it, newRequest(field[1]).pointer, addr made)
  of "find": ask deepidv_session_find_or_create(it, newRequest(field[1]).pointer, addr made)
  of "retrieve": ask deepidv_session_retrieve(it, field[1], field[1].size, addr made)
  of "list": ask deepidv_session_list(it, field[1], field[1].size, uint32(parseInt(field[2])), nil, 0, addr made)
  of "update":
    let decision = if field[2] == "VERIFIED": DEEPIDV_DECISION_VERIFIED else: DEEPIDV_DECISION_REJECTED
    ask deepidv_session_update_status(it, field[1], field[1].size, int32(decision), addr made)
  of "confirm": ask deepidv_redirect_confirm(it, field[1], field[1].size, field[2], field[2].size, addr made)
  of "reconcile": ask deepidv_session_reconcile(it, field[1], field[1].size, addr made)
  of "many":
    submit(client, "many", parseInt(field[1]), field[2])
    take(client, parseInt(field[1]))
  of "collect":
    submit(client, "collect", parseInt(field[1]), field[2])
    for _ in 1 .. 1000: discard newRequest(field[2])
    GC_fullCollect()
    take(client, parseInt(field[1]))
  of "cancel": cancel(client, field[1])
  of "nul": name(deepidv_session_request_set_first_name(newRequest(field[1]).pointer, "a\0b", 3))
  of "order": order(field[1])
  of "fork": forked(client, field[1])
  else: "unknown command"

let client = newClient()
for line in stdin.lines:
  try: echo run(client, line.split('\t'))
  except Refused as refused: echo refused.msg
  flushFile(stdout)
