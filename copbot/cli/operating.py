"""Looking after the database: ``doctor``, ``backup``, ``restore``, ``upgrade``, ``move``."""

import argparse
import sys
from pathlib import Path

from copbot.cli.terms import (
    DONE,
    FOUND_WRONG,
    STOPPED,
    Commands,
    add_command,
    tell,
)
from copbot.long_work import progress_of
from copbot.settings import load_settings


def add_to(commands: Commands) -> None:
    _add_doctor(commands)
    _add_backup(commands)
    _add_restore(commands)
    _add_upgrade(commands)
    _add_move(commands)


def _add_doctor(commands: Commands) -> None:
    parser = add_command(
        commands, "doctor", "what copbot stands on: what works, what does not, how to mend it", _doctor
    )
    parser.add_argument("--json", action="store_true", help="one JSON document on standard output")


def _doctor(options: argparse.Namespace) -> int:
    from copbot.adapters.clock import SystemClock
    from copbot.commands.doctor import examine

    examination = examine(load_settings(), SystemClock())
    tell(options, examination)
    return DONE if examination.is_well else FOUND_WRONG


def _add_backup(commands: Commands) -> None:
    parser = add_command(commands, "backup", "an online, consistent copy of the database, looked through", _backup)
    parser.add_argument("file", type=Path, metavar="FILE", help="where it goes; best on another disk")
    parser.add_argument("--force", action="store_true", help="write over a file that is there")
    parser.add_argument("--json", action="store_true", help="one JSON document on standard output")


def _backup(options: argparse.Namespace) -> int:
    from copbot.commands.backing_up import BackedUp

    try:
        with progress_of("backup") as progress:
            done = BackedUp(load_settings(), options.file, progress, force=options.force)
    except KeyboardInterrupt:
        print("copbot: stopped; no backup was made", file=sys.stderr)
        return STOPPED
    tell(options, done)
    return DONE


def _add_restore(commands: Commands) -> None:
    parser = add_command(commands, "restore", "put a backup in the database's place", _restore)
    parser.add_argument("file", type=Path, metavar="FILE", help="what `copbot backup` made")
    parser.add_argument("--force", action="store_true", help="also where there is a database, which is kept beside")
    parser.add_argument("--json", action="store_true", help="one JSON document on standard output")


def _restore(options: argparse.Namespace) -> int:
    from copbot.adapters.clock import SystemClock
    from copbot.commands.backing_up import PutBack

    try:
        with progress_of("restore") as progress:
            done = PutBack(load_settings(), options.file, SystemClock(), progress, force=options.force)
    except KeyboardInterrupt:
        print("copbot: stopped; the database is as it was", file=sys.stderr)
        return STOPPED
    tell(options, done)
    return DONE


def _add_upgrade(commands: Commands) -> None:
    parser = add_command(
        commands, "upgrade", "bring the database to this version, with a copy kept and checked", _upgrade
    )
    parser.add_argument("--rehearse", action="store_true", help="on a copy alone: what changes, and how long it takes")
    parser.add_argument("--without-copy", action="store_true", help="where there is no room for one, and a backup")
    parser.add_argument("--json", action="store_true", help="one JSON document on standard output")


def _upgrade(options: argparse.Namespace) -> int:
    from copbot.adapters.clock import SystemClock
    from copbot.commands.upgrading import upgrade

    try:
        with progress_of("upgrade") as progress:
            done = upgrade(
                *(load_settings(), SystemClock(), progress),
                rehearse=options.rehearse,
                keeps_copy=not options.without_copy,
            )
    except KeyboardInterrupt:
        print("copbot: stopped; `copbot upgrade` goes on from here", file=sys.stderr)
        return STOPPED
    tell(options, done)
    return DONE if done.is_well else FOUND_WRONG


def _add_move(commands: Commands) -> None:
    parser = add_command(
        commands, "move", "carry everything over to another, empty database, whole or not at all", _move
    )
    parser.add_argument("--to", required=True, metavar="URL", help="such as postgresql://user:password@host/copbot")
    parser.add_argument("--json", action="store_true", help="one JSON document on standard output")


def _move(options: argparse.Namespace) -> int:
    from copbot.adapters.clock import SystemClock
    from copbot.commands.moving import move

    try:
        with progress_of("move") as progress:
            moved = move(load_settings(), SystemClock(), options.to, progress)
    except KeyboardInterrupt:
        print("copbot: stopped; nothing was moved, the other database is as empty as before", file=sys.stderr)
        return STOPPED
    tell(options, moved)
    return DONE
