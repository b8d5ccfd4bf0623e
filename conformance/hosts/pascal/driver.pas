// The conformance driver in Free Pascal.
program driver;

{$mode objfpc}{$H+}

uses ctypes, BaseUnix, SysUtils, deepidv;

type
  ERefused = class(Exception);
  TSend = function(client: Pdeepidv_client; request: Pdeepidv_session_request;
    out_result: PPdeepidv_result): cint32; cdecl;

var
  client: Pdeepidv_client;
  made: Pdeepidv_result;

function StatusLine(status: cint32; field: PChar = nil): string;
begin
  Result := deepidv_status_name(status);
  if field <> nil then Result := Result + #9 + field;
end;

procedure Check(status: cint32; field: PChar = nil);
begin
  if status <> DEEPIDV_OK then raise ERefused.Create(StatusLine(status, field));
end;

// Describes the result that a call has stored in `made`, and frees it; the status is why there may be none.
function Describe(status: cint32): string;
begin
  if made = nil then raise ERefused.Create(StatusLine(status));
  Result := deepidv_result_describe(made, nil);
  deepidv_result_free(made);
  made := nil;
end;

function NewClient: Pdeepidv_client;
var
  config: Pdeepidv_config;
begin
  Check(deepidv_config_new(@config));
  try
    Check(deepidv_config_from_env(config, nil));
    Check(deepidv_client_new(config, @Result));
  finally
    deepidv_config_free(config);
  end;
end;

function NewRequest(const json: string): Pdeepidv_session_request;
var
  field: PChar;
  status: cint32;
begin
  Check(deepidv_session_request_new(@Result));
  status := deepidv_session_request_set_json(Result, PChar(json), Length(json), @field, nil);
  if status = DEEPIDV_OK then Exit;
  deepidv_session_request_free(Result);
  Check(status, field);
end;

function Send(call: TSend; const json: string): string;
var
  request: Pdeepidv_session_request;
begin
  request := NewRequest(json);
  try
    Result := Describe(call(client, request, @made));
  finally
    deepidv_session_request_free(request);
  end;
end;

function Validate(const json: string): string;
var
  request: Pdeepidv_session_request;
  status: cint32;
  field: PChar;
begin
  request := NewRequest(json);
  status := deepidv_session_request_validate(request, @field);
  deepidv_session_request_free(request);
  Result := StatusLine(status, field);
end;

// Submits creates, and takes their completions when the descriptor is readable.
function Many(const prefix: string; count: Integer; const json: string): string;
var
  request: Pdeepidv_session_request;
  watched: TPollFd;
  event: Tdeepidv_event;
  id: string;
  tag, garbage, taken, tags, sessions: Integer;
begin
  request := NewRequest(json);
  for tag := 1 to count do
  begin
    id := Format('%s-%d', [prefix, tag]);
    Check(deepidv_session_request_set_external_id(request, PChar(id), Length(id)));
    Check(deepidv_session_create_submit(client, request, tag, nil));
  end;
  deepidv_session_request_free(request);
  if prefix = 'collect' then // Pascal has no collector.
    for garbage := 1 to 1000 do deepidv_session_request_free(NewRequest(json));
  watched.fd := deepidv_client_fd(client);
  watched.events := POLLIN;
  taken := 0;
  tags := 0;
  sessions := 0;
  while (taken < count) and (FpPoll(@watched, 1, -1) > 0) do
    while deepidv_client_next(client, @event, @made) = DEEPIDV_OK do
    begin
      Inc(taken);
      Inc(tags, event.tag);
      if deepidv_result_session_id(made, nil) <> nil then Inc(sessions);
      deepidv_result_free(made);
    end;
  made := nil;
  Result := Format('%d completions, tags %d, %d sessions', [taken, tags, sessions]);
end;

function Cancel(const id: string): string;
var
  op: cuint64;
  event: Tdeepidv_event;
begin
  Check(deepidv_session_retrieve_submit(client, PChar(id), Length(id), 1, @op));
  Result := StatusLine(deepidv_client_take(client, op, 50, @event, @made));
  deepidv_client_cancel(client, op);
  Describe(deepidv_client_take(client, op, -1, @event, @made));
  Result := Result + #9 + StatusLine(event.status);
end;

function Redirect(const url: string): string;
var
  length_: csize_t;
begin
  SetLength(Result, 8192);
  Check(deepidv_redirect_describe(PChar(url), Length(url), PChar(Result), 8192, @length_));
  SetLength(Result, length_);
