"""Value stories: what members told of what had helped them, and who may see it."""

from collections.abc import Sequence
from typing import Any, cast

from sqlalchemy import Connection, Row, Table, delete, exists, select, update

from copbot.adapters.store import tables
from copbot.adapters.store.inserting import insert_into
from copbot.core.merging import storable
from copbot.core.voices import SharedStory, Story, Told, seen_with

_story = cast(Table, tables.Story.__table__)  # type: ignore[attr-defined]
_told = cast(Table, tables.StoryTold.__table__)  # type: ignore[attr-defined]


class SqlStories:
    def __init__(self, connection: Connection, team: int) -> None:
        self._connection = connection
        self._team = team

    def ask(self, community: str, user: str, channel: str, ts_us: int, now_us: int) -> Story | None:
        made = self._connection.execute(
            insert_into(self._connection, _story)
            .values(
                team_id=self._team,
                community=community,
                slack_user=user,
                channel=channel,
                ts_us=ts_us,
                state="asked",
                consent="none",
                asked_us=now_us,
            )
            .on_conflict_do_nothing()
        )
        return self.of(community, user)[0] if made.rowcount == 1 else None

    def get(self, story: int) -> Story | None:
        row = self._connection.execute(self._stories().where(_story.c.id == story)).one_or_none()
        return None if row is None else _of(row)

    def of(self, community: str, user: str) -> Sequence[Story]:
        theirs = self._stories().where(_story.c.community == community, _story.c.slack_user == user)
        return [_of(row) for row in self._connection.execute(theirs.order_by(_story.c.id.desc()))]

    def save(self, story: Story) -> None:
        self._connection.execute(
            update(_story)
            .where(_story.c.team_id == self._team, _story.c.id == story.id)
            .values(state=story.state, consent=story.consent)
        )

    def told(self, story: int) -> Sequence[Told]:
        rows = self._connection.execute(
            select(_told).where(_told.c.team_id == self._team, _told.c.story_id == story).order_by(_told.c.step)
        )
        return [Told(row.step, row.text, row.saved, row.at_us, row.consent) for row in rows]

    def tell(self, story: int, told: Told) -> None:
        said = {
            "text": storable(told.text),
            "saved": storable(told.saved),
            "at_us": told.at_us,
            "consent": told.consent,
        }
        kept = insert_into(self._connection, _told).values(team_id=self._team, story_id=story, step=told.step, **said)
        self._connection.execute(kept.on_conflict_do_update(index_elements=["story_id", "step"], set_=said))

    def erase(self, story: int) -> None:
        self._connection.execute(delete(_told).where(_told.c.team_id == self._team, _told.c.story_id == story))

    def to_ask_again(self, community: str, asked_since_us: int, asked_until_us: int) -> Sequence[Story]:
        again = self._stories().where(
            _story.c.community == community,
            _story.c.state.in_(["told", "later"]),
            _story.c.asked_us >= asked_since_us,
            _story.c.asked_us <= asked_until_us,
        )
        return [_of(row) for row in self._connection.execute(again.order_by(_story.c.id))]

    def shared(self, community: str, since_us: int, until_us: int) -> Sequence[SharedStory]:
        lately = exists().where(_told.c.story_id == _story.c.id, _told.c.at_us >= since_us, _told.c.at_us < until_us)
        rows = self._connection.execute(
            self._stories()
            .where(_story.c.community == community, _story.c.consent.in_(["named", "unnamed"]), lately)
            .order_by(_story.c.id.desc())
        )
        return [
            SharedStory(row.id, user, told)
            for row in rows.all()
            for consent, user in (("named", row.slack_user), ("unnamed", None))
            if (told := tuple(one for one in self.told(row.id) if seen_with(row.consent, one.consent) == consent))
            and any(since_us <= one.at_us < until_us for one in told)
        ]

    def _stories(self) -> Any:
        return select(_story).where(_story.c.team_id == self._team)


def _of(row: Row[Any]) -> Story:
    return Story(
        id=row.id,
        community=row.community,
        user=row.slack_user,
        channel=row.channel,
        ts_us=row.ts_us,
        state=row.state,
        asked_us=row.asked_us,
        consent=row.consent,
    )
