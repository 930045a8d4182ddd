"""The commands. Thin: arguments in, a use case called, its result printed."""

import argparse
import errno
import json
import logging
import os
import sys
import threading
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Protocol, TypeAlias

from copbot import __version__
from copbot.core.errors import Mistake, SlackGone, SlackUnavailable
from copbot.logs import set_up_logs
from copbot.long_work import on_stop_signals, progress_of
from copbot.settings import load_settings

Commands: TypeAlias = "argparse._SubParsersAction[argparse.ArgumentParser]"

DONE, FOUND_WRONG, WRONG_USE, SLACK_GONE = 0, 1, 2, 3
STATS = {
    "activity": "when members write, by hour of the week",
    "threads": "what is asked, and how soon somebody answers",
    "members": "who takes part, and at which level",
    "retention": "who comes back, month by month",
    "newcomers": "who joined, and what became of it",
}
STOPPED = 130  # as shells say it of whoever was stopped by Ctrl-C

log = logging.getLogger(__name__)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command; the exit code is 0 done, 1 found something wrong, 2 wrong use or settings, 3 Slack refused for good."""
    options = _parser().parse_args(arguments)
    try:
        code = int(options.run(options))
        if sys.stdout is not None:  # as with `>&-`
            sys.stdout.flush()
        return code
    except Mistake as mistake:
        print(f"copbot: {mistake}", file=sys.stderr)
        return WRONG_USE
    except SlackGone as gone:
        print(f"copbot: {gone_in_words(gone.error)}", file=sys.stderr)
        return SLACK_GONE
    except KeyboardInterrupt:
        return STOPPED
    except BrokenPipeError:  # who reads has seen enough, as with `| head`
        _let_go_of_stdout()
        return DONE
    except OSError as refused:
        if refused.errno not in (errno.ENOSPC, errno.EDQUOT, errno.EIO):
            raise
        _let_go_of_stdout()
        print(f"copbot: {refused.strerror}: make room, or write elsewhere, and run it again", file=sys.stderr)
        return WRONG_USE


def _let_go_of_stdout() -> None:
    """What is still to be written there goes nowhere, so that nothing complains when Python ends."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, sys.stdout.fileno())
    os.close(nowhere)


def gone_in_words(error: str) -> str:
    """What to do when Slack no longer accepts the token."""
    return (
        f"Slack refused the token for good ({error}): check SLACK_BOT_TOKEN and SLACK_APP_TOKEN, or install the app again "
        "at https://api.slack.com/apps > your app > Install App. Nothing that was stored is lost"
    )


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="copbot", description="A Slack bot that facilitates communities of practice.")
    parser.add_argument("--version", action="version", version=f"copbot {__version__}")
    commands = parser.add_subparsers(title="commands", metavar="COMMAND", required=True)
    _add_demo(commands)
    _add_run(commands)
    _add_check(commands)
    _add_schema(commands)
    _add_preview(commands)
    _add_plan(commands)
    _add_replay(commands)
    _add_manifest(commands)
    _add_import(commands)
    _add_backfill(commands)
    _add_stats(commands)
    _add_threads(commands)
    _add_rebuild(commands)
    _add_backup(commands)
    _add_restore(commands)
    _add_upgrade(commands)
    _add_move(commands)
    _add_doctor(commands)
    _add_when(commands)
    _add_report(commands)
    _add_digest(commands)
    _add_audit(commands)
    _add_export_member(commands)
    _add_forget(commands)
    return parser


def command_names() -> list[str]:
    """The commands that there are."""
    subcommands = next(action for action in _parser()._actions if isinstance(action, argparse._SubParsersAction))
    return list(subcommands.choices)


def _command(
    commands: Commands,
    name: str,
    summary: str,
    run: Callable[[argparse.Namespace], int],
) -> argparse.ArgumentParser:
    parser = commands.add_parser(name, help=summary, description=summary[0].upper() + summary[1:] + ".")
    parser.set_defaults(run=run)
    return parser


# -- run


def _add_run(commands: Commands) -> None:
    _command(commands, "run", "connect to Slack and serve until stopped", _run)


def _run(_options: argparse.Namespace) -> int:
    from copbot.adapters.clock import SystemClock
    from copbot.serving import watched
    from copbot.wiring import build

    settings = load_settings()
    set_up_logs(settings.copbot_log_level, settings.copbot_log_format)
    # Whoever decides or sends gives way sooner to what is being taken in: Slack waits for that (5 ms is Python's default).
    sys.setswitchinterval(0.0005)
    stopping = threading.Event()
    on_stop_signals(stopping.set)
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


# -- demo


