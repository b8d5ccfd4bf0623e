"""Random HTTP responses: well-formed ones, such with a few changes, and lines in any order."""

EXTENSIONS = [b""] * 12 + [b";a", b";a=b", b";a=b;c=d", b';a="b c"']
REASONS = [b" OK", b" OK", b" OK", b"", b" ", b" Not \tFound", b"  x", b" \xc3\xa9", b" HTTP/1.1 200 OK"]
STATUSES = [
    200,
    200,
    200,
    200,
    201,
    202,
    204,
    204,
    205,
    206,
    301,
    304,
    400,
    401,
    404,
    409,
    413,
    417,
    422,
    429,
    500,
    503,
]
STATUSES += [299, 600, 999]
INTERIM = [100, 100, 102, 103, 103, 110, 199]
FIELDS = [
    b"Connection: close",
    b"Connection: keep-alive",
    b"connection:Close",
    b"Connection: keep-alive, close",
    b"Connection: foo, bar",
    b"Connection:",
    b"Connection: ,close,",
    b"Connection: close\t",
    b"Connection: Upgrade",
    b"Upgrade: h2c",
    b"Proxy-Connection: close",
    b"Keep-Alive: timeout=5",
    b"Date: Sun, 06 Nov 1994 08:49:37 GMT",
    b"Retry-After: 5",
    b"Retry-After: Sun, 06 Nov 1994 08:49:37 GMT",
    b"Content-Type: application/json",
    b"Content-Encoding: identity",
    b"Trailer: X",
    b"Location: http://127.0.0.1/other",
    b"WWW-Authenticate: Basic",
    b"Set-Cookie: a=b; c",
    b'Alt-Svc: h2=":443"',
    b"X-Empty:",
    b"X: \t a\tb \t",
    b"X: \xc3\xa9\xff",
    b"!#$%&'*+-.^_`|~: x",
    b"X: Content-Length: 5",
]
# What a changed response is likely to be read differently for.
PIECES = [
    *[b"\r\n", b"\n", b"\r", b"\r\r\n", b"\n\n", b"\r\n\r\n", b" ", b"\t", b"\0", b"\x0b", b"\x7f", b"\x80", b"\xff"],
    *[b":", b";", b",", b'"', b"\\", b"=", b"(", b"0", b"1", b"5", b"a", b"f", b"-", b"+", b"_", b"x", b"00000000"],
    *[b" \r\n", b"\t\r\n", b"\r\n ", b"\r\n\t", b"0\r\n\r\n", b"5\r\nhello\r\n", b"HTTP/1.1 200 OK\r\n", b"HTTP/1.1 "],
    *[b"Content-Length: 5\r\n", b"Content-Length: 0\r\n", b"Content-Length: 5, 5\r\n", b"Content-Length:\r\n"],
    *[b"Content-Length : 5\r\n", b"content-length: +5\r\n", b"Content-Length: 0x5\r\n", b"Content-Length: 5 5\r\n"],
    *[
        b"Content-Length: 18446744073709551615\r\n",
        b"Content-Length: 18446744073709551616\r\n",
        b"Content-Length: -1\r\n",
    ],
    *[b"Content-Length: 9223372036854775808\r\n", b"Content-Length: 005\r\n", b"Content-Length: 5;\r\n"],
    *[b"Transfer-Encoding: chunked\r\n", b"Transfer-Encoding: gzip\r\n", b"Transfer-Encoding: identity\r\n"],
    *[
        b"Transfer-Encoding: gzip, chunked\r\n",
        b"Transfer-Encoding: chunked, chunked\r\n",
        b"transfer-encoding:CHUNKED\r\n",
    ],
    *[b"Transfer-Encoding: xchunked\r\n", b"Transfer-Encoding:\r\n", b"Transfer-Encoding: chunked;a=b\r\n"],
    *[b"Transfer-Encoding\r\n: chunked\r\n", b"X-Folded: a\r\n b\r\n", b"HTTP/1.0 200 OK\r\n", b"HTTP/2 200\r\n"],
    *[b"HTTP/2.0 200 OK\r\n", b"HTTP/0.9 200 OK\r\n", b"HTTP/1.1 099 OK\r\n", b"HTTP/1.1 2000\r\n"],
    *[
        b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n",
        b"HTTP/1.1 100 Continue\r\n\r\n",
    ],
    *[b"Connection: close\r\n", b"Connection: keep-alive\r\n", b"fffffffffffffffff\r\n", b"10000000000000000\r\n"],
    *[b";", b";a=", b" ;a", b"; a=b", b';a="\\""', b";a=b=c", b"0000000000000000005\r\nhello\r\n"],
    *[b"5;x\r\nhello\r\n", b"5 \r\nhello\r\n", b"5\r\nhello", b"0\r\nX: y\r\n\r\n"],
]


