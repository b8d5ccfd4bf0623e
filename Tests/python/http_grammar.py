"""A response of HTTP/1.1 as the library has to read it, in the plainest form.

It shows how the library's reader should decide, and names what is wrong with a response, which neither the library nor
libcurl nor llhttp does in a way that could be compared.
"""

import dataclasses
import re

BODY_LIMIT = 4 << 20
CONTROL = re.compile(rb"[\x00-\x08\x0a-\x1f\x7f]")
STATUS_LINE = re.compile(rb"HTTP/1\.([01]) ([1-9][0-9][0-9])(?: .*)?", re.DOTALL)
FIELD = re.compile(rb"([!#$%&'*+.^_`|~0-9A-Za-z-]+):[ \t]*(.*?)[ \t]*", re.DOTALL)
TOKEN = rb"[!#$%&'*+.^_`|~0-9A-Za-z-]+"
CHUNK_SIZE = re.compile(rb"([0-9A-Fa-f]+)(?:;%s(?:=%s)?)*" % (TOKEN, TOKEN))


@dataclasses.dataclass
class Verdict:
    """What a reader makes of a response whose connection ends behind it."""

    kind: str = "cut"
    status: int = 0
    keeps: bool = False
    body: bytes = b""
    fault: str = ""


def keeps_connection(fields):
    values = [value for name, value in fields if name in (b"connection", b"proxy-connection")]
    options = {option.strip(b" \t").lower() for value in values for option in value.split(b",")}
    return options <= {b"", b"keep-alive", b"upgrade"}


class Cut(Exception):
    """The response ends too early."""


class Refused(Exception):
    """The response is refused, for a reason that has a name."""


class Reader:
    def __init__(self, response):
        self.rest = response
        self.verdict = Verdict()

    def read(self):
        try:
            self.read_response()
            self.verdict.kind = "complete"
        except Cut:
            pass
        except Refused as refusal:
            self.verdict.kind, self.verdict.fault = "refused", str(refusal)
        return self.verdict

    def line(self):
        control = CONTROL.search(self.rest)
        if not control or control[0] == b"\r" and control.end() == len(self.rest):
            raise Cut
        if not self.rest.startswith(b"\r\n", control.start()):
            raise Refused({b"\n": "line feed alone", b"\r": "carriage return alone"}.get(control[0], "control character"))
        line, self.rest = self.rest[: control.start()], self.rest[control.end() + 1 :]
        return line

    def read_response(self):
        status = 0
        while status < 200:
            minor, status, fields = self.read_head()
            lengths = [value for name, value in fields if name == b"content-length"]
            codings = [value for name, value in fields if name == b"transfer-encoding"]
            keeps = minor == 1 and keeps_connection(fields)
            if codings and lengths:
                raise Refused("length and chunks")
            if codings and minor == 0:
                raise Refused("chunks of HTTP/1.0")
            if status < 200 and not keeps:
                raise Refused("closed before the response")
        if status in (204, 304):
            pass
        elif codings:
            keeps = self.read_chunks() and keeps
        elif lengths:
            self.take(int(lengths[0]))
        else:
            self.verdict.body, self.rest, keeps = self.rest, b"", False
        self.verdict.keeps = keeps and not self.rest

    def read_head(self):
        start = CONTROL.split(self.rest, maxsplit=1)[0][:8]
        if not b"HTTP/1.0".startswith(start) and not b"HTTP/1.1".startswith(start):
            raise Refused("version")
        line = self.line()
        match = STATUS_LINE.fullmatch(line)
        if not match:
            raise Refused("status")
        minor, status = int(match[1]), int(match[2])
        if status == 101:
            raise Refused("another protocol")
        if status >= 200:
            self.verdict.status = status
        return minor, status, self.read_fields()

    def read_fields(self):
        fields = []
        while line := self.line():
            name, value = self.field(line)
            if name == b"content-length":
                if any(name == other for other, _ in fields):
                    raise Refused("length given twice")
                if line.endswith(b"\t"):
                    raise Refused("tab behind the length")
                if not re.fullmatch(rb"[0-9]+", value):
                    raise Refused("length")
                if int(value) >= 1 << 64:
                    raise Refused("length too large")
            elif name == b"transfer-encoding":
                if any(name == other for other, _ in fields):
                    raise Refused("coding given twice")
                if value.lower() != b"chunked":
                    raise Refused("transfer coding")
            fields.append((name, value))
        return fields

    def field(self, line):
        match = FIELD.fullmatch(line)
        if not match:
            raise Refused("continued line" if line[:1] in (b" ", b"\t") else "name of a header")
        return match[1].lower(), match[2]

    def read_chunks(self):
        while True:
            match = CHUNK_SIZE.fullmatch(self.line())
            if not match:
                raise Refused("size of a chunk")
            if len(match[1]) > 16:
                raise Refused("long size of a chunk")
            size = int(match[1], 16)
            if size == 0:
                break
            self.take(size)
            if self.line():
                raise Refused("end of a chunk")
        fields = self.read_fields()
        if any(name in (b"content-length", b"transfer-encoding") for name, _ in fields):
            raise Refused("length in a trailer")
        return keeps_connection(fields)

    def take(self, size):
        if size + len(self.verdict.body) > BODY_LIMIT:
            raise Refused("length too large")
        piece, self.rest = self.rest[:size], self.rest[size:]
        self.verdict.body += piece
        if len(piece) < size:
            raise Cut