def _add_demo(commands: Commands) -> None:
    parser = _command(commands, "demo", "a whole community on this machine, without a Slack account", _demo)
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


# -- check


def _add_check(commands: Commands) -> None:
    parser = _command(
        commands, "check", "read the coordinators' files: every mistake, or what is unwise and the coming posts", _check
    )
    parser.add_argument("--next", type=_count, default=5, metavar="N", help="coming posts to show (default 5)")
    parser.add_argument("--json", action="store_true", help="one JSON document on standard output")


def _check(options: argparse.Namespace) -> int:
    from copbot.adapters.clock import SystemClock
    from copbot.checking import check, lines, summary
    from copbot.terminal import is_styled

    checked = check(load_settings(), SystemClock(), options.next)
    if options.json:
        _print_json(checked.as_json())
    else:
        for line in lines(checked, styled=is_styled()):
            print(line)
        if checked.found.problems:
            print(summary(checked.found.problems), file=sys.stderr)
    return FOUND_WRONG if checked.found.problems else DONE


# -- schema


def _add_schema(commands: Commands) -> None:
    parser = _command(commands, "schema", "the JSON Schema of the coordinators' files, for editors", _schema)
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
    _print_json(schema(options.name))
    return DONE


# -- preview


def _add_preview(commands: Commands) -> None:
    parser = _command(commands, "preview", "what would be said, and when; sends nothing", _preview)
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
    from copbot.previewing import preview

    names = ("name", "at", "as_name", "language", "community")
    for line in preview(load_settings(), SystemClock(), **{name: getattr(options, name) for name in names}):
        print(line)
    return DONE


# -- plan


def _add_plan(commands: Commands) -> None:
    parser = _command(
        commands, "plan", "what will go out to whom in the coming days, and what would be held back", _plan
    )
    parser.add_argument("--days", type=int, default=14, metavar="N", help="so many days ahead; 14 by default")
    parser.add_argument("--community", default="", metavar="ID", help="this community's, where there are several")
    parser.add_argument("--json", action="store_true", help="one JSON document on standard output")


def _plan(options: argparse.Namespace) -> int:
    from copbot.adapters.clock import SystemClock
    from copbot.planning import lines, plan

    found = plan(load_settings(), SystemClock(), options.days, options.community)
    if options.json:
        _print_json(found.as_json())
    else:
        for line in lines(found):
            print(line)
    return DONE


# -- replay


def _add_replay(commands: Commands) -> None:
    parser = _command(commands, "replay", "the files over the recorded history: what would have gone out", _replay)
    parser.add_argument("--since", required=True, metavar="DATE", help="from this date on, such as 2026-01-31")
    parser.add_argument("--until", default="", metavar="DATE", help="before this date; now by default")
    parser.add_argument("--against", default="", metavar="DIR", help="another version's schedules: only the difference")
    parser.add_argument("--community", default="", metavar="ID", help="this community's, where there are several")
    parser.add_argument("--json", action="store_true", help="one JSON document on standard output")


def _replay(options: argparse.Namespace) -> int:
    from copbot.adapters.clock import SystemClock
    from copbot.replaying import Replaying

    wanted = {name: getattr(options, name) for name in ("since", "until", "against", "community")}
    replaying = Replaying(load_settings(), SystemClock(), **wanted)
    with progress_of("replay") as progress:
        replaying.run(progress)
    if options.json:
        _print_json(replaying.as_json())
    else:
        for line in replaying.as_text():
            print(line)
    return DONE


# -- import


def _add_import(commands: Commands) -> None:
    parser = _command(commands, "import", "read history from a standard Slack export", _import)
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
        _print_json(document(imported))
    else:
        print(summary(imported))
    return DONE


# -- backfill


def _add_backfill(commands: Commands) -> None:
    parser = _command(commands, "backfill", "read the channels' history from Slack, within its limits", _backfill)
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
    from copbot.backfill import Backfilling

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
        _print_json(backfilling.as_json())
    else:
        for line in backfilling.as_text():
            print(line)
    for line in backfilling.refused:
        tell(line)
    return FOUND_WRONG if backfilling.refused else DONE


# -- backup, restore


def _add_backup(commands: Commands) -> None:
    parser = _command(commands, "backup", "an online, consistent copy of the database, looked through", _backup)
    parser.add_argument("file", type=Path, metavar="FILE", help="where it goes; best on another disk")
    parser.add_argument("--force", action="store_true", help="write over a file that is there")
    parser.add_argument("--json", action="store_true", help="one JSON document on standard output")


