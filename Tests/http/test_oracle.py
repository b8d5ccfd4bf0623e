"""Compares how HTTP responses are read with libcurl and with llhttp, the reader of Node, in its strict mode.

DEEPIDV_TEST_ORACLE is how many random responses are compared; ``make test-http-oracle`` compares a million.

All of them have to say the same: the status, the body, whether the response is complete or cut, and whether the
connection can be used again. Where they do not, the library has to be the stricter one, and DIFFERENCES has to say why.
"""

import collections
import os
import pathlib
import random
import struct
import subprocess

import grammar
import responses
import pytest

ROOT = pathlib.Path(__file__).resolve().parents[2]
READER = pathlib.Path(os.environ.get("DEEPIDV_HTTPCHECK", ROOT / ".build-tools/debug/httpcheck"))
PEERS = pathlib.Path(os.environ.get("DEEPIDV_HTTPPEERS", ROOT / ".build-http/peers"))
IS_LONG = "DEEPIDV_TEST_ORACLE" in os.environ
SHARDS = 4
KINDS = [responses.well_formed, responses.changed, responses.changed, responses.lines]
COUNT = int(os.environ.get("DEEPIDV_TEST_ORACLE", "20000")) // SHARDS

# What the library says, the trait of the response, who says otherwise, and why the library is stricter.
DIFFERENCES = {
    # Refused.
    ("refused", "CR alone"): ("curl llhttp", "Lines end with CR LF (RFC 9112, 2.2). For some readers CR is an end, for others a part."),
    ("refused", "LF alone"): ("curl llhttp", "The same. llhttp takes it in front of a status line only."),
    ("refused", "control character"): ("curl llhttp", "A NUL ends a text in C, and controls have no meaning. llhttp takes them in a reason."),
    ("refused", "continued line"): ("curl", "A header on two lines is obsolete (RFC 9112, 5.2), and hides a header from others."),
    ("refused", "name of a header"): ("curl", "A space in front of the colon, or no colon: some readers drop the line, others not."),
    ("refused", "empty line in front"): ("curl llhttp", "Only servers need to skip it (RFC 9112, 2.2). It is the rest of another response."),
    ("refused", "version"): ("curl llhttp", "Only HTTP/1.0 and HTTP/1.1 are asked for. libcurl and llhttp also take HTTP/2 here."),
    ("refused", "status line"): ("curl llhttp", "Three digits and a space or nothing. libcurl takes what it can of it."),
    ("refused", "other protocol"): ("curl llhttp", "An upgrade was not asked for; what follows is not HTTP."),
    ("refused", "1xx that closes"): ("curl llhttp", "The response said to be the last one is not final. llhttp takes HTTP/1.0 with keep-alive, and unknown options."),
    ("refused", "length"): ("curl", "A length is digits: libcurl takes what begins with some, and otherwise ignores the header."),
    ("refused", "length too large"): ("curl llhttp", "Over the limit of a body."),
    ("refused", "repeated length"): ("curl", "Two lengths are the way to smuggle a response, equal ones too."),
    ("refused", "tab behind a length"): ("curl", "Allowed (RFC 9110, 5.6.3), but llhttp refuses it."),
    ("refused", "tab behind a coding"): ("curl llhttp", "Allowed (RFC 9110, 5.6.3), but llhttp then takes it for another coding, and libcurl not."),
    ("refused", "length and chunks"): ("curl", "Readers differ in which of them counts (RFC 9112, 6.3)."),
    ("refused", "length in a trailer"): ("curl llhttp", "It must not be there (RFC 9110, 6.5.1), and cannot be about this response."),
    ("refused", "repeated coding"): ("curl llhttp", "Chunks within chunks must not be sent (RFC 9112, 6.1)."),
    ("refused", "transfer coding"): ("curl llhttp", "None but chunks is asked for. Both take an unknown one as a body until the end of the connection."),
    ("refused", "chunks of HTTP/1.0"): ("curl llhttp", "That version has none: a proxy may have added or left them (RFC 9112, 6.1)."),
    ("refused", "size of a chunk"): ("curl llhttp", "Hexadecimal digits and extensions with a name; libcurl skips what follows the digits, and llhttp takes an empty value."),
    ("refused", "size of a chunk with over 16 digits"): ("llhttp", "libcurl refuses it, too. llhttp takes any number of leading zeros."),
    ("refused", "extension in quotes"): ("curl llhttp", "Nobody sends one, and there are readers to which a quoted line end is one."),
    ("refused", "end of a chunk"): ("curl", "CR LF has to follow what is in a chunk; libcurl skips up to it."),
    # Complete, but the connection is not used again.
    ("close", "HTTP/1.0"): ("curl llhttp", "To keep a connection was never a part of HTTP/1.0; servers and proxies differ in it."),
    ("close", "bytes behind the response"): ("curl", "They would be read as the next response; libcurl does not see them behind a 204 or 304."),
    ("close", "option of the connection"): ("curl llhttp", "Neither `keep-alive` nor `upgrade`: it may mean `close`. libcurl ignores trailers besides."),
    # Cut, while the other takes it as complete.
    ("cut", "in a line"): ("curl", "libcurl takes a head, chunks or trailers without their end as a response."),
    ("cut", "in a body"): ("curl", "libcurl takes chunks without their end as a response."),
}


