"""A slow relay to a server, so that requests are always in flight."""

import asyncio
import contextlib
import random
import threading


class Relay:
    """Forwards bytes after a random delay, also after the sender has closed its connection."""

    def __init__(self, target, seed, longest=0.05):
        self._target = target
        self._random = random.Random(seed)
        self._longest = longest
        self._loop = asyncio.new_event_loop()
        self._ready = threading.Event()
        self._thread = threading.Thread(target=self._run)
        self._thread.start()
        assert self._ready.wait(10)

    @property
    def url(self):
        return f"http://127.0.0.1:{self.port}"

    def end(self):
        self._loop.call_soon_threadsafe(self._stop.set)
        self._thread.join(10)
        assert not self._thread.is_alive()

    def _run(self):
        asyncio.set_event_loop(self._loop)
        self._loop.run_until_complete(self._serve())
        self._loop.close()

    async def _serve(self):
        self._stop = asyncio.Event()
        self._tasks = set()
        server = await asyncio.start_server(self._connected, "127.0.0.1", 0, backlog=200)
        self.port = server.sockets[0].getsockname()[1]
        self._ready.set()
        await self._stop.wait()
        server.close()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _connected(self, reader, writer):
        self._tasks.add(asyncio.current_task())
        server_reader, server_writer = await asyncio.open_connection("127.0.0.1", self._target)
        await asyncio.gather(self._forward(reader, server_writer), self._forward(server_reader, writer))

    async def _forward(self, reader, writer):
        with contextlib.suppress(ConnectionError):
            while piece := await reader.read(65536):
                await asyncio.sleep(self._random.random() * self._longest)
                writer.write(piece)
                await writer.drain()
        # The client may be gone; its request reaches the server nevertheless.
        with contextlib.suppress(ConnectionError):
            writer.close()
