"""What a backup must be told when it takes a database's place: what was said and what was demanded since it was made.

- What the database that it replaces may have sent since, is looked up on Slack before it is sent again (``SqlDeliveries.plan``).
- Whoever was forgotten since is forgotten again, and their marks go over, so that nothing brings them back: as far as the database that
  it replaces can still be read.
"""

from sqlalchemy import Connection, Engine, func, insert, select, update
from sqlalchemy.exc import SQLAlchemyError

from copbot.adapters.store import tables
from copbot.adapters.store.engine import reading
from copbot.adapters.store.hidden_people import HiddenPeople
from copbot.adapters.store.revisions import known_revisions
from copbot.adapters.store.schema import revision_of, the_team
from copbot.adapters.store.sql import SqlStore
from copbot.core.privacy import forget

_team = tables.Team.__table__  # type: ignore[attr-defined]
_delivery = tables.Delivery.__table__  # type: ignore[attr-defined]
_user = tables.User.__table__  # type: ignore[attr-defined]
_secret = tables.PrivacySecret.__table__  # type: ignore[attr-defined]
_hidden = tables.HiddenPerson.__table__  # type: ignore[attr-defined]


def mark_restored(connection: Connection, now_us: int) -> None:
    """Note when this backup was put back, and up to when it knows what was said. What stood in it as still to be sent is looked up first.
    In a backup that was made before the first connection nothing was said."""
    since = func.coalesce(_team.c.complete_us, 0)
    connection.execute(
        update(_team).values(restored_us=now_us, restored_from_us=since).where(_team.c.complete_us.is_not(None))
    )
    from_us = select(_team.c.restored_from_us).where(_team.c.id == _delivery.c.team_id).scalar_subquery()
    connection.execute(
        update(_delivery)
        .where(_delivery.c.state == "due", _delivery.c.updates.is_(None), from_us.is_not(None))
        .values(state="sending", attempts=_delivery.c.attempts + 1, claimed_us=from_us)
    )


def forget_again(restored: Engine, replaced: Engine, now_us: int) -> int | None:
    """Forget in the restored database whoever was forgotten in the one that it replaces; how many. None where that cannot be read, or is
    of another version."""
    try:
        if revision_of(replaced) != known_revisions()[-1]:
            return None
        before, after = SqlStore(replaced, the_team(replaced)), SqlStore(restored, the_team(restored))
        with reading(restored.connect()) as connection:
            people = connection.execute(select(_user.c.slack_id).order_by(_user.c.id)).scalars().all()
        with before.read() as old, after.read() as new, reading(replaced.connect()) as marked:
            hidden = HiddenPeople(marked, before.team)
            gone = {
                user: hidden.how(user)
                for user in people
                if hidden.are_gone(user) and not new.privacy.is_forgotten(user)
            }
            untracked = [
                user for user in people if old.privacy.is_untracked(user) and not new.privacy.is_untracked(user)
            ]
    except SQLAlchemyError:
        return None
    with reading(replaced.connect()) as source, restored.begin() as target:
        _take_marks(source, target)
    for user in untracked:
        with after.begin() as tx:
            tx.privacy.stop_tracking(user, now_us)
    for user, how in gone.items():
        forget(after, user, now_us, "left" if how == "left" else "forgotten")
    return len(gone)


def _take_marks(source: Connection, target: Connection) -> None:
    """The marks of people of whom the backup knows nothing. They mean the same only where they were made with the same secret: one that has
    none yet takes it over."""
    theirs = source.execute(select(_secret)).mappings().all()
    ours = target.execute(select(_secret)).mappings().all()
    if theirs and not ours:
        target.execute(insert(_secret), [dict(row) for row in theirs])
    elif [row["secret"] for row in theirs] != [row["secret"] for row in ours]:
        return
    known = set(target.execute(select(_hidden.c.mark)).scalars())
    missing = [dict(row) for row in source.execute(select(_hidden)).mappings() if row["mark"] not in known]
    if missing:
        target.execute(insert(_hidden), missing)