def frames(output):
    position = 0
    while position < len(output):
        (size,) = struct.unpack_from(">I", output, position)
        position += 4
        line, _, body = output[position : position + size].partition(b"\n")
        yield line.decode(), body
        position += size


def run(program, sent):
    if not program.exists():
        pytest.fail(f"{program} is missing: make test-http-oracle builds it")
    stream = b"".join(struct.pack(">I", len(response)) + response for response in sent)
    return list(frames(subprocess.run([program], input=stream, stdout=subprocess.PIPE, check=True).stdout))


def difference(ours, theirs):
    """What the library says, if the other reader says otherwise, and less strictly."""
    (our_line, our_body), (their_line, their_body) = ours, theirs
    (our_kind, our_status, *our_last), (their_kind, their_status, *their_last) = our_line.split(), their_line.split()
    if our_kind != "complete" != their_kind:
        # Some notice within a line what others notice at its end; none of them has a response.
        is_equal = our_kind != "cut" or their_kind != "cut" or (our_status, our_body) == (their_status, their_body)
        return None if is_equal else "wrong"
    if our_kind != "complete":
        return our_kind
    if (our_kind, our_status, our_body) != (their_kind, their_status, their_body):
        return "wrong"
    return None if our_last == their_last else our_last[0]


@pytest.mark.parametrize("shard", range(SHARDS))
def test_agrees_with_libcurl_and_llhttp(shard):
    seed = os.environ.get("DEEPIDV_TEST_SEED", "7")
    random_ = random.Random(f"{seed} {shard}")
    tally = collections.Counter()
    for start in range(0, COUNT, 10_000):
        sent = [KINDS[index % len(KINDS)](random_) for index in range(start, min(start + 10_000, COUNT))]
        ours, theirs = run(READER, sent), run(PEERS, sent)
        assert len(ours) == len(sent) and len(theirs) == 2 * len(sent)
        for response, our, curl, llhttp in zip(sent, ours, theirs[::2], theirs[1::2]):
            wanted = grammar.read(response)
            assert our == (wanted.line(), wanted.body), f"seed {seed}: {response!r} is {wanted}"
            tally[wanted.kind] += 1
            for name, their in (("curl", curl), ("llhttp", llhttp)):
                said = difference(our, their)
                if said is None:
                    continue
                who, _ = DIFFERENCES.get((said, wanted.trait), ("", ""))
                assert name in who.split(), f"seed {seed}: {name} says {their}, the library {our} for {response!r}"
                tally[said, wanted.trait, name] += 1
    for key, count in sorted(tally.items(), key=str):
        print(count, *([key] if isinstance(key, str) else key))
    assert all(tally[kind] > COUNT // 20 for kind in ("complete", "cut", "refused"))
    if IS_LONG:
        # None of them is only imagined.
        for (said, trait), (who, _) in DIFFERENCES.items():
            assert all(tally[said, trait, name] for name in who.split()), f"{said}: {trait}"
