"""The workspace's door: one loopback port, served by aiohttp in a thread and an event loop of its own."""

import asyncio
import threading
from collections.abc import Awaitable, Callable, Collection, Iterable
from contextlib import suppress

from aiohttp import web

LOOPBACK = "127.0.0.1"
OWN_NAMES = (LOOPBACK, "localhost")
MAX_BODY = 32 * 1024 * 1024

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


@web.middleware
async def own_host_only(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Refuse requests that came under another name: a web page that rebinds its name to loopback must not get in."""
    name = request.headers.get("Host", "").rsplit(":", 1)[0]
    if name not in OWN_NAMES:
        return web.Response(status=421, text="this workspace answers on 127.0.0.1 only\n")
    return await handler(request)


class Host:
    """Serves routes between ``start`` and ``stop``. All of ``background`` runs beside them; ``on_stop`` is called in
    the loop first.
    """

    def __init__(
        self,
        port: int,
        routes: Callable[[], Iterable[web.RouteDef]],
        background: Collection[Callable[[], Awaitable[None]]],
        on_stop: Callable[[], Awaitable[None]],
    ) -> None:
        self.port = port
        self._routes = routes
        self._background = background
        self._on_stop = on_stop
        self._thread: threading.Thread | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._stopping: asyncio.Event | None = None
        self._ready = threading.Event()
        self._failures: list[OSError] = []

    def start(self) -> None:
        """Serve; returns when connections are taken. Raises OSError where the port is not to be had."""
        if self._thread is not None:
            return
        self._ready.clear()
        self._failures.clear()
        self._thread = threading.Thread(target=self._run, name="workspace", daemon=True)
        self._thread.start()
        self._ready.wait()
        for failure in self._failures:
            self._thread.join()
            self._thread = None
            raise failure

    def stop(self) -> None:
        """Cut what is connected and end the thread. The port is kept for another ``start``."""
        if self._thread is None or self._loop is None or self._stopping is None:
            return
        self._loop.call_soon_threadsafe(self._stopping.set)
        self._thread.join()
        self._thread = self._loop = self._stopping = None

    def call(self, act: Callable[[], None]) -> None:
        """Call something in the loop, from any thread; nothing happens when the workspace is not served."""
        loop = self._loop
        if loop is not None:
            with suppress(RuntimeError):  # the loop was closed in between
                loop.call_soon_threadsafe(act)

    def _run(self) -> None:
        with asyncio.Runner() as runner:
            self._loop = runner.get_loop()
            try:
                runner.run(self._serve())
            except OSError as failure:
                self._failures.append(failure)
        self._ready.set()

    async def _serve(self) -> None:
        self._stopping = asyncio.Event()
        app = web.Application(middlewares=[own_host_only], client_max_size=MAX_BODY)
        app.add_routes(self._routes())
        runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.2)
        await runner.setup()
        background: list[asyncio.Future[None]] = []
        try:
            site = web.TCPSite(runner, LOOPBACK, self.port)
            await site.start()
            self.port = runner.addresses[0][1]
            background = [asyncio.ensure_future(run()) for run in self._background]
            await asyncio.sleep(0)  # the background takes its place before anybody is told that this is ready
            self._ready.set()
            await self._stopping.wait()
        finally:
            for each in background:
                each.cancel()
            if background:
                await self._on_stop()
            await runner.cleanup()
