"""``copbot preview``: what would be said, as text for a terminal. It sends nothing and needs no token."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from copbot.adapters.files import Loaded
from copbot.core.community import Community
from copbot.core.errors import Mistake
from copbot.core.ports import Clock, Context
from copbot.core.preview_command import Previews, unknown
from copbot.core.previews import Shown, Wanted
from copbot.features.rhythm.recurrence import instant
from copbot.settings import Settings
from copbot.terminal import bold, faint, form_lines, is_styled, message_lines

DAYS = 14

YEARS = range(1970, 2200)
"""Those of Slack's timestamps, and of calendars that anybody plans by."""


def preview(
    settings: Settings,
    clock: Clock,
    *,
    name: str = "",
    at: str = "",
    as_name: str = "",
    language: str = "",
    community: str = "",
) -> Iterator[str]:
    """The lines of a preview. ``at``: a date and time, local to the community's zone unless it
    names its own offset; ``as_name``: a newcomer's name, ``language``
    what they read.

    Raises Mistake, in one line, for a name, time or community that is not there, and for files that are not in order.
    """
    from copbot.adapters.files import load
    from copbot.stores import looking
    from copbot.wiring import OWN_FEATURES

    found = load(settings.copbot_schedules_dir, settings.copbot_prompts_dir)
    if found.problems:
        raise Mistake(f"{found.problems[0]} (`copbot check` shows all)")
    previews = Previews([feature.preview for feature in OWN_FEATURES if feature.preview is not None])
    chosen = _chosen(found, previews, name, community)
    with looking(settings, clock, found) as (ctx, remark):
        for one in chosen:
            wanted = Wanted(_moment(at, one, clock), name, as_name, language=language)
            with ctx.store.read() as tx:
                shown = previews.show(ctx, tx, one, wanted)
            yield from _lines(ctx, one, wanted, shown, several=len(chosen) > 1)
    if remark:
        yield faint(f"({remark})", is_styled())


def _chosen(found: Loaded, previews: Previews, name: str, community: str) -> Sequence[Community]:
    """The communities that are asked about: by ``--community``, else by the name; without either all."""
    there = found.communities
    if community:
        there = tuple(one for one in there if one.id == community)
        if not there:
            known = ", ".join(one.id for one in found.communities)
            raise Mistake(f"--community {community}: there is no such community: there is {known}")
    if not name:
        return there
    having = [one for one in there if name in previews.names(one)]
    if not having:
        raise Mistake(unknown(name, [known for one in there for known in previews.names(one)]))
    if len(having) > 1:
        ids = " or ".join(one.id for one in having)
        raise Mistake(f"{name} is in several communities: say which with --community {ids}")
    return having


def _moment(at: str, community: Community, clock: Clock) -> datetime:
    if not at:
        return clock.now()
    try:
        asked = datetime.fromisoformat(at.strip())
    except ValueError:
        raise Mistake(f'--at "{at}": this is no date and time: write one such as "2026-12-03 14:00"') from None
    if asked.year not in YEARS:
        raise Mistake(f'--at "{at}": nothing is known of that year: write a time such as "2026-12-03 14:00"')
    return instant(asked, ZoneInfo(community.timezone)) if asked.tzinfo is None else asked.astimezone(UTC)


def _lines(
    ctx: Context, community: Community, wanted: Wanted, shown: Sequence[Shown], *, several: bool
) -> Iterator[str]:
    styled = is_styled()
    if not wanted.name:
        yield bold(f"{community.name}: the two weeks to come", styled) + f"  ({community.timezone})"
        if not shown:
            yield "  nothing is to be posted"
    elif several:
        yield bold(community.name, styled)
    for one in shown:
        yield ""
        yield f"{bold(one.name, styled)}  {one.where}  {one.when}".strip()
        if one.why:
            yield faint(f"  {one.why}", styled)
        for note in one.notes:
            yield f"  warning: {note}"
        yield ""
        name = ctx.directory.channel_name
        lines = (
            form_lines(one.view, name, styled=styled)
            if one.view is not None
            else message_lines(one.text, one.blocks, name, styled=styled)
        )
        for line in lines:
            yield f"  | {line}".rstrip()
    yield ""
