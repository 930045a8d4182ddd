"""The one direct message to a member who is asked whether they know, and what takes its place once that is settled."""

from copbot.core.blocks import actions, button, section
from copbot.core.delivery import Block, Outgoing
from copbot.core.mrkdwn import channel_link, mention
from copbot.core.ports.asking import AskedPerson
from copbot.core.records import Card, Person
from copbot.features.threads.asking.words import Words, words_for
from copbot.features.threads.care import Care
from copbot.features.threads.rules import is_greeting
from copbot.features.threads.views import OPEN, quote

WILL_ANSWER, NOT_ME = "threads:will_answer", "threads:not_me"


def key_of(card: Card, asked: AskedPerson) -> str:
    """Who was called off before the message went out may be asked again, at another time."""
    return f"ask:{card.community}:{card.id}:{asked.user}:{asked.asked_us}"


def words_of(care: Care, person: Person | None) -> Words:
    return words_for(person.locale if person else None, care.community.language)


def plan(care: Care, card: Card, person: Person, asked: AskedPerson) -> None:
    """Have the question put to ``person``, who was ``asked``."""
    words = words_of(care, person)
    request = _request(card, asked, words)
    care.tx.deliveries.plan(
        Outgoing(
            key=key_of(card, asked),
            kind="ask",
            target=person.user,
            text=f"{_headline(card, words).rstrip(' :')}. {request}",
            blocks=blocks_of(care, card, person, asked),
            community=care.community.id,
            due_us=asked.due_us,
            wanted_us=asked.asked_us,
        )
    )


def blocks_of(care: Care, card: Card, person: Person, asked: AskedPerson) -> tuple[Block, ...]:
    """The question, and what ``person`` can say to it; or, where they said that they would answer, the way there."""
    words = words_of(care, person)
    question = section(_asked_in(care, card, words), verbatim=True)
    if asked.state != "asked":
        link = [actions(*found)] if (found := _link(care, card, words)) else []
        return (question, section(words.thanks_will), *link)
    will = words.will_greet if is_greeting(card) else words.will_answer
    buttons = [*_link(care, card, words), button(will, WILL_ANSWER, str(card.id), primary=True)]
    buttons.append(button(words.not_me, NOT_ME, str(card.id)))
    return (question, section(_request(card, asked, words), verbatim=True), actions(*buttons))


def blocks_for_all(care: Care, card: Card, person: Person) -> tuple[Block, ...]:
    """A question that anybody may answer, with the way there."""
    words = words_of(care, person)
    link = [actions(*found)] if (found := _link(care, card, words)) else []
    nobody = words.nobody_greeted if is_greeting(card) else words.nobody_yet
    return (section(_asked_in(care, card, words), verbatim=True), section(nobody), *link)


def was_asked(care: Care, card: Card, asked: AskedPerson) -> bool:
    """Whether the message to them went out: a moderator's wish alone is none of theirs."""
    standing = care.tx.deliveries.get(key_of(card, asked))
    return standing is not None and standing.state == "sent"


def _request(card: Card, asked: AskedPerson, words: Words) -> str:
    may = words.may_greet if is_greeting(card) else words.may_know
    return may.format(moderator=mention(asked.by))


def show_reply(care: Care, card: Card, person: Person | None, asked: AskedPerson, said: str, *, will: bool) -> None:
    """Put what they answered in the place of the buttons."""
    words = words_of(care, person)
    link = [actions(*found)] if will and (found := _link(care, card, words)) else []
    blocks = (
        section(_asked_in(care, card, words), verbatim=True),
        section(said, verbatim=True),
        *link,
    )
    _replace(care, card, asked, "replied", said, blocks)


def call_off(care: Care, card: Card) -> None:
    """A card was closed: whoever was to be asked is not, and whoever was and has not replied reads that it is settled. The question
    stands there no more: it may have been deleted."""
    for asked in care.tx.asking.of([card.id]).get(card.id, ()):
        if asked.state != "asked":
            continue
        if care.tx.deliveries.cancel(key_of(card, asked), "settled before it was asked"):
            care.tx.asking.forget(card.id, asked.user)
            continue
        said = words_of(care, care.tx.facts.person(asked.user)).over
        _replace(care, card, asked, f"over:{card.version}", said, (section(said, verbatim=True),))


def _replace(care: Care, card: Card, asked: AskedPerson, what: str, text: str, blocks: tuple[Block, ...]) -> None:
    base = key_of(card, asked)
    standing = care.tx.deliveries.get(base)
    if standing is None or standing.state in ("failed", "skipped"):
        return
    care.tx.deliveries.plan(
        Outgoing(
            key=f"{base}:{what}",
            kind="ask",
            target=asked.user,
            text=text,
            blocks=blocks,
            community=care.community.id,
            due_us=care.now_us,
            updates=base,
        )
    )


def question_of(care: Care, card: Card) -> str | None:
    """What was asked, as Slack keeps it: a member's where texts may be kept, and the bot's own."""
    if card.origin == "question":
        said = care.tx.deliveries.posted(("question",), card.ts_us)
        return next((one.text for one in said if (one.channel, one.ts_us) == (card.channel, card.ts_us)), None)
    root = care.root(card)
    return root.text if root is not None else None


def _asked_in(care: Care, card: Card, words: Words) -> str:
    """Who asks where, and the first lines where there are any."""
    headline, text = _headline(card, words), question_of(care, card)
    return f"{headline}\n{quote(text)}" if text else f"{headline.rstrip(' :')}."


def _headline(card: Card, words: Words) -> str:
    channel = channel_link(card.channel)
    if card.author is None:
        return words.asks_mine.format(channel=channel)
    says = words.greets if is_greeting(card) else words.asks
    return says.format(who=mention(card.author), channel=channel)


def _link(care: Care, card: Card, words: Words) -> list[Block]:
    link = care.ctx.permalink(card.channel, card.ts_us)
    return [] if link is None else [button(words.open_thread, OPEN, url=link)]
