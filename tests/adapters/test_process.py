"""Processes by name: which is known to have ended."""

import os
import subprocess
import sys

import pytest

from copbot.adapters.process import has_ended, own_name


def named(number: int) -> str:
    room, _, chance = own_name().rpartition("/")
    return f"{room.rpartition('/')[0]}/{number}/{chance}"


def test_one_that_runs_has_not_ended_and_one_that_ran_has() -> None:
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as other:
        name = named(other.pid)
        assert not has_ended(name)
        other.kill()
        os.waitid(os.P_PID, other.pid, os.WEXITED | os.WNOWAIT)  # its parent has not looked yet
        if os.path.exists("/proc"):
            assert has_ended(name)
        other.wait()
        assert has_ended(name)


def test_an_earlier_one_with_this_ones_number_has_ended() -> None:
    assert has_ended(named(os.getpid()))


@pytest.mark.parametrize("name", ["", "nonsense", "another machine/1/0", f"another room/{2**22 + 1}/0"])
def test_of_others_nothing_is_known(name: str) -> None:
    assert not has_ended(name)
