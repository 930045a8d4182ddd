"""Where bytes come and go: the upload URL, and a file's private URL."""

from collections.abc import Collection, Iterable

from aiohttp import web

from copbot.workspace.files import SHOWN_INLINE, Files
from copbot.workspace.truth import Truth

GUARDED = {
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "default-src 'none'; sandbox",
    "Cross-Origin-Resource-Policy": "same-origin",
}


class FileRoutes:
    def __init__(self, truth: Truth, files: Files, bot_token: str, scopes: Collection[str]) -> None:
        self._truth = truth
        self._files = files
        self._bot_token = bot_token
        self._scopes = scopes

    def routes(self) -> Iterable[web.RouteDef]:
        return [
            web.post("/upload/v1/{token}", self.upload),
            web.get("/files-pri/{file}/{name}", self.download),
        ]

    async def upload(self, request: web.Request) -> web.StreamResponse:
        """Raw bytes or a multipart form, as Slack takes both."""
        content = await request.read()
        if request.content_type == "multipart/form-data":
            parts = [part for part in (await request.post()).values() if isinstance(part, web.FileField)]
            content = parts[0].file.read() if parts else b""
        complaint = self._files.receive(request.match_info["token"], content)
        if complaint is not None:
            return web.Response(status=400, text=complaint)
        return web.Response(text=f"OK - {len(content)}")

    async def download(self, request: web.Request) -> web.StreamResponse:
        """For the bot by its token, for people on this workspace's own page. No file can act as a page of its own."""
        file = self._truth.files.get(request.match_info["file"])
        content = self._files.content(request.match_info["file"])
        if file is None or content is None:
            return web.Response(status=404)
        by_bot = request.headers.get("Authorization") == f"Bearer {self._bot_token}" and "files:read" in self._scopes
        if not by_bot and request.headers.get("Sec-Fetch-Site") not in ("same-origin", "none"):
            return web.Response(status=403)
        inline = file["mimetype"] in SHOWN_INLINE
        kind = file["mimetype"] if inline else "application/octet-stream"
        shown = {"Content-Disposition": "inline" if inline else "attachment"}
        return web.Response(body=content, content_type=kind, headers=GUARDED | shown)
