"""Compares the JSON reader with Python's on random documents.

The tool is `swift build --product jsoncheck`; DEEPIDV_JSONCHECK names another one.
DEEPIDV_JSON_SEED and DEEPIDV_JSON_COUNT (documents per kind) vary the run.
"""

import json
import os
import pathlib
import random
import struct
import subprocess

import pytest

ROOT = pathlib.Path(__file__).resolve().parents[2]
TOOL = pathlib.Path(os.environ.get("DEEPIDV_JSONCHECK", ROOT / ".build" / "debug" / "jsoncheck"))
SEED = int(os.environ.get("DEEPIDV_JSON_SEED", "20260131"))
COUNT = int(os.environ.get("DEEPIDV_JSON_COUNT", "10000"))
DEPTH_LIMIT = 64


# The oracle


class Number(str):
    """A number as it was written: Python's int and float would lose that."""


class Members(list):
    """An object as a list of pairs, so that equal names stay."""


class Refused(ValueError):
    """Not a valid document."""


def refuse_constant(name):
    # Python reads NaN, Infinity and -Infinity by default; RFC 8259 does not have them.
    raise Refused(name)


def expected(document):
    """Return the expected lines after `accept`, or None if the document is invalid."""
    try:
        # Given bytes, Python would guess at UTF-16 and UTF-32 too. We take UTF-8 only.
        text = document.decode("utf-8")
    except UnicodeDecodeError:
        return None
    # We skip one byte order mark; Python refuses it in a str.
    text = text.removeprefix("\ufeff")
    # We follow 64 levels, Python as many as its stack allows: its RecursionError is out of reach here.
    if nesting(text) > DEPTH_LIMIT:
        return None
    try:
        # Numbers stay text: Python limits the digits of an int to 4,300, and we limit none.
        value = json.loads(
            text,
            parse_int=Number,
            parse_float=Number,
            parse_constant=refuse_constant,
            object_pairs_hook=Members,
        )
        return list(lines(value))
    except ValueError:
        return None


def nesting(text):
    """Return roughly how deep a text nests containers before anything else is wrong with it.

    Brackets in strings are left out. Where the text is malformed in an earlier place the number may be
    wrong, but then both readers refuse the document.
    """
    depth = deepest = 0
    in_string = escaped = False
    for character in text:
        if in_string:
            if escaped:
                escaped = False
            elif character == "\\":
                escaped = True
            elif character == '"':
                in_string = False
        elif character == '"':
            in_string = True
        elif character in "[{":
            depth += 1
            deepest = max(deepest, depth)
        elif character in "]}":
            depth -= 1
    return deepest


def lines(value):
    if isinstance(value, Members):
        yield "{"
        for name, member in value:
            yield f"key {hexadecimal(name)}"
            yield from lines(member)
        yield "}"
    elif isinstance(value, Number):
        yield f"number {value} {worth(value)}"
    elif isinstance(value, list):
        yield "["
        for element in value:
            yield from lines(element)
        yield "]"
    elif isinstance(value, str):
        yield f"string {hexadecimal(value)}"
    else:
        yield {True: "true", False: "false", None: "null"}[value]


def hexadecimal(text):
    # Python lets lone surrogates pass in escapes, and then cannot encode them: UnicodeEncodeError is a
    # ValueError, and so becomes the refusal that we answer.
    return text.encode("utf-8").hex()


def worth(number):
    if any(character in number for character in ".eE"):
        return "fraction"
    # More digits than any 64-bit integer has; without this int() itself would refuse 4,301 of them.
    if len(number) > 20:
        return "overflow"
    return int(number) if -(2**63) <= int(number) < 2**63 else "overflow"


# The documents

