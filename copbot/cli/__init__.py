"""The commands. Thin: arguments in, a use case called, its result printed."""

import argparse
import errno
import io
import os
import sys
from collections.abc import Sequence

from copbot import __version__
from copbot.cli import figures, files, history, operating, people, serving
from copbot.cli.terms import DONE, SLACK_GONE, STOPPED, WRONG_USE, gone_in_words
from copbot.core.errors import Mistake, SlackGone


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command; the exit code is 0 done, 1 found something wrong, 2 wrong use or settings, 3 Slack refused for good."""
    options = _parser().parse_args(arguments)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):  # a terminal that lacks a letter shows another in its place
            stream.reconfigure(errors="replace")
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


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="copbot", description="A Slack bot that facilitates communities of practice.")
    parser.add_argument("--version", action="version", version=f"copbot {__version__}")
    commands = parser.add_subparsers(title="commands", metavar="COMMAND", required=True)
    for group in (serving, files, history, figures, people, operating):
        group.add_to(commands)
    return parser


def command_names() -> list[str]:
    """The commands that there are."""
    subcommands = next(action for action in _parser()._actions if isinstance(action, argparse._SubParsersAction))
    return list(subcommands.choices)
