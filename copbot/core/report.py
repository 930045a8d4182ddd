"""A report as plain values: sentences, figures beside those of before, tables, and charts drawn from these tables alone.

Features tell their part (``Feature.report``); ``adapters/report`` makes a page, pictures and files of the whole. All texts are plain:
whoever shows them escapes them.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal
from zoneinfo import ZoneInfo

from copbot.core.community import Community
from copbot.core.months import Month

Cell = str | int | float | None
Shown = Literal["text", "count", "share", "number", "wait"]
"""How a value is written for people: a share is from 0 to 1, a wait in seconds."""

Direction = Literal["up", "down", "same", "unknown"]
"""Where a figure went since the month before; ``unknown`` where either month has none."""


@dataclass(frozen=True)
class Asked:
    """The report that is wanted: ``[since, until)`` of a month that may still be running, in these channels (IDs) alone.

    ``before_us``: where the month before begins, which ends at ``since_us``; of a running month only as much of it is compared as has
    passed of this one, until ``before_until_us``. ``names``: for the moderators' eyes, with the names of members.
    ``is_everything``: no community is meant but all that is stored, also who is known to have joined and was seen in no channel.
    """

    community: Community
    channels: tuple[str, ...]
    month: Month
    zone: ZoneInfo
    since_us: int
    until_us: int
    before_us: int
    before_until_us: int
    names: bool = False
    channel_names: dict[str, str] = field(default_factory=dict)
    is_everything: bool = False

    @property
    def is_running(self) -> bool:
        return self.until_us < self.month.end_us(self.zone)


@dataclass(frozen=True)
class Column:
    """``key`` heads it in CSV and JSON and is stable; ``label`` is what people read. ``is_extra``: left out where a page is narrow."""

    key: str
    label: str
    shown: Shown = "count"
    is_extra: bool = False


@dataclass(frozen=True)
class Table:
    """``name`` is that of its CSV file, and stable."""

    name: str
    title: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]

    def column(self, key: str) -> tuple[Cell, ...]:
        place = [column.key for column in self.columns].index(key)
        return tuple(row[place] for row in self.rows)

    def head(self, key: str) -> Column:
        return next(column for column in self.columns if column.key == key)


ChartKind = Literal["columns", "week", "split", "steps", "ranges", "trend"]
"""``columns``: upright bars over time. ``week``: weekday by hour. ``split``: each row a whole, parted. ``steps``: lying bars.
``ranges``: a share with its interval for each row; ``trend``: the same over time."""


@dataclass(frozen=True)
class Chart:
    """A chart that shows columns of its table: ``x`` names the rows, ``ys`` the values. ``alt`` says in words what there is to see.

    ``ranges`` and ``trend`` take three ``ys``: the share, and its interval's ends. ``marked`` are the numbers of the rows that stand out.
    ``unit`` is what is counted. ``band``: a span of values that is usual elsewhere, and its name.
    """

    kind: ChartKind
    title: str
    alt: str
    table: Table
    x: str
    ys: tuple[str, ...]
    unit: str = ""
    marked: tuple[int, ...] = ()


@dataclass(frozen=True)
class KeyFigure:
    """A figure of the month beside that of the month before.

    ``low`` and ``high`` are its 95 % interval where it has one. ``is_clear``: whether the difference means anything, by ``test``;
    None where there is too little to tell. ``of``: what it was taken from, in words. A share has its ``parts``: the part and the whole.
    """

    key: str
    label: str
    now: float | None
    before: float | None
    shown: Shown
    direction: Direction
    is_clear: bool | None
    test: str
    of: str = ""
    low: float | None = None
    high: float | None = None
    parts: tuple[int, int] | None = None
    parts_before: tuple[int, int] | None = None

    @property
    def is_of_few(self) -> bool:
        return self.parts is not None and self.parts[1] < LEAST_FOR_A_SHARE

    @property
    def now_in_words(self) -> str:
        return _share_in_words(self.now, self.parts, self.shown)

    @property
    def before_in_words(self) -> str:
        return _share_in_words(self.before, self.parts_before, self.shown)


@dataclass(frozen=True)
class Section:
    """``figures`` are keys of the report's figures that stand here again. ``for_moderators``: it names members."""

    id: str
    title: str
    text: tuple[str, ...] = ()
    figures: tuple[KeyFigure, ...] = ()
    charts: tuple[Chart, ...] = ()
    tables: tuple[Table, ...] = ()
    quotes: tuple[str, ...] = ()
    for_moderators: bool = False