def _backup(options: argparse.Namespace) -> int:
    from copbot.backing_up import BackedUp

    try:
        with progress_of("backup") as progress:
            done = BackedUp(load_settings(), options.file, progress, force=options.force)
    except KeyboardInterrupt:
        print("copbot: stopped; no backup was made", file=sys.stderr)
        return STOPPED
    _tell(options, done)
    return DONE


def _add_restore(commands: Commands) -> None:
    parser = _command(commands, "restore", "put a backup in the database's place", _restore)
    parser.add_argument("file", type=Path, metavar="FILE", help="what `copbot backup` made")
    parser.add_argument("--force", action="store_true", help="also where there is a database, which is kept beside")
    parser.add_argument("--json", action="store_true", help="one JSON document on standard output")


def _restore(options: argparse.Namespace) -> int:
    from copbot.adapters.clock import SystemClock
    from copbot.backing_up import PutBack

    try:
        with progress_of("restore") as progress:
            done = PutBack(load_settings(), options.file, SystemClock(), progress, force=options.force)
    except KeyboardInterrupt:
        print("copbot: stopped; the database is as it was", file=sys.stderr)
        return STOPPED
    _tell(options, done)
    return DONE


# -- upgrade


def _add_upgrade(commands: Commands) -> None:
    parser = _command(commands, "upgrade", "bring the database to this version, with a copy kept and checked", _upgrade)
    parser.add_argument("--rehearse", action="store_true", help="on a copy alone: what changes, and how long it takes")
    parser.add_argument("--without-copy", action="store_true", help="where there is no room for one, and a backup")
    parser.add_argument("--json", action="store_true", help="one JSON document on standard output")


def _upgrade(options: argparse.Namespace) -> int:
    from copbot.adapters.clock import SystemClock
    from copbot.upgrading import upgrade

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
    _tell(options, done)
    return DONE if done.is_well else FOUND_WRONG


# -- stats


def _add_stats(commands: Commands) -> None:
    parser = commands.add_parser(
        "stats",
        help="figures: activity, threads, members, retention, newcomers",
        description="Figures, as docs/figures.md defines them.",
    )
    figures = parser.add_subparsers(title="figures", metavar="FIGURE", required=True)
    for name, summary in STATS.items():
        figure = _command(figures, name, summary, _stats)
        figure.set_defaults(figure=name)
        figure.add_argument(
            "--channel", action="append", default=[], metavar="C", help="this channel only; may be repeated"
        )
        figure.add_argument("--since", metavar="D", help="from this date on, such as 2026-01-31")
        figure.add_argument("--until", metavar="D", help="before this date; now by default")
        figure.add_argument("--timezone", metavar="TZ", help="of dates, hours and weeks; UTC by default")
        figure.add_argument("--community", metavar="ID", help="this community's channels, time zone and rules")
        figure.add_argument("--json", action="store_true", help="one JSON document on standard output")
        figure.set_defaults(by=None)
        if name == "threads":
            figure.add_argument("--by", choices=("channel", "month"), help="coverage with intervals, and who answers")


def _stats(options: argparse.Namespace) -> int:
    from copbot.adapters.clock import SystemClock
    from copbot.stats import Narrowed, as_json, coverage, stats

    narrowed = Narrowed(options.community, options.since, options.until, options.timezone, options.channel)
    figure = partial(coverage, by=options.by) if options.by else partial(stats, name=options.figure)
    document, table = figure(load_settings(), SystemClock(), narrowed)
    print(as_json(document) if options.json else table())
    return DONE


# -- threads


def _add_threads(commands: Commands) -> None:
    parser = _command(commands, "threads", "each thread: whether it asks, and who answered first", _threads)
    parser.add_argument(
        "--channel", action="append", default=[], metavar="C", help="this channel only; may be repeated"
    )
    parser.add_argument("--since", metavar="D", help="from this date on, such as 2026-01-31")
    parser.add_argument("--until", metavar="D", help="before this date; now by default")
    parser.add_argument("--waiting", action="store_true", help="only those that ask and have no answer")
    parser.add_argument("--timezone", default="", metavar="TZ", help="of dates; UTC by default")
    parser.add_argument("--community", default="", metavar="ID", help="the channels that this community watches")
    parser.add_argument("--json", action="store_true", help="one JSON document on standard output")


def _threads(options: argparse.Namespace) -> int:
    from copbot.adapters.clock import SystemClock
    from copbot.threads_listing import Wanted, tell

    wanted = Wanted(
        channels=options.channel,
        **{name: getattr(options, name) for name in ("since", "until", "timezone", "community", "waiting")},
    )
    tell(load_settings(), SystemClock(), wanted, print, as_json=options.json)
    return DONE


# -- move


