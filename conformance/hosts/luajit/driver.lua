-- The conformance driver in LuaJIT, which reads deepidv.cdef as it is.

local ffi = require "ffi"
local C = ffi.C

ffi.cdef(io.open(os.getenv "DEEPIDV_CDEF"):read "*a")
ffi.cdef [[
  struct pollfd { int fd; short events, revents; };
  int poll(struct pollfd *watched, unsigned long count, int timeout);
  int fork(void);
  int waitpid(int child, int *ended, int options);
  void _exit(int status);
]]
local POLLIN = 1
local deepidv = ffi.load "libdeepidv.so.0"
local OK = deepidv.DEEPIDV_OK

-- Ends the command with a status, and the field that it is about.
local function refuse(status, field)
  local name = ffi.string(deepidv.deepidv_status_name(status))
  error({ line = field and field ~= nil and name .. "\t" .. ffi.string(field) or name }, 0)
end

local function check(status, field)
  if status ~= OK then refuse(status, field) end
end

-- Returns an object which the collector frees.
local function new(kind, ...)
  local out = ffi.new("deepidv_" .. kind .. " *[1]")
  local arguments = { ... }
  arguments[#arguments + 1] = out
  check(deepidv["deepidv_" .. kind .. "_new"](unpack(arguments)))
  return ffi.gc(out[0], deepidv["deepidv_" .. kind .. "_free"])
end

local function new_client()
  local config = new "config"
  check(deepidv.deepidv_config_from_env(config, nil))
  return new("client", config)
end

local function new_request(json)
  local request, field = new "session_request", ffi.new "const char *[1]"
  check(deepidv.deepidv_session_request_set_json(request, json, #json, field, nil), field[0])
  return request
end

local result_out = ffi.new "deepidv_result *[1]"

-- Takes the result of a call; the status is why there may be none.
local function take_result(status)
  if result_out[0] == nil then refuse(status) end
  return ffi.gc(result_out[0], deepidv.deepidv_result_free)
end

local function result(status)
  return ffi.string(deepidv.deepidv_result_describe(take_result(status), nil))
end

local client = new_client()
local commands = {}

function commands.version()
  local number = deepidv.deepidv_abi_version()
  return bit.rshift(number, 16) .. "." .. bit.band(number, 0xFFFF)
end

function commands.redirect(url)
  local buffer = ffi.new "char[8192]"
  check(deepidv.deepidv_redirect_describe(url, #url, buffer, 8192, nil))
  return ffi.string(buffer)
end

function commands.matches(url, id)
  local parsed = ffi.new "deepidv_redirect"
  check(deepidv.deepidv_redirect_parse(url, #url, parsed))
  refuse(deepidv.deepidv_redirect_matches(url, #url, parsed, id, #id))
end

function commands.webhook(secret, signature, body)
  local secrets, out = new "webhook_secrets", ffi.new "deepidv_webhook *[1]"
  check(deepidv.deepidv_webhook_secrets_add(secrets, secret, #secret))
  check(deepidv.deepidv_webhook_open(secrets, signature, #signature, body, #body, out))
  local event = ffi.gc(out[0], deepidv.deepidv_webhook_free)
  return ffi.string(deepidv.deepidv_webhook_describe(event, nil))
end

function commands.option(name, value)
  local NTS = -1LL -- (size_t)-1; the number -1 would be converted from floating point
  refuse(deepidv.deepidv_config_set(new "config", name, NTS, value, NTS))
end

function commands.check(json)
  local field = ffi.new "const char *[1]"
  local status = deepidv.deepidv_session_request_validate(new_request(json), field)
  refuse(status, field[0])
end

function commands.create(json)
  return result(deepidv.deepidv_session_create(client, new_request(json), result_out))
end

function commands.find(json)
  return result(deepidv.deepidv_session_find_or_create(client, new_request(json), result_out))
end

function commands.retrieve(id)
  return result(deepidv.deepidv_session_retrieve(client, id, #id, result_out))
end

function commands.list(id, limit)
  return result(deepidv.deepidv_session_list(client, id, #id, tonumber(limit), nil, 0, result_out))
end

function commands.update(id, word)
  local decision = deepidv["DEEPIDV_DECISION_" .. word]
  return result(deepidv.deepidv_session_update_status(client, id, #id, decision, result_out))
end

function commands.confirm(url, id)
  return result(deepidv.deepidv_redirect_confirm(client, url, #url, id, #id, result_out))
end

function commands.reconcile(token)
  return result(deepidv.deepidv_session_reconcile(client, token, #token, result_out))
end

local function submit(name, count, json)
  local request = new_request(json)
  for tag = 1, count do
    local id = name .. "-" .. tag
    check(deepidv.deepidv_session_request_set_external_id(request, id, #id))
    check(deepidv.deepidv_session_create_submit(client, request, tag, nil))
  end
end

local function take(count)
  local watched = ffi.new("struct pollfd", deepidv.deepidv_client_fd(client), POLLIN)
  local event, taken, tags, sessions = ffi.new "deepidv_event", 0, 0, 0
  while taken < count and C.poll(watched, 1, -1) > 0 do
    while deepidv.deepidv_client_next(client, event, result_out) == OK do
      local session = deepidv.deepidv_result_session_id(take_result(OK), nil)
      taken, tags = taken + 1, tags + tonumber(event.tag)
      sessions = sessions + (session ~= nil and 1 or 0)
    end
  end
  return ("%d completions, tags %d, %d sessions"):format(taken, tags, sessions)
end

function commands.many(count, json)
  submit("many", count, json)
  return take(tonumber(count))
end

function commands.collect(count, json)
  submit("collect", count, json)
  for _ = 1, 1000 do new_request(json) end
  collectgarbage()
  return take(tonumber(count))
end

function commands.cancel(id)
  local op, event = ffi.new "uint64_t[1]", ffi.new "deepidv_event"
  check(deepidv.deepidv_session_retrieve_submit(client, id, #id, 1, op))
  local waited = deepidv.deepidv_client_take(client, op[0], 50, event, result_out)
  deepidv.deepidv_client_cancel(client, op[0])
  take_result(deepidv.deepidv_client_take(client, op[0], -1, event, result_out))
  return ffi.string(deepidv.deepidv_status_name(waited)) .. "\t"
    .. ffi.string(deepidv.deepidv_status_name(event.status))
end

function commands.nul(json)
  refuse(deepidv.deepidv_session_request_set_first_name(new_request(json), "a\0b", 3))
end

function commands.order(json)
  local other, request = new_client(), new_request(json)
  local created = take_result(deepidv.deepidv_session_create(other, request, result_out))
  deepidv.deepidv_client_free(ffi.gc(other, nil))
  deepidv.deepidv_session_request_free(ffi.gc(request, nil))
  return ffi.string(deepidv.deepidv_result_describe(created, nil))
end

function commands.fork(json)
  local request, ended = new_request(json), ffi.new "int[1]"
  local child = C.fork()
  if child == 0 then C._exit(deepidv.deepidv_session_create(client, request, result_out)) end
  C.waitpid(child, ended, 0)
  refuse(bit.rshift(ended[0], 8))
end

for line in io.lines() do
  local fields = {}
  for field in (line .. "\t"):gmatch "(.-)\t" do fields[#fields + 1] = field end
  local _, answer = pcall(commands[fields[1]], unpack(fields, 2))
  io.write(type(answer) == "table" and answer.line or answer, "\n")
  io.flush()
end
