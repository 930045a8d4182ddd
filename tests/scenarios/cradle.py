"""Starts ``copbot run`` as processes of their own that need not import anything: forked from one process that has it all already.

Importing takes longer than what most scenarios are about. ``Cradle`` is the test's side of it, one for each process of tests; run as a
script, this file is the process that bears the others.
"""

import atexit
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

LOOK_AGAIN_S = 0.02


class Born:
    """A process that was started so, as ``subprocess`` shows one."""

    def __init__(self, cradle: "Cradle", pid: int) -> None:
        self._cradle = cradle
        self.pid = pid
        self.returncode: int | None = None

    def poll(self) -> int | None:
        if self.returncode is None:
            self.returncode = self._cradle.code_of(self.pid)
        return self.returncode

    def wait(self, timeout: float) -> int:
        until = time.monotonic() + timeout
        while (code := self.poll()) is None:
            if time.monotonic() > until:
                raise subprocess.TimeoutExpired("copbot run", timeout)
            time.sleep(LOOK_AGAIN_S)
        return code

    def send_signal(self, which: int) -> None:
        if self.poll() is None:
            os.kill(self.pid, which)

    def kill(self) -> None:
        self.send_signal(signal.SIGKILL)


class Cradle:
    """The process that bears the others. It ends with the process of the tests."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[str] | None = None

    def start(self, folder: Path, environment: dict[str, str], log: Path) -> Born:
        """``copbot run`` in a folder, all that it says appended to ``log``."""
        return Born(self, self._ask({"folder": str(folder), "environment": environment, "log": str(log)}))

    def code_of(self, pid: int) -> int | None:
        """The exit code, negative for the signal that killed it; None while it runs."""
        code: int | None = self._ask({"pid": pid})
        return code

    def _ask(self, request: dict[str, Any]) -> Any:
        if self._process is None:
            self._process = subprocess.Popen(
                [sys.executable, __file__], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
            )
            atexit.register(self._end)
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps(request) + "\n")
        self._process.stdin.flush()
        return json.loads(self._process.stdout.readline())

    def _end(self) -> None:
        assert self._process is not None
        for pipe in (self._process.stdin, self._process.stdout):
            assert pipe is not None
            pipe.close()
        self._process.wait(timeout=60)


CRADLE = Cradle()


def _live(folder: str, environment: dict[str, str], log: str) -> None:
    import faulthandler

    from copbot import cli

    os.environ.clear()
    os.environ.update(environment)
    os.chdir(folder)
    nothing, said = os.open(os.devnull, os.O_RDONLY), os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    os.dup2(nothing, 0)
    os.dup2(said, 1)
    os.dup2(said, 2)
    faulthandler.enable()
    os._exit(cli.main(["run"]))


def _bear_all() -> None:
    import copbot.cli
    import copbot.wiring  # noqa: F401 - so that no life spends its time on it

    while line := sys.stdin.readline():
        request = json.loads(line)
        if "pid" in request:
            ended, status = os.waitpid(request["pid"], os.WNOHANG)
            answer = os.waitstatus_to_exitcode(status) if ended else None
        else:
            answer = os.fork()
            if answer == 0:
                _live(**request)
        print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    _bear_all()
