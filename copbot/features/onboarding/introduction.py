"""The introduction of a newcomer: posted when they share something, brought up to date, withdrawn."""

from collections.abc import Sequence

from copbot.core.delivery import Delivery, Outgoing
from copbot.core.mrkdwn import MESSAGE_LIMIT, channel_link, shorten
from copbot.core.records import GivenAnswer, Journey, Person
from copbot.features.onboarding import views
from copbot.features.onboarding.service import Reception, fingerprint
from copbot.features.onboarding.words import words_for

NEVER_STOOD = ("failed", "skipped")


def introduce(
    reception: Reception, journey: Journey, before: Sequence[GivenAnswer], answers: Sequence[GivenAnswer]
) -> str | None:
    """Post the introduction, or bring it up to date. The link of its channel, None when nothing is shared."""
    channel, name = reception.introductions, reception.onboarding.introduction
    if channel is None or name is None:
        return None
    shared = [one for one in answers if one.share]
    key, standing = standing_of(reception, journey)
    if not shared and standing is None:
        return None
    stands_in = standing.outgoing.target if standing else channel
    if standing and shared == [one for one in before if one.share]:
        return channel_link(stands_in) if shared else None
    text: str | None = words_for(reception.community.language).withdrawn
    if shared:
        person = reception.tx.facts.person(journey.user) or Person(journey.user)
        text = reception.rendered(name, person, shared, "The introduction waits.", for_all=True)
    if text is None:
        return None
    reception.tx.deliveries.plan(
        Outgoing(
            key=f"{key}:{fingerprint(text)}:{reception.now_us}" if standing else key,
            kind="introduction",
            target=stands_in,
            text=shorten(text, MESSAGE_LIMIT),
            blocks=views.introduction_blocks(text),
            community=journey.community,
            due_us=reception.now_us,
            subject=journey.user,
            updates=key if standing else None,
        )
    )
    return channel_link(stands_in) if shared else None


def withdraw(reception: Reception, journey: Journey) -> bool:
    """Share nothing any more and take the introduction back; the answers are kept. False when nothing was shared."""
    before = list(reception.tx.journeys.answers(journey.id))
    if not any(one.share for one in before):
        return False
    answers = [GivenAnswer(one.question, one.value) for one in before]
    reception.tx.journeys.answer(journey.id, answers, journey.guidelines_version, reception.now_us)
    introduce(reception, journey, before, answers)
    return True


def standing_of(reception: Reception, journey: Journey) -> tuple[str, Delivery | None]:
    """The key of the introduction and what became of it: None when it is still to be posted.

    One that Slack refused never stood, so the next takes another key: a mended channel, and the person is introduced after all.
    """
    first = f"introduction:{journey.community}:{journey.user}"
    number = 1
    while True:
        key = first if number == 1 else f"{first}#{number}"
        found = reception.tx.deliveries.get(key)
        if found is None or found.state not in NEVER_STOOD:
            return key, found
        number += 1
