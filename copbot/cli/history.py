"""Bringing history in: ``import``, ``backfill``, ``rebuild``."""

import argparse
import sys
from pathlib import Path

from copbot.cli.terms import (
    DONE,
    FOUND_WRONG,
    STOPPED,
    Commands,
    add_command,
    print_json,
    tell,
)
from copbot.core.errors import SlackUnavailable
from copbot.long_work import progress_of
from copbot.settings import load_settings


def add_to(commands: Commands) -> None:
    _add_import(commands)
    _add_backfill(commands)
    _add_rebuild(commands)


def _add_import(commands: Commands) -> None:
    parser = add_command(commands, "import", "read history from a standard Slack export", _import)
    parser.add_argument("export", type=Path, metavar="EXPORT", help="the export, a zip file or a folder")
    parser.add_argument("--json", action="store_true", help="one JSON document on standard output")


def _import(options: argparse.Namespace) -> int:
    from copbot.adapters.clock import SystemClock
    from copbot.adapters.export import open_export
    from copbot.features.history.service import import_history
    from copbot.features.history.views import document, summary
    from copbot.stores import keep_as_told, open_store

    settings = load_settings()
    with open_export(options.export) as export, open_store(settings) as store:
        if problem := keep_as_told(settings, store, export, SystemClock()):
            told = "no text is kept until that is mended (`copbot check` shows all): then import it again"
            print(f"copbot: {problem}; {told}", file=sys.stderr)
        try:
            with progress_of(options.export.name) as progress:
                imported = import_history(store, export, progress)
        except KeyboardInterrupt:
            print("copbot: stopped; what was read so far is kept, and importing again goes on from it", file=sys.stderr)
            return STOPPED
    if options.json:
        print_json(document(imported))
    else:
        print(summary(imported))
    return DONE


def _add_backfill(commands: Commands) -> None:
    parser = add_command(commands, "backfill", "read the channels' history from Slack, within its limits", _backfill)
    parser.add_argument(
        "--since", default="", metavar="DATE", help="from this date on, such as 2026-01-31; all by default"
    )
    parser.add_argument(
        "--channel", action="append", default=[], metavar="C", help="this channel, watched or not; may be repeated"
    )
    parser.add_argument("--community", default="", metavar="ID", help="this community's channels, and its time zone")
    parser.add_argument("--json", action="store_true", help="one JSON document on standard output")


def _backfill(options: argparse.Namespace) -> int:
    from copbot.adapters.clock import SystemClock
    from copbot.commands.backfill import Backfilling

    def tell(line: str) -> None:
        print(f"copbot: {line}", file=sys.stderr)

    wanted = {"since": options.since, "community": options.community, "references": options.channel}
    backfilling = Backfilling(load_settings(), SystemClock(), tell, **wanted)
    try:
        with progress_of("backfill") as progress:
            backfilling.run(progress)
    except KeyboardInterrupt:
        tell("stopped; what was read so far is kept, and `copbot backfill` goes on from it")
        return STOPPED
    except SlackUnavailable as away:
        tell(f"Slack cannot be reached ({away}): what was read so far is kept; run it again when Slack is back")
        return FOUND_WRONG
    if options.json:
        print_json(backfilling.as_json())
    else:
        for line in backfilling.as_text():
            print(line)
    for line in backfilling.refused:
        tell(line)
    return FOUND_WRONG if backfilling.refused else DONE


def _add_rebuild(commands: Commands) -> None:
    parser = add_command(commands, "rebuild", "compute the roll-ups, from which figures are read, again", _rebuild)
    parser.add_argument("--check", action="store_true", help="only compare them with the facts; 1 where they differ")
    parser.add_argument("--json", action="store_true", help="one JSON document on standard output")


def _rebuild(options: argparse.Namespace) -> int:
    from copbot.commands.rebuilding import Comparison, Rebuilding
    from copbot.stores import existing_store

    with existing_store(load_settings()) as store:
        if options.check:
            compared = Comparison(store)
            tell(options, compared)
            return FOUND_WRONG if compared.differences else DONE
        rebuilding = Rebuilding(store)
        try:
            with progress_of("rebuild") as progress:
                rebuilding.run(progress)
        except KeyboardInterrupt:
            told = "stopped; `copbot rebuild` goes on from here, and figures are right meanwhile"
            print(f"copbot: {told}", file=sys.stderr)
            return STOPPED
    tell(options, rebuilding)
    return DONE
