"""What all commands share: their exit codes, how one is declared, and how what it did is told."""

import argparse
import json
import sys
from collections.abc import Callable
from typing import Protocol, TypeAlias

Commands: TypeAlias = "argparse._SubParsersAction[argparse.ArgumentParser]"

DONE, FOUND_WRONG, WRONG_USE, SLACK_GONE = 0, 1, 2, 3
STOPPED = 130  # as shells say it of whoever was stopped by Ctrl-C


def gone_in_words(error: str) -> str:
    """What to do when Slack no longer accepts the token."""
    return (
        f"Slack refused the token for good ({error}): check SLACK_BOT_TOKEN and SLACK_APP_TOKEN, or install the app again "
        "at https://api.slack.com/apps > your app > Install App. Nothing that was stored is lost"
    )


def add_command(
    commands: Commands,
    name: str,
    summary: str,
    run: Callable[[argparse.Namespace], int],
) -> argparse.ArgumentParser:
    parser = commands.add_parser(name, help=summary, description=summary[0].upper() + summary[1:] + ".")
    parser.set_defaults(run=run)
    return parser


class Telling(Protocol):
    """What a command did, for programs and for people."""

    def as_json(self) -> object: ...
    def as_text(self) -> str: ...


def tell(options: argparse.Namespace, done: Telling) -> None:
    if options.json:
        print_json(done.as_json())
    else:
        print(done.as_text())


def print_json(document: object) -> None:
    """Letters beyond ASCII are written as they are, where whoever reads takes UTF-8."""
    takes_all = (sys.stdout.encoding or "").lower().replace("-", "") == "utf8"
    print(json.dumps(document, ensure_ascii=not takes_all, indent=1, default=str))


def count(text: str) -> int:
    if not text.isdecimal():
        raise argparse.ArgumentTypeError(f"{text} is not a number of posts: write one such as 5")
    return int(text)