def _add_move(commands: Commands) -> None:
    parser = _command(commands, "move", "carry everything over to another, empty database, whole or not at all", _move)
    parser.add_argument("--to", required=True, metavar="URL", help="such as postgresql://user:password@host/copbot")
    parser.add_argument("--json", action="store_true", help="one JSON document on standard output")


def _move(options: argparse.Namespace) -> int:
    from copbot.adapters.clock import SystemClock
    from copbot.moving import move

    try:
        with progress_of("move") as progress:
            moved = move(load_settings(), SystemClock(), options.to, progress)
    except KeyboardInterrupt:
        print("copbot: stopped; nothing was moved, the other database is as empty as before", file=sys.stderr)
        return STOPPED
    _tell(options, moved)
    return DONE


# -- rebuild


def _add_rebuild(commands: Commands) -> None:
    parser = _command(commands, "rebuild", "compute the roll-ups, from which figures are read, again", _rebuild)
    parser.add_argument("--check", action="store_true", help="only compare them with the facts; 1 where they differ")
    parser.add_argument("--json", action="store_true", help="one JSON document on standard output")


def _rebuild(options: argparse.Namespace) -> int:
    from copbot.rebuilding import Comparison, Rebuilding
    from copbot.stores import existing_store

    with existing_store(load_settings()) as store:
        if options.check:
            compared = Comparison(store)
            _tell(options, compared)
            return FOUND_WRONG if compared.differences else DONE
        rebuilding = Rebuilding(store)
        try:
            with progress_of("rebuild") as progress:
                rebuilding.run(progress)
        except KeyboardInterrupt:
            told = "stopped; `copbot rebuild` goes on from here, and figures are right meanwhile"
            print(f"copbot: {told}", file=sys.stderr)
            return STOPPED
    _tell(options, rebuilding)
    return DONE


# -- doctor


def _add_doctor(commands: Commands) -> None:
    parser = _command(commands, "doctor", "what copbot stands on: what works, what does not, how to mend it", _doctor)
    parser.add_argument("--json", action="store_true", help="one JSON document on standard output")


def _doctor(options: argparse.Namespace) -> int:
    from copbot.adapters.clock import SystemClock
    from copbot.doctor import examine

    examination = examine(load_settings(), SystemClock())
    _tell(options, examination)
    return DONE if examination.is_well else FOUND_WRONG


# -- when


def _add_when(commands: Commands) -> None:
    parser = _command(commands, "when", "the best times learned in a channel, with their evidence, as a heatmap", _when)
    parser.add_argument("channel", metavar="CHANNEL", help="its name or ID")
    parser.add_argument("--community", default="", metavar="ID", help="by this community's clock and with its channels")
    parser.add_argument("--timezone", default="", metavar="TZ", help="of days and hours; the community's, else UTC")
    parser.add_argument("--json", action="store_true", help="one JSON document on standard output")


def _when(options: argparse.Namespace) -> int:
    from copbot.adapters.clock import SystemClock
    from copbot.features.rhythm.learning.heatmap import heatmap
    from copbot.terminal import is_styled
    from copbot.when import look

    place = {"community": options.community, "timezone": options.timezone}
    learned = look(load_settings(), SystemClock(), options.channel, **place)
    if options.json:
        _print_json(learned.as_json())
    else:
        print(heatmap(learned, styled=is_styled()))
    return DONE


# -- report


def _add_report(commands: Commands) -> None:
    parser = _command(commands, "report", "the monthly report: one HTML file with charts, and CSV files", _report)
    parser.add_argument("--month", default="", metavar="MONTH", help="such as 2026-10; the last whole month by default")
    parser.add_argument("--community", default="", metavar="ID", help="this community's, where there are several")
    parser.add_argument("--timezone", default="", metavar="TZ", help="of days and months; the community's, else UTC")
    parser.add_argument("--out", type=Path, metavar="DIR", help="where the files go; report-MONTH by default")
    parser.add_argument(
        "--names", action="store_true", help="with an appendix that names members, for moderators alone"
    )
    parser.add_argument("--json", action="store_true", help="one JSON document on standard output")


def _report(options: argparse.Namespace) -> int:
    from copbot.adapters.clock import SystemClock
    from copbot.reporting import Reporting

    wanted = {name: getattr(options, name) for name in ("community", "month", "timezone", "names")}
    reporting = Reporting(load_settings(), SystemClock(), **wanted)
    files = reporting.write(options.out)
    if options.json:
        _print_json(reporting.as_json(files))
    else:
        for line in reporting.as_text(files):
            print(line)
    return DONE


# -- audit


