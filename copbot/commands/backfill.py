"""``copbot backfill``: what stands in the channels on Slack, read into the store, beside a running bot or without one."""

import threading
from collections.abc import Callable, Iterator, Sequence
from datetime import date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from copbot.adapters.channel_history import SlackHistory
from copbot.adapters.files import load
from copbot.adapters.paced_slack import Pace, PacedSlack
from copbot.adapters.payloads import user_fact
from copbot.adapters.slack import SlackWeb
from copbot.core.community import Community
from copbot.core.errors import Mistake, SlackGone, SlackRefused
from copbot.core.facts import Fact, UserSeen, members_listed
from copbot.core.ports import Clock, Context
from copbot.core.time import SECOND_US, from_us, to_us
from copbot.features.history.backfill import Read, read_channel
from copbot.settings import Settings, bot_token
from copbot.stores import store_of

LOOK_S = 0.5
"""Seconds after which a wait looks whether it is to end."""

PEOPLE_AT_ONCE = 200
STRANGERS = 500
"""People whom no list describes and who are asked for one by one: most of them are of other organisations."""

Progress = Callable[[float], None]


class Backfilling:
    """One backfill as it was asked for. Raises Mistake for a date, files, a community or a token that are not in order.

    ``since``: a date in the time zone of the community where one is named, else in UTC; "" for all there is. ``references``: channels
    by name or ID; without any, all that the communities watch. ``tell`` hears in a line what a person should know at once.
    """

    def __init__(
        self,
        settings: Settings,
        clock: Clock,
        tell: Callable[[str], None],
        *,
        since: str = "",
        community: str = "",
        references: Sequence[str] = (),
    ) -> None:
        self._settings = settings
        self._clock = clock
        self._tell = tell
        self._references = references
        self._found = load(settings.copbot_schedules_dir, settings.copbot_prompts_dir)
        if self._found.problems:
            raise Mistake(f"{self._found.problems[0]} (`copbot check` shows all)")
        self._communities = _chosen(self._found.communities, community)
        zone = ZoneInfo(self._communities[0].timezone) if community else ZoneInfo("UTC")
        self._since_us = _since(since, zone, clock.now()) if since else 0
        self._slack = SlackWeb(bot_token(settings), settings.slack_api_url)
        self._names: dict[str, str] = {}
        self._progress: Progress = lambda _share: None
        self._share = 0.0
        self._bot = "@copbot"
        self.read: list[Read] = []
        self.refused: list[str] = []

    def run(self, progress: Progress) -> None:
        """Read it. Raises SlackGone, and SlackUnavailable when Slack stays away; what was read by then is kept."""
        self._progress = progress
        paced = PacedSlack(self._slack, Pace(self._clock.monotonic), self._wait, self._tell_special)
        identity = paced.call("auth.test", {})
        self._bot = f"@{identity.get('user') or 'copbot'}"
        kinds = {"types": "public_channel,private_channel"}
        channels = [c for c in paced.listed("conversations.list", "channels", kinds) if c.get("id") and c.get("name")]
        self._names = {channel["id"]: channel["name"] for channel in channels}
        created = {channel["id"]: int(channel.get("created") or 0) * SECOND_US for channel in channels}
        with store_of(self._settings, self._clock, self._found, identity, channels) as ctx:
            wanted = list(self._wanted(ctx))
            people = People(ctx, paced, str(identity["team_id"]))
            people.list_all()
            for number, channel in enumerate(wanted):
                first_us = max(self._since_us, created.get(channel, 0))
                self._read_channel(ctx, paced, people, channel, first_us, (number, len(wanted)))
            people.describe_strangers()
        progress(1.0)

    def _wanted(self, ctx: Context) -> Iterator[str]:
        """The channels to read, each once, by ID. What Slack does not know is told."""
        watched = [reference for one in self._communities for reference in one.channels.watched]
        seen = set()
        for reference in self._references or watched:
            channel = ctx.directory.channel(reference)
            if channel is None or (channel not in self._names and self._references):
                self.refused.append(f"{_shown(reference)}: {_in_words('channel_not_found', '', self._bot)}")
            elif channel not in seen:
                seen.add(channel)
                yield channel

    def _read_channel(
        self, ctx: Context, paced: PacedSlack, people: "People", channel: str, first_us: int, place: tuple[int, int]
    ) -> None:
        now_us = to_us(self._clock.now())
        number, of = place

        def look(reached_us: int) -> None:
            part = (now_us - reached_us) / max(1, now_us - first_us)
            self._share = (number + min(1.0, max(0.0, part))) / of
            self._progress(min(self._share, 0.99))

        look(now_us)
        try:
            self.read.append(read_channel(ctx.store, SlackHistory(paced), channel, self._since_us, now_us, look))
            people.list_members(channel)
        except SlackGone:
            raise
        except SlackRefused as refused:
            self.refused.append(f"#{self._name(channel)}: {_in_words(refused.error, refused.needed, self._bot)}")

    def _name(self, channel: str) -> str:
        return self._names.get(channel, channel)

    def _wait(self, seconds: float) -> None:
        """Pass time, and end when told to."""
        until = self._clock.monotonic() + seconds
        while (left := until - self._clock.monotonic()) > 0:
            self._progress(min(self._share, 0.99))
            threading.Event().wait(min(left, LOOK_S))

    def _tell_special(self) -> None:
        self._tell(
            "Slack lets this app read 15 messages a minute, as it does with apps that are sold outside its Marketplace: this may take "
            "days. An app that is made for your own workspace (`copbot manifest`) reads thousands; an export (`copbot import`) has all"
        )

    # -- what came of it

    def as_text(self) -> Iterator[str]:
        for read in self.read:
            back = f", back to {from_us(read.first_us):%Y-%m-%d}" if read.first_us is not None else ""
            yield (
                f"#{self._name(read.channel)}: {read.new:,} messages new, {read.messages - read.new:,} known already{back}; "
                f"{read.threads:,} thread{'' if read.threads == 1 else 's'} read."
            )
        if not self.read and not self.refused:
            yield "There is no channel to read: name one in community.yaml, or with --channel."

    def as_json(self) -> dict[str, Any]:
        return {
            "channels": [
                {
                    "channel": read.channel,
                    "name": self._names.get(read.channel),
                    "new": read.new,
                    "known": read.messages - read.new,
                    "threads": read.threads,
                    "first": None if read.first_us is None else from_us(read.first_us).isoformat(),
                }
                for read in self.read
            ],
            "refused": self.refused,
        }


