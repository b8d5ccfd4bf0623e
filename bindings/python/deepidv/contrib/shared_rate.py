"""Processes that share the rate and the daily quota of one API key through Redis.

::

    client = deepidv.Client.from_env()
    shared = SharedRate(client, "redis://localhost:6379/0")

The extra ``redis`` of this package installs what it needs.
"""

from __future__ import annotations

import contextlib
import logging
import threading
import time
import weakref
from ctypes import c_uint64
from types import TracebackType
from typing import Any, Final, Optional, Union

import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from .. import _abi
from .._client_base import ClientBase
from .._greenlets import waiter
from .._library import instant, library

# Reserves permits, and returns how many, and in how many microseconds they can be used. What can be used at
# once is given at once; otherwise one permit, so that all processes get their turn. Only the clock of Redis
# counts.
_RESERVE: Final = """
local rate, burst = tonumber(ARGV[1]), tonumber(ARGV[2])
local daily, wanted = tonumber(ARGV[3]), tonumber(ARGV[4])
local clock = redis.call('TIME')
local now = clock[1] * 1000000 + clock[2]
local day = math.floor(clock[1] / 86400)
local step = 1000000 / rate
local state = redis.call('HMGET', KEYS[1], 'next', 'day', 'used')
local used = tonumber(state[2]) == day and tonumber(state[3]) or 0
if daily > 0 and used >= daily then
  return {0, (day + 1) * 86400000000 - now}
end
-- Without an earlier request, no burst: what the service still grants is not known.
local slot = math.max(tonumber(state[1]) or now, now - (burst - 1) * step)
local count = math.min(wanted, math.max(1, math.floor((now - slot) / step) + 1))
if daily > 0 then
  count = math.min(count, daily - used)
end
local following = string.format('%.0f', slot + count * step)
redis.call('HSET', KEYS[1], 'next', following, 'day', day, 'used', used + count)
redis.call('EXPIRE', KEYS[1], 172800)
return {count, math.max(0, math.ceil(slot - now))}
"""

_log = logging.getLogger("deepidv")

# Longer than Redis is waited for, and than a busy machine lets a thread wait: at the end of a lease,
# what waits is sent.
_LEASE_MS: Final = 10_000
# Short, so that a client that nothing else references is freed soon.
_WAIT_MS: Final = 500
# Seconds before Redis is tried again, and before a client under gevent or eventlet is asked again.
_RETRY: Final = 1.0
_POLL: Final = 0.02