def _add_audit(commands: Commands) -> None:
    parser = _command(commands, "audit", "what moderators and coordinators did, and what was refused", _audit)
    parser.add_argument(
        "--since", default="", metavar="D", help="from this date on, such as 2026-01-31; all by default"
    )
    parser.add_argument("--community", default="", metavar="ID", help="in this community, and by its clock")
    parser.add_argument("--json", action="store_true", help="one JSON document on standard output")


def _audit(options: argparse.Namespace) -> int:
    from copbot.auditing import Auditing

    _tell(options, Auditing(load_settings(), options.since, options.community))
    return DONE


# -- export-member, forget


def _add_export_member(commands: Commands) -> None:
    parser = _command(commands, "export-member", "all that is stored about one person, as JSON and CSV", _export_member)
    parser.add_argument("user", metavar="USER", help="a user ID, or a name that nobody else has")
    parser.add_argument("--out", type=Path, metavar="DIR", help="where the files go; member-USER by default")
    parser.add_argument("--json", action="store_true", help="one JSON document on standard output, and no files")


def _export_member(options: argparse.Namespace) -> int:
    from copbot.adapters.clock import SystemClock
    from copbot.own_data import MemberCopy
    from copbot.stores import existing_store

    with existing_store(load_settings()) as store:
        copy = MemberCopy(store, SystemClock(), options.user)
    if options.json:
        _print_json(copy.as_json())
    else:
        print(copy.as_text(copy.write(options.out)))
    return DONE


def _add_forget(commands: Commands) -> None:
    parser = _command(commands, "forget", "erase one person for good; counts stay, without them", _forget)
    parser.add_argument("user", metavar="USER", help="a user ID, or a name that nobody else has")
    parser.add_argument("--yes", action="store_true", help="do not ask")
    parser.add_argument("--json", action="store_true", help="one JSON document on standard output")


def _forget(options: argparse.Namespace) -> int:
    from copbot.adapters.clock import SystemClock
    from copbot.own_data import Forgetting
    from copbot.stores import existing_store

    with existing_store(load_settings()) as store:
        forgetting = Forgetting(store, SystemClock(), options.user)
        if not options.yes and not forgetting.confirmed(_asked_on_terminal):
            print("copbot: nothing was erased", file=sys.stderr)
            return FOUND_WRONG
        forgetting.run()
    _tell(options, forgetting)
    return DONE


def _asked_on_terminal(question: str) -> str:
    """What the operator types. Where there is no terminal nobody is asked: they say it beforehand."""
    if not sys.stdin.isatty():
        raise Mistake("forget: there is no terminal to ask on: `copbot forget USER --yes` erases without asking")
    print(question, end="", file=sys.stderr, flush=True)
    return sys.stdin.readline()


# -- digest


def _add_digest(commands: Commands) -> None:
    parser = _command(commands, "digest", "what was talked about, as a page and as text to send on", _digest)
    parser.add_argument("--since", default="", metavar="DATE", help="such as 2026-11-15; a week ago by default")
    parser.add_argument("--community", default="", metavar="ID", help="this community's, where there are several")
    parser.add_argument("--out", type=Path, metavar="DIR", help="where the files go; digest-DATE by default")
    parser.add_argument("--json", action="store_true", help="one JSON document on standard output")


def _digest(options: argparse.Namespace) -> int:
    from copbot.adapters.clock import SystemClock
    from copbot.digesting import Digesting

    digesting = Digesting(load_settings(), SystemClock(), community=options.community, since=options.since)
    files = digesting.write(options.out)
    if options.json:
        _print_json(digesting.as_json(files))
    else:
        for line in digesting.as_text(files):
            print(line)
    return DONE


# -- manifest


def _add_manifest(commands: Commands) -> None:
    parser = _command(commands, "manifest", "print the Slack app manifest to paste", _manifest)
    parser.add_argument("--url", metavar="URL", help="for HTTP mode: where Slack reaches this bot, https://…")


def _manifest(options: argparse.Namespace) -> int:
    from copbot.adapters.manifest import manifest_yaml, request_url

    url = None if options.url is None else request_url(options.url)
    print(manifest_yaml(load_settings().copbot_command, url), end="")
    return DONE


class _Telling(Protocol):
    def as_json(self) -> object: ...
    def as_text(self) -> str: ...


def _tell(options: argparse.Namespace, done: _Telling) -> None:
    if options.json:
        _print_json(done.as_json())
    else:
        print(done.as_text())


def _print_json(document: object) -> None:
    print(json.dumps(document, ensure_ascii=False, indent=1, default=str))


def _count(text: str) -> int:
    if not text.isdecimal():
        raise argparse.ArgumentTypeError(f"{text} is not a number of posts: write one such as 5")
    return int(text)
