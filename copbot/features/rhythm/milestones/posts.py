"""The reminders of a milestone and the note after it, as posts like any other: with their hour, budget, distance and lateness.

Each comes at the milestone's own time of day, so many days before its date as ``remind`` says, and on the day after it unless it is
done by then. What was to be said before the milestone stood in the files is not said later.
"""

from collections.abc import Iterator
from datetime import date, datetime, timedelta

from copbot.core.community import Community
from copbot.core.posts import EveryWhen, Milestone, Post

PREFIX = "milestone:"
"""No id in the files has a colon, so no post of theirs is taken for one of these."""

LATE = timedelta(hours=8)
"""A reminder still helps later on its day."""

DONE_FRESH = timedelta(days=14)
"""How long after its date a milestone that turns out done is worth a word to all; one done years ago is not."""


def milestone_posts(community: Community) -> tuple[Post, ...]:
    return tuple(post for milestone in community.milestones for post in _of(community, milestone))


def channel_of(community: Community, milestone: Milestone) -> str:
    return milestone.channel or community.channels.discussion[0]


def milestone_of(community: Community, post: Post) -> Milestone | None:
    """The milestone that a post is about; None for a post of the files."""
    if not post.id.startswith(PREFIX):
        return None
    wanted = post.id.removeprefix(PREFIX).rpartition(":")[0]
    return next((milestone for milestone in community.milestones if milestone.id == wanted), None)


def _of(community: Community, milestone: Milestone) -> Iterator[Post]:
    if milestone.done:
        return
    at = datetime.combine(milestone.date, milestone.at)
    for before in milestone.remind:
        yield _post(community, milestone, _name_of(before), at - before)
    yield _post(community, milestone, "after", at + timedelta(days=1))


def done_note(community: Community, milestone: Milestone, day: date) -> Post:
    """What is said once when a milestone is done, as a post of that day's."""
    return _post(community, milestone, "done", datetime.combine(day, milestone.at))


def _post(community: Community, milestone: Milestone, name: str, at: datetime) -> Post:
    return Post(
        id=f"{PREFIX}{milestone.id}:{name}",
        channel=channel_of(community, milestone),
        when=EveryWhen("day", at.time()),
        from_date=at.date(),
        until_date=at.date(),
        late=LATE,
        source=milestone.source,
        title=f"{milestone.name} (milestone)",
    )


def _name_of(before: timedelta) -> str:
    days, rest = divmod(before, timedelta(days=1))
    return f"{days}d-before" if not rest else f"{before // timedelta(minutes=1)}m-before"