end;

function Matches(const url, id: string): string;
var
  parsed: Tdeepidv_redirect;
begin
  Check(deepidv_redirect_parse(PChar(url), Length(url), @parsed));
  Result := StatusLine(deepidv_redirect_matches(PChar(url), Length(url), @parsed, PChar(id), Length(id)));
end;

function Webhook(const secret, signature, body: string): string;
var
  secrets: Pdeepidv_webhook_secrets;
  event: Pdeepidv_webhook;
  status: cint32;
begin
  Check(deepidv_webhook_secrets_new(@secrets));
  Check(deepidv_webhook_secrets_add(secrets, PChar(secret), Length(secret)));
  status := deepidv_webhook_open(secrets, PChar(signature), Length(signature), PChar(body), Length(body), @event);
  deepidv_webhook_secrets_free(secrets);
  Check(status);
  Result := deepidv_webhook_describe(event, nil);
  deepidv_webhook_free(event);
end;

function Option(const name, value: string): string;
var
  config: Pdeepidv_config;
begin
  Check(deepidv_config_new(@config));
  Result := StatusLine(deepidv_config_set(config, PChar(name), DEEPIDV_NTS, PChar(value), DEEPIDV_NTS));
  deepidv_config_free(config);
end;

function Nul(const json: string): string;
var
  request: Pdeepidv_session_request;
begin
  request := NewRequest(json);
  Result := StatusLine(deepidv_session_request_set_first_name(request, 'a'#0'b', 3));
  deepidv_session_request_free(request);
end;

function Order(const json: string): string;
var
  other: Pdeepidv_client;
  request: Pdeepidv_session_request;
begin
  other := NewClient;
  request := NewRequest(json);
  deepidv_session_create(other, request, @made);
  deepidv_client_free(other);
  deepidv_session_request_free(request);
  Result := Describe(DEEPIDV_OK);
end;

function Forked(const json: string): string;
var
  request: Pdeepidv_session_request;
  child: TPid;
  ended: cint;
begin
  request := NewRequest(json);
  child := FpFork;
  if child = 0 then FpExit(deepidv_session_create(client, request, @made));
  FpWaitPid(child, ended, 0);
  deepidv_session_request_free(request);
  Result := StatusLine(WEXITSTATUS(ended));
end;

function Run(const field: TStringArray): string;
var
  decision: cint32;
  text, second: string;
begin
  if Length(field) > 1 then text := field[1] else text := '';
  if Length(field) > 2 then second := field[2] else second := '';
  case field[0] of
    'version': Result := Format('%d.%d', [deepidv_abi_version shr 16, deepidv_abi_version and $FFFF]);
    'redirect': Result := Redirect(text);
    'matches': Result := Matches(text, second);
    'webhook': Result := Webhook(text, second, field[3]);
    'option': Result := Option(text, second);
    'check': Result := Validate(text);
    'create': Result := Send(@deepidv_session_create, text);
    'find': Result := Send(@deepidv_session_find_or_create, text);
    'retrieve': Result := Describe(deepidv_session_retrieve(client, PChar(text), Length(text), @made));
    'list':
      Result := Describe(deepidv_session_list(client, PChar(text), Length(text), StrToInt(second), nil, 0, @made));
    'update':
      begin
        decision := DEEPIDV_DECISION_REJECTED;
        if second = 'VERIFIED' then decision := DEEPIDV_DECISION_VERIFIED;
        Result := Describe(deepidv_session_update_status(client, PChar(text), Length(text), decision, @made));
      end;
    'confirm':
      Result := Describe(
        deepidv_redirect_confirm(client, PChar(text), Length(text), PChar(second), Length(second), @made));
    'reconcile': Result := Describe(deepidv_session_reconcile(client, PChar(text), Length(text), @made));
    'many', 'collect': Result := Many(field[0], StrToInt(text), second);
    'cancel': Result := Cancel(text);
    'nul': Result := Nul(text);
    'order': Result := Order(text);
    'fork': Result := Forked(text);
  end;
end;

var
  line: string;

begin
  client := NewClient;
  while not Eof do
  begin
    ReadLn(line);
    try
      WriteLn(Run(line.Split([#9])));
    except
      on refused: ERefused do WriteLn(refused.Message);
    end;
    Flush(Output);
  end;
  deepidv_client_free(client);
end.
