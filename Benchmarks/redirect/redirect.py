"""Prints microseconds per redirect of the list, for urllib.parse and for the deepidv package.

redirect.py LIST ROUNDS
"""

import statistics
import sys
import time
import urllib.parse

import deepidv


def with_urllib(url):
    values = urllib.parse.parse_qs(urllib.parse.urlsplit(url).query, keep_blank_values=True)
    return tuple(values[name][0] if name in values else None for name in ("session_id", "status", "reason"))


def with_deepidv(url):
    redirect = deepidv.parse_redirect(url)
    return redirect.session_id, redirect.status, redirect.reason


def measure(read, urls):
    start = time.thread_time()
    for url in urls:
        read(url)
    return (time.thread_time() - start) / len(urls) * 1e6


def main():
    with open(sys.argv[1]) as lines:
        rows = [line.rstrip("\n").split("\t") for line in lines]
    urls = [row[0] for row in rows]
    for url, *expected in rows:
        for read in (with_urllib, with_deepidv):
            if [text or "" for text in read(url)] != expected:
                sys.exit(f"wrong result of {read.__name__}: {url}")
    # Alternate, so that other load affects both. urllib caches recent URLs, but far fewer than the list has.
    times = [(measure(with_urllib, urls), measure(with_deepidv, urls)) for _ in range(int(sys.argv[2]))]
    ratio = statistics.median(urllib_us / deepidv_us for urllib_us, deepidv_us in times)
    urllib_us, deepidv_us = (statistics.median(column) for column in zip(*times))
    version = sys.version.split()[0]
    print(f"Python {version}: urlsplit + parse_qs {urllib_us:.2f} us, parse_redirect {deepidv_us:.2f} us")
    print(f"{ratio:.1f} times as fast, median of {len(times)} rounds")


if __name__ == "__main__":
    main()
