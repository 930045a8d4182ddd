"""A process that starts ``copbot run`` again and again, each time with the step at which it is killed by SIGKILL.

Each run is forked from one process that has imported everything already: hundreds of lives in minutes. ``Nursery`` is the test's
side of it; run as a script, this file is the process itself.
"""

import json
import os
import signal
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any

STAGES = ("before commit", "after commit", "before request", "stored", "after answer")
"""Of the n-th commit before or after it; of the n-th post before the request, after Slack stored the message and before the answer
arrived (the workspace holds it back), and after the answer arrived, before anything was made of it.
"""

ANSWER_UNDER_WAY_S = 0.4


@dataclass(frozen=True)
class End:
    """When a life ends: at the ``nth`` step of its kind, or not by itself (``stage`` empty)."""

    stage: str = ""
    nth: int = 0


class Nursery:
    """The process that bears the lives, one at a time."""

    def __init__(self, folder: Path, environment: dict[str, str]) -> None:
        self._folder = folder
        self._environment = environment

    def __enter__(self) -> "Nursery":
        self._process = subprocess.Popen(
            [sys.executable, __file__],
            cwd=self._folder,
            env=self._environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._process.kill()
        self._process.wait(timeout=15)
        for pipe in (self._process.stdin, self._process.stdout):
            assert pipe is not None
            pipe.close()

    def bear(self, end: End) -> int:
        """Start ``copbot run``; its process id."""
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps({"stage": end.stage, "nth": end.nth}) + "\n")
        self._process.stdin.flush()
        return int(self._said()["pid"])

    def ended(self) -> int:
        """Wait for the end of the present life: its exit code, negative for the signal that killed it."""
        return int(self._said()["code"])

    def _said(self) -> dict[str, Any]:
        assert self._process.stdout is not None
        line: dict[str, Any] = json.loads(self._process.stdout.readline())
        return line


def _die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def _die_at(end: End) -> None:
    """Arrange for this process to be killed at a step."""
    import threading

    from slack_sdk.web.base_client import BaseClient
    from sqlalchemy.engine.default import DefaultDialect

    reached = dict.fromkeys(STAGES, 0)
    lock = threading.Lock()

    def reach(stage: str) -> bool:
        with lock:
            reached[stage] += 1
            return (stage, reached[stage]) == (end.stage, end.nth)

    commit, request = DefaultDialect.do_commit, BaseClient._perform_urllib_http_request_internal

    def do_commit(self: Any, connection: Any) -> None:
        if reach("before commit"):
            _die()
        commit(self, connection)
        if reach("after commit"):
            _die()

    def perform(self: Any, url: str, req: Any) -> Any:
        is_post = url.endswith("chat.postMessage")
        if is_post and reach("before request"):
            _die()
        if is_post and reach("stored"):
            threading.Timer(ANSWER_UNDER_WAY_S, _die).start()
        answer = request(self, url, req)
        if is_post and reach("after answer"):
            _die()
        return answer

    DefaultDialect.do_commit = do_commit  # type: ignore[assignment]
    BaseClient._perform_urllib_http_request_internal = perform  # type: ignore[method-assign]


def _live(end: End) -> None:
    from copbot import cli

    log = os.open("log", os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    for stream in (1, 2):
        os.dup2(log, stream)
    _die_at(end)
    os._exit(cli.main(["run"]))


def _bear_all() -> None:
    import copbot.cli
    import copbot.wiring  # noqa: F401 - so that no life spends its time on it

    while line := sys.stdin.readline():
        end = End(**json.loads(line))
        pid = os.fork()
        if pid == 0:
            _live(end)
        print(json.dumps({"pid": pid}), flush=True)
        print(json.dumps({"code": os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])}), flush=True)


if __name__ == "__main__":
    _bear_all()
