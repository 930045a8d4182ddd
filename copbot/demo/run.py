"""From the command line's wishes to a story that is played, checked, and then left to the visitor."""

import os
import signal
import sys
import threading
import webbrowser
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from copbot.core.errors import Mistake
from copbot.demo.checks import checks
from copbot.demo.stage import Stage, Stopped, TakenOver, open_stage
from copbot.demo.story import Story
from copbot.demo.transcript import Transcript, to_terminal

DEFAULT_PORT = 8765
PAUSE_S = 3.0
"""Real seconds between two things that happen, for a person who watches the page."""

FOUND_WRONG, DONE = 1, 0


def run_demo(
    *, port: int, browser: bool, once: bool, speed: float, schedules: Path | None, prompts: Path | None
) -> int:
    """Play the story on this machine; the exit code. ``once``: print it, check it and end, else stay until a signal.

    ``speed``: virtual seconds per real second after the story. Raises Mistake for wrong arguments and files.
    """
    if not 0 <= speed <= 100_000:
        raise Mistake("--speed: write a number from 0 (time stands still) to 100000")
    if not 0 <= port <= 65535:
        raise Mistake("--port: write a number from 1 to 65535, or 0 for a free one")
    if once and port == DEFAULT_PORT:
        port = 0  # nobody looks at the page: no need to quarrel about a port
    stopping = threading.Event()
    with (
        _stopped_by_signals(stopping),
        open_stage(
            port=port,
            schedules=schedules,
            prompts=prompts,
            pause_s=0.0 if once else PAUSE_S,
            stopping=stopping,
            alive=not once,
        ) as stage,
    ):
        transcript = Transcript(stage.workspace, stage.zone, to_terminal)
        if once:
            return _play_once(stage, transcript)
        return _play_and_stay(stage, transcript, browser=browser, speed=speed)


def _play_once(stage: Stage, transcript: Transcript) -> int:
    _introduce(stage, transcript)
    story = Story(stage, transcript)
    try:
        told = story.play()
    except TimeoutError as missing:
        transcript.catch_up()
        transcript.line(f"\ndemo: something did not happen: {missing}")
        return FOUND_WRONG
    except Stopped:
        transcript.line("\ndemo: stopped")
        return FOUND_WRONG
    results = list(checks(stage, told))
    wrong = [claim for claim, holds in results if not holds]
    transcript.line()
    for claim in wrong:
        transcript.line(f"demo: not so: {claim}")
    if wrong:
        return FOUND_WRONG
    transcript.line(f"demo: {len(results)} checks passed")
    return DONE


def _introduce(stage: Stage, transcript: Transcript) -> None:
    people = [user for user in stage.workspace.users() if not user["is_bot"] and not user["deleted"]]
    messages = f"{stage.imported.messages_new:,} messages"
    transcript.line(f"{stage.community.name}, by the clocks of {stage.community.timezone}:")
    transcript.line(f"{len(people)} people, of whom the last fourteen weeks were imported ({messages}).")


def _play_and_stay(stage: Stage, transcript: Transcript, *, browser: bool, speed: float) -> int:
    page = stage.workspace.page_url
    transcript.line(f"The page is at {page}   (Ctrl-C ends the demo)")
    _introduce(stage, transcript)
    if browser and _has_windows():
        webbrowser.open(page)
    try:
        Story(stage, transcript).play()
        transcript.aside("That was the story, the rest is yours: be anybody, write, type /cop help, move time on.")
    except TimeoutError as missing:
        transcript.line(f"\ndemo: something did not happen: {missing}")
    except TakenOver:
        transcript.aside("You moved time yourself, so the story ends here: be anybody, write, type /cop help.")
    except Stopped:
        return DONE
    if not stage.time.taken_over.is_set():
        stage.time.play_at(speed)
    while not stage.stopping.wait(1.0):
        pass
    return DONE


def _has_windows() -> bool:
    """Whether a browser would open beside the terminal: without a display Linux would take a text one, in it."""
    return not sys.platform.startswith("linux") or bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


@contextmanager
def _stopped_by_signals(stopping: threading.Event) -> Iterator[None]:
    """Ctrl-C and SIGTERM end the demo in order. Outside the main thread signals are somebody else's matter."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = {number: signal.signal(number, lambda *_: stopping.set()) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
