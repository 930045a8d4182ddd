"""Running the bot, and showing it: ``run``, ``demo``, ``manifest``."""

import argparse
import gc
import logging
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from copbot.cli.terms import (
    DONE,
    FOUND_WRONG,
    Commands,
    add_command,
)
from copbot.core.errors import SlackGone, SlackUnavailable
from copbot.long_work import on_stop_signals
from copbot.settings import load_settings

log = logging.getLogger(__name__)


def add_to(commands: Commands) -> None:
    _add_run(commands)
    _add_demo(commands)
    _add_manifest(commands)


def _add_run(commands: Commands) -> None:
    add_command(commands, "run", "connect to Slack and serve until stopped", _run)


def _run(_options: argparse.Namespace) -> int:
    stopping = threading.Event()
    on_stop_signals(stopping.set)  # before all that takes a while
    settings = load_settings()
    with _loading():
        from copbot.adapters.clock import SystemClock
        from copbot.logs import set_up_logs
        from copbot.serving import watched
        from copbot.wiring import build

    set_up_logs(settings.copbot_log_level, settings.copbot_log_format)
    # Whoever decides or sends gives way sooner to what is being taken in: Slack waits for that (5 ms is Python's default).
    sys.setswitchinterval(0.0005)
    clock = SystemClock()
    try:
        with watched(settings, clock) as outside:
            bot = build(settings, clock, stopping, watched=outside)
            try:
                bot.start(stopping)
                log.info("copbot is connected")
                while not stopping.wait(0.5) and not bot.ended.is_set():
                    pass
            finally:
                bot.stop()
    except SlackUnavailable:  # only when told to stop: until then it goes on trying
        return DONE
    if bot.gone:
        raise SlackGone(bot.gone)
    if bot.lost:
        print(f"copbot: {bot.lost}: to be started again; nothing that was stored is lost", file=sys.stderr)
        return FOUND_WRONG
    log.info("copbot has stopped")
    return DONE


@contextmanager
def _loading() -> Iterator[None]:
    """Surrounds imports. What they load stays until the end: not to look through it for what could go, neither meanwhile nor ever
    after, saves a sixth of the time that they take."""
    gc.disable()
    try:
        yield
        gc.freeze()
    finally:
        gc.enable()


def _add_demo(commands: Commands) -> None:
    parser = add_command(commands, "demo", "a whole community on this machine, without a Slack account", _demo)
    parser.add_argument("--port", type=int, default=8765, help="of the page (default 8765; 0 takes a free one)")
    parser.add_argument("--no-browser", action="store_true", help="do not open the page in a browser")
    parser.add_argument("--once", action="store_true", help="play the story as a transcript, check it, and end")
    parser.add_argument("--speed", type=float, default=1.0, metavar="N", help="virtual seconds per real second")
    parser.add_argument("--schedules", type=Path, metavar="DIR", help="your own schedules instead of the example's")
    parser.add_argument("--prompts", type=Path, metavar="DIR", help="your own prompts instead of the example's")


def _demo(options: argparse.Namespace) -> int:
    from copbot.demo import run_demo

    return run_demo(
        port=options.port,
        browser=not options.no_browser and not options.once,
        once=options.once,
        speed=options.speed,
        schedules=options.schedules,
        prompts=options.prompts,
    )


def _add_manifest(commands: Commands) -> None:
    parser = add_command(commands, "manifest", "print the Slack app manifest to paste", _manifest)
    parser.add_argument("--url", metavar="URL", help="for HTTP mode: where Slack reaches this bot, https://…")


def _manifest(options: argparse.Namespace) -> int:
    from copbot.adapters.manifest import manifest_yaml, request_url

    url = None if options.url is None else request_url(options.url)
    print(manifest_yaml(load_settings().copbot_command, url), end="")
    return DONE
