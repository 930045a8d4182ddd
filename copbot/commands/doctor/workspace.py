"""What on Slack copbot stands on: tokens, scopes, the clock, channels, people, and whether Slack's events come."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta
from email.utils import parsedate_to_datetime
from functools import partial
from typing import Any

from sqlalchemy.exc import SQLAlchemyError

from copbot.adapters.manifest import EVENTS, SCOPES
from copbot.adapters.slack import SlackWeb, translated, web_client
from copbot.adapters.store.engine import database_exists
from copbot.adapters.store.schema import workspace_of
from copbot.adapters.store.sql import SqlStore
from copbot.commands.doctor.data import as_it_is, is_served, opened
from copbot.commands.doctor.findings import Finding, Look, looked_at
from copbot.core.community import Community
from copbot.core.errors import Mistake, SlackGone, SlackRefused, SlackUnavailable
from copbot.core.ports import Clock
from copbot.core.time import from_us, in_words, ts_to_us
from copbot.settings import Settings, app_token, bot_token

CLOCK_MAY_DIFFER = timedelta(seconds=30)

ARRIVES_WITHIN = timedelta(minutes=2)
"""Slack's events take seconds; one that is not there after so long does not come."""

HUMAN = {None, "file_share", "me_message"}
"""The subtypes of what a person writes in a channel (definitions: human message)."""

REINSTALL = "update the app from `copbot manifest` at api.slack.com/apps, and install it again"


def slack_findings(settings: Settings, clock: Clock, communities: Sequence[Community]) -> Iterator[Finding]:
    if settings.mode == "socket":
        yield from looked_at("SLACK_APP_TOKEN", [partial(_app_token, settings)])
    try:
        slack = SlackWeb(bot_token(settings), settings.slack_api_url)
    except Mistake as missing:
        name, _, says = str(missing).partition(" ")
        yield Finding(name, False, says, "set it, in the environment or in .env")
        return
    try:
        answer, headers = slack.introduction()
    except SlackGone as gone:
        says = f"Slack refuses it ({gone})"
        yield Finding("SLACK_BOT_TOKEN", False, says, "install the app again, and set its new token")
        return
    except SlackRefused as refused:
        yield Finding("Slack", False, f"it refused a question ({refused.error})", REINSTALL)
        return
    except (SlackUnavailable, OSError) as unreachable:
        yield _unreachable(unreachable)
        return
    yield Finding("SLACK_BOT_TOKEN", True, f"it is {answer.get('user')}'s in {answer.get('team')}")
    yield from _clock(clock, headers.get("date"))
    yield from _scopes(headers.get("x-oauth-scopes"))
    listed: dict[str, Mapping[str, Any]] = {}
    yield from _asked("channels", lambda: _channels(slack, communities, listed))
    yield from _asked("roles", lambda: _people(slack, communities))
    yield from _workspace(settings, str(answer.get("team_id")))
    yield from _asked("events", lambda: _events(settings, clock, slack, communities, listed))


def _unreachable(failed: Exception) -> Finding:
    return Finding("Slack", False, f"it cannot be reached ({failed})", "look at the network, or try again later")


def _asked(about: str, look: Look) -> Iterator[Finding]:
    """What a look finds that asks Slack; that it was refused is a finding of its own."""
    try:
        yield from look()
    except SlackRefused as refused:
        yield Finding(about, False, f"Slack refused a question ({refused.error})", REINSTALL)
    except (SlackUnavailable, OSError) as unreachable:
        yield _unreachable(unreachable)


def _app_token(settings: Settings) -> Iterator[Finding]:
    """Asks for the address of a connection, which is not opened: Slack forgets it after half a minute."""
    name, mend = (
        "SLACK_APP_TOKEN",
        "make a new one at api.slack.com/apps > your app > Basic Information, with connections:write",
    )
    try:
        token = app_token(settings)
    except Mistake as wrong:
        yield Finding(name, False, str(wrong).removeprefix(f"{name} "), "set it, in the environment or in .env")
        return
    client = web_client(None, settings.slack_api_url, [])
    try:
        translated(lambda: client.apps_connections_open(app_token=token))
    except SlackGone as gone:
        yield Finding(name, False, f"Slack refuses it ({gone})", mend)
    except SlackRefused as refused:
        says = (
            "it lacks the scope connections:write"
            if refused.error == "missing_scope"
            else f"Slack refuses it ({refused.error})"
        )
        yield Finding(name, False, says, mend)
    except (SlackUnavailable, OSError):  # once a minute, which a bot that starts may have used
        yield Finding(name, True, "it is set; Slack could not be asked about it just now")
    else:
        yield Finding(name, True, "Slack takes it, for Socket Mode")


def _clock(clock: Clock, date: str | None) -> Iterator[Finding]:
    if date is None:
        return
    off = abs(clock.now() - parsedate_to_datetime(date))
    if off > CLOCK_MAY_DIFFER:
        says = f"it differs from Slack's by {off.total_seconds():.0f} s"
        yield Finding("clock", False, says, "let the machine keep time (NTP)")
    else:
        yield Finding("clock", True, "it agrees with Slack's")


def _scopes(given: str | None) -> Iterator[Finding]:
    if given is None:
        yield Finding(
            "scopes", True, "Slack does not tell here which were given: what lacks one is told when it is needed"
        )
        return
    has = {scope.strip() for scope in given.split(",")} - {""}
    missing = [scope for scope in SCOPES if scope not in has]
    for scope in missing:
        yield Finding("scopes", False, f"{scope} is missing, to {SCOPES[scope]}", REINSTALL)
    if not missing:
        more = sorted(has - set(SCOPES))
        says = f"; {', '.join(more)} {'is' if len(more) == 1 else 'are'} given too and not needed" if more else ""
        yield Finding("scopes", True, f"all {len(SCOPES)} that are needed are given{says}")


