% The conformance driver in Erlang. The NIFs that block run on dirty schedulers.
-module(driver).
-export([main/0]).

name(Status) -> deepidv:status_name(Status).

name(Status, undefined) -> name(Status);
name(Status, Field) -> [name(Status), $\t, Field].

% Ends the command, unless the status is DEEPIDV_OK.
check(Status) -> check(Status, undefined).
check(0, _) -> ok;
check(Status, Field) -> throw({refused, name(Status, Field)}).

% The object that a call has made; the status is why there may be none.
made({Status, undefined}) -> throw({refused, name(Status)});
made({_, Object}) -> Object.

new_client() ->
    Config = made(deepidv:config_new()),
    {Status, _} = deepidv:config_from_env(Config),
    check(Status),
    made(deepidv:client_new(Config)).

new_request(Json) ->
    Request = made(deepidv:session_request_new()),
    {Status, Field, _Offset} = deepidv:session_request_set_json(Request, Json),
    check(Status, Field),
    Request.

described(Call) -> deepidv:result_describe(made(Call)).

submit(Client, Prefix, Count, Json) ->
    Request = new_request(Json),
    lists:foreach(
        fun(Tag) ->
            Id = [Prefix, $-, integer_to_list(Tag)],
            check(deepidv:session_request_set_external_id(Request, Id)),
            {Status, _} = deepidv:session_create_submit(Client, Request, Tag),
            check(Status)
        end,
        lists:seq(1, Count)
    ).

take(Client, Count) ->
    Descriptor = deepidv:copy(deepidv:client_fd(Client)),
    Line = take(Client, Count, Descriptor, 0, 0, 0),
    deepidv:stop(Descriptor),
    Line.

take(_, Count, _, Count, Tags, Sessions) ->
    io_lib:format("~b completions, tags ~b, ~b sessions", [Count, Tags, Sessions]);
take(Client, Count, Descriptor, Taken, Tags, Sessions) ->
    case deepidv:client_next(Client) of
        {0, <<_Op:64/native, Tag:64/native, _/binary>>, Result} ->
            Session = deepidv:result_session_id(Result),
            Created = if Session =:= undefined -> 0; true -> 1 end,
            take(Client, Count, Descriptor, Taken + 1, Tags + Tag, Sessions + Created);
        {_, _, undefined} ->
            % A process that waits for the message does not block a scheduler.
            deepidv:select(Descriptor),
            receive {select, Descriptor, _, ready_input} -> ok end,
            take(Client, Count, Descriptor, Taken, Tags, Sessions)
    end.

cancel(Client, Id) ->
    {0, Op} = deepidv:session_retrieve_submit(Client, Id, 1),
    {Waited, _, undefined} = deepidv:client_take(Client, Op, 50),
    deepidv:client_cancel(Client, Op),
    {0, <<_:16/binary, Status:32/signed-native, _/binary>>, _} = deepidv:client_take(Client, Op, -1),
    [name(Waited), $\t, name(Status)].

run(_, [<<"version">>]) ->
    <<Major:16, Minor:16>> = <<(deepidv:abi_version()):32>>,
    io_lib:format("~b.~b", [Major, Minor]);
run(_, [<<"redirect">>, Url]) ->
    {Status, Json} = deepidv:redirect_describe(Url),
    check(Status),
    Json;
run(_, [<<"matches">>, Url, Id]) ->
    {Status, Parsed} = deepidv:redirect_parse(Url),
    check(Status),
    name(deepidv:redirect_matches(Url, Parsed, Id));
run(_, [<<"webhook">>, Secret, Signature, Body]) ->
    Secrets = made(deepidv:webhook_secrets_new()),
    check(deepidv:webhook_secrets_add(Secrets, Secret)),
    deepidv:webhook_describe(made(deepidv:webhook_open(Secrets, Signature, Body)));
run(_, [<<"option">>, Key, Value]) ->
    name(deepidv:config_set(made(deepidv:config_new()), Key, Value));
run(_, [<<"check">>, Json]) ->
    {Status, Field} = deepidv:session_request_validate(new_request(Json)),
    name(Status, Field);
run(Client, [<<"create">>, Json]) -> described(deepidv:session_create(Client, new_request(Json)));
run(Client, [<<"find">>, Json]) -> described(deepidv:session_find_or_create(Client, new_request(Json)));
run(Client, [<<"retrieve">>, Id]) -> described(deepidv:session_retrieve(Client, Id));
run(Client, [<<"list">>, Id, Limit]) ->
    described(deepidv:session_list(Client, Id, binary_to_integer(Limit), undefined));
run(Client, [<<"update">>, Id, <<"VERIFIED">>]) ->
    described(deepidv:session_update_status(Client, Id, deepidv:constant(decision_verified)));
run(Client, [<<"update">>, Id, <<"REJECTED">>]) ->
    described(deepidv:session_update_status(Client, Id, deepidv:constant(decision_rejected)));
run(Client, [<<"confirm">>, Url, Id]) -> described(deepidv:redirect_confirm(Client, Url, Id));
run(Client, [<<"reconcile">>, Token]) -> described(deepidv:session_reconcile(Client, Token));
run(Client, [<<"many">>, Count, Json]) ->
    submit(Client, "many", binary_to_integer(Count), Json),
    take(Client, binary_to_integer(Count));
run(Client, [<<"collect">>, Count, Json]) ->
    submit(Client, "collect", binary_to_integer(Count), Json),
    [new_request(Json) || _ <- lists:seq(1, 1000)],
    erlang:garbage_collect(),
    take(Client, binary_to_integer(Count));
run(Client, [<<"cancel">>, Id]) -> cancel(Client, Id);
run(_, [<<"nul">>, Json]) -> name(deepidv:session_request_set_first_name(new_request(Json), <<"a", 0, "b">>));
run(_, [<<"order">>, Json]) ->
    {Client, Request} = {new_client(), new_request(Json)},
    Result = made(deepidv:session_create(Client, Request)),
    deepidv:client_free(Client),
    deepidv:session_request_free(Request),
    deepidv:result_describe(Result);
run(_, [<<"fork">>, _]) -> "unsupported".

main() ->
    ok = io:setopts(standard_io, [binary, {encoding, unicode}]),
    loop(new_client()).

loop(Client) ->
    case io:get_line("") of
        eof -> halt(0);
        Line ->
            Fields = binary:split(string:trim(Line, trailing, "\n"), <<"\t">>, [global]),
            Answer = try run(Client, Fields) catch throw:{refused, Refused} -> Refused end,
            io:put_chars([Answer, $\n]),
            loop(Client)
    end.
