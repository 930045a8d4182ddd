"""Builds everything: the only module that sees all others. Nothing is opened or started by importing it."""

import threading
from collections.abc import Callable, Collection, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial

from sqlalchemy import Engine

from copbot.adapters.alarm import Alarm
from copbot.adapters.bolt import Interactions, build_app
from copbot.adapters.directory import SlackDirectory
from copbot.adapters.files.live import LiveFiles
from copbot.adapters.files.problem import Problem
from copbot.adapters.history_reader import HistoryReader
from copbot.adapters.holidays import holiday
from copbot.adapters.home import Home
from copbot.adapters.intake import Intake
from copbot.adapters.known_roles import KnownRoles
from copbot.adapters.payloads import user_fact
from copbot.adapters.process import has_ended, own_name
from copbot.adapters.report.enclosing import Enclosing
from copbot.adapters.slack import SlackWeb
from copbot.adapters.store.completeness import Completeness
from copbot.adapters.store.engine import open_engine
from copbot.adapters.store.good_files import GoodFiles
from copbot.adapters.store.schema import bind_team, migrate, the_team
from copbot.adapters.store.sql import SqlStore
from copbot.adapters.templates import JinjaTemplates
from copbot.adapters.uploads import share_file, share_picture
from copbot.bot import Bot, Parts, until_reached
from copbot.core.absence import take_stock
from copbot.core.attention import may_go
from copbot.core.audit_trail import note_file_changes
from copbot.core.community import Community
from copbot.core.delivery import CHANNEL_SPACING_S
from copbot.core.errors import SlackGone, SlackRefused
from copbot.core.facts import UserSeen
from copbot.core.feature import Feature
from copbot.core.leading import Leading
from copbot.core.look_ups import LookUps
from copbot.core.member_command import member_feature
from copbot.core.nightly import Task, do_what_is_due
from copbot.core.notices import tell_broken, tell_late, tell_refused, tell_unpinned
from copbot.core.outbox import Sender
from copbot.core.personal import Personal
from copbot.core.ports import Clock, Context, Store
from copbot.core.preparing import prepare
from copbot.core.preview_command import preview_feature
from copbot.core.privacy import finish_forgetting
from copbot.core.pump import Pump
from copbot.core.reload_command import RELOAD
from copbot.core.roles import channels_of
from copbot.core.status import status_feature
from copbot.core.time import DAY_US, to_us
from copbot.features.attention import FEATURE as ATTENTION
from copbot.features.attention.row import dressed
from copbot.features.digest import FEATURE as DIGEST
from copbot.features.memory import FEATURE as MEMORY
from copbot.features.moderation import FEATURE as MODERATION
from copbot.features.onboarding import FEATURE as ONBOARDING
from copbot.features.participation import FEATURE as PARTICIPATION
from copbot.features.privacy import privacy_feature
from copbot.features.rhythm import FEATURE as RHYTHM
from copbot.features.threads import FEATURE as THREADS
from copbot.features.voices import FEATURE as VOICES
from copbot.nightly_backup import nightly_backup
from copbot.serving import Watched, connection_of, unwatched, watch_over
from copbot.settings import Settings, bot_token, check_access
from copbot.stores import kept_authors, kept_text, note_channels, permalink

OWN_FEATURES: tuple[Feature, ...] = (
    PARTICIPATION,
    ONBOARDING,
    RHYTHM,
    MEMORY,
    MODERATION,
    THREADS,
    VOICES,
    DIGEST,
    ATTENTION,
)
"""In the order in which they tell a person of themselves."""

FEATURES: tuple[Feature, ...] = (
    *OWN_FEATURES,
    privacy_feature(OWN_FEATURES),
    preview_feature(OWN_FEATURES),
    status_feature(OWN_FEATURES),
    member_feature(OWN_FEATURES),
    RELOAD,
)

INBOX_KEPT_US = 7 * DAY_US
"""How long an event's key is remembered: Slack sends one again for a day at most."""

FILL_PAUSE_S = 0.02
"""Seconds between two steps of rolling up what an older version stored, at least."""

LISTENERS = 5
"""Threads that answer commands, presses and forms."""

LOOKED_AT_US = 14 * DAY_US
"""How far back what stood already is looked at again after a gap: for threads that went on, edits, deletions and reactions."""