WORDS = ["true", "false", "null"]
NUMBERS = [
    "0",
    "-0",
    "1",
    "-1",
    "10",
    "1.5",
    "-0.0",
    "1e5",
    "1E+5",
    "2e-7",
    "0e0",
    "9223372036854775807",
    "9223372036854775808",
    "-9223372036854775808",
    "-9223372036854775809",
    "18446744073709551616",
    "123456789012345678901234567890",
    "1e999999",
    "0.1e-99999",
    "3.14159265358979323846264338327950288",
]
CHARACTERS = (
    "abcxyz 0189_-/.:+@\u007f\u0080\u00e9\u07ff\u0800\u2028\u2029\ud7ff\ue000\ufeff\uffff"
    '\U00010000\U0001f600\U0010ffff"\\\b\f\n\r\t\u0000\u0001\u001f'
)
NAMES = ["id", "session_url", "externalId", "links", "message", "error", "detail", "code", "hints", ""]
TOKENS = (
    WORDS
    + NUMBERS
    + ["[", "]", "{", "}", ",", ":", '""', '"a"', '"id"', '"a":', " ", "\n", "[]", "{}", ",,", "[1,2]"]
    + ["NaN", "Infinity", "-Infinity", "-", "+1", "01", "1.", ".5", "1e", "0x1", "nul", "True", "'a'"]
    + ["//", "/**/", "#", '"', "\\", '"\\', '"\\u', '\\"', "\x00", "\x0b", "\x0c", "\u00a0", "\ufeff"]
    + ['"\\ud800"', '"\\udc00"', '"\\ud83d\\ude00"', '"\\ude00\\ud83d"', '"\\ud83dx"', '"\\u00e9"']
)
FRAGMENTS = [token.encode() for token in TOKENS] + [
    b"\xff",
    b"\xc0\x80",
    b"\xed\xa0\x80",
    b"\xf4\x90\x80\x80",
    b"\xc3",
    b"\xe2\x82",
    b"\xf0\x9f\x98",
    b"\x80",
    b"\xef\xbb\xbf",
    b"\xef\xbb",
    b"\\ud800",
    b"\\udfff",
    b"\\u12",
    b"\\x41",
    b"\\u00zz",
    b"\\",
]


def well_formed(rng):
    document = rng.choice([b"", b"", b"", b"\xef\xbb\xbf"])
    if rng.random() < 0.03:
        # Around the limit of nesting.
        depth = rng.randint(DEPTH_LIMIT - 3, DEPTH_LIMIT + 3)
        opening = [rng.choice(['{"a":', "["]) for _ in range(depth)]
        closing = ["}" if piece == '{"a":' else "]" for piece in reversed(opening)]
        return document + "".join([*opening, "1", *closing]).encode()
    return document + (space(rng) + value(rng, rng.randint(0, 5)) + space(rng)).encode()


def value(rng, depth):
    kind = rng.randrange(6 if depth > 0 else 4)
    if kind == 0:
        return rng.choice(WORDS)
    if kind == 1:
        return rng.choice(NUMBERS) if rng.random() < 0.5 else number(rng)
    if kind in (2, 3):
        return string(rng)
    count = rng.randint(0, 4)
    if kind == 4:
        members = (space(rng) + value(rng, depth - 1) + space(rng) for _ in range(count))
        return "[" + (",".join(members) if count else space(rng)) + "]"
    members = (
        space(rng) + string(rng, name=True) + space(rng) + ":" + space(rng) + value(rng, depth - 1) + space(rng)
        for _ in range(count)
    )
    return "{" + (",".join(members) if count else space(rng)) + "}"


def number(rng):
    text = rng.choice(["", "-"]) + str(rng.getrandbits(rng.choice([1, 8, 32, 62, 63, 64, 65, 100])))
    if rng.random() < 0.3:
        text += "." + "".join(rng.choices("0123456789", k=rng.randint(1, 20)))
    if rng.random() < 0.3:
        text += rng.choice("eE") + rng.choice(["", "+", "-"]) + str(rng.getrandbits(10))
    return text


def string(rng, name=False):
    known = name and rng.random() < 0.5
    text = rng.choice(NAMES) if known else "".join(rng.choices(CHARACTERS, k=rng.randint(0, 12)))
    return '"' + "".join(written(rng, character) for character in text) + '"'


