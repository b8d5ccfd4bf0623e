"""Prints the 1,000 redirects of the benchmark with their contents, the same ones in every run.

Each line has a URL, its decoded session id, its status and its reason, separated by tabs; absent values are
empty. 400 are like those of the service, 250 also have the integrator's own parameters, 200 have escapes in
names, values and ids and whole URLs in values, and 150 have a token of several hundred bytes. One in twenty
has a fragment, one in ten has its parameters in another order.
"""

import random
import sys
from urllib.parse import quote, quote_plus

SEED = 20260131
REASONS = [
    "document_unreadable",
    "face_mismatch",
    "session_expired",
    "internal_error",
    "user_cancelled",
    "unknown",
    "moon_phase",
]
HOSTS = [
    "yourapp.com",
    "app.example.com",
    "www.a-longer-name.example.co.uk",
    "localhost:3000",
    "shop.example",
]
PATHS = ["verify-callback", "cb", "account/identity/done", "api/v2/callbacks/deepidv", ""]
OWN = {
    "utm_source": ["newsletter", "partner-7", "google"],
    "utm_campaign": ["spring_2026", "onboarding"],
    "lang": ["en", "de-AT", "pt-BR"],
    "order": ["1042", "88-120-7", "A1B2C3D4"],
    "tenant": ["north", "acme", "0"],
    "step": ["3", "final"],
    "flag": [""],
    "ref": ["https://www.example.com/a/b", "/checkout/summary"],
    "csrf": ["d41d8cd98f00b204e9800998ecf8427e", "5f4dcc3b5aa765d61d8327deb882cf99"],
}
LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"


def letters(random_: random.Random, count: int) -> str:
    return "".join(random_.choice(LETTERS) for _ in range(count))


def escaped(random_: random.Random, text: str) -> str:
    """Escape what must be escaped, and randomly other characters, with digits in either case."""
    return "".join(
        quote_plus(character) if random_.random() < 0.75 else f"%{ord(character):02{random_.choice('xX')}}"
        for character in text
    )


def session_id(random_: random.Random) -> str:
    if random_.random() < 0.5:
        return "sess_" + letters(random_, random_.choice([3, 12, 24]))
    digits = f"{random_.getrandbits(128):032x}"
    return "-".join((digits[:8], digits[8:12], digits[12:16], digits[16:20], digits[20:]))


def result(random_: random.Random) -> list[tuple[str, str]]:
    pairs = [("session_id", session_id(random_))]
    status = random_.choices(["success", "failed", "abandoned"], [70, 20, 10])[0]
    pairs.append(("status", status))
    if status == "failed":
        pairs.append(("reason", random_.choice(REASONS)))
    elif status == "abandoned":
        pairs.append(("reason", "user_cancelled"))
    return pairs


def redirect(random_: random.Random, kind: str) -> str:
    pairs = result(random_)
    contents = dict(pairs)
    own: list[tuple[str, str]] = []
    if kind == "own":
        own = [(name, random_.choice(OWN[name])) for name in random_.sample(list(OWN), random_.randrange(2, 8))]
        own = [(name, quote(value, safe="")) for name, value in own]
    elif kind == "escaped":
        nested = f"https://shop.example/a b?session_id=other&status=failed&x={letters(random_, 8)}"
        own = [
            ("next", quote(nested, safe="")),
            (escaped(random_, "näme & co"[:3]), escaped(random_, "a+b=c & 50%")),
        ][: random_.randrange(1, 3)]
        pairs = [(escaped(random_, name), escaped(random_, value)) for name, value in pairs]
    elif kind == "long":
        own = [("state", ".".join(letters(random_, count) for count in (36, random_.randrange(300, 800), 43)))]
    parts = own + pairs
    if random_.random() < 0.1:
        random_.shuffle(parts)
    query = "&".join(f"{name}={value}" if value or random_.random() < 0.5 else name for name, value in parts)
    scheme = "https" if random_.random() < 0.95 else "http"
    url = f"{scheme}://{random_.choice(HOSTS)}/{random_.choice(PATHS)}?{query}"
    if random_.random() < 0.05:
        url += "#" + random_.choice(["top", "/route?x=1", ""])
    return "\t".join((url, contents["session_id"], contents["status"], contents.get("reason", "")))


def main() -> None:
    random_ = random.Random(SEED)
    kinds = ["plain"] * 400 + ["own"] * 250 + ["escaped"] * 200 + ["long"] * 150
    random_.shuffle(kinds)
    for kind in kinds:
        sys.stdout.write(redirect(random_, kind) + "\n")


if __name__ == "__main__":
    main()