class SharedRate:
    """Paces a client so that all processes together keep the rate and the daily quota of one API key.

    Each request needs a permit from Redis, also retries and searches that the library makes by itself. A
    process that has no request to send takes none, and those that have get equal shares. While Redis does
    not answer, the client's own rate limiter paces it alone, as without this class, and
    the logger ``deepidv`` gets a warning.

    A daemon thread asks for permits, until ``close`` or until the client is closed or freed. Create one in
    each process, for its client, after a fork.

    :param client: A ``Client`` or an ``AsyncClient``.
    :param server: The URL of a Redis, or a ``redis.Redis`` with timeouts of its own.
    :param name: What all processes with the same API key have in common. Other keys need other names.
    :param rate: Requests per second of all processes together. Default: 25, the service's limit.
    :param burst: The number of requests that all processes together can send at once after an idle period.
        Default: 25, ten fewer than the service allows, since requests do not arrive as evenly as they are
        sent.
    :param daily: Requests per day of all processes together, from midnight UTC; 0 for no limit. Default:
        10,000, the service's limit.
    """

    def __init__(
        self,
        client: ClientBase,
        server: Union[str, redis.Redis],
        *,
        name: str = "deepidv",
        rate: float = 25,
        burst: int = 25,
        daily: int = 10_000,
    ) -> None:
        if not isinstance(client, ClientBase):
            raise TypeError(f"client must be Client or AsyncClient, not {type(client).__name__}")
        if not (rate > 0 and burst >= 1 and daily >= 0):
            raise ValueError("rate must be positive, burst at least 1, and daily at least 0")
        if isinstance(server, str):
            # Tried twice: a connection may have ended with an earlier Redis.
            retry = Retry(NoBackoff(), 1)
            server = redis.Redis.from_url(server, socket_timeout=1, socket_connect_timeout=1, retry=retry)
        self._client = weakref.ref(client)
        self._reserve = server.register_script(_RESERVE)
        self._key = f"deepidv:rate:{name}"
        self._limits = (rate, burst, daily)
        self._closed = threading.Event()
        self._exhausted_until = 0.0
        self._problem: Optional[redis.RedisError] = None
        # From now on, not only once the thread runs.
        self._grant(0, 0)
        self._thread = threading.Thread(target=self._run, name="deepidv-rate", daemon=True)
        self._thread.start()

    @property
    def problem(self) -> Optional[redis.RedisError]:
        """Why Redis gave no answer the last time, or None if it did."""
        return self._problem

    @property
    def exhausted_for(self) -> float:
        """The seconds until the daily quota begins anew, or 0 if it is not used up."""
        return max(0.0, self._exhausted_until - time.time())

    def close(self) -> None:
        """End the thread; the client's own rate limiter goes on alone."""
        self._closed.set()
        self._thread.join()

    def __enter__(self) -> SharedRate:
        return self

    def __exit__(
        self,
        kind: Optional[type[BaseException]],
        error: Optional[BaseException],
        trace: Optional[TracebackType],
    ) -> None:
        self.close()

    def _run(self) -> None:
        permits = 0
        while not self._closed.is_set():
            missing = self._grant(permits, _WAIT_MS)
            if missing is None:
                return
            permits = 0
            if missing:
                permits = self._permits(missing)
        self._end_lease()

    def _permits(self, wanted: int) -> int:
        """Reserve permits, and return how many when they can be used."""
        try:
            count, microseconds = self._reserve([self._key], [*self._limits, wanted])
        except redis.RedisError as error:
            if self._problem is None:
                # Not its text, which may have the server's address.
                _log.warning("Redis does not answer (%s): the rate is not shared", type(error).__name__)
            self._problem = error
            self._end_lease()
            self._closed.wait(_RETRY)
            return 0
        self._problem = None
        if not count:
            self._exhausted_until = time.time() + microseconds / 1e6
            # In case the limits or the clock change.
            self._closed.wait(_RETRY)
            return 0
        self._exhausted_until = 0.0
        self._wait_for_turn(microseconds / 1e6)
        return int(count)

    def _wait_for_turn(self, seconds: float) -> None:
        """Wait, and renew the lease meanwhile: the turn may be far away."""
        end = time.monotonic() + seconds
        while (left := end - time.monotonic()) > 0 and not self._closed.wait(min(left, _RETRY)):
            self._grant(0, 0)

    def _grant(self, permits: int, wait_ms: int) -> Optional[int]:
        """Give permits, and return how many more are needed, or None if the client is no longer there."""
        client = self._client()
        if client is None:
            return None
        missing = c_uint64()
        if waiter() is None:
            status = library.deepidv_client_grant(client._handle, permits, _LEASE_MS, wait_ms, missing)
        else:
            # The thread is a greenlet, and must not block the others.
            status = instant.deepidv_client_grant(client._handle, permits, _LEASE_MS, 0, missing)
        # Not kept during a pause: it can be freed then.
        del client
        if status != _abi.DEEPIDV_OK:
            return None
        if waiter() is not None and not missing.value and wait_ms:
            self._closed.wait(_POLL)
        return missing.value

    def _end_lease(self) -> None:
        client: Any = self._client()
        if client is not None:
            with contextlib.suppress(Exception):
                instant.deepidv_client_grant(client._handle, 0, 0, 0, None)