def written(rng, character):
    """Return one of the ways to write a character in a string."""
    short = {'"': '\\"', "\\": "\\\\", "/": "\\/", "\b": "\\b", "\f": "\\f", "\n": "\\n", "\r": "\\r", "\t": "\\t"}
    ways = []
    if character >= " " and character not in '"\\':
        ways += [character] * 4
    if character in short:
        ways += [short[character]] * 3
    units = character.encode("utf-16-be")
    units = [units[index : index + 2].hex() for index in range(0, len(units), 2)]
    ways.append("".join("\\u" + rng.choice([unit, unit.upper()]) for unit in units))
    return rng.choice(ways)


def space(rng):
    return "".join(rng.choices(" \t\n\r", k=rng.choice([0, 0, 0, 1, 2])))


def mutated(rng):
    document = bytearray(well_formed(rng))
    for _ in range(rng.choice([1, 1, 1, 2, 3, 5])):
        start = rng.randrange(len(document) + 1)
        end = min(len(document), start + rng.choice([0, 1, 1, 2, 5]))
        change = rng.randrange(7)
        if change == 0:
            document[start:end] = b""
        elif change == 1:
            document[start:start] = rng.choice(FRAGMENTS)
        elif change == 2:
            document[start:end] = rng.choice(FRAGMENTS)
        elif change == 3:
            document[start:start] = document[start:end]
        elif change == 4 and start < len(document):
            document[start] = rng.randrange(256)
        elif change == 5 and start < len(document):
            document[start] ^= 1 << rng.randrange(8)
        elif change == 6:
            del document[start:]
    return bytes(document)


def structured(rng):
    return b"".join(rng.choice(FRAGMENTS) for _ in range(rng.randint(0, 9)))


def quoted(rng):
    """Return a string of random fragments, with escapes next to raw bytes."""
    pieces = (
        written(rng, rng.choice(CHARACTERS)).encode() if rng.random() < 0.6 else rng.choice(FRAGMENTS)
        for _ in range(rng.randint(0, 5))
    )
    return b'"' + b"".join(pieces) + b'"'


# The comparison


def answers(documents):
    if not TOOL.exists():
        pytest.fail(f"{TOOL} is missing: swift build --product jsoncheck")
    frames = b"".join(struct.pack(">I", len(document)) + document for document in documents)
    output = subprocess.run([TOOL], input=frames, stdout=subprocess.PIPE, check=True).stdout
    position = 0
    while position < len(output):
        (length,) = struct.unpack_from(">I", output, position)
        position += 4
        yield output[position : position + length].decode("utf-8")
        position += length


def contents(answer):
    """Yield the lines of an accepted document, and check each string against the one that our writer wrote."""
    first, *rest = answer.split("\n")
    assert first == "accept"
    for line in rest:
        if line.startswith("string "):
            _, text, again = line.split(" ", 2)
            assert json.loads(again) == bytes.fromhex(text).decode("utf-8"), line
            line = f"string {text}"
        yield line


@pytest.mark.parametrize("kind", [well_formed, mutated, structured, quoted], ids=lambda kind: kind.__name__)
def test_agrees_with_python(kind):
    rng = random.Random(f"{SEED} {kind.__name__}")
    print(f"DEEPIDV_JSON_SEED={SEED}")
    documents = [kind(rng) for _ in range(COUNT)]
    answered = list(answers(documents))
    assert len(answered) == COUNT
    accepted = 0
    for document, answer in zip(documents, answered):
        want = expected(document)
        if want is None:
            assert answer.startswith("refuse "), f"seed {SEED}: {document!r}\n{answer}"
        else:
            accepted += 1
            assert answer.startswith("accept"), f"seed {SEED}: {document!r}\n{answer}"
            assert list(contents(answer)) == want, f"seed {SEED}: {document!r}"
    print(f"{kind.__name__}: {accepted} of {COUNT} accepted")
    # Both valid and invalid documents must have been generated.
    assert accepted > COUNT // 50
