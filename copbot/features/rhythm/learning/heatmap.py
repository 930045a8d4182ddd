"""The heatmap of a channel's week as text: 80 columns wide, readable without colour. Pure."""

from collections.abc import Iterator

from copbot.features.rhythm.learning.learned import Learned
from copbot.features.rhythm.learning.replies import summary
from copbot.features.rhythm.learning.working_hours import in_words

DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
SHADES = " ░▒▓█"
COLOURS = (255, 194, 151, 108, 65, 29)  # of the 256, from pale to dark green
WIDTH = 3  # of an hour


def heatmap(learned: Learned, *, styled: bool) -> str:
    """A line for each day, an hour for each three columns; ``styled`` where the terminal shows colours."""
    return "\n".join([*_head(learned), "", *_body(learned, styled), "", *_foot(learned)])


def _head(learned: Learned) -> Iterator[str]:
    name = learned.name if learned.name == learned.channel else f"#{learned.name}"
    yield f"Best time to post in {name} ({learned.zone}): {learned.why}"
    if learned.doubt:
        yield learned.doubt
    if learned.is_old:
        yield f"As of {learned.end.isoformat()}: nothing that was written there after it is stored."


def _body(learned: Learned, styled: bool) -> Iterator[str]:
    table = learned.table
    top = max(max(day) for day in table)
    marked = (learned.best.day.weekday(), learned.best.hour.hour) if learned.best else None
    yield "    " + "".join(f"{hour:02} " for hour in range(24)).rstrip()
    for number, day in enumerate(table):
        cells = (_cell(figure / top if top else 0.0, marked == (number, h), styled) for h, figure in enumerate(day))
        yield f"{DAYS[number]} {''.join(cells)}".rstrip()
    if learned.working is not None:
        shares = learned.working.share[marked[0] if marked else 1]
        yield "9-18" + "".join(f"{round(100 * share):>2} " if share < 0.995 else "all" for share in shares).rstrip()


def _cell(share: float, is_best: bool, styled: bool) -> str:
    """``share``: of the highest figure, 0 to 1."""
    if styled:
        colour = COLOURS[min(len(COLOURS) - 1, round(share * (len(COLOURS) - 1)))]
        ink = 231 if share > 0.5 else 16
        return f"\x1b[48;5;{colour};38;5;{ink}m{' ★ ' if is_best else '   '}\x1b[0m"
    shade = SHADES[min(len(SHADES) - 1, round(share * (len(SHADES) - 1)))]
    return f"[{shade}]" if is_best else shade * WIDTH


def _foot(learned: Learned) -> Iterator[str]:
    top = max(max(day) for day in learned.table)
    mark = "★ or [█]: the best hour. " if learned.best else ""
    yield f"{mark}Darkest: {top:.2f} different people expected to write in the hour; white: nobody."
    if learned.working is not None:
        day = DAYS[learned.best.day.weekday()] if learned.best else "Tue"
        yield f"9-18: per cent of members for whom it is 09:00-18:00 on a working day ({day}):"
        yield f"      {in_words(learned.working)}."
    yield f"{summary(learned.replies)}"