def build(
    settings: Settings,
    clock: Clock,
    stopping: threading.Event | None = None,
    *,
    spacing_s: float = CHANNEL_SPACING_S,
    watched: Watched | None = None,
) -> Bot:
    """The bot as ``copbot run`` and ``copbot demo`` start it. Asks Slack who it is; waits while Slack cannot be reached.

    ``spacing_s``: real seconds between two messages to a channel; a workspace whose time is sped up bears less. ``watched``: whom it
    tells of itself, with the door for Slack's requests in HTTP mode.

    Raises Mistake for wrong settings or files, SlackGone when the token is refused for good, SlackUnavailable when it was told to
    stop before Slack could be reached.
    """
    check_access(settings)
    watched = watched or unwatched(clock)
    watched.health.doing = "the database is being brought to this version"
    engine = open_engine(settings.database_url)
    migrate(engine)
    files = LiveFiles(settings.copbot_schedules_dir, settings.copbot_prompts_dir, GoodFiles(engine, the_team(engine)))
    problems = files.start()

    stopping = stopping or threading.Event()
    slack = SlackWeb(bot_token(settings), settings.slack_api_url, stopping, watched.called, clock.monotonic)
    watched.health.doing = "Slack has not been reached yet"
    identity = until_reached(slack.auth, stopping)
    own_team, bot_user = str(identity["team_id"]), str(identity["user_id"])
    team = bind_team(engine, own_team, str(identity.get("team") or ""), bot_user, str(identity.get("url") or ""))

    store = SqlStore(engine, team)
    with store.read() as tx:
        known = tuple(tx.figures.channels())
    directory = SlackDirectory(slack, clock, partial(note_channels, store, clock, bot_user=bot_user), known)

    def refresh() -> bool:
        return directory.refresh(_references(files.communities()))

    refresh()
    ctx = Context(
        clock=clock,
        store=store,
        directory=directory,
        templates=JinjaTemplates(files.prompts, str(settings.copbot_prompts_dir)),
        communities=files.communities,
        permalink=partial(permalink, str(identity.get("url") or "https://slack.com/")),
        command=settings.copbot_command,
        holidays=holiday,
        mistakes=files.mistakes,
        reload=files.reload,
    )
    store.keep_text_in = partial(kept_text, ctx)
    store.keep_authors_in = partial(kept_authors, ctx)
    with store.begin() as tx:
        tx.facts.record([UserSeen(bot_user, name="copbot", is_bot=True, updated_us=to_us(clock.now()))])

    reader = HistoryReader(slack, store, own_team)
    look_ups = LookUps(
        clock,
        watched.counted("person", partial(_look_up, slack, ctx, own_team)),
        watched.counted("person", partial(_look_up_all, slack, ctx, own_team)),
        lambda: bot.wake(),
    )
    pump = Pump(ctx, FEATURES, look_ups.waits_for)
    worker = own_name()
    leading = Leading(store, clock, worker, has_ended)
    store.fence = leading.fence
    whole = Completeness(engine, team)
    told = (partial(tell_refused, ctx), partial(tell_late, ctx), partial(tell_unpinned, ctx))
    enclosing = Enclosing(ctx, FEATURES, slack)
    is_alone = engine.dialect.name == "sqlite"  # else Slack's word of a post may come to another process
    sender = Sender(
        *(store, slack, clock, worker, *told, spacing_s, enclosing, partial(may_go, ctx), partial(dressed, ctx)),
        on_outcome=lambda delivery, outcome: watched.settled(delivery, outcome, connection.said if is_alone else None),
    )

    bot: Bot

    def wake() -> None:
        watched.observer.woke()
        bot.wake()

    store.on_planned = lambda: bot.wake_senders()

    files_changed = partial(_files_changed, ctx, files, leading, refresh, wake)

    def look_at_files() -> None:
        files.look(files_changed, partial(_files_broken, ctx, wake))

    know_roles = KnownRoles(directory, lambda: _references(ctx.communities()), lambda reason: bot.go(reason))
    home = Home(ctx, Personal(FEATURES, ctx.command), slack.publish_view, know_roles)
    intake = Intake(
        *(ctx, own_team, wake, lambda reason: bot.go(reason), directory.renamed, home.opened),
        on_back=lambda: bot.fell_behind(),
        own_user=bot_user,
        count=watched.took_in,
    )
    listeners = ThreadPoolExecutor(LISTENERS, thread_name_prefix="listener")
    app = build_app(
        client=slack.once,
        identity=identity,
        intake=intake,
        interactions=Interactions(
            *(ctx, FEATURES, slack, wake, home.changed, partial(share_picture, slack), enclosing.share),
            know_roles=know_roles,
            hand=partial(share_file, slack),
            count=watched.observer.interacted,
            on_home=home.opened,
        ),
        listeners=listeners,
        observer=watched.observer,
        monotonic=clock.monotonic,
    )
    connection = connection_of(
        *(settings, watched, app, clock, stopping),
        on_reconnect=lambda: bot.fell_behind(),
        on_lost=lambda why: bot.lose(why),
    )
    clock.on_change(wake)
    bot = Bot(
        Parts(
            leading=leading,
            pump=pump,
            look_ups=look_ups,
            sender=sender,
            connection=connection,
            alarm=Alarm(clock, wake),
            catch_up=lambda: connection.missed(_catch_up(ctx, reader, whole, refresh)),
            mark_complete=lambda: whole.note(to_us(clock.now()) - connection.retries_us),
            seen_whole=lambda: whole.seen_whole(to_us(clock.now()) - connection.retries_us),
            missed=whole.put_back,
            tidy=lambda: _tidy(store, clock),
            prepare=lambda: _prepare(ctx, store),
            nightly=lambda: do_what_is_due(ctx, _nightly_tasks(ctx, settings.database_url, stopping)),
            look_at_home=home.look,
            look_at_files=look_at_files,
            refresh=lambda: wake() if refresh() else None,
            close=partial(_close, engine, listeners, home, know_roles),
            look_at_health=lambda: watched.look(slack.ping),
            observe=watched.observer.step,
        )
    )
    watch_over(watched, bot, connection, ctx, engine, team)
    note_file_changes(ctx, files.changes())
    if problems:
        tell_broken(ctx, [str(problem) for problem in problems])
    return bot


