"""The store, and what use cases get of it, where no bot runs: what the commands that read, check and show are built on."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import partial
from typing import Any

from sqlalchemy import Engine

from copbot.adapters.directory import StoredDirectory
from copbot.adapters.export import Export
from copbot.adapters.files import Loaded, load
from copbot.adapters.files.problem import Problem
from copbot.adapters.holidays import holiday
from copbot.adapters.store.engine import PATIENCE, database_exists, open_engine
from copbot.adapters.store.schema import WAIT_FOR_OTHERS_MS, bind_team, migrate, the_team
from copbot.adapters.store.scratch import scratch_store
from copbot.adapters.store.sql import SqlStore
from copbot.adapters.templates import JinjaTemplates
from copbot.core.absence import left_unheard
from copbot.core.community import Community, KeepText
from copbot.core.errors import Mistake
from copbot.core.facts import ChannelSeen
from copbot.core.ports import Clock, Context, Directory, Store
from copbot.core.time import to_us
from copbot.settings import Settings


@contextmanager
def open_store(settings: Settings) -> Iterator[SqlStore]:
    """The database, brought to this program's schema, without Slack: for what works on the store alone. It waits for a running bot's
    writes for as long as it takes: nobody waits for it."""
    engine = open_engine(settings.database_url)
    try:
        migrate(engine)
        yield SqlStore(_patient(engine), the_team(engine))
    finally:
        engine.dispose()


@contextmanager
def existing_store(settings: Settings) -> Iterator[SqlStore]:
    """The same for what only reads: a database that is not there is a mistake, not a new one."""
    if not database_exists(settings.database_url):
        raise Mistake(
            f"DATABASE_URL: there is no database {settings.database_url} yet: `copbot import EXPORT` or `copbot run` makes it"
        )
    with open_store(settings) as store:
        yield store


@contextmanager
def store_of(
    settings: Settings, clock: Clock, found: Loaded, identity: Mapping[str, Any], channels: Sequence[dict[str, Any]]
) -> Iterator[Context]:
    """The same for the workspace of a token (``identity``: Slack's answer to ``auth.test``), with its ``channels`` as Slack lists
    them: a context for what reads from Slack beside a running bot."""
    engine = open_engine(settings.database_url)
    try:
        migrate(engine)
        team = bind_team(
            *(engine, str(identity["team_id"]), str(identity.get("team") or ""), str(identity["user_id"])),
            str(identity.get("url") or ""),
        )
        store = SqlStore(_patient(engine), team)
        note_channels(store, clock, channels)
        ctx = offline(settings, clock, found, store, StoredDirectory((c["id"], c["name"]) for c in channels))
        store.keep_text_in = partial(kept_text, ctx)
        store.keep_authors_in = partial(kept_authors, ctx)
        yield ctx
    finally:
        engine.dispose()


def _patient(engine: Engine) -> Engine:
    return engine.execution_options(**{PATIENCE: WAIT_FOR_OTHERS_MS})


def one_community(settings: Settings, name: str) -> Community:
    """The community with this id in the coordinators' files. Raises Mistake when it is not there, or they are not in order."""
    found = load(settings.copbot_schedules_dir, settings.copbot_prompts_dir)
    if found.problems:
        raise Mistake(f"{found.problems[0]} (`copbot check` shows all)")
    for community in found.communities:
        if community.id == name:
            return community
    known = ", ".join(community.id for community in found.communities)
    raise Mistake(
        f"--community {name}: there is no such community in {settings.copbot_schedules_dir}: there is {known}"
    )


def the_one_stored(found: Loaded, directory: Directory, stored: Mapping[str, str]) -> Community | None:
    """The one community of whose channels something is ``stored`` (ID -> name); None where there is none, as with a history from
    elsewhere. Raises Mistake where there are several."""
    if found.problems:
        raise Mistake(f"{found.problems[0]} (`copbot check` shows all)")
    here = [community for community in found.communities if stored_discussion(community, directory, stored)]
    if len(here) > 1:
        raise Mistake(f"--community: name one of {', '.join(community.id for community in here)}")
    return here[0] if here else None


def stored_discussion(community: Community, directory: Directory, stored: Mapping[str, str]) -> dict[str, str]:
    """The discussion channels of a community of which anything is stored: ID -> name."""
    found = map(directory.channel, community.channels.discussion)
    return {channel: stored[channel] for channel in filter(None, found) if channel in stored}


@contextmanager
def learning(settings: Settings, clock: Clock, found: Loaded) -> Iterator[tuple[Context | None, str]]:
    """What the best hour is learned from, without Slack: a context on the stored history, or None and the reason in words."""
    if not database_exists(settings.database_url):
        yield None, "no history is stored yet: `copbot import EXPORT` brings it"
        return
    try:
        with open_store(settings) as store, store.read() as tx:
            directory = StoredDirectory(tx.figures.channels())
    except Mistake as unusable:
        yield None, f"without history: {unusable}"
        return
    with open_store(settings) as store:
        yield offline(settings, clock, found, store, directory), ""


@contextmanager
def looking(settings: Settings, clock: Clock, found: Loaded) -> Iterator[tuple[Context, str]]:
    """The same for what is only looked at: where nothing is stored yet, a context on an empty store that is not kept."""
    with learning(settings, clock, found) as (ctx, remark):
        if ctx is not None:
            yield ctx, remark
            return
        with scratch_store() as store:
            yield offline(settings, clock, found, store, StoredDirectory(())), remark


def offline(settings: Settings, clock: Clock, found: Loaded, store: SqlStore, directory: Directory) -> Context:
    """What use cases get where Slack is not asked."""
    return Context(
        clock=clock,
        store=store,
        directory=directory,
        templates=JinjaTemplates(lambda: found.prompts, str(settings.copbot_prompts_dir)),
        communities=lambda: found.communities,
        permalink=partial(permalink, store.workspace_url() or "https://slack.com/"),
        command=settings.copbot_command,
        holidays=holiday,
    )


def keep_as_told(settings: Settings, store: SqlStore, export: Export, clock: Clock) -> Problem | None:
    """Have an import keep texts and authors as the running bot would: as the coordinators' files say. Without files, of texts questions
    alone; while the files are not in order, none, and their first problem is returned.
    """
    if not settings.copbot_schedules_dir.is_dir():
        return None
    found = load(settings.copbot_schedules_dir, settings.copbot_prompts_dir)
    with store.read() as tx:
        stored = [(channel, name) for channel, name in tx.figures.channels() if name]

    def directory() -> Directory:  # an export's channels are met one by one
        return StoredDirectory([*export.named(), *stored])

    def keep(channel: str) -> KeepText:
        return _kept_by(found.communities, directory(), channel)

    store.keep_text_in = export.keep_text_in = keep
    store.keep_authors_in = lambda channel: _authors_by(found.communities, directory(), clock, channel)
    return found.problems[0] if found.problems else None


def kept_text(ctx: Context, channel: str) -> KeepText:
    return _kept_by(ctx.communities(), ctx.directory, channel)


def _kept_by(communities: Sequence[Community], directory: Directory, channel: str) -> KeepText:
    """How much of a message's text may be kept: as the community of a watched channel says, elsewhere none."""
    for community in communities:
        if channel in {directory.channel(reference) for reference in community.channels.watched}:
            return community.privacy.keep_text
    return "none"


def kept_authors(ctx: Context, channel: str) -> int:
    return _authors_by(ctx.communities(), ctx.directory, ctx.clock, channel)


def _authors_by(communities: Sequence[Community], directory: Directory, clock: Clock, channel: str) -> int:
    """Since when it is kept who did what: as the community says that a channel belongs to. Elsewhere nobody limits it: these are channels
    that were imported to be counted."""
    for community in communities:
        named = (*community.channels.watched, *filter(None, [community.channels.moderators]))
        if channel in {directory.channel(reference) for reference in named}:
            return to_us(clock.now() - community.privacy.keep_activity)
    return 0


def note_channels(store: Store, clock: Clock, channels: Sequence[dict[str, object]], *, bot_user: str = "") -> None:
    now_us = to_us(clock.now())
    outside = [str(channel["id"]) for channel in channels if channel.get("is_member") is False]
    with store.begin() as tx:
        tx.facts.record(
            ChannelSeen(
                str(channel["id"]),
                name=str(channel["name"]),
                is_private=bool(channel.get("is_private")),
                is_archived=bool(channel.get("is_archived")),
                updated_us=now_us,
            )
            for channel in channels
        )
        left_unheard(tx, outside if bot_user else (), bot_user, now_us)


def permalink(workspace_url: str, channel: str, ts_us: int) -> str:
    """A message's address, made rather than asked for: it is needed inside transactions, which must not wait for Slack."""
    return f"{workspace_url.rstrip('/')}/archives/{channel}/p{ts_us:016d}"
