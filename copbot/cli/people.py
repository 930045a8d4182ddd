"""What was done, and what is stored about one person: ``audit``, ``export-member``, ``forget``."""

import argparse
import sys
from pathlib import Path

from copbot.cli.terms import (
    DONE,
    FOUND_WRONG,
    Commands,
    add_command,
    print_json,
    tell,
)
from copbot.core.errors import Mistake
from copbot.settings import load_settings


def add_to(commands: Commands) -> None:
    _add_audit(commands)
    _add_export_member(commands)
    _add_forget(commands)


def _add_audit(commands: Commands) -> None:
    parser = add_command(commands, "audit", "what moderators and coordinators did, and what was refused", _audit)
    parser.add_argument(
        "--since", default="", metavar="D", help="from this date on, such as 2026-01-31; all by default"
    )
    parser.add_argument("--community", default="", metavar="ID", help="in this community, and by its clock")
    parser.add_argument("--json", action="store_true", help="one JSON document on standard output")


def _audit(options: argparse.Namespace) -> int:
    from copbot.commands.auditing import Auditing

    tell(options, Auditing(load_settings(), options.since, options.community))
    return DONE


def _add_export_member(commands: Commands) -> None:
    parser = add_command(
        commands, "export-member", "all that is stored about one person, as JSON and CSV", _export_member
    )
    parser.add_argument("user", metavar="USER", help="a user ID, or a name that nobody else has")
    parser.add_argument("--out", type=Path, metavar="DIR", help="where the files go; member-USER by default")
    parser.add_argument("--json", action="store_true", help="one JSON document on standard output, and no files")


def _export_member(options: argparse.Namespace) -> int:
    from copbot.adapters.clock import SystemClock
    from copbot.commands.own_data import MemberCopy
    from copbot.stores import existing_store

    with existing_store(load_settings()) as store:
        copy = MemberCopy(store, SystemClock(), options.user)
    if options.json:
        print_json(copy.as_json())
    else:
        print(copy.as_text(copy.write(options.out)))
    return DONE


def _add_forget(commands: Commands) -> None:
    parser = add_command(commands, "forget", "erase one person for good; counts stay, without them", _forget)
    parser.add_argument("user", metavar="USER", help="a user ID, or a name that nobody else has")
    parser.add_argument("--yes", action="store_true", help="do not ask")
    parser.add_argument("--json", action="store_true", help="one JSON document on standard output")


def _forget(options: argparse.Namespace) -> int:
    from copbot.adapters.clock import SystemClock
    from copbot.commands.own_data import Forgetting, context_of
    from copbot.stores import existing_store

    settings, clock = load_settings(), SystemClock()
    with existing_store(settings) as store:
        forgetting = Forgetting(store, clock, options.user, context_of(settings, store, clock))
        if not options.yes and not forgetting.confirmed(_asked_on_terminal):
            print("copbot: nothing was erased", file=sys.stderr)
            return FOUND_WRONG
        forgetting.run()
    tell(options, forgetting)
    return DONE


def _asked_on_terminal(question: str) -> str:
    """What the operator types. Where there is no terminal nobody is asked: they say it beforehand."""
    if not sys.stdin.isatty():
        raise Mistake("forget: there is no terminal to ask on: `copbot forget USER --yes` erases without asking")
    print(question, end="", file=sys.stderr, flush=True)
    return sys.stdin.readline()
