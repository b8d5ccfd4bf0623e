// The conformance driver in D. Its collector stops threads with signals, also inside calls of the library.

import core.memory : GC;
import core.sys.posix.poll;
import core.sys.posix.sys.wait;
import core.sys.posix.unistd;
import std.array : split;
import std.conv : to;
import std.format : format;
import std.stdio : stdin, stdout, writeln;
import std.string : fromStringz;

import deepidv;

class Refused : Exception
{
    this(int status, const(char)* field = null)
    {
        super(name(status, field));
    }
}

string name(int status, const(char)* field = null)
{
    auto line = deepidv_status_name(status).fromStringz.idup;
    return field ? line ~ "\t" ~ field.fromStringz.idup : line;
}

void check(int status, const(char)* field = null)
{
    if (status != DEEPIDV_OK)
        throw new Refused(status, field);
}

/// An object of the library, which the collector frees.
final class Owned(T, alias free)
{
    T* pointer;
    alias pointer this;

    /// Takes over what a call has stored; the status is why there may be nothing.
    this(T* made, int status = DEEPIDV_OK)
    {
        if (!made)
            throw new Refused(status);
        pointer = made;
    }

    void release()
    {
        free(pointer);
        pointer = null;
    }

    ~this()
    {
        free(pointer);
    }
}

alias Config = Owned!(deepidv_config, deepidv_config_free);
alias Client = Owned!(deepidv_client, deepidv_client_free);
alias Request = Owned!(deepidv_session_request, deepidv_session_request_free);
alias Result = Owned!(deepidv_result, deepidv_result_free);
alias Secrets = Owned!(deepidv_webhook_secrets, deepidv_webhook_secrets_free);
alias Webhook = Owned!(deepidv_webhook, deepidv_webhook_free);

/// Calls a function that stores a new object as its last argument.
O make(O, alias call, Arguments...)(Arguments arguments)
{
    typeof(O.pointer) made;
    const status = call(arguments, &made);
    return new O(made, status);
}

Client newClient()
{
    auto config = make!(Config, deepidv_config_new);
    scope (exit) config.release();
    check(deepidv_config_from_env(config, null));
    return make!(Client, deepidv_client_new)(config.pointer);
}

Request newRequest(string json)
{
    auto request = make!(Request, deepidv_session_request_new);
    const(char)* field;
    const status = deepidv_session_request_set_json(request, json.ptr, json.length, &field, null);
    check(status, field);
    return request;
}

Client client;

string ask(alias call, Arguments...)(Arguments arguments)
{
    return describe(make!(Result, call)(client.pointer, arguments));
}

string describe(Result result)
{
    scope (exit) result.release();
    return deepidv_result_describe(result, null).fromStringz.idup;
}

/// Sends a request, and frees it.
string send(alias call)(string json)
{
    auto request = newRequest(json);
    scope (exit) request.release();
    return ask!call(request.pointer);
}

void submit(string prefix, int count, string json)
{
    auto request = newRequest(json);
    foreach (tag; 1 .. count + 1)
    {
        const id = format("%s-%d", prefix, tag);
        check(deepidv_session_request_set_external_id(request, id.ptr, id.length));
        check(deepidv_session_create_submit(client, request, tag, null));
    }
    request.release();
}

string take(int count)
{
    auto watched = pollfd(deepidv_client_fd(client), POLLIN);
    deepidv_event event;
    deepidv_result* made;
    ulong taken, tags, sessions;
    while (taken < count && poll(&watched, 1, -1) > 0)
        while (deepidv_client_next(client, &event, &made) == DEEPIDV_OK)
        {
            auto result = new Result(made);
            taken++;
            tags += event.tag;
            sessions += deepidv_result_session_id(result, null) !is null;
        }
    return format("%d completions, tags %d, %d sessions", taken, tags, sessions);
}

string many(string prefix, int count, string json)
{
    submit(prefix, count, json);
    if (prefix == "collect")
    {
        foreach (garbage; 0 .. 1000)
            newRequest(json);
        GC.collect();
    }
    return take(count);
}

