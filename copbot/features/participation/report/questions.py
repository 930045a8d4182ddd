"""Questions and answers: how many get one and how soon, by channel, and on how many shoulders the answering rests. Pure."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from copy import copy

from copbot.core.intervals import wilson
from copbot.core.load import Load
from copbot.core.report import (
    LEAST_FOR_A_SHARE,
    Asked,
    Cell,
    Chart,
    Column,
    Section,
    Table,
    as_shown,
    counted,
    per_cent,
)
from copbot.features.participation.figures import gini
from copbot.features.participation.report.comparison import median
from copbot.features.participation.report.material import FEWEST_PEOPLE, WAITS_US, Coverage, Material, Thread, coverage

LEAST_IN_A_CHANNEL = 5
"""Questions below which a channel stands among the others: nothing is shown of so few."""

MOST_CHANNELS = 12
_STEPS = ((1, 1), (2, 4), (5, 9), (10, None))
_WITHIN = {"24h": "within a day", "48h": "within two days", "7d": "within a week"}


def section(material: Material, asked: Asked) -> Section | None:
    if not material.has_threads:
        return None
    charts = [] if material.now.asked.asked < LEAST_IN_A_CHANNEL else [_by_channel(material, asked)]
    tables = [_coverage_table(material)]
    spread = _answerers_table(material.now.answers)
    if spread is not None:
        tables.append(spread)
    told = (
        _waiting_in_words(material, asked),
        _evenness_in_words(material.now.answers),
        _load_in_words(material.loads),
    )
    text = tuple(filter(None, told))
    return Section("questions", "Questions and answers", text, charts=tuple(charts), tables=tuple(tables))


def _waiting_in_words(material: Material, asked: Asked) -> str:
    waiting = material.now.asked.asked - material.now.asked.answered
    if not material.now.asked.asked:
        return "Nobody asked anything, as far as a rule on words can tell."
    if asked.is_running:
        return f"{counted(waiting, 'question')} {'has' if waiting == 1 else 'have'} no answer yet." if waiting else ""
    if not waiting:
        return "No question of the month was without an answer at its end."
    return f"{counted(waiting, 'question')} of the month had no answer by its end."


def _evenness_in_words(answers: Mapping[int, int]) -> str:
    """How the answering is spread: the three who answered most, and the Gini coefficient (definitions)."""
    people, total = len(answers), sum(answers.values())
    if not total:
        return ""
    told = f"{counted(people, 'person', 'people')} gave {counted(total, 'answer')}"
    if people <= 3 or total < LEAST_FOR_A_SHARE:
        return f"{told}."
    top = sum(sorted(answers.values(), reverse=True)[:3])
    evenness = gini(answers.values())
    return f"{told}; three of them gave {per_cent(top / total)} (Gini {evenness:.2f}: 0 is all alike, towards 1 all by one)."


def _load_in_words(loads: Sequence[Load]) -> str:
    """How the moderators shared the work, without their names; "" where none of them took or answered anything."""
    busy = [load for load in loads if load.taken or load.answered]
    if not busy:
        return ""
    taken, answered = sum(load.taken for load in busy), sum(load.answered for load in busy)
    told = f"{counted(len(busy), 'moderator')} took {counted(taken, 'waiting question')} and answered {answered:,}"
    if len(busy) < 2 or taken + answered < LEAST_FOR_A_SHARE:
        return f"{told}."
    most = max(load.taken + load.answered for load in busy)
    return f"{told}; one of them did {per_cent(most / (taken + answered))} of it."


# -- coverage


def _coverage_table(material: Material) -> Table:
    """Questions and the other roots, each within a day, two and a week, of those that are old enough to tell."""
    columns = (
        Column("what", "Begun by", "text"),
        Column("within", "Answered", "text"),
        Column("answered", "How many"),
        Column("counted", "Of", is_extra=True),
        Column("share", "Share", "share"),
        Column("low", "95 % from", "share", is_extra=True),
        Column("high", "to", "share", is_extra=True),
        Column("share_before", "Month before", "share"),
    )
    rows: list[tuple[Cell, ...]] = []
    for what, asks in (("questions", True), ("other messages", False)):
        now = coverage((one for one in material.now.threads if one.asks == asks), material.now.until_us)
        before = coverage((one for one in material.before.threads if one.asks == asks), material.before.until_us)
        for name in WAITS_US:
            met, old = now.within[name]
            low, high = wilson(met, old) or (None, None)
            rows.append((what, _WITHIN[name], met, old, _share(met, old), low, high, _share(*before.within[name])))
    return Table("coverage", "Answered by somebody else, of those old enough to tell", columns, tuple(rows))


def _share(part: int, total: int) -> float | None:
    return part / total if total else None


def _by_channel(material: Material, asked: Asked) -> Chart:
    columns = (
        Column("channel", "Channel", "text"),
        Column("questions", "Questions"),
        Column("answered_24h", "Answered within a day"),
        Column("counted_24h", "Of"),
        Column("share_24h", "Share", "share"),
        Column("low_24h", "From", "share"),
        Column("high_24h", "To", "share"),
        Column("answered_7d", "Within a week"),
        Column("counted_7d", "Of"),
        Column("median_wait", "Median wait", "wait"),
    )
    rows = tuple(_row(name, coverage(threads, material.now.until_us)) for name, threads in _channels(material, asked))
    met, old = material.now.asked.within["24h"]
    told = f"{met:,} of {old:,} questions were answered within a day" if old else "no question is a day old"
    return Chart(
        kind="ranges",
        title="Questions answered within a day, by channel",
        alt=f"The share of questions answered within a day in each channel, with 95 % intervals. In all, {told}.",
        table=Table("questions", "Questions by channel", columns, rows),
        x="channel",
        ys=("share_24h", "low_24h", "high_24h"),
        unit="answered within a day",
    )


def _row(name: str, found: Coverage) -> tuple[Cell, ...]:
    met, old = found.within["24h"]
    met_7d, old_7d = found.within["7d"]
    low, high = wilson(met, old) or (None, None)
    wait = median(found.waits_s) if found.waits_s else None
    return (name, found.asked, met, old, _share(met, old), low, high, met_7d, old_7d, wait)


def _channels(material: Material, asked: Asked) -> Sequence[tuple[str, list[Thread]]]:
    """All channels together first, then those with most questions; those with few are one row."""
    by_channel: dict[str, list[Thread]] = defaultdict(list)
    every = [thread for thread in material.now.threads if thread.asks]
    for thread in every:
        by_channel[thread.channel].append(thread)
    ordered = sorted(by_channel.items(), key=lambda one: (-len(one[1]), asked.channel_names.get(one[0], one[0])))
    shown = [one for one in ordered if len(one[1]) >= LEAST_IN_A_CHANNEL][:MOST_CHANNELS]
    rest = [thread for channel, threads in ordered if (channel, threads) not in shown for thread in threads]
    named = [(f"#{asked.channel_names.get(channel, channel)}", threads) for channel, threads in shown]
    if len(named) == 1 and not rest:
        return named
    others = [("other channels", rest)] if named and len(rest) >= LEAST_IN_A_CHANNEL else []
    return [("all channels", every), *named, *others]


# -- who answers


def _answerers_table(answers: Mapping[int, int]) -> Table | None:
    """How many people gave how many answers, in groups of five people or more; None where there are fewer in all."""
    if len(answers) < FEWEST_PEOPLE:
        return None
    groups: list[list[int]] = []
    pending: list[int] = []
    for low, high in _STEPS:
        pending += [count for count in sorted(answers.values()) if count >= low and (high is None or count <= high)]
        if len(pending) >= FEWEST_PEOPLE:
            groups.append(copy(pending))
            pending = []
    if pending:  # too few for a group of their own
        groups[-1] += pending
    rows = tuple((_span(group, is_last=group is groups[-1]), len(group), sum(group)) for group in groups)
    columns = (Column("answers_each", "Answers each", "text"), Column("people", "People"), Column("answers", "Answers"))
    return Table("answerers", "How many people gave how many answers", columns, rows)


def _span(group: Sequence[int], *, is_last: bool) -> str:
    """Open at its end: how many somebody gave who gave the most is theirs alone."""
    low, high = min(group), max(group)
    if low == high:
        return as_shown(low, "count")
    return f"{low:,} or more" if is_last else f"{low:,} to {high:,}"
