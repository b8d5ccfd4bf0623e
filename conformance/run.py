#!/usr/bin/env python3
"""Runs one script in many languages, and prints a table.

run.py [--short] [--jobs N] [HOST...]
"""

import argparse
import concurrent.futures
import os
import sys

from driver import run_host
from hosts import all_hosts, build_checked_library
from script import Script
from table import Table, write_documents


def chosen(names, short):
    """Return the hosts to run."""
    hosts = all_hosts()
    unknown = set(names) - {host.name for host in hosts}
    if unknown:
        sys.exit(f"run.py: no such host: {', '.join(sorted(unknown))}")
    return [host for host in hosts if host.name in names or (not names and (host.short or not short))]


def main():
    parser = argparse.ArgumentParser(description="Runs the conformance script in many languages.")
    parser.add_argument("hosts", nargs="*", metavar="HOST", help="folders of hosts/ and of bindings/; default: all")
    parser.add_argument("--short", action="store_true", help="only those that make test runs")
    parser.add_argument("--jobs", type=int, default=os.cpu_count(), help="hosts that run at once")
    parser.add_argument("--write-docs", action="store_true", help="write the table into docs/hosts.md and README.md")
    parser.add_argument("--record", action="store_true", help="write what C prints into script.json; read the diff")
    options = parser.parse_args()
    hosts = chosen(options.hosts, options.short)
    build_checked_library()
    if options.record:
        script = Script()
        run_host(next(host for host in hosts if host.name == "c"), record=script)
        script.record()
        return 0
    table = Table()
    with concurrent.futures.ThreadPoolExecutor(options.jobs) as pool:
        reports = []
        for report in pool.map(run_host, hosts):
            reports.append(report)
            table.show(report)
    failed = [report for report in reports if not report.ok]
    for report in failed:
        for problem in report.problems:
            print(f"\n{report.host.name}: {problem}", file=sys.stderr)
    print(f"\n{len(reports) - len(failed)} of {len(reports)} hosts passed.")
    if options.write_docs and not failed:
        write_documents(reports)
    return 1 if failed or not reports else 0


if __name__ == "__main__":
    sys.exit(main())