@dataclass(frozen=True)
class Part:
    """A feature's part of a report. ``sentences`` and ``figures`` stand at its head; ``notes`` at its end, on how it was counted."""

    sections: tuple[Section, ...] = ()
    sentences: tuple[str, ...] = ()
    figures: tuple[KeyFigure, ...] = ()
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Report:
    """``covered``: the days that it covers, in words."""

    asked: Asked
    covered: str
    part: Part

    @property
    def title(self) -> str:
        return f"{self.asked.community.name}: {self.asked.month.name}"

    @property
    def charts(self) -> tuple[Chart, ...]:
        return tuple(chart for section in self.part.sections for chart in section.charts)

    @property
    def tables(self) -> tuple[Table, ...]:
        """All tables, also those that stand behind a chart, each once."""
        behind = (table for s in self.part.sections for table in (*(chart.table for chart in s.charts), *s.tables))
        return tuple({table.name: table for table in behind}.values())

    @property
    def figures(self) -> tuple[KeyFigure, ...]:
        every = (*self.part.figures, *(figure for section in self.part.sections for figure in section.figures))
        return tuple({figure.key: figure for figure in every}.values())


def together(parts: Sequence[Part]) -> Part:
    """Several features' parts as one, in their order; what names members comes last."""
    sections = [section for part in parts for section in part.sections]
    return Part(
        sections=tuple(sorted(sections, key=lambda section: section.for_moderators)),
        sentences=tuple(sentence for part in parts for sentence in part.sentences),
        figures=tuple(figure for part in parts for figure in part.figures),
        notes=tuple(dict.fromkeys(note for part in parts for note in part.notes)),
    )


# -- values as people read them

LEAST_FOR_A_SHARE = 10
"""Of fewer than this no per cent are given to people: 1 of 3 is not 33 %."""


def _share_in_words(value: float | None, parts: tuple[int, int] | None, shown: Shown) -> str:
    if parts is not None and 0 < parts[1] < LEAST_FOR_A_SHARE:
        return f"{parts[0]:,} of {parts[1]:,}"
    return as_shown(value, shown)


def as_shown(value: Cell, shown: Shown) -> str:
    """A value in words; a dash where there is none."""
    if value is None:
        return "–"
    if isinstance(value, str):
        return value
    if shown == "share":
        return per_cent(value)
    if shown == "wait":
        return _short(value)
    if shown == "number":
        return f"{value:,.1f}"
    return f"{value:,.0f}"


def per_cent(share: float) -> str:
    """A share in whole per cent, a small one with a decimal; one that is not 0 or all is never written as if it were."""
    if 0 < share < 0.0005:
        return "under 0.1 %"
    if 0.995 <= share < 1:
        return "over 99 %"
    return f"{100 * share:.1f} %".replace(".0 %", " %") if share < 0.0995 else f"{100 * share:.0f} %"


def waited(seconds: float) -> str:
    """How long somebody waited, in the unit that fits."""
    count, unit = _in_unit(seconds)
    return counted(count, unit) if count else "under a minute"


def _short(seconds: float) -> str:
    count, unit = _in_unit(seconds)
    return f"{count:,} {_UNITS[unit]}" if count else "< 1 min"


_UNITS = {"minute": "min", "hour": "h", "day": "d"}


def _in_unit(seconds: float) -> tuple[int, str]:
    minutes = seconds / 60
    if minutes < 90:
        return (round(minutes) if minutes >= 1 else 0), "minute"
    if minutes < 48 * 60:
        return round(minutes / 60), "hour"
    return round(minutes / 1440), "day"


def counted(count: int, noun: str, plural: str = "") -> str:
    """``1 message``, ``2 messages``, ``3 people``."""
    return f"{count:,} {noun if count == 1 else plural or noun + 's'}"


_MORE: dict[Shown, tuple[str, str]] = {
    "count": ("more", "fewer"),
    "share": ("higher", "lower"),
    "wait": ("longer", "shorter"),
}


def change_in_words(figure: KeyFigure) -> str:
    """What a figure's difference from the month before means."""
    if figure.now is None:
        return "nothing to tell of this month"
    if figure.before is None:
        return "nothing to compare with"
    if figure.is_clear is None:
        return "as before" if figure.direction == "same" else "too little to tell"
    if not figure.is_clear:
        return "no clear change"
    more, less = _MORE.get(figure.shown, ("more", "less"))
    return f"clearly {more if figure.direction == 'up' else less}"
