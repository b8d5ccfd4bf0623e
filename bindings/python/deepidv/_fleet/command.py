"""The command ``deepidv fleet``."""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import os
import secrets
import socket
import time
from collections.abc import Iterator
from typing import Any, Optional

from .. import _private_file
from .._async_client import AsyncClient
from .._bulk.progress import Progress
from .._bulk.summary import USAGE_ERROR, exit_status, summarize
from .._input import InputError
from .._service import service_options
from .._terminal import print_json, require_output, say

# The parts that need other packages are imported when they are used.


def main(arguments: argparse.Namespace) -> int:
    """Run the command and return its exit status."""
    try:
        from .database import DatabaseProblem
    except ImportError as error:
        say(f"deepidv fleet: {error.name} is missing; the extra 'fleet' installs it")
        return USAGE_ERROR
    try:
        return _main(arguments)
    except (InputError, _private_file.UnsafeFile) as error:
        why = str(error)
    except DatabaseProblem as problem:
        why = f"the database: {problem}"
    say(f"deepidv fleet: {why}")
    return USAGE_ERROR


def _main(arguments: argparse.Namespace) -> int:
    from .work_list import WorkList

    if arguments.action == "status" and arguments.json:
        require_output()
    url = arguments.database or os.environ.get("DEEPIDV_DATABASE")
    if not url:
        raise InputError("set DEEPIDV_DATABASE or use --database")
    with contextlib.closing(WorkList(url)) as work:
        if arguments.action == "add":
            return _add(work, arguments)
        if arguments.action == "status":
            return _status(work, arguments)
        return _work(work, arguments)


def _add(work: Any, arguments: argparse.Namespace) -> int:
    from .input import add

    added = add(work, arguments)
    say(f"{added.added:,} rows added, {added.known:,} already in the list, {added.invalid:,} invalid")
    return 1 if added.invalid else 0


def _status(work: Any, arguments: argparse.Namespace) -> int:
    status = work.status()
    if arguments.json:
        print_json(
            {"total": status.total, "open": status.open, "workers": status.workers, "rows": status.counts}
        )
        return 0
    say(
        f"{status.total:,} rows, {status.open:,} of them not finished; {status.workers:,} workers have rows"
    )
    for state, count in sorted(status.counts.items()):
        say(f"  {state:<12} {count:>9,}")
    return 0


def _work(work: Any, arguments: argparse.Namespace) -> int:
    from .plan import Plan

    options = service_options(arguments)
    in_flight = arguments.in_flight or arguments.rate
    client = AsyncClient.from_env(
        **options,
        timeout=arguments.timeout,
        rate_limit=arguments.rate,
        max_in_flight=in_flight,
        # The guard of this process must not take longer than the work list.
        settle=arguments.settle,
    )
    base_url = options.get("base_url", os.environ.get("DEEPIDV_BASE_URL", ""))
    api_key = options.get("api_key", os.environ.get("DEEPIDV_API_KEY", ""))
    work.check_owner(base_url, api_key, other_key=arguments.other_key)
    plan = Plan(
        # Two containers can have the same name and process id.
        worker=f"{socket.gethostname()}:{os.getpid()}:{secrets.token_hex(3)}",
        in_flight=in_flight,
        timeout=arguments.timeout,
        margin=arguments.margin,
        settle=arguments.settle,
        limit=arguments.limit,
        search_first=arguments.search_first,
        follow=arguments.follow,
    )
    return asyncio.run(_go(work, arguments, plan, client))


async def _go(work: Any, arguments: argparse.Namespace, plan: Any, client: AsyncClient) -> int:
    from .database import DatabaseProblem
    from .worker import Worker

    async with client:
        with _shared_rate(client, arguments) as shared:
            status = work.status()
            progress = Progress(status.total, status.finished, shown=not arguments.quiet)
            worker = Worker(
                plan, client, work, progress, lambda: shared is not None and shared.exhausted_for > 0
            )
            begun = time.monotonic()
            try:
                await worker.go()
            finally:
                progress.close()
    try:
        status = work.status()
    except DatabaseProblem as problem:
        say(f"deepidv fleet: the database: {problem}. Run the same command again to resume.")
        return exit_status({}, worker.stopped or "no status")
    counts = status.finished
    seconds = time.monotonic() - begun
    summarize(status.total, counts, worker.created, seconds, worker.reasons, searches_again=False)
    return exit_status(counts, worker.stopped)


@contextlib.contextmanager
def _shared_rate(client: AsyncClient, arguments: argparse.Namespace) -> Iterator[Optional[Any]]:
    if not arguments.redis:
        yield None
        return
    try:
        from ..contrib.shared_rate import SharedRate
    except ImportError as error:
        raise InputError(f"{error.name} is missing; the extra 'fleet' installs it") from None
    limits = {"rate": arguments.rate, "burst": arguments.burst, "daily": arguments.daily}
    try:
        shared = SharedRate(client, arguments.redis, name=arguments.rate_name, **limits)
    except ValueError:
        # Not its text, which may have the password.
        raise InputError("--redis is not the URL of a Redis") from None
    with shared:
        yield shared
