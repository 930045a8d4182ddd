"""`copbot when`: the best times learned in a channel, from the stored history alone, with or without a community."""

from collections.abc import Sequence
from difflib import get_close_matches
from zoneinfo import ZoneInfo

from copbot.adapters.directory import StoredDirectory
from copbot.adapters.files import load
from copbot.core.community import Community
from copbot.core.errors import Mistake
from copbot.core.ports import Clock
from copbot.features.rhythm.learning.learned import Learned, learned_from
from copbot.settings import Settings
from copbot.stores import existing_store, one_community

SHOWN = 8


def look(settings: Settings, clock: Clock, channel: str, *, community: str = "", timezone: str = "") -> Learned:
    """What is learned of a channel, by its name or ID.

    Its zone and the channels it leans on are those of ``community``, else of the one community whose file names it among its
    discussion channels; where there is none, UTC and nothing but the channel itself.

    Raises Mistake for a channel, community or time zone that is not there.
    """
    named = one_community(settings, community) if community else None
    with existing_store(settings) as store, store.read() as tx:
        channels = tx.figures.channels()
        directory = StoredDirectory(channels)
        found = _found(channel, channels, directory)
        home = named or _home(settings, directory, found)
        discussion = _discussion(home, directory)
        zone = _zone(timezone or (home.timezone if home else "UTC"))
        return learned_from(tx, zone, found, directory.channel_name(found), discussion, clock.now())


def _found(asked: str, channels: Sequence[tuple[str, str | None]], directory: StoredDirectory) -> str:
    stored = {channel for channel, _ in channels}
    found = asked if asked in stored else directory.channel(f"#{asked.removeprefix('#')}")
    if found in stored and found is not None:
        return found
    names = [name for _, name in channels if name]
    near = get_close_matches(asked.removeprefix("#"), names, n=1)
    if near:
        raise Mistake(f"{asked}: no such channel is stored; did you mean #{near[0]}?")
    known = ", ".join(f"#{name}" for name in names[:SHOWN]) + (" …" if len(names) > SHOWN else "")
    raise Mistake(f"{asked}: no such channel is stored" + (f": there is {known}" if known else " yet"))


def _home(settings: Settings, directory: StoredDirectory, channel: str) -> Community | None:
    """The one community that has the channel among its discussion channels, if the files are there and in order."""
    communities = load(settings.copbot_schedules_dir, settings.copbot_prompts_dir).communities
    having = [community for community in communities if channel in _discussion(community, directory)]
    return having[0] if len(having) == 1 else None


def _discussion(community: Community | None, directory: StoredDirectory) -> frozenset[str]:
    references = community.channels.discussion if community else ()
    return frozenset(filter(None, map(directory.channel, references)))


def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        raise Mistake(f"--timezone {name}: there is no such time zone: write one such as Europe/Berlin") from None