def well_formed(random_):
    response = b""
    while random_.random() < 0.15:
        response += head(random_, random_.choice(INTERIM), [])
    status = random_.choice(STATUSES)
    body = random_.choice(
        [b"", b"hello", b"{}\r\n", bytes(random_.randrange(256) for _ in range(random_.randrange(40)))]
    )
    framing = random_.randrange(8)
    if framing < 3:
        zeros = b"0" * random_.choice([0, 0, 0, 0, 1, 5, 30])
        return response + head(random_, status, [b"Content-Length: %s%d" % (zeros, len(body))]) + body
    if framing < 7:
        name = random_.choice([b"Transfer-Encoding", b"transfer-encoding"])
        coding = random_.choice([b": chunked", b":chunked", b":\tChunked ", b": CHUNKED"])
        return response + head(random_, status, [name + coding]) + chunks(random_, body)
    return response + head(random_, status, []) + body


def head(random_, status, fields):
    version = random_.choice([b"1.1"] * 9 + [b"1.0"])
    fields = fields + random_.choices(FIELDS, k=random_.choice([0, 0, 1, 1, 2, 3, 5]))
    random_.shuffle(fields)
    return b"\r\n".join([b"HTTP/%s %d%s" % (version, status, random_.choice(REASONS)), *fields, b"", b""])


def chunks(random_, body):
    pieces = []
    while body:
        size = random_.randint(1, len(body))
        pieces.append(size_line(random_, size) + body[:size] + b"\r\n")
        body = body[size:]
    trailers = random_.choices(FIELDS, k=random_.choice([0, 0, 0, 1, 2]))
    return b"".join(pieces) + size_line(random_, 0) + b"".join(field + b"\r\n" for field in trailers) + b"\r\n"


def size_line(random_, size):
    size = random_.choice([b"%x", b"%X"]) % size
    return b"0" * random_.choice([0] * 12 + [1, 7, 20]) + size + random_.choice(EXTENSIONS) + b"\r\n"


def changed(random_):
    response = bytearray(well_formed(random_))
    for _ in range(random_.choice([1, 1, 1, 2, 3])):
        # Most of what decides is in the first bytes, and at the ends of lines.
        breaks = [index for index, byte in enumerate(response) if byte in b"\r\n"] or [0]
        start = random_.choice([random_.choice(breaks), random_.randrange(len(response) + 1)])
        end = min(len(response), start + random_.choice([0, 0, 1, 1, 2, 5]))
        change = random_.randrange(7)
        if change == 0:
            del response[start:end]
        elif change in (1, 2):
            response[start:start] = random_.choice(PIECES)
        elif change == 3:
            response[start:end] = random_.choice(PIECES)
        elif change == 4 and start < len(response):
            response[start] = random_.choice([random_.randrange(256), response[start] ^ 1 << random_.randrange(8)])
        elif change == 5:
            response[start:start] = response[start - random_.randrange(start + 1) : start]
        elif random_.random() < 0.5:
            del response[start:]
        else:
            response += random_.choice(PIECES)
    return bytes(response)


STARTS = [b"HTTP/1.1 200 OK\r\n", b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", b"HTTP/1.1 204 \r\n"]
STARTS += [b"HTTP/1.0 200 OK\r\n", b"HTTP/2.0 200 OK\r\n", b"HTTP/1.1 099 OK\r\n", b"\r\n", b""]


def lines(random_):
    """A start, then pieces in any order."""
    return random_.choice(STARTS) + b"".join(random_.choices(PIECES, k=random_.randrange(8)))
