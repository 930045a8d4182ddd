"""The workspace's own page over HTTP: files, state, a stream that says when to look again, and what people do on it."""

import asyncio
import json
import math
import re
from collections.abc import Awaitable, Callable, Iterable, Mapping
from datetime import timedelta
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any

from aiohttp import web

from copbot.workspace import page_people, page_state
from copbot.workspace.acting import Acting
from copbot.workspace.host import OWN_NAMES
from copbot.workspace.page_reads import PageReads
from copbot.workspace.time_control import TimeControl
from copbot.workspace.truth import Json, Truth
from copbot.workspace.views import Views

KINDS = {".css": "text/css", ".js": "text/javascript"}
TOUR = '<link rel="stylesheet" href="/page/tour.css">\n<script type="module" src="/page/tour.js"></script>'
COMING_S = 0.7
"""Real seconds for which what comes next is not asked for again, unless time was moved."""

COMING = 20
PLAYED_S = 60.0
COMMAND = "/cop"
HEARTBEAT_S = 15.0
ANSWER_S = 10.0
MOST_ADVANCE = timedelta(days=366)
HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
        "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-store",
}

Act = Callable[[Json], Awaitable[Json]]


class PageRoutes:
    """``time`` gives the hold on time that the demo may have handed over, ``roles`` what the app says of people: user
    ID to a key of ``page_people.ROLES``; ``shortcuts`` the app's message shortcuts: callback_id to name.
    """

    def __init__(
        self,
        acting: Acting,
        truth: Truth,
        views: Views,
        time: Callable[[], TimeControl | None],
        roles: Callable[[], Mapping[str, str]] = dict,
        shortcuts: Callable[[], Mapping[str, str]] = dict,
    ) -> None:
        self._acting = acting
        self._truth = truth
        self._views = views
        self._time = time
        self._roles = roles
        self._shortcuts = shortcuts
        self._reads = PageReads(truth.now_us() - 1)  # what is said at this very instant is new
        self._coming: list[Json] = []
        self._coming_until = -math.inf
        self._commands = [COMMAND]
        self._looked: dict[str, float] = {}
        self._lookers: set[asyncio.Event] = set()
        self._closed = False

    def routes(self) -> Iterable[web.RouteDef]:
        self._closed = False
        acts: dict[str, Act] = {
            "post": self._post,
            "press": self._press,
            "submit": self._submit,
            "close": self._close_view,
            "join": self._join,
            "newcomer": self._newcomer,
            "clock": self._clock,
            "react": self._react,
            "read": self._read,
            "edit": self._edit,
            "delete": self._delete,
            "home": self._home,
            "dm": self._dm,
            "options": self._options,
            "shortcut": self._shortcut,
        }
        return [
            web.get("/", self._index),
            web.get("/archives/{channel}", self._index),
            web.get("/archives/{channel}/{message}", self._index),
            web.get("/page/state", self._state),
            web.get("/page/people", self._people),
            web.get("/page/stream", self._stream),
            web.get("/page/{file}", self._file),
            *(web.post(f"/page/{name}", self._acted(act)) for name, act in acts.items()),
        ]

    # --- looking ------------------------------------------------------------------------------------------------------

    async def _index(self, _: web.Request) -> web.StreamResponse:
        text = _folder().joinpath("index.html").read_text(encoding="utf-8")
        has_tour = _folder().joinpath("tour.js").is_file()
        return _page_file(text.replace("<!-- tour -->", TOUR if has_tour else ""), "text/html")

    async def _file(self, request: web.Request) -> web.StreamResponse:
        name = request.match_info["file"]
        kind = KINDS.get(Path(name).suffix)
        file = _folder().joinpath(name)
        if kind is None or "/" in name or "\\" in name or not file.is_file():
            return web.Response(status=404, headers=HEADERS)
        return _page_file(file.read_text(encoding="utf-8"), kind)

    async def _people(self, request: web.Request) -> web.StreamResponse:
        told, search = self._roles(), request.query.get("search", "")
        with self._truth.lock:
            found = page_people.groups(self._truth, told, self._reads.opened_us // 1_000_000, search)
        return web.json_response(found, headers=HEADERS)

    async def _state(self, request: web.Request) -> web.StreamResponse:
        asked = request.query
        self._looked[asked.get("as", "")] = self._truth.clock.monotonic()
        try:
            seen = page_state.state(
                self._truth,
                self._views,
                self._reads,
                asked.get("as", ""),
                asked.get("channel"),
                around=asked.get("around") or None,
                thread_ts=asked.get("thread") or None,
            )
        except (LookupError, ValueError) as mistake:
            return _refused(mistake)
        coming = await self._what_comes()
        told = {
            "clock": self._clock_now(),
            "coming": coming,
            "commands": self._commands,
            "shortcuts": dict(self._shortcuts()),
        }
        return web.json_response(seen | told, headers=HEADERS)

    async def _what_comes(self) -> list[Json]:
        """What the app plans, as the hold on time tells it: at (ISO 8601), what, why; soonest first."""
        control, now = self._time(), self._truth.clock.monotonic()
        if control is not None and now >= self._coming_until:
            self._coming_until = now + COMING_S
            planned = await asyncio.to_thread(control.coming)
            self._coming = [
                {"at": each.at.isoformat(), "what": each.what, "why": each.why} for each in planned[:COMING]
            ]
        return self._coming

    def _clock_now(self) -> Json:
        control = self._time()
        now = control.now() if control else self._truth.clock.now()
        return {"now": now.isoformat(), "speed": control.speed if control else 1.0, "held": control is not None}

    async def _stream(self, request: web.Request) -> web.StreamResponse:
        """Server-sent events: the revision, whenever there is something new."""
        answer = web.StreamResponse(headers=HEADERS | {"Content-Type": "text/event-stream"})
        await answer.prepare(request)
        changed = asyncio.Event()
        changed.set()
        self._lookers.add(changed)
        try:
            while not self._closed:
                try:
                    await asyncio.wait_for(changed.wait(), HEARTBEAT_S)
                    changed.clear()
                    await answer.write(f"data: {self._truth.revision}\n\n".encode())
                except TimeoutError:
                    await answer.write(b": still here\n\n")
        except ConnectionError:
            pass  # nobody looks any more
        finally:
            self._lookers.discard(changed)
        return answer

    def played(self) -> set[str]:
        """Who a page showed itself as in the last minute, by ID: real people, who act by themselves."""
        since = self._truth.clock.monotonic() - PLAYED_S
        return {user for user, at in self._looked.copy().items() if at > since}

    def tell_changed(self) -> None:
        """Wake every page that looks. Called in the loop."""
        for looker in self._lookers:
            looker.set()

    def close(self) -> None:
        """End the streams. Called in the loop."""
        self._closed = True
        self.tell_changed()

    # --- acting -------------------------------------------------------------------------------------------------------

    def _acted(self, act: Act) -> Callable[[web.Request], Awaitable[web.StreamResponse]]:
        async def handle(request: web.Request) -> web.StreamResponse:
            if not _from_own_page(request):
                return web.Response(status=403, text="only this workspace's own page may do that\n", headers=HEADERS)
            try:
                body = json.loads(await request.text())
                if not isinstance(body, dict):
                    raise ValueError("a JSON object is wanted")
                return web.json_response(await act(body), headers=HEADERS)
            except (LookupError, ValueError, TypeError, TimeoutError) as mistake:
                return _refused(mistake)

        return handle

    async def _post(self, body: Json) -> Json:
        user, channel, text = _word(body, "as"), _word(body, "channel"), _word(body, "text").strip()
        if not text:
            raise ValueError("there is nothing to send")
        if text.startswith("/"):
            command, _, rest = text.partition(" ")
            self._acting.command(user, channel, command, page_state.as_typed(self._truth, rest.strip()))
            if command not in self._commands:
                self._commands.append(command)
            return {}
        thread_ts = body.get("thread_ts")
        return {"ts": self._acting.post(channel, user, page_state.as_typed(self._truth, text), thread_ts or None)}

    async def _press(self, body: Json) -> Json:
        user, action_id, value = _word(body, "as"), _word(body, "action_id"), body.get("value")
        if body.get("in_home"):
            self._acting.press_in_home(user, action_id, value)
        elif body.get("in_view"):
            self._acting.press_in_view(user, action_id, value)
        elif "ephemeral" in body:
            self._acting.press_ephemeral(user, int(body["ephemeral"]), action_id, value)
        else:
            self._acting.press(user, _word(body, "channel"), _word(body, "ts"), action_id, value)
        return {}

    async def _shortcut(self, body: Json) -> Json:
        callback_id = _word(body, "callback_id")
        if callback_id not in self._shortcuts():
            raise LookupError("the app has no such shortcut")
        self._acting.message_shortcut(_word(body, "as"), _word(body, "channel"), _word(body, "ts"), callback_id)
        return {}

    async def _submit(self, body: Json) -> Json:
        values = body.get("values")
        waiting = self._acting.submitting(_word(body, "as"), values if isinstance(values, dict) else {})
        return {"errors": await asyncio.wait_for(asyncio.wrap_future(waiting), ANSWER_S)}

    async def _options(self, body: Json) -> Json:
        waiting = self._acting.suggesting(_word(body, "as"), _word(body, "action_id"), _word(body, "typed"))
        return {"options": await asyncio.wait_for(asyncio.wrap_future(waiting), ANSWER_S)}

    async def _close_view(self, body: Json) -> Json:
        self._acting.close_view(_word(body, "as"))
        return {}

    async def _join(self, body: Json) -> Json:
        self._acting.join_channel(_word(body, "channel"), _word(body, "as"))
        return {}

    async def _react(self, body: Json) -> Json:
        act = self._acting.react if body.get("on", True) else self._acting.unreact
        act(_word(body, "channel"), _word(body, "ts"), _word(body, "as"), _word(body, "name"))
        return {}

    async def _read(self, body: Json) -> Json:
        self._reads.mark(_word(body, "as"), _word(body, "channel"), body.get("thread_ts") or None, _word(body, "ts"))
        return {}

    async def _edit(self, body: Json) -> Json:
        channel, ts = self._own_message(body)
        self._acting.edit(channel, ts, page_state.as_typed(self._truth, _word(body, "text").strip()))
        return {}

    async def _delete(self, body: Json) -> Json:
        self._acting.delete(*self._own_message(body))
        return {}

    def _own_message(self, body: Json) -> tuple[str, str]:
        """(channel, ts) of a message that the acting person wrote. Raises ValueError for anybody else's."""
        user, channel, ts = _word(body, "as"), _word(body, "channel"), _word(body, "ts")
        with self._truth.lock:
            message = self._truth.channel(channel).get(ts)
            if message is None or message.get("user") != user:
                raise ValueError("only who wrote a message can change it")
        return channel, ts

    async def _home(self, body: Json) -> Json:
        self._acting.open_home(_word(body, "as"))
        return {}

    async def _dm(self, body: Json) -> Json:
        return {"channel": self._acting.open_dm(_word(body, "as"))}

    async def _newcomer(self, body: Json) -> Json:
        name = _word(body, "name").strip()[:80]
        if not name:
            raise ValueError("a newcomer needs a name")
        given = {key: body.get(key) for key in ("tz", "locale")}
        person = {key: value for key, value in given.items() if isinstance(value, str) and value}
        handle = re.sub(r"[^\w]+", ".", name.lower()).strip(".") or "newcomer"
        return {"user": self._acting.join_workspace(handle, real_name=name, **person)}

    async def _clock(self, body: Json) -> Json:
        control = self._time()
        if control is None:
            raise ValueError("time cannot be moved here")
        said = ""
        if body.get("next"):
            said = await asyncio.to_thread(control.next)
        elif "advance" in body:
            by = min(timedelta(seconds=float(body["advance"])), MOST_ADVANCE)
            await asyncio.to_thread(control.advance, max(by, timedelta(0)))
        elif "speed" in body:
            control.set_speed(min(max(float(body["speed"]), 0.0), 86_400.0))
        self._coming_until = -math.inf
        self._truth.changed()
        return {"said": said}


def _folder() -> Traversable:
    return files("copbot.workspace").joinpath("page")


def _page_file(text: str, kind: str) -> web.Response:
    return web.Response(text=text, content_type=kind, charset="utf-8", headers=HEADERS)


def _refused(mistake: Exception) -> web.Response:
    said = mistake.args[0] if mistake.args else "that took too long"
    return web.json_response({"error": str(said)}, status=400, headers=HEADERS)


def _from_own_page(request: web.Request) -> bool:
    """Whether a browser sent this from the workspace's own page: another page could not set these headers so."""
    origin = request.headers.get("Origin")
    port = request.host.rpartition(":")[2]
    own = origin is None or origin in {f"http://{name}:{port}" for name in OWN_NAMES}
    site = request.headers.get("Sec-Fetch-Site", "same-origin")
    return own and site in ("same-origin", "none") and request.content_type == "application/json"


def _word(body: dict[str, Any], key: str) -> str:
    value = body.get(key)
    if not isinstance(value, str):
        raise ValueError(f"{key} is missing")
    return value
