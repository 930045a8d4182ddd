"""The commands. Thin: arguments in, a use case called, its result printed."""

import argparse
import json
import logging
import signal
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from types import FrameType

from copbot import __version__
from copbot.core.errors import Mistake, SlackGone
from copbot.logs import set_up_logs
from copbot.settings import Settings, load_settings

DONE, FOUND_WRONG, WRONG_USE, SLACK_GONE = 0, 1, 2, 3

log = logging.getLogger(__name__)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command; the exit code is 0 done, 1 found something wrong, 2 wrong use or settings, 3 Slack refused for good."""
    options = _parser().parse_args(arguments)
    try:
        return int(options.run(options))
    except Mistake as mistake:
        print(f"copbot: {mistake}", file=sys.stderr)
        return WRONG_USE
    except SlackGone as gone:
        print(f"copbot: {gone_in_words(gone.error)}", file=sys.stderr)
        return SLACK_GONE
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        sys.stderr.close()
        return DONE


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
    _add_manifest(commands)
    _add_import(commands)
    _add_stats(commands)
    return parser


def _command(
    commands: "argparse._SubParsersAction[argparse.ArgumentParser]",
    name: str,
    summary: str,
    run: Callable[[argparse.Namespace], int],
) -> argparse.ArgumentParser:
    parser = commands.add_parser(name, help=summary, description=summary[0].upper() + summary[1:] + ".")
    parser.set_defaults(run=run)
    return parser