def _prepare(ctx: Context, store: SqlStore) -> float:
    """First the roll-ups, which all else is worked out from: a step at a time, half of one processor at most, until none is missing."""
    began = ctx.clock.monotonic()
    # Yesterday's messages are still reacted to, and its days would be emptied again.
    quiet_us = to_us(ctx.clock.now()) - DAY_US
    with store.read() as tx:
        is_complete = not tx.rollups.left_to_fill() and not tx.rollups.emptied(quiet_us, 1)
    if is_complete:
        return prepare(ctx, FEATURES)
    with store.begin() as tx:
        tx.rollups.fill(until_us=quiet_us)
    return max(FILL_PAUSE_S, ctx.clock.monotonic() - began)


def _nightly_tasks(ctx: Context, database_url: str, stopping: threading.Event) -> Iterator[Task]:
    """What features do once a night, then the backup: what was cleaned up is in none that is made afterwards."""
    for community in ctx.communities():
        for feature in FEATURES:
            if feature.nightly is not None:
                work = partial(feature.nightly, ctx, community, ctx.clock.now())
                yield Task(f"{feature.name}:{community.id}", community.timezone, work)
    yield from nightly_backup(database_url, ctx, stopping)


def _tidy(store: Store, clock: Clock) -> None:
    with store.begin() as tx:
        tx.inbox.forget(to_us(clock.now()) - INBOX_KEPT_US)
    finish_forgetting(store)


def _close(engine: Engine, listeners: ThreadPoolExecutor, home: Home, know_roles: KnownRoles) -> None:
    # What waits was not acknowledged: Slack, or the person, asks again.
    listeners.shutdown(wait=True, cancel_futures=True)
    know_roles.close()
    home.close()
    engine.dispose()


def _look_up(slack: SlackWeb, ctx: Context, own_team: str, user: str) -> None:
    """Record who somebody is, as far as Slack tells. Raises SlackUnavailable when it is to be asked later."""
    try:
        seen = user_fact(slack.user(user), own_team, to_us(ctx.clock.now()))
    except SlackGone:
        raise
    except (SlackRefused, KeyError, TypeError):
        return
    with ctx.store.begin() as tx:
        tx.facts.record([seen])


def _look_up_all(slack: SlackWeb, ctx: Context, own_team: str, users: Collection[str]) -> None:
    """The same for many people at once, from the list of all."""
    wanted = set(users)
    try:
        found = [entry for entry in slack.users(patient=False) if entry.get("id") in wanted]
        seen = [user_fact(entry, own_team, to_us(ctx.clock.now())) for entry in found]
    except SlackGone:
        raise
    except (SlackRefused, KeyError, TypeError):
        return
    with ctx.store.begin() as tx:
        tx.facts.record(seen)


def _references(communities: Sequence[Community]) -> list[str]:
    """The people whom the files name: who they are is asked of Slack before it is needed."""
    roles = [reference for c in communities for reference in (*c.roles.coordinators, *c.roles.moderators)]
    rota = [reference for c in communities if c.duty for reference in c.duty.people]
    return [*roles, *rota, *(who for c in communities if c.onboarding for who in c.onboarding.people)]


def _catch_up(ctx: Context, reader: HistoryReader, whole: Completeness, refresh: Callable[[], bool]) -> int:
    """Read what was missed, and find who joined meanwhile; how many messages were not known. Before the first connection nothing was
    missed: older history comes by `copbot import`, and whoever is there is no newcomer."""
    refresh()
    now_us = to_us(ctx.clock.now())
    watched = sorted({channel for c in ctx.communities() for channel in channels_of(ctx, c)})
    since_us = whole.until()
    with ctx.store.read() as tx:
        unread = tx.histories.unread()
    found = 0
    if since_us is not None:
        found = reader.read_gap(watched, since_us, now_us - LOOKED_AT_US, now_us, unread)
    listing = reader.list_people(watched, now_us)
    with ctx.store.begin() as tx:
        take_stock(ctx, tx, listing, since_us, unread)
    whole.note(now_us)
    return found


def _files_changed(
    ctx: Context, files: LiveFiles, leading: Leading, refresh: Callable[[], bool], wake: Callable[[], None]
) -> None:
    changes = files.changes()
    if leading.leads:  # of several processes, each of which reads the files, one notes it
        note_file_changes(ctx, changes)
    refresh()
    wake()


def _files_broken(ctx: Context, wake: Callable[[], None], problems: Sequence[Problem]) -> None:
    tell_broken(ctx, [str(problem) for problem in problems])
    wake()