def _channels(
    slack: SlackWeb, communities: Sequence[Community], listed: dict[str, Mapping[str, Any]]
) -> Iterator[Finding]:
    listed |= {name: one for one in slack.channels() for name in (f"#{one.get('name')}", str(one.get("id")))}
    for reference in _wanted_channels(communities):
        channel = listed.get(reference)
        if channel is None:
            says = "Slack knows no such channel, or it is private and I am not in it"
            mend = f"make it, or `/invite @copbot` in {reference}"
        elif channel.get("is_archived"):
            says, mend = "it is archived", "unarchive it in Slack, or take it out of the files"
        elif not channel.get("is_member"):
            says, mend = "I am not in it", f"`/invite @copbot` in {reference}"
        else:
            says, mend = "I am in it", ""
        yield Finding(f"channel {reference}", not mend, says, mend)


def _wanted_channels(communities: Sequence[Community]) -> list[str]:
    named = [
        reference
        for one in communities
        for reference in (*one.channels.watched, one.channels.moderators, *(post.channel for post in one.posts))
    ]
    return [reference for reference in dict.fromkeys(named) if reference]


# -- people


def _people(slack: SlackWeb, communities: Sequence[Community]) -> Iterator[Finding]:
    for reference in _wanted_people(communities):
        says = _person(slack, reference)
        mend = "" if says == "is there" else "mend the name in the files, or invite them"
        yield Finding(f"role {reference}", not mend, says, mend)


def _wanted_people(communities: Sequence[Community]) -> list[str]:
    rotas = [who for one in communities if one.duty for who in one.duty.people]
    roles = [who for one in communities for who in (*one.roles.coordinators, *one.roles.moderators)]
    return list(dict.fromkeys([*roles, *rotas]))


def _person(slack: SlackWeb, reference: str) -> str:
    if reference.startswith(("@", "S")) and "@" not in reference[1:]:
        return _group(slack, reference)
    user = slack.user_by_email(reference) if "@" in reference else reference
    if user is None:
        return "nobody has this address"
    try:
        found = slack.user(user)
    except SlackRefused as refused:
        if refused.error not in {"user_not_found", "users_not_found", "user_not_visible"}:
            raise
        return "Slack knows nobody by this ID"
    if found.get("deleted"):
        return "has left"
    return "is a bot, whom nobody can ask" if found.get("is_bot") else "is there"


def _group(slack: SlackWeb, reference: str) -> str:
    known = {name: one for one in slack.groups() for name in (f"@{one.get('handle')}", str(one.get("id")))}
    if reference not in known:
        return "Slack knows no such user group"
    if known[reference].get("date_delete"):
        return "the user group was turned off"
    return "is there" if slack.group_members(str(known[reference]["id"])) else "nobody is in the user group"


# -- events


def _workspace(settings: Settings, workspace: str) -> Iterator[Finding]:
    try:
        with opened(settings.database_url) as engine:
            bound = workspace_of(engine)
    except (Mistake, SQLAlchemyError):
        return  # what is wrong with the database was told
    if bound not in {None, workspace}:
        says = f"the database belongs to workspace {bound}, the token to {workspace}"
        yield Finding("workspace", False, says, "use that workspace's token, or another DATABASE_URL")


def _events(
    settings: Settings,
    clock: Clock,
    slack: SlackWeb,
    communities: Sequence[Community],
    listed: Mapping[str, Mapping[str, Any]],
) -> Iterator[Finding]:
    """Slack tells no app which events it subscribes to. What can be known: whether the latest messages of the watched channels came."""
    known = f"Slack tells no app its subscriptions ({len(EVENTS)} are needed: `copbot manifest` lists them)"
    if not database_exists(settings.database_url):
        yield Finding("events", True, f"{known}; run copbot, then this again: whether messages arrive is compared then")
        return
    try:
        with as_it_is(settings.database_url) as store:
            if is_served(store):
                yield from _arrivals(store, clock, slack, communities, listed, known)
            else:
                yield Finding(
                    "events", True, f"{known}; while `copbot run` is at work, whether messages arrive is compared"
                )
    except (Mistake, SQLAlchemyError):
        yield Finding("events", True, f"{known}; whether messages arrive is compared once the database works")


def _arrivals(
    store: SqlStore,
    clock: Clock,
    slack: SlackWeb,
    communities: Sequence[Community],
    listed: Mapping[str, Mapping[str, Any]],
    known: str,
) -> Iterator[Finding]:
    arrived, now = 0, clock.now()
    for reference in dict.fromkeys(one for community in communities for one in community.channels.watched):
        channel = listed.get(reference)
        if channel is None or not channel.get("is_member") or channel.get("is_archived"):
            continue
        written = [ts_to_us(one["ts"]) for one in slack.latest(str(channel["id"])) if _is_human(one)]
        latest_us = max((us for us in written if now - from_us(us) > ARRIVES_WITHIN), default=None)
        if latest_us is None:
            continue
        with store.read() as tx:
            stored_us = tx.facts.last_message_us(str(channel["id"]))
        if stored_us is None or stored_us < latest_us:
            event = "message.groups" if channel.get("is_private") else "message.channels"
            says = f"the latest message in {reference}, {in_words(now - from_us(latest_us))} ago, never came ({event})"
            yield Finding("events", False, says, REINSTALL)
            return
        arrived += 1
    came = (
        f"the latest messages of {arrived} watched channels came" if arrived else "nothing to compare was written yet"
    )
    yield Finding("events", True, f"{known}; {came}")


def _is_human(message: Mapping[str, Any]) -> bool:
    return bool(message.get("user")) and not message.get("bot_id") and message.get("subtype") in HUMAN