class People:
    """Who is who, as far as the bot's own lists do not tell: it compares them with what it knew, to find who is new."""

    def __init__(self, ctx: Context, paced: PacedSlack, own_team: str) -> None:
        self._ctx = ctx
        self._paced = paced
        self._own_team = own_team
        self._now_us = to_us(ctx.clock.now())
        with ctx.store.read() as tx:
            self._bot_lists = tx.comparisons.compared_us() is not None
        watched = (ctx.directory.channel(r) for one in ctx.communities() for r in one.channels.watched)
        self._watched = frozenset(filter(None, watched))

    def list_all(self) -> None:
        """Everybody of the workspace, where no bot has listed them yet."""
        if self._bot_lists:
            return
        facts: list[Fact] = []
        for user in self._paced.listed("users.list", "members", {"include_locale": True}):
            if user.get("id") and not user.get("is_invited_user"):
                seen = user_fact(user, self._own_team, self._now_us)
                facts += [seen, UserSeen(seen.user, known_since_us=self._now_us)]
            if len(facts) >= PEOPLE_AT_ONCE:
                self._record(facts)
                facts = []
        self._record(facts)

    def list_members(self, channel: str) -> None:
        """Who is in a channel. Not of one that a bot compares itself: whoever is new there would be new no more."""
        if self._bot_lists and channel in self._watched:
            return
        members = list(self._paced.listed("conversations.members", "members", {"channel": channel}))
        for part in members_listed(channel, members, self._now_us):
            self._record([part])

    def describe_strangers(self) -> None:
        """Those who wrote and are on no list: asked for one by one."""
        with self._ctx.store.read() as tx:
            strangers = tx.histories.undescribed(STRANGERS)
        for user in strangers:
            try:
                described = self._paced.call("users.info", {"user": user, "include_locale": True})["user"]
                self._record([user_fact(described, self._own_team, self._now_us)])
            except SlackGone:
                raise
            except (SlackRefused, KeyError, TypeError):
                continue

    def _record(self, facts: Sequence[Fact]) -> None:
        with self._ctx.store.begin() as tx:
            tx.facts.record(facts)


def _chosen(communities: Sequence[Community], name: str) -> Sequence[Community]:
    found = [one for one in communities if name in ("", one.id)]
    if name and not found:
        known = ", ".join(one.id for one in communities) or "none"
        raise Mistake(f"--community {name}: there is no such community: there is {known}")
    return found


def _since(text: str, zone: ZoneInfo, now: datetime) -> int:
    try:
        at = datetime.combine(date.fromisoformat(text.strip()), time(), zone)
    except ValueError:
        raise Mistake(f"--since {text}: not a date: write one such as 2026-01-31") from None
    if at > now:
        raise Mistake(f"--since {text}: that day has not come yet: write an earlier date")
    return max(0, to_us(at))


def _shown(reference: str) -> str:
    return reference if reference.startswith(("#", "C", "G")) else f"#{reference}"


def _in_words(error: str, needed: str, bot: str) -> str:
    """Why a channel could not be read, and what mends it."""
    if error == "not_in_channel":
        return f"the bot is not in this channel: write /invite {bot} there, and run this again"
    if error == "channel_not_found":
        return f"there is no such channel, or it is private and the bot is not in it: write /invite {bot} there, and run this again"
    if error == "missing_scope":
        return f"the app lacks the scope {needed or 'channels:history'}: update it from `copbot manifest`, and install it again"
    return f"Slack does not let it be read ({error})"
