"""A wire that is slow: between the application and its database, every message takes so long each way."""

import asyncio
import contextlib
import threading
from collections.abc import Iterator
from contextlib import contextmanager

_CHUNK = 65_536


@contextmanager
def slow_wire(port: int, *, milliseconds: float) -> Iterator[int]:
    """Another port of this machine for the service at `port`; what asks through it waits so long for each answer."""
    loop = asyncio.new_event_loop()
    # Half on the way there, half on the way back: what a round trip costs is what is said.
    one_way = milliseconds / 2000
    # A loop of its own in a thread of its own: the caller's may be at work for a browser.
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    listening = asyncio.start_server(lambda reader, writer: _carry(reader, writer, port, one_way), "127.0.0.1", 0)
    server = asyncio.run_coroutine_threadsafe(listening, loop).result()
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        asyncio.run_coroutine_threadsafe(_close(server), loop).result()
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()


async def _close(server: asyncio.Server) -> None:
    server.close()
    under_way = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
    for task in under_way:
        task.cancel()
    await asyncio.gather(*under_way, return_exceptions=True)


async def _carry(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, port: int, one_way: float) -> None:
    with contextlib.suppress(ConnectionError, asyncio.CancelledError):
        there, back = await asyncio.open_connection("127.0.0.1", port)
        await asyncio.gather(_one_way(reader, back, one_way), _one_way(there, writer, one_way))


async def _one_way(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, one_way: float) -> None:
    """Each message leaves so long after it came; those behind it do not wait longer for that."""
    loop = asyncio.get_running_loop()
    under_way: asyncio.Queue[tuple[float, bytes]] = asyncio.Queue()

    async def deliver() -> None:
        while True:
            due, message = await under_way.get()
            await asyncio.sleep(due - loop.time())
            if not message:
                writer.close()
                return
            writer.write(message)
            await writer.drain()

    delivering = asyncio.ensure_future(deliver())
    try:
        while message := await reader.read(_CHUNK):
            under_way.put_nowait((loop.time() + one_way, message))
        under_way.put_nowait((loop.time(), b""))
        await delivering
    finally:
        delivering.cancel()
        writer.close()
