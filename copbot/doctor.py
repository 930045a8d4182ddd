"""``copbot doctor``: each thing that copbot stands on, whether it works, and the one step that mends it."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import timedelta
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Any

from sqlalchemy import make_url

from copbot.adapters.files import load
from copbot.adapters.manifest import SCOPES
from copbot.adapters.slack import SlackWeb
from copbot.adapters.store.engine import database_exists
from copbot.adapters.store.sql import SqlStore
from copbot.core.community import Community
from copbot.core.errors import Mistake, SlackGone, SlackRefused, SlackUnavailable
from copbot.core.ports import Clock
from copbot.core.time import MICROSECOND, to_us
from copbot.rebuilding import Comparison
from copbot.settings import Settings, bot_token, tokens
from copbot.stores import existing_store

CLOCK_MAY_DIFFER = timedelta(seconds=30)
UNSETTLED_AFTER = timedelta(minutes=10)
"""A message whose sending was begun so long ago and has no outcome waits for a bot that is not running."""

OTHERS = 0o077
"""The rights of everybody but the owner."""

REINSTALL = "update the app from `copbot manifest` at api.slack.com/apps, and install it again"


@dataclass(frozen=True)
class Finding:
    """``mend`` is the one step that makes it work again; empty where it works."""

    about: str
    works: bool
    says: str
    mend: str = ""


@dataclass(frozen=True)
class Examination:
    findings: tuple[Finding, ...]

    @property
    def is_well(self) -> bool:
        return all(finding.works for finding in self.findings)

    def as_json(self) -> dict[str, Any]:
        return {"works": self.is_well, "findings": [asdict(finding) for finding in self.findings]}

    def as_text(self) -> str:
        return "\n".join(_line(finding) for finding in self.findings)


def _line(finding: Finding) -> str:
    told = f"{'works' if finding.works else 'WRONG':<6} {finding.about}: {finding.says}"
    return f"{told}\n       Mend: {finding.mend}" if finding.mend else told


def examine(settings: Settings, clock: Clock) -> Examination:
    """Look at everything. Asks Slack, and changes nothing there."""
    found = load(settings.copbot_schedules_dir, settings.copbot_prompts_dir)
    findings = [_files(len(found.problems), found.problems[:1], found.communities)]
    findings += _database(settings, clock)
    findings += _slack(settings, clock, found.communities)
    return Examination(tuple(findings))


def _files(count: int, first: Sequence[object], communities: Sequence[Community]) -> Finding:
    if first:
        more = f" (and {count - 1} more)" if count > 1 else ""
        return Finding("files", False, f"{first[0]}{more}", "mend it there; `copbot check` shows all")
    return Finding("files", True, "in order: " + ", ".join(community.id for community in communities))


# -- the database


def _database(settings: Settings, clock: Clock) -> Iterator[Finding]:
    url = settings.database_url
    if not database_exists(url):
        yield Finding("database", True, "there is none yet: `copbot run` or `copbot import` makes it")
        return
    yield from _rights(url)
    try:
        with existing_store(settings) as store:
            yield _integrity(store)
            yield _roll_ups(Comparison(store))
            yield _unsettled(store, clock)
    except Mistake as unusable:
        yield Finding("database", False, str(unusable), "see above")


def _rights(url: str) -> Iterator[Finding]:
    read = make_url(url)
    if read.get_backend_name() != "sqlite" or not read.database:
        return
    file = Path(read.database)
    if file.stat().st_mode & OTHERS:
        yield Finding("database", False, f"others on this machine may open {file}", f"chmod 600 {file}")
    else:
        yield Finding("database", True, f"{file} is its owner's alone")


def _integrity(store: SqlStore) -> Finding:
    complaints = store.complaints()
    if complaints:
        return Finding("database", False, f"it is damaged: {complaints[0]}", "restore a backup of it")
    return Finding("database", True, "it is whole")


def _roll_ups(compared: Comparison) -> Finding:
    if compared.differences:
        count = len(compared.differences)
        says = f"{count} day{'' if count == 1 else 's'} differ from the facts"
        return Finding("roll-ups", False, says, "copbot rebuild")
    if compared.left_to_fill or compared.emptied:
        return Finding("roll-ups", True, "equal to the facts; those that are missing the running bot fills in")
    return Finding("roll-ups", True, "equal to the facts")


def _unsettled(store: SqlStore, clock: Clock) -> Finding:
    before_us = to_us(clock.now()) - UNSETTLED_AFTER // MICROSECOND
    with store.read() as tx:
        count = sum((one.claimed_us or 0) < before_us for one in tx.deliveries.open())
    if count:
        says = f"of {count} it is not known whether Slack took {'it' if count == 1 else 'them'}"
        return Finding("messages", False, says, "start `copbot run`: it looks each up before it sends anything")
    return Finding("messages", True, "each that was begun has its outcome")


# -- Slack


def _slack(settings: Settings, clock: Clock, communities: Sequence[Community]) -> Iterator[Finding]:
    yield _token("SLACK_APP_TOKEN", lambda: tokens(settings)[1])
    try:
        slack = SlackWeb(bot_token(settings), settings.slack_api_url)
    except Mistake as missing:
        name, _, says = str(missing).partition(" ")
        yield Finding(name, False, says, "set it, in the environment or in .env")
        return
    try:
        answer, headers = slack.introduction()
        yield Finding("SLACK_BOT_TOKEN", True, f"it is {answer.get('user')}'s in {answer.get('team')}")
        yield from _clock(clock, headers.get("date"))
        yield from _scopes(headers.get("x-oauth-scopes"))
        yield from _channels(slack, communities)
        yield from _people(slack, communities)
    except SlackGone as gone:
        yield Finding(
            "SLACK_BOT_TOKEN", False, f"Slack refuses it ({gone})", "install the app again, and set its new token"
        )
    except SlackRefused as refused:
        yield Finding("Slack", False, f"it refused a question ({refused.error})", REINSTALL)
    except (SlackUnavailable, OSError) as unreachable:
        yield Finding(
            "Slack", False, f"it cannot be reached ({unreachable})", "look at the network, or try again later"
        )


def _token(name: str, read: Callable[[], str]) -> Finding:
    try:
        read()
    except Mistake as wrong:
        return Finding(name, False, str(wrong), "set it, in the environment or in .env")
    return Finding(name, True, "it is set; whether Slack takes it shows when `copbot run` connects")


def _clock(clock: Clock, date: str | None) -> Iterator[Finding]:
    if date is None:
        return
    off = abs(clock.now() - parsedate_to_datetime(date))
    if off > CLOCK_MAY_DIFFER:
        yield Finding(
            "clock", False, f"it differs from Slack's by {off.total_seconds():.0f} s", "let the machine keep time (NTP)"
        )
    else:
        yield Finding("clock", True, "it agrees with Slack's")


def _scopes(given: str | None) -> Iterator[Finding]:
    if given is None:
        return
    has = {scope.strip() for scope in given.split(",")}
    missing = [scope for scope in SCOPES if scope not in has]
    for scope in missing:
        yield Finding("scopes", False, f"{scope} is missing, to {SCOPES[scope]}", REINSTALL)
    if not missing:
        yield Finding("scopes", True, f"all {len(SCOPES)} that are needed are given")


def _channels(slack: SlackWeb, communities: Sequence[Community]) -> Iterator[Finding]:
    listed = {name: channel for channel in slack.channels() for name in (f"#{channel.get('name')}", channel.get("id"))}
    wanted = [
        reference
        for community in communities
        for reference in (
            *community.channels.watched,
            community.channels.moderators,
            *(p.channel for p in community.posts),
        )
    ]
    for reference in dict.fromkeys(filter(None, wanted)):
        channel = listed.get(reference)
        if channel is None:
            says, mend = (
                "Slack knows no such channel, or it is private and I am not in it",
                f"make it, or `/invite @copbot` in {reference}",
            )
        elif channel.get("is_archived"):
            says, mend = "it is archived", "unarchive it in Slack, or take it out of the files"
        elif not channel.get("is_member"):
            says, mend = "I am not in it", f"`/invite @copbot` in {reference}"
        else:
            says, mend = "I am in it", ""
        yield Finding(f"channel {reference}", not mend, says, mend)


def _people(slack: SlackWeb, communities: Sequence[Community]) -> Iterator[Finding]:
    wanted = [who for community in communities for who in (*community.roles.coordinators, *community.roles.moderators)]
    for reference in dict.fromkeys(wanted):
        says = _person(slack, reference)
        mend = "" if says == "is there" else "mend the name in the files, or invite them"
        yield Finding(f"role {reference}", not mend, says, mend)


def _person(slack: SlackWeb, reference: str) -> str:
    if reference.startswith(("@", "S")) and "@" not in reference[1:]:
        known = {name for group in slack.groups() for name in (f"@{group.get('handle')}", group.get("id"))}
        return "is there" if reference in known else "Slack knows no such user group"
    user = slack.user_by_email(reference) if "@" in reference else reference
    if user is None:
        return "nobody has this address"
    try:
        return "has left" if slack.user(user).get("deleted") else "is there"
    except SlackRefused:
        return "Slack knows nobody by this ID"
