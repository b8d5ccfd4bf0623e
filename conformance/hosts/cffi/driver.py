"""The conformance driver in Python with cffi, which reads deepidv.cdef as it is."""

import gc
import os
import selectors
import sys

from cffi import FFI

ffi = FFI()
with open(os.environ["DEEPIDV_CDEF"]) as declarations:
    ffi.cdef(declarations.read())
library = ffi.dlopen("libdeepidv.so.0")


class Refused(Exception):
    """A call without a result: its status, and the field that it is about."""

    def __init__(self, status, field=ffi.NULL):
        names = [library.deepidv_status_name(status), field]
        super().__init__("\t".join(ffi.string(name).decode() for name in names if name))


def check(status, field=ffi.NULL):
    if status != library.DEEPIDV_OK:
        raise Refused(status, field)


def new(kind, *arguments):
    """Create an object, which the garbage collector frees."""
    out = ffi.new(f"deepidv_{kind} **")
    check(getattr(library, f"deepidv_{kind}_new")(*arguments, out))
    return ffi.gc(out[0], getattr(library, f"deepidv_{kind}_free"))


def text(value):
    """Return the two arguments of a text."""
    return value, len(value)


def new_client():
    config = new("config")
    check(library.deepidv_config_from_env(config, ffi.NULL))
    return new("client", config)


def new_request(json):
    request = new("session_request")
    field = ffi.new("const char **")
    status = library.deepidv_session_request_set_json(request, *text(json), field, ffi.NULL)
    check(status, field[0])
    return request


def take_result(name, *arguments):
    """Call a function that returns a result."""
    out = ffi.new("deepidv_result **")
    status = getattr(library, f"deepidv_{name}")(*arguments, out)
    if not out[0]:
        raise Refused(status)
    return ffi.gc(out[0], library.deepidv_result_free)


def describe(kind, value):
    return ffi.string(getattr(library, f"deepidv_{kind}_describe")(value, ffi.NULL)).decode()


class Driver:
    def __init__(self):
        self.client = new_client()

    def version(self):
        number = library.deepidv_abi_version()
        return f"{number >> 16}.{number & 0xFFFF}"

    def redirect(self, url):
        buffer = ffi.new("char[]", 8192)
        check(library.deepidv_redirect_describe(*text(url), buffer, 8192, ffi.NULL))
        return ffi.string(buffer).decode()

    def matches(self, url, session_id):
        parsed = ffi.new("deepidv_redirect *")
        check(library.deepidv_redirect_parse(*text(url), parsed))
        raise Refused(library.deepidv_redirect_matches(*text(url), parsed, *text(session_id)))

    def webhook(self, secret, signature, body):
        secrets, out = new("webhook_secrets"), ffi.new("deepidv_webhook **")
        check(library.deepidv_webhook_secrets_add(secrets, *text(secret)))
        check(library.deepidv_webhook_open(secrets, *text(signature), *text(body), out))
        return describe("webhook", ffi.gc(out[0], library.deepidv_webhook_free))

    def option(self, name, value):
        raise Refused(library.deepidv_config_set(new("config"), *text(name), *text(value)))

    def check(self, json):
        field = ffi.new("const char **")
        status = library.deepidv_session_request_validate(new_request(json), field)
        raise Refused(status, field[0])

    def ask(self, name, *arguments):
        return describe("result", take_result(name, self.client, *arguments))

    def create(self, json):
        return self.ask("session_create", new_request(json))

    def find(self, json):
        return self.ask("session_find_or_create", new_request(json))

    def retrieve(self, session_id):
        return self.ask("session_retrieve", *text(session_id))

    def list(self, external_id, limit):
        return self.ask("session_list", *text(external_id), int(limit), ffi.NULL, 0)

    def update(self, session_id, word):
        decision = getattr(library, f"DEEPIDV_DECISION_{word.decode()}")
        return self.ask("session_update_status", *text(session_id), decision)

    def confirm(self, url, session_id):
        return self.ask("redirect_confirm", *text(url), *text(session_id))

    def reconcile(self, token):
        return self.ask("session_reconcile", *text(token))

    def many(self, count, json, name=b"many"):
        request = new_request(json)
        for tag in range(1, int(count) + 1):
            external_id = b"%s-%d" % (name, tag)
            check(library.deepidv_session_request_set_external_id(request, *text(external_id)))
            check(library.deepidv_session_create_submit(self.client, request, tag, ffi.NULL))
        if name == b"collect":
            for _ in range(1000):
                new_request(json)
            gc.collect()
        selector = selectors.DefaultSelector()
        selector.register(library.deepidv_client_fd(self.client), selectors.EVENT_READ)
        event, out, taken = ffi.new("deepidv_event *"), ffi.new("deepidv_result **"), []
        while len(taken) < int(count) and selector.select():
            while library.deepidv_client_next(self.client, event, out) == library.DEEPIDV_OK:
                result = ffi.gc(out[0], library.deepidv_result_free)
                taken.append((event.tag, bool(library.deepidv_result_session_id(result, ffi.NULL))))
        tags, sessions = (sum(column) for column in zip(*taken, strict=True))
        return f"{len(taken)} completions, tags {tags}, {sessions} sessions"

    def collect(self, count, json):
        return self.many(count, json, b"collect")

    def cancel(self, session_id):
        op, event = ffi.new("uint64_t *"), ffi.new("deepidv_event *")
        check(library.deepidv_session_retrieve_submit(self.client, *text(session_id), 1, op))
        try:
            take_result("client_take", self.client, op[0], 50, event)
        except Refused as waited:
            library.deepidv_client_cancel(self.client, op[0])
            take_result("client_take", self.client, op[0], -1, event)
            return f"{waited}\t{Refused(event.status)}"

    def nul(self, json):
        check(library.deepidv_session_request_set_first_name(new_request(json), *text(b"a\0b")))

    def order(self, json):
        client, request = new_client(), new_request(json)
        result = take_result("session_create", client, request)
        ffi.release(client)
        ffi.release(request)
        return describe("result", result)

    def fork(self, json):
        request, out = new_request(json), ffi.new("deepidv_result **")
        child = os.fork()
        if child == 0:
            os._exit(library.deepidv_session_create(self.client, request, out))
        raise Refused(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))


driver = Driver()
for line in sys.stdin.buffer:
    name, *fields = line.rstrip(b"\n").split(b"\t")
    try:
        print(getattr(driver, name.decode())(*fields), flush=True)
    except Refused as refused:
        print(refused, flush=True)
