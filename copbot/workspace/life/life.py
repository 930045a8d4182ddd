"""The simulated members' calendar: what they do next, and doing it, one thing at a time.

Everything is set down on instants of the virtual time, with a source of chance of its own for each person and moment:
the same seed and the same bot give the same life, however large the steps in which time is moved.
"""

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import partial
from heapq import heappop, heappush
from itertools import count

from copbot.core.time import from_us, to_us
from copbot.workspace.life.moderators import Moderators
from copbot.workspace.life.newcomers import Newcomers
from copbot.workspace.life.people import Places, Someone, seeded, someone
from copbot.workspace.life.talk import Done, Talk
from copbot.workspace.server import Workspace

Deed = Callable[[datetime], Iterator[Done]]

FIRST_FORGOTTEN = timedelta(hours=2, minutes=10)
"""After the beginning somebody asks what nobody will answer: whoever looks on sees it rescued a day later."""


@dataclass(frozen=True)
class Happened:
    """What the people did at one instant, in words, in order. ``stirs``: the bot may have something to do at once."""

    what: tuple[str, ...]
    stirs: bool


@dataclass(order=True)
class _Planned:
    at_us: int
    order: int
    deed: Deed = field(compare=False)


def _nobody() -> Collection[str]:
    return ()


class Life:
    """The members who are there at ``start`` (aware), and those who come. Not for use by several threads at once.

    ``excluded`` gives the IDs of people who are somebody else's to play: they do nothing by themselves meanwhile.
    Nothing is done for people whom a visitor brings.
    """

    def __init__(
        self,
        workspace: Workspace,
        places: Places,
        start: datetime,
        *,
        seed: int = 7,
        newcomers_a_week: float = 1.5,
        excluded: Callable[[], Collection[str]] = _nobody,
    ) -> None:
        self._seed = seed
        self._places = places
        self._excluded = excluded
        self._talk = Talk(workspace, places, seed, to_us(start))
        self._newcomers = Newcomers(workspace, places, seed, newcomers_a_week)
        self._moderators = Moderators(workspace, places.moderators) if places.moderators else None
        self._queue: list[_Planned] = []
        self._order = count()
        there = [user for user in workspace.users() if not user["is_bot"] and not user["deleted"]]
        self._people = [someone(user, seed) for user in there if user["id"] != "USLACKBOT"]
        today = start.astimezone(places.home).date()
        self._plan_week(today - timedelta(days=today.weekday()), start)
        self._plan(start + FIRST_FORGOTTEN, self._forget)

    def next_at(self) -> datetime:
        """When something is down in the calendar next; at the latest the planning of another week."""
        return from_us(self._queue[0].at_us)

    def play_next(self) -> Happened:
        """Do what is next. The clock stands at its instant already."""
        planned = heappop(self._queue)
        done = list(planned.deed(from_us(planned.at_us)))
        return Happened(tuple(one.what for one in done), any(one.stirs for one in done))

    # --- planning

    def _plan(self, at: datetime, deed: Deed) -> None:
        heappush(self._queue, _Planned(to_us(at), next(self._order), deed))

    def _plan_week(self, monday: date, since: datetime) -> None:
        for who in self._people:
            self._plan_visits(who, monday, since)
        for at in self._newcomers.in_week(monday):
            if at > since:
                self._plan(at, self._join)
        following = monday + timedelta(weeks=1)
        midnight = datetime(following.year, following.month, following.day, tzinfo=self._places.home)
        # A day ahead, since Monday begins earlier elsewhere.
        self._plan(midnight - timedelta(days=1), lambda at: self._turn_week(following, at))

    def _turn_week(self, monday: date, at: datetime) -> Iterator[Done]:
        self._plan_week(monday, at)
        return iter(())

    def _plan_visits(self, who: Someone, monday: date, since: datetime) -> None:
        for at in who.moments(monday, self._seed):
            if at > since:
                self._plan(at, partial(self._look_in, who))

    # --- deeds

    def _look_in(self, who: Someone, at: datetime) -> Iterator[Done]:
        """Somebody looks in, says something, and perhaps more in the minutes that follow."""
        rng = seeded(self._seed, who.name, to_us(at))
        later = at
        for _ in range(rng.randint(0, who.words - 1)):
            later += timedelta(seconds=rng.randrange(70, 900))
            self._plan(later, lambda now: self._act(who, now))
        yield from self._act(who, at)

    def _act(self, who: Someone, at: datetime) -> Iterator[Done]:
        if who.user in self._excluded():
            return
        rng = seeded(self._seed, who.name, to_us(at), "act")
        taken = self._moderators.take(who, to_us(at), rng) if self._moderators else None
        if taken is None:
            yield from self._talk.act(who, to_us(at), rng)
            return
        yield Done(f"{who.name} takes a question that waited", stirs=True)
        answers_at = at + timedelta(minutes=rng.randint(5, 90))
        self._plan(answers_at, lambda _: iter([self._talk.rescue(who, *taken, rng)]))

    def _forget(self, at: datetime) -> Iterator[Done]:
        rng = seeded(self._seed, "forgotten", to_us(at))
        askers = [p for p in self._people if p.part in ("active", "peripheral") and p.user not in self._excluded()]
        if askers:
            yield self._talk.forget(rng.choice(askers), rng)

    def _join(self, at: datetime) -> Iterator[Done]:
        who = self._newcomers.join(at)
        self._people.append(who)
        today = at.astimezone(self._places.home).date()
        self._plan_visits(who, today - timedelta(days=today.weekday()), at + timedelta(hours=1))
        for answers_at in self._newcomers.answers_at(who, at):
            self._plan(answers_at, lambda _: self._fill_in(who))
        yield Done(f"{who.name} joins", stirs=True)

    def _fill_in(self, who: Someone) -> Iterator[Done]:
        if who.user not in self._excluded() and self._newcomers.fill_in(who):
            yield Done(f"{who.name} answers copbot's first questions", stirs=True)
