"""A digest as a member reads it: a heading and a line for each entry, in the bot's own words or by the community's template.

Titles are people's words and escaped; links and dates are the program's. Nobody is mentioned, but called by name.
"""

from collections.abc import Callable, Sequence
from typing import Any

from copbot.core.blocks import sections
from copbot.core.community import Community
from copbot.core.delivery import Block
from copbot.core.digest import Entry
from copbot.core.mrkdwn import Mrkdwn, channel_link, day, escape, mention, moment
from copbot.core.records import Person
from copbot.core.small_groups import FEWEST_SHOWN
from copbot.core.time import from_us
from copbot.features.digest.words.phrases import Phrases

Name = Callable[[str | None], str]
"""What somebody is called, as plain text; "" where nobody knows."""


def text(community: Community, entries: Sequence[Entry], words: Phrases, name: Name) -> str:
    """The whole digest as mrkdwn."""
    lines = [f"• {line(entry, words, name)}" for entry in entries]
    return "\n".join([words.heading.format(community=escape(community.name)), *lines])


def blocks(text: str) -> tuple[Block, ...]:
    return sections(text, verbatim=True)


def line(entry: Entry, words: Phrases, name: Name) -> str:
    """One entry: what it is, its title as the link to its thread, and who or how many."""
    shown = Mrkdwn(_linked(entry.link, escape(title(entry, words, name))))
    label = label_of(entry, words)
    if entry.kind == "held":
        return shown
    mark = "" if label.endswith("?") else words.colon
    return f"*{escape(label)}{mark}* {' · '.join([shown, *map(str, _details(entry, words, name))])}"


def label_of(entry: Entry, words: Phrases) -> str:
    """What an entry is, in a word or two."""
    if entry.kind == "rest":
        return words.more
    return "" if entry.kind == "held" else str(getattr(words, entry.kind))


def title(entry: Entry, words: Phrases, name: Name) -> str:
    """An entry's title as plain text; where no text is kept, who asked."""
    if entry.kind == "rest":
        return _counted(words.rest, entry.count)
    if entry.title:
        return entry.title
    if entry.kind == "yours":
        return words.yours_nameless
    if entry.kind == "question":
        return words.post_nameless
    return nameless(words, is_lively=entry.kind == "lively", is_answered=entry.count > 0).format(
        who=name(entry.who) or words.somebody
    )


def nameless(words: Phrases, *, is_lively: bool, is_answered: bool) -> str:
    """What stands for the title of a message of a person's of which no text is kept. ``{who}``"""
    if not is_lively:
        return words.asked_nameless
    return words.wrote_nameless if is_answered else words.alone_nameless


def template_values(member: Person, entries: Sequence[Entry], words: Phrases, name: Name) -> dict[str, Any]:
    """What ``digest.j2`` sees besides ``community`` (docs/coordinators.md)."""
    called = member.name or Mrkdwn(mention(member.user))
    return {
        "member": {"name": called, "mention": mention(member.user)},
        "entries": [_values(entry, words, name) for entry in entries],
    }


def _values(entry: Entry, words: Phrases, name: Name) -> dict[str, Any]:
    return {
        "kind": entry.kind,
        "label": label_of(entry, words),
        "title": title(entry, words, name),
        "link": Mrkdwn(_linked(entry.link, escape(title(entry, words, name)))),
        "line": Mrkdwn(line(entry, words, name)),
        "who": name(entry.who),
        "where": channel_link(entry.channel) if entry.channel else "",
        "when": "" if entry.at_us is None else _when(entry),
        "people": entry.people if entry.people >= FEWEST_SHOWN else 0,
        "count": entry.count,
    }


def _details(entry: Entry, words: Phrases, name: Name) -> list[str]:
    where = [channel_link(entry.channel)] if entry.channel else []
    if entry.kind == "coming":
        return [_when(entry), *where]
    if entry.kind in ("waits", "may_know"):
        who = [escape(name(entry.who))] if entry.title and name(entry.who) else []
        return [*who, *where]
    if entry.kind == "rest":
        return [*_people(entry, words), *where]
    if entry.kind == "lively" and entry.people >= FEWEST_SHOWN:
        return [*_people(entry, words), *where]
    return [_counted(words.answers, entry.count), *where] if entry.count else [*where]


def _people(entry: Entry, words: Phrases) -> list[str]:
    return [_counted(words.people, entry.people)] if entry.people >= FEWEST_SHOWN else []


def _when(entry: Entry) -> Mrkdwn:
    at = from_us(entry.at_us or 0)
    return moment(at) if entry.kind == "coming" else day(at)


def _counted(pair: tuple[str, str], count: int) -> str:
    return pair[0 if count == 1 else 1].format(count=f"{count:,}")


def _linked(link: str | None, title: str) -> str:
    """A title that leads somewhere. A bar would end the address early."""
    return f"<{link}|{title.replace('|', '¦')}>" if link else title