string cancel(string id)
{
    ulong op;
    deepidv_event event;
    deepidv_result* made;
    check(deepidv_session_retrieve_submit(client, id.ptr, id.length, 1, &op));
    const waited = deepidv_client_take(client, op, 50, &event, &made);
    deepidv_client_cancel(client, op);
    make!(Result, deepidv_client_take)(client.pointer, op, -1, &event);
    return name(waited) ~ "\t" ~ name(event.status);
}

string redirect(string url)
{
    char[8192] buffer;
    size_t length;
    check(deepidv_redirect_describe(url.ptr, url.length, buffer.ptr, buffer.length, &length));
    return buffer[0 .. length].idup;
}

string matches(string url, string id)
{
    deepidv_redirect parsed;
    check(deepidv_redirect_parse(url.ptr, url.length, &parsed));
    return name(deepidv_redirect_matches(url.ptr, url.length, &parsed, id.ptr, id.length));
}

string webhook(string secret, string signature, string payload)
{
    auto secrets = make!(Secrets, deepidv_webhook_secrets_new);
    check(deepidv_webhook_secrets_add(secrets, secret.ptr, secret.length));
    auto event = make!(Webhook, deepidv_webhook_open)(
        secrets.pointer, signature.ptr, signature.length, payload.ptr, payload.length);
    scope (exit) secrets.release();
    scope (exit) event.release();
    return deepidv_webhook_describe(event, null).fromStringz.idup;
}

string order(string json)
{
    auto other = newClient(), request = newRequest(json);
    auto result = make!(Result, deepidv_session_create)(other.pointer, request.pointer);
    other.release();
    request.release();
    return describe(result);
}

string forked(string json)
{
    auto request = newRequest(json);
    deepidv_result* made;
    const child = fork();
    if (child == 0)
        _exit(deepidv_session_create(client, request, &made));
    int ended;
    waitpid(child, &ended, 0);
    request.release();
    return name(WEXITSTATUS(ended));
}

string run(string[] field)
{
    const(char)* missing;
    switch (field[0])
    {
    case "version": return format("%d.%d", deepidv_abi_version() >> 16, deepidv_abi_version() & 0xFFFF);
    case "redirect": return redirect(field[1]);
    case "matches": return matches(field[1], field[2]);
    case "webhook": return webhook(field[1], field[2], field[3]);
    case "option":
        auto config = make!(Config, deepidv_config_new);
        scope (exit) config.release();
        return name(deepidv_config_set(config, field[1].ptr, field[1].length, field[2].ptr, field[2].length));
    case "check":
        auto request = newRequest(field[1]);
        scope (exit) request.release();
        const status = deepidv_session_request_validate(request, &missing);
        return name(status, missing);
    case "create": return send!deepidv_session_create(field[1]);
    case "find": return send!deepidv_session_find_or_create(field[1]);
    case "retrieve": return ask!deepidv_session_retrieve(field[1].ptr, field[1].length);
    case "list":
        return ask!deepidv_session_list(field[1].ptr, field[1].length, field[2].to!uint, null, 0);
    case "update":
        const decision = field[2] == "VERIFIED" ? DEEPIDV_DECISION_VERIFIED : DEEPIDV_DECISION_REJECTED;
        return ask!deepidv_session_update_status(field[1].ptr, field[1].length, decision);
    case "confirm":
        return ask!deepidv_redirect_confirm(field[1].ptr, field[1].length, field[2].ptr, field[2].length);
    case "reconcile": return ask!deepidv_session_reconcile(field[1].ptr, field[1].length);
    case "many", "collect": return many(field[0], field[1].to!int, field[2]);
    case "cancel": return cancel(field[1]);
    case "nul":
        auto request = newRequest(field[1]);
        scope (exit) request.release();
        return name(deepidv_session_request_set_first_name(request, "a\0b".ptr, 3));
    case "order": return order(field[1]);
    case "fork": return forked(field[1]);
    default: return "unknown command";
    }
}

void main()
{
    client = newClient();
    foreach (line; stdin.byLineCopy)
    {
        try
            writeln(run(line.split('\t')));
        catch (Refused refused)
            writeln(refused.msg);
        stdout.flush();
    }
    client.release();
}
