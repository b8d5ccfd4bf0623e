"""A response of HTTP/1.1 as the library has to read it, in the plainest form.

It decides what the library's reader should say, and names what is unusual about a response: why it is refused, why the
connection is not used again, or where it was cut. By these names ``test_oracle`` tells differences apart.
"""

import dataclasses
import re

BODY_LIMIT = 4 << 20
CONTROL = re.compile(rb"[\x00-\x08\x0a-\x1f\x7f]")
STATUS_LINE = re.compile(rb"HTTP/1\.([01]) ([1-9][0-9][0-9])(?: .*)?", re.DOTALL)
TOKEN = rb"[!#$%&'*+.^_`|~0-9A-Za-z-]+"
FIELD = re.compile(rb"(%s):[ \t]*(.*?)[ \t]*" % TOKEN, re.DOTALL)
EXTENSION = rb"(?:;%s(?:=%s)?)*"
CHUNK_SIZE = re.compile(rb"([0-9A-Fa-f]+)" + EXTENSION % (TOKEN, TOKEN))
QUOTED_CHUNK_SIZE = re.compile(rb"([0-9A-Fa-f]+)" + EXTENSION % (TOKEN, rb'(?:%s|"(?:[^"\\]|\\.)*")' % TOKEN))
REFUSALS = {
    "transfer coding": "encoding",
    "length too large": "too-large",
    "size of a chunk with over 16 digits": "too-large",
}


@dataclasses.dataclass
class Verdict:
    """What a reader makes of a response whose connection ends behind it."""

    kind: str = "cut"
    status: int = 0
    keeps: bool = False
    body: bytes = b""
    # What is unusual.
    trait: str = "in a line"

    def line(self):
        """The verdict as Tests/http/check writes it."""
        last = {"complete": [["close", "keep"][self.keeps]], "refused": [REFUSALS.get(self.trait, "http")], "cut": []}
        return " ".join([self.kind, str(self.status), *last[self.kind]])


class Cut(Exception):
    """The response ends too early."""


class Refused(Exception):
    """The response is refused."""


def read(response):
    return Reader(response).read()


def keeps_connection(fields):
    values = [value for name, value in fields if name in (b"connection", b"proxy-connection")]
    options = {option.strip(b" \t").lower() for value in values for option in value.split(b",")}
    return options <= {b"", b"keep-alive", b"upgrade"}


class Reader:
    def __init__(self, response):
        self.rest = response
        self.verdict = Verdict()

    def read(self):
        verdict = self.verdict
        try:
            self.read_response()
            verdict.kind = "complete"
            if verdict.trait == "" and self.rest:
                verdict.trait = "bytes behind the response"
            verdict.keeps = verdict.trait == ""
        except Cut:
            pass
        except Refused as refusal:
            verdict.kind, verdict.trait = "refused", str(refusal)
        return verdict

    def read_response(self):
        status = 0
        while status < 200:
            minor, status, fields = self.read_head()
            lengths = [value for name, value in fields if name == b"content-length"]
            is_chunked = any(name == b"transfer-encoding" for name, _ in fields)
            if is_chunked and lengths:
                raise Refused("length and chunks")
            if is_chunked and minor == 0:
                raise Refused("chunks of HTTP/1.0")
            keeps = keeps_connection(fields)
            if status < 200 and not (keeps and minor == 1):
                raise Refused("1xx that closes")
        if status in (204, 304):
            pass
        elif is_chunked:
            keeps = self.read_chunks() and keeps
        elif lengths:
            self.take(int(lengths[0]))
        else:
            self.verdict.body, self.rest, keeps = self.rest, b"", False
        self.verdict.trait = "HTTP/1.0" if minor == 0 else "" if keeps else "option of the connection"

    def read_head(self):
        start = CONTROL.split(self.rest, maxsplit=1)[0][:8]
        if not b"HTTP/1.0".startswith(start) and not b"HTTP/1.1".startswith(start):
            raise Refused("version")
        line = self.line()
        match = STATUS_LINE.fullmatch(line)
        if not match:
            raise Refused("status line" if line else "empty line in front")
        minor, status = int(match[1]), int(match[2])
        if status == 101:
            raise Refused("other protocol")
        if status >= 200:
            self.verdict.status = status
        return minor, status, self.read_fields()

    def read_fields(self, in_trailer=False):
        fields = []
        while line := self.line():
            name, value = self.field(line)
            is_repeated = any(name == other for other, _ in fields)
            if name == b"content-length":
                if is_repeated:
                    raise Refused("repeated length")
                if line.endswith(b"\t"):
                    raise Refused("tab behind a length")
                if not re.fullmatch(rb"[0-9]+", value):
                    raise Refused("length")
                if int(value) >= 1 << 64:
                    raise Refused("length too large")
            elif name == b"transfer-encoding":
                if is_repeated:
                    raise Refused("repeated coding")
                if line.endswith(b"\t"):
                    raise Refused("tab behind a coding")
                # A second one, behind that of the head.
                if in_trailer:
                    raise Refused("length in a trailer")
                if value.lower() != b"chunked":
                    raise Refused("transfer coding")
            if in_trailer and name in (b"content-length", b"transfer-encoding"):
                raise Refused("length in a trailer")
            fields.append((name, value))
        return fields

    def field(self, line):
        match = FIELD.fullmatch(line)
        if not match:
            raise Refused("continued line" if line[:1] in (b" ", b"\t") else "name of a header")
        return match[1].lower(), match[2]

    def line(self):
        """Return the next line without its end."""
        self.verdict.trait = "in a line"
        control = CONTROL.search(self.rest)
        if not control or (control[0] == b"\r" and control.end() == len(self.rest)):
            raise Cut
        if not self.rest.startswith(b"\r\n", control.start()):
            names = {b"\n": "LF alone", b"\r": "CR alone"}
            raise Refused(names.get(control[0], "control character"))
        line, self.rest = self.rest[: control.start()], self.rest[control.end() + 1 :]
        return line

    def read_chunks(self):
        while True:
            line = self.line()
            if re.match(rb"[0-9A-Fa-f]{17}", line):
                raise Refused("size of a chunk with over 16 digits")
            match = CHUNK_SIZE.fullmatch(line)
            if not match:
                is_quoted = QUOTED_CHUNK_SIZE.fullmatch(line)
                raise Refused("extension in quotes" if is_quoted else "size of a chunk")
            size = int(match[1], 16)
            if size == 0:
                break
            self.take(size)
            if self.line():
                raise Refused("end of a chunk")
        return keeps_connection(self.read_fields(in_trailer=True))

    def take(self, size):
        if size + len(self.verdict.body) > BODY_LIMIT:
            raise Refused("length too large")
        self.verdict.trait = "in a body"
        piece, self.rest = self.rest[:size], self.rest[size:]
        self.verdict.body += piece
        if len(piece) < size:
            raise Cut
