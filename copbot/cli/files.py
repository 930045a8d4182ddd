"""The coordinators' files: ``check``, ``schema``, ``preview``, ``plan``, ``replay``, ``when``."""

import argparse
import sys

from copbot.cli.terms import (
    DONE,
    FOUND_WRONG,
    Commands,
    add_command,
    count,
    print_json,
)
from copbot.core.errors import Mistake
from copbot.long_work import progress_of
from copbot.settings import load_settings


def add_to(commands: Commands) -> None:
    _add_check(commands)
    _add_schema(commands)
    _add_preview(commands)
    _add_plan(commands)
    _add_replay(commands)
    _add_when(commands)


def _add_check(commands: Commands) -> None:
    parser = add_command(
        commands, "check", "read the coordinators' files: every mistake, or what is unwise and the coming posts", _check
    )
    parser.add_argument("--next", type=count, default=5, metavar="N", help="coming posts to show (default 5)")
    parser.add_argument("--json", action="store_true", help="one JSON document on standard output")


def _check(options: argparse.Namespace) -> int:
    from copbot.adapters.clock import SystemClock
    from copbot.commands.checking import check, lines, summary
    from copbot.terminal import is_styled

    checked = check(load_settings(), SystemClock(), options.next)
    if options.json:
        print_json(checked.as_json())
    else:
        for line in lines(checked, styled=is_styled()):
            print(line)
        if checked.found.problems:
            print(summary(checked.found.problems), file=sys.stderr)
    return FOUND_WRONG if checked.found.problems else DONE


def _add_schema(commands: Commands) -> None:
    parser = add_command(commands, "schema", "the JSON Schema of the coordinators' files, for editors", _schema)
    parser.add_argument(
        "name",
        nargs="?",
        metavar="KEY",
        help="of a file that holds this key, such as community or posts; of any by default",
    )


def _schema(options: argparse.Namespace) -> int:
    from copbot.adapters.files.schema import names, schema

    if options.name is not None and options.name not in names():
        raise Mistake(f"schema: there is no key {options.name}: there is {', '.join(names())}")
    print_json(schema(options.name))
    return DONE


def _add_preview(commands: Commands) -> None:
    parser = add_command(commands, "preview", "what would be said, and when; sends nothing", _preview)
    parser.add_argument(
        "name",
        nargs="?",
        default="",
        metavar="POST|onboarding|digest",
        help="a post's id; without one, the two weeks to come",
    )
    parser.add_argument(
        "--at", default="", metavar="TIME", help='as of when, such as "2026-12-03 14:00"; now by default'
    )
    parser.add_argument(
        "--as",
        dest="as_name",
        default="",
        metavar="NAME",
        help="the newcomer's name in an onboarding, or the member whose digest it is",
    )
    parser.add_argument("--language", default="", metavar="CODE", help="what the newcomer reads, such as fr")
    parser.add_argument("--community", default="", metavar="ID", help="this community's, where there are several")


def _preview(options: argparse.Namespace) -> int:
    from copbot.adapters.clock import SystemClock
    from copbot.commands.previewing import preview

    names = ("name", "at", "as_name", "language", "community")
    for line in preview(load_settings(), SystemClock(), **{name: getattr(options, name) for name in names}):
        print(line)
    return DONE


def _add_plan(commands: Commands) -> None:
    parser = add_command(
        commands, "plan", "what will go out to whom in the coming days, and what would be held back", _plan
    )
    parser.add_argument("--days", type=int, default=14, metavar="N", help="so many days ahead; 14 by default")
    parser.add_argument("--community", default="", metavar="ID", help="this community's, where there are several")
    parser.add_argument("--json", action="store_true", help="one JSON document on standard output")


def _plan(options: argparse.Namespace) -> int:
    from copbot.adapters.clock import SystemClock
    from copbot.commands.planning import lines, plan

    found = plan(load_settings(), SystemClock(), options.days, options.community)
    if options.json:
        print_json(found.as_json())
    else:
        for line in lines(found):
            print(line)
    return DONE


def _add_replay(commands: Commands) -> None:
    parser = add_command(commands, "replay", "the files over the recorded history: what would have gone out", _replay)
    parser.add_argument("--since", required=True, metavar="DATE", help="from this date on, such as 2026-01-31")
    parser.add_argument("--until", default="", metavar="DATE", help="before this date; now by default")
    parser.add_argument("--against", default="", metavar="DIR", help="another version's schedules: only the difference")
    parser.add_argument("--community", default="", metavar="ID", help="this community's, where there are several")
    parser.add_argument("--json", action="store_true", help="one JSON document on standard output")


def _replay(options: argparse.Namespace) -> int:
    from copbot.adapters.clock import SystemClock
    from copbot.commands.replaying import Replaying

    wanted = {name: getattr(options, name) for name in ("since", "until", "against", "community")}
    replaying = Replaying(load_settings(), SystemClock(), **wanted)
    with progress_of("replay") as progress:
        replaying.run(progress)
    if options.json:
        print_json(replaying.as_json())
    else:
        for line in replaying.as_text():
            print(line)
    return DONE


def _add_when(commands: Commands) -> None:
    parser = add_command(
        commands, "when", "the best times learned in a channel, with their evidence, as a heatmap", _when
    )
    parser.add_argument("channel", metavar="CHANNEL", help="its name or ID")
    parser.add_argument("--community", default="", metavar="ID", help="by this community's clock and with its channels")
    parser.add_argument("--timezone", default="", metavar="TZ", help="of days and hours; the community's, else UTC")
    parser.add_argument("--json", action="store_true", help="one JSON document on standard output")


def _when(options: argparse.Namespace) -> int:
    from copbot.adapters.clock import SystemClock
    from copbot.commands.when import look
    from copbot.features.rhythm.learning.heatmap import heatmap
    from copbot.terminal import is_styled

    place = {"community": options.community, "timezone": options.timezone}
    learned = look(load_settings(), SystemClock(), options.channel, **place)
    if options.json:
        print_json(learned.as_json())
    else:
        print(heatmap(learned, styled=is_styled()))
    return DONE
