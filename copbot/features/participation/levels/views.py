"""Levels in words, on Slack: for a member alone, and for those who look after the community."""

from collections.abc import Sequence
from zoneinfo import ZoneInfo

from copbot.core.blocks import context, section
from copbot.core.community import Community
from copbot.core.delivery import Block
from copbot.core.mrkdwn import escape, mention
from copbot.core.report import counted
from copbot.core.time import DAY_US, from_us
from copbot.features.participation.levels.board import Board, Lately, Moved
from copbot.features.participation.levels.candidates import LISTED, Candidate
from copbot.features.participation.levels.diagnosis import (
    BENCHMARKS,
    Beginning,
    Share,
    beginning,
    diagnosis,
    leaning,
    likely,
    percent,
    shares,
)
from copbot.features.participation.levels.own import Own
from copbot.features.participation.movement.rules import Movement
from copbot.features.participation.report.comparison import Change, change_of_days, change_of_people, change_of_shares
from copbot.features.participation.rules import ACTIVE, CORE, Span, Standing, weeks_in

FEWEST_FOR_A_SHARE = 10
"""Members of whom per cents are given: 1 of 3 is not 33 %."""

WAYS_SHOWN = 4
"""Earlier levels told of a member."""

_MOVED: tuple[tuple[Movement, str], ...] = (
    ("up", "rose"),
    ("held", "stayed"),
    ("down", "took part less"),
    ("joined", "joined"),
    ("left", "left"),
)

NOT_HERE = "You have not taken part here yet. Say hello in a channel, whenever it suits you."
NO_RANKING = "Names are for you who look after the community: no ranking, and nobody is told that their level fell."


# --- for a member alone ---------------------------------------------------------------------------------------------


def my_level(community: Community, own: Own | None) -> tuple[Block, ...]:
    """What a member reads of themselves, and nobody else does."""
    if own is None or not own.is_member:
        return (section(NOT_HERE),)
    now = own.standing
    since = f" (since {_day(now.since_us, community)})" if now.since_us is not None else ""
    helped = f"You have answered others {_times(own.answers)}: thank you." if own.answers else ""
    told = [f"Your level is *{now.level}*{since}.", _why(community, now), _next(community, now), helped]
    way = _way(community, own.levels)
    return (section(" ".join(filter(None, told))), *([context(f"Your way here: {way}.")] if way else []))


def _why(community: Community, now: Standing) -> str:
    if now.level == "dormant":
        return "We have not seen you for a while. You are welcome back at any time."
    weeks = weeks_in(community.participation.window)
    done = f"You were active in {now.active_weeks} of the last {weeks} weeks and wrote {_messages(now.messages)}."
    if now.level == "newcomer":
        return f"{done} Everybody starts here, and you are warmly welcome."
    return done


def _next(community: Community, now: Standing) -> str:
    """What comes next, as an offer; what is only kept is said so."""
    rules = community.participation
    if is_kept(now):
        return f"That is a little less than before; {now.level} stays yours for now."
    if now.level in ("core", "dormant"):
        return "You are at the heart of it." if now.level == "core" else ""
    name, rule = ("core", rules.core) if now.level == "active" else ("active", rules.active)
    missing = _missing(rule.active_weeks - now.active_weeks, rule.contributions - now.messages)
    begins = f"{name} begins with {rule.active_weeks} weeks and {rule.contributions} messages{missing}"
    return f"What comes next: {begins}." if now.level == "active" else f"Reading along is fine; {begins}."


def _missing(weeks: int, messages: int) -> str:
    told = [f"{weeks} more active week{'' if weeks == 1 else 's'}"] if weeks > 0 else []
    told += [f"{messages} more message{'' if messages == 1 else 's'}"] if messages > 0 else []
    return f": {' and '.join(told)} to go" if told else ""


def is_kept(now: Standing) -> bool:
    """Whether the rules alone would give less by now."""
    held = {"core": CORE, "active": ACTIVE}.get(now.level)
    return held is not None and now.rank_now < held


# --- of one member, for moderators ----------------------------------------------------------------------------------


def member(community: Community, own: Own) -> tuple[Block, ...]:
    now = own.standing
    if not own.is_member:
        return (section(f"Is no member any more; answered others {_times(own.answers)}."),)
    since = f" since {_day(now.since_us, community)}" if now.since_us is not None else ""
    weeks = weeks_in(community.participation.window)
    done = f"active in {now.active_weeks} of the last {weeks} weeks, {_messages(now.messages)} in them"
    if now.level == "dormant":
        done = f"nothing for {_weeks(community)} or longer"
    kept = " (kept: a little less than the rule asks)" if is_kept(now) else ""
    answers = f"Answered others {_times(own.answers)}." if own.answers else "Has answered nobody yet."
    way = _way(community, own.levels)
    text = f"*{now.level}*{since}{kept}: {done}. {answers}"
    return (section(text), *([context(f"Before: {way}.")] if way else []))


def _way(community: Community, levels: Sequence[Span]) -> str:
    """The earlier levels, each with the month in which it began."""
    return ", then ".join(
        f"{span.level} from {from_us(span.since_us).astimezone(ZoneInfo(community.timezone)):%B %Y}"
        for span in levels[:-1][-WAYS_SHOWN:]
        if span.since_us is not None
    )


# --- of all, for those who look after them --------------------------------------------------------------------------


