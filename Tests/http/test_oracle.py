"""Compares how HTTP responses are read with libcurl and with llhttp, the reader of Node, in its strict mode.

DEEPIDV_TEST_ORACLE is how many random responses are compared; ``make test-http-oracle`` compares a million.

All of them have to say the same: the status, the body, whether the response is complete or cut, and whether the
connection can be used again. Where they do not, the library has to be the stricter one, and ``differences`` has to say
why.
"""

import collections
import os
import pathlib
import random
import struct
import subprocess

import grammar
import pytest
import responses
from differences import DIFFERENCES

ROOT = pathlib.Path(__file__).resolve().parents[2]
READER = pathlib.Path(os.environ.get("DEEPIDV_HTTPCHECK", ROOT / ".build-tools/debug/httpcheck"))
PEERS = pathlib.Path(os.environ.get("DEEPIDV_HTTPPEERS", ROOT / ".build-http/peers"))
IS_LONG = "DEEPIDV_TEST_ORACLE" in os.environ
SHARDS = 4
KINDS = [responses.well_formed, responses.changed, responses.changed, responses.lines]
COUNT = int(os.environ.get("DEEPIDV_TEST_ORACLE", "20000")) // SHARDS


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
