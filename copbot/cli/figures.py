"""What the community did: ``stats``, ``threads``, ``report``, ``digest``."""

import argparse
from functools import partial
from pathlib import Path

from copbot.cli.terms import (
    DONE,
    Commands,
    add_command,
    print_json,
)
from copbot.settings import load_settings

STATS = {
    "activity": "when members write, by hour of the week",
    "threads": "what is asked, and how soon somebody answers",
    "members": "who takes part, and at which level",
    "retention": "who comes back, month by month",
    "newcomers": "who joined, and what became of it",
}


def add_to(commands: Commands) -> None:
    _add_stats(commands)
    _add_threads(commands)
    _add_report(commands)
    _add_digest(commands)


def _add_stats(commands: Commands) -> None:
    parser = commands.add_parser(
        "stats",
        help="figures: activity, threads, members, retention, newcomers",
        description="Figures, as docs/figures.md defines them.",
    )
    figures = parser.add_subparsers(title="figures", metavar="FIGURE", required=True)
    for name, summary in STATS.items():
        figure = add_command(figures, name, summary, _stats)
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
    from copbot.commands.stats import Narrowed, as_json, coverage, stats

    narrowed = Narrowed(options.community, options.since, options.until, options.timezone, options.channel)
    figure = partial(coverage, by=options.by) if options.by else partial(stats, name=options.figure)
    document, table = figure(load_settings(), SystemClock(), narrowed)
    print(as_json(document) if options.json else table())
    return DONE


def _add_threads(commands: Commands) -> None:
    parser = add_command(commands, "threads", "each thread: whether it asks, and who answered first", _threads)
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
    from copbot.commands.threads_listing import Wanted, tell

    wanted = Wanted(
        channels=options.channel,
        **{name: getattr(options, name) for name in ("since", "until", "timezone", "community", "waiting")},
    )
    tell(load_settings(), SystemClock(), wanted, print, as_json=options.json)
    return DONE


def _add_report(commands: Commands) -> None:
    parser = add_command(commands, "report", "the monthly report: one HTML file with charts, and CSV files", _report)
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
    from copbot.commands.reporting import Reporting

    wanted = {name: getattr(options, name) for name in ("community", "month", "timezone", "names")}
    reporting = Reporting(load_settings(), SystemClock(), **wanted)
    files = reporting.write(options.out)
    if options.json:
        print_json(reporting.as_json(files))
    else:
        for line in reporting.as_text(files):
            print(line)
    return DONE


def _add_digest(commands: Commands) -> None:
    parser = add_command(commands, "digest", "what was talked about, as a page and as text to send on", _digest)
    parser.add_argument("--since", default="", metavar="DATE", help="such as 2026-11-15; a week ago by default")
    parser.add_argument("--community", default="", metavar="ID", help="this community's, where there are several")
    parser.add_argument("--out", type=Path, metavar="DIR", help="where the files go; digest-DATE by default")
    parser.add_argument("--json", action="store_true", help="one JSON document on standard output")


def _digest(options: argparse.Namespace) -> int:
    from copbot.adapters.clock import SystemClock
    from copbot.commands.digesting import Digesting

    digesting = Digesting(load_settings(), SystemClock(), community=options.community, since=options.since)
    files = digesting.write(options.out)
    if options.json:
        print_json(digesting.as_json(files))
    else:
        for line in digesting.as_text(files):
            print(line)
    return DONE
