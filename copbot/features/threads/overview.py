"""Care for threads at a glance, in ``status``: what waits, how soon questions are answered, how right the rule that finds them is."""

from copbot.core.blocks import section
from copbot.core.community import Community
from copbot.core.delivery import Block
from copbot.core.intervals import wilson
from copbot.core.load import loads
from copbot.core.months import month_of
from copbot.core.mrkdwn import mention
from copbot.core.ports import Context, Tx
from copbot.core.ports.answering import AnsweredCounts, Group
from copbot.core.records import Scope
from copbot.core.report import counted, per_cent
from copbot.core.time import DAY_US, MICROSECOND, in_words, to_us
from copbot.features.threads.care import Care
from copbot.features.threads.precision import ENOUGH, Precision, precision_of
from copbot.features.threads.queue.service import Line, young

LEAST_FOR_A_SHARE = 5
"""Below so many questions the counts are told without a share."""

MOST_NAMED = 5


def status(ctx: Context, tx: Tx, community: Community) -> tuple[Block, ...]:
    care = Care(ctx, tx, community, to_us(ctx.clock.now()))
    every, by_rule = precision_of(tx, community.id)
    lines = [_waiting(care), _answered(care), _shared(care), _right(every, by_rule)]
    if care.on_duty is not None:
        lines.insert(1, f"On duty: {mention(care.on_duty)}.")
    return (section("\n".join(filter(None, lines))),)


def _waiting(care: Care) -> str:
    """As many as ``unanswered`` lists, also those that have no card yet."""
    first, total = Line(care, young(care)).first(None, 1)
    if not first:
        return ":speech_balloon: No question waits for an answer."
    waited = in_words((care.now_us - first[0].card.ts_us) * MICROSECOND)
    if total == 1:
        return f":speech_balloon: 1 question has waited for an answer for {waited}."
    return f":speech_balloon: {counted(total, 'question')} wait for an answer, the first in the queue for {waited}."


def _answered(care: Care) -> str:
    """The questions of the month so far that are a day old, in the discussion channels."""
    found = (care.ctx.directory.channel(reference) for reference in care.community.channels.discussion)
    channels = tuple(dict.fromkeys(filter(None, found)))
    since_us = month_of(care.now, care.zone).start_us(care.zone)
    covered = care.tx.answering.covered(Scope(since_us, care.now_us, channels), (DAY_US,)).get(Group("", 0))
    return answered_in_words(covered.questions) if covered else ""


def answered_in_words(questions: AnsweredCounts) -> str:
    """``questions`` with the single wait of a day; nothing where none is so old."""
    ((met, old),) = questions.within
    interval = wilson(met, old)
    if interval is None:
        return ""
    share = "" if old < LEAST_FOR_A_SHARE else f" ({per_cent(met / old)}; {_between(interval)})"
    return f"Answered within 24 h this month: {met:,} of {counted(old, 'question')}{share}."


def _shared(care: Care) -> str:
    """Who took and answered how much in the month so far; nothing while nobody did anything."""
    since_us = month_of(care.now, care.zone).start_us(care.zone)
    found = [
        load
        for load in loads(care.tx, care.community.id, care.who_moderates, since_us, care.now_us)
        if load.taken or load.answered
    ]
    if not found:
        return ""
    told = ", ".join(
        f"{mention(load.user)} took {load.taken} and answered {load.answered}" for load in found[:MOST_NAMED]
    )
    return f"This month {told}{', and others less' if len(found) > MOST_NAMED else ''}."


def _right(every: Precision, by_rule: tuple[Precision, ...]) -> str:
    if not every.cards:
        return ""
    told = f"What I took for a question was one in {every.questions:,} of {counted(every.cards, 'card')}"
    if every.share is None or every.interval is None or every.cards < ENOUGH:
        return f"{told}."
    told += f" ({per_cent(every.share)}; {_between(every.interval)})"
    latest = by_rule[0]
    if latest.rule is not None and latest.cards < every.cards:
        told += f"; with the present rule in {latest.questions:,} of {latest.cards:,}"
    return f"{told}."


def _between(interval: tuple[float, float]) -> str:
    """The 95 % interval in whole per cent."""
    low, high = interval
    return f"{100 * low:.0f} to {100 * high:.0f} % at 95 % certainty"