def levels(community: Community, board: Board) -> tuple[Block, ...]:
    """The diagnosis, who moves, and who could do more."""
    if not board.members:
        none = "no members are known yet. Import the history, or let people write a little."
        return (section(f"*{escape(community.name)}*: {none}"),)
    is_young = _young(community, board) is not None
    told = [
        f"*{escape(community.name)}*: {board.members:,} member{'' if board.members == 1 else 's'}",
        *(_share(share, is_young=is_young) for share in shares(board.levels)),
    ]
    what = [*meaning(community, board), leaning(*board.leaning)]
    blocks = [section("\n".join(told)), section("\n".join(filter(None, what)))]
    moved = [_moved(one) for one in reversed(board.moved) if one.counts or not one.is_over]
    blocks += [section("\n".join(["*Movement*", *moved]))]
    blocks += [section(text) for text in people(board)]
    at = from_us(board.at_us).astimezone(ZoneInfo(community.timezone))
    return (*blocks, context(f"As of {at:%H:%M}. The usual shares are no quota to fill. {NO_RANKING}"))


def meaning(community: Community, board: Board) -> list[str]:
    """The diagnosis in sentences."""
    return diagnosis(board.levels, board.short_of_core, _young(community, board))


def _young(community: Community, board: Board) -> Beginning | None:
    since_us = (
        None if board.since_us is None else board.since_us + DAY_US // 2
    )  # a Monday that a change of clocks may have moved
    return beginning(since_us, board.at_us, ZoneInfo(community.timezone), community.participation)


def people(board: Board) -> list[str]:
    """Who fell silent, came back, and could do more: with the reasons."""
    silent = [f"{mention(user)} was active in {one.active} of {one.window} weeks" for user, one in board.silent]
    returned = [f"{mention(user)} after {counted(weeks, 'week')}" for user, weeks in board.returned]
    return [
        *_listed("Fell silent", silent, "A personal line works better than any message of mine."),
        *_listed("Came back", returned),
        *_listed("Could become core", [_reason(one) for one in board.rising]),
        *_listed("Could be asked to moderate", [_reason(one) for one in board.moderators]),
    ]


def _reason(one: Candidate) -> str:
    return f"{mention(one.user)}: {one.reason}"


def _listed(title: str, lines: Sequence[str], hint: str = "") -> list[str]:
    if not lines:
        return []
    more = [f"… and {len(lines) - LISTED:,} more"] if len(lines) > LISTED else []
    return ["\n".join([f"*{title}*", *(f"• {line}" for line in lines[:LISTED]), *more, *filter(None, [hint])])]


def _share(share: Share, *, is_young: bool) -> str:
    beside = ""
    if share.place is not None and not is_young:
        low, high = BENCHMARKS[share.level]
        place = "in keeping with" if share.place == "within" else share.place
        beside = f", likely {likely(share)}: {place} the usual {low}-{high} %"
    return f"• {share.level}: {share.part:,}{_per_cent(share)}{beside}"


def _per_cent(share: Share) -> str:
    """The share, of so many that one more or less changes little."""
    return f" ({percent(share)})" if share.total >= FEWEST_FOR_A_SHARE else ""


def _moved(moved: Moved) -> str:
    when = moved.month.name if moved.is_over else f"{moved.month.name} so far"
    told = [f"{moved.counts[kind]:,} {name}" for kind, name in _MOVED if moved.counts[kind]]
    return f"• {when}: {', '.join(told) or 'nobody was there'}"


def summary(board: Board) -> str:
    """The shares in one line."""
    told = [
        f"{share.part:,} {share.level}{'s' if share.level == 'newcomer' and share.part > 1 else ''}{_per_cent(share)}"
        for share in shares(board.levels)
        if share.part
    ]
    return f"{board.members:,} member{'' if board.members == 1 else 's'}: {', '.join(told)}"


def activity(board: Board) -> list[str]:
    """The last 30 days beside the 30 before, each led by its direction where the difference means anything."""
    now, before = board.spans
    lines = [
        (writers_change(now, before), f"{now.writers:,} wrote in the last 30 days", f"{before.writers:,}"),
        (change_of_days(now.days, before.days), counted(now.messages, "message"), f"{before.messages:,}"),
    ]
    if now.asked:
        change = change_of_shares((now.answered, now.asked), (before.answered, before.asked))
        earlier = f"{before.answered:,} of {before.asked:,}" if before.asked else "none asked"
        told = f"{now.answered:,} of {counted(now.asked, 'question')} answered within a day"
        lines.append((change, told, earlier))
    # Nothing of a span that lies before all that is known here.
    is_known = board.since_us is not None and board.since_us <= board.at_us - 60 * DAY_US
    if not is_known:
        return [f"• {told}" for _, told, _ in lines]
    return [f"{arrow(change)} {told} ({earlier} before)" for change, told, earlier in lines]


def writers_change(now: Lately, before: Lately) -> Change:
    """Told by those who wrote in one of the two alone, whoever they are."""
    came = now.writers - now.stayed
    return change_of_people(range(now.writers), range(came, came + before.writers))


def arrow(change: Change) -> str:
    """Up or down only where the difference means anything."""
    if not change.is_clear:
        return "→"
    return "↗" if change.direction == "up" else "↘"


def _day(us: int, community: Community) -> str:
    local = from_us(us).astimezone(ZoneInfo(community.timezone))
    return f"{local.day} {local:%b %Y}"


def _weeks(community: Community) -> str:
    days = community.participation.dormant_after.days
    return counted(days, "day") if days % 7 else counted(days // 7, "week")


def _times(count: int) -> str:
    return {0: "never", 1: "once", 2: "twice"}.get(count, f"{count:,} times")


def _messages(count: int) -> str:
    return counted(count, "message") if count else "no messages"
