"""What of the machine copbot stands on: its time zones, the packages that it works with, and the port."""

import json
import socket
import urllib.error
import urllib.request
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from importlib.resources import files
from pathlib import Path
from zoneinfo import TZPATH, ZoneInfo, ZoneInfoNotFoundError

import tzdata

from copbot.commands.doctor.findings import Finding, looked_at
from copbot.core.community import Community
from copbot.core.errors import Mistake
from copbot.settings import Settings, signing_secret

ASKED_S = 3.0
"""Seconds that something on this machine has to answer."""

AHEAD = timedelta(days=400)
"""How far the clock's changes are compared: a year, and what is planned in it."""


def machine_findings(settings: Settings, communities: Sequence[Community]) -> Iterator[Finding]:
    yield from looked_at("time zones", [lambda: _time_zones(communities)])
    yield from looked_at("HTTP", [lambda: _http(settings)])


# -- time zones


def _time_zones(communities: Sequence[Community]) -> Iterator[Finding]:
    """Each zone that is used is there; and the machine's own data, which go before the package's, tell the same of the year to come."""
    names = sorted({community.timezone for community in communities} | {"UTC"})
    for name in names:
        try:
            ZoneInfo(name)
        except (ZoneInfoNotFoundError, OSError, ValueError):
            yield Finding("time zones", False, f"{name} is not known here", "pip install --upgrade tzdata")
            return
    version = _machines_version()
    whose = f"the machine's, version {version}" if version else "the machine's" if _machines_own("UTC") else ""
    says = f"data: {whose or 'the Python package alone'} (the Python package tzdata is {tzdata.IANA_VERSION})"
    for name in names:
        since = _differ_from(name)
        if since is not None:
            day = since.date().isoformat()
            told = f"{says}; from {day} on they tell another time for {name}"
            mend = "upgrade the older of the two: the machine's package tzdata, or `pip install --upgrade tzdata`"
            yield Finding("time zones", False, told, mend)
            return
    yield Finding("time zones", True, f"{says}; they agree on {', '.join(names)}")


def _machines_version() -> str:
    for folder in TZPATH:
        try:
            with (Path(folder) / "tzdata.zi").open(encoding="utf-8") as file:
                first = file.readline()
        except OSError:
            continue
        return first.removeprefix("# version").strip()
    return ""


def _machines_own(name: str) -> Path | None:
    return next((file for folder in TZPATH if (file := Path(folder) / name).is_file()), None)


def _differ_from(name: str) -> datetime | None:
    """When the machine's data and the package's first tell another time, within a year from the older one's making; None if never."""
    own = _machines_own(name)
    packaged = files("tzdata").joinpath("zoneinfo", *name.split("/"))
    if own is None or not packaged.is_file():
        return None
    with own.open("rb") as one, packaged.open("rb") as other:
        zones = ZoneInfo.from_file(one), ZoneInfo.from_file(other)
    begins = datetime(int(tzdata.IANA_VERSION[:4]), 1, 1, tzinfo=UTC)
    hours = (begins + timedelta(hours=n) for n in range(2 * AHEAD.days * 24))
    return next((hour for hour in hours if len({hour.astimezone(zone).utcoffset() for zone in zones}) > 1), None)


# -- HTTP


def _http(settings: Settings) -> Iterator[Finding]:
    if settings.mode == "http":
        try:
            signing_secret(settings)
            yield Finding(
                "SLACK_SIGNING_SECRET", True, "it is set; whether it is the app's shows with the first request"
            )
        except Mistake as missing:
            name, _, says = str(missing).partition(" ")  # the app token's, where neither is there
            yield Finding(name, False, says, "set it, in the environment or in .env")
    if not settings.serves_http:
        yield Finding(
            "mode", True, "Socket Mode, without a port: COPBOT_HTTP_PORT=3000 gives /healthz, /readyz and /metrics"
        )
        return
    yield _port(settings)


def _port(settings: Settings) -> Finding:
    host, port = settings.copbot_http_host, settings.copbot_http_port
    about = f"port {port}"
    asked = "127.0.0.1" if host in {"0.0.0.0", "::", ""} else host  # noqa: S104  (what is listened on, not opened here)
    ready = _answer(f"http://{asked}:{port}/readyz")
    if ready is not None:
        status, reasons = ready
        if status == 200:
            return Finding(about, True, "copbot answers there, and is ready")
        return Finding(
            about,
            False,
            f"copbot answers there, and is not ready: {reasons}",
            "see what it says; `/readyz` tells when it is",
        )
    if _is_taken(host, port):
        return Finding(
            about, False, f"something else listens on {host}:{port}", "end that, or set COPBOT_HTTP_PORT to a free port"
        )
    return Finding(about, True, f"{host}:{port} is free; nothing serves there now")


def _answer(url: str) -> tuple[int, str] | None:
    """What copbot says of itself there; None when nobody answers, or somebody else."""
    try:
        with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(url, timeout=ASKED_S) as answer:
            return 200, _reasons(answer.read(10_000))
    except urllib.error.HTTPError as refused:
        return (503, _reasons(refused.read(10_000))) if refused.code == 503 else None
    except (OSError, ValueError):
        return None


def _reasons(body: bytes) -> str:
    text = body.decode("utf-8", "replace").strip()
    try:
        said = json.loads(text)
    except ValueError:
        return " ".join(text.split())[:300]
    return "; ".join(str(one) for one in said) if isinstance(said, list) else str(said)[:300]


def _is_taken(host: str, port: int) -> bool:
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET, socket.SOCK_STREAM) as tried:
        tried.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            tried.bind((host, port))
        except OSError:
            return True
        return False
