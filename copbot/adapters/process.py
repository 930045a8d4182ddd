"""Processes by name: which one holds something in the database, and whether it is gone for certain."""

import os
import socket
import uuid
from pathlib import Path

_PROC = Path("/proc")


def own_name() -> str:
    """This machine, the room in which process numbers count, this process's number, and something of chance."""
    return f"{_room()}/{os.getpid()}/{uuid.uuid4().hex}"


def has_ended(name: str) -> bool:
    """Whether the process of that name is known to have ended: one of this very machine and room, whose number nobody has, or somebody
    new. Of others nothing is known, and of one that only stands still neither."""
    room, _, rest = name.rpartition("/")[0].rpartition("/")
    if room != _room() or not rest.isdigit():
        return False
    number = int(rest)
    return number == os.getpid() or not _runs(number)


def _room() -> str:
    """The machine since its start, and the container: numbers of processes say nothing beyond it."""
    try:
        since_start = (_PROC / "sys/kernel/random/boot_id").read_text().strip()
        numbers = os.readlink(_PROC / "self/ns/pid")
    except OSError:
        return socket.gethostname()
    return f"{socket.gethostname()} {since_start} {numbers}"


def _runs(number: int) -> bool:
    try:
        os.kill(number, 0)
    except ProcessLookupError:
        return False
    except OSError:  # it is somebody else's
        return True
    try:
        state = (_PROC / str(number) / "stat").read_text().rpartition(")")[2].split()[0]
    except (OSError, IndexError):
        return True
    return state not in {"Z", "X"}  # ended, and its parent has not looked yet
