"""How the questions for stories look, and the stories themselves."""

from collections.abc import Sequence
from typing import Any

from copbot.core.blocks import actions, button, plain, section, sections
from copbot.core.delivery import Block
from copbot.core.interaction import Submission
from copbot.core.mrkdwn import channel_link, escape, mention, shorten
from copbot.core.voices import Consent, Story, Told, seen_with
from copbot.features.voices.words import Words

TELL, LATER, DECLINE = "voices:story_tell", "voices:story_later", "voices:story_decline"
NOTHING, DELETE = "voices:story_nothing", "voices:story_delete"
FORM = "voices:story"
TEXT, SAVED, CONSENT, VALUE = "text", "saved", "consent", "value"

TEXT_LIMIT, SAVED_LIMIT = 2000, 150
_TITLE, _LABEL, _OPTION = 24, 2000, 75
_QUOTED = 300
CONSENTS: tuple[Consent, ...] = ("named", "unnamed", "none")  # as the form offers them


def question(story: Story, step: int, link: str | None, told: Sequence[Told], words: Words) -> str:
    """``step``: the days after the first question. ``link``: the message in which they said that something helped."""
    channel = channel_link(story.channel)
    message = f"<{link}|{words.this_message}>" if link else words.this_message
    when = words.one_month if step <= 30 else words.three_months
    if step == 0:
        return words.story_question.format(channel=channel, message=message)
    if not told:
        return words.story_later_again.format(when=when, channel=channel, message=message)
    return words.story_again.format(when=when, told=quote(told[-1].text))


def question_blocks(text: str, story: Story, step: int, words: Words) -> tuple[Block, ...]:
    value = f"{story.id}:{step}"
    if story.state == "told":
        second = [button(words.nothing_new, NOTHING, value)]
    else:
        again = [button(words.in_a_month, LATER, value)] if step < 90 else []
        second = [*again, button(words.no_thanks, DECLINE, value)]
    return (section(text, verbatim=True), actions(button(words.tell, TELL, value, primary=True), *second))


def form(story: Story, step: int, told: Told | None, words: Words) -> dict[str, Any]:
    text: Block = {"type": "plain_text_input", "action_id": VALUE, "multiline": True, "max_length": TEXT_LIMIT}
    saved: Block = {"type": "plain_text_input", "action_id": VALUE, "max_length": SAVED_LIMIT}
    if told is not None:
        text["initial_value"] = told.text
        if told.saved:
            saved["initial_value"] = told.saved
    options = [{"text": plain(_consent(each, words), _OPTION), "value": each} for each in CONSENTS]
    consent: Block = {"type": "radio_buttons", "action_id": VALUE, "options": options}
    if told is not None:
        consent["initial_option"] = options[CONSENTS.index(seen_with(story.consent, told.consent))]
    label = words.story_text if step == 0 else words.story_text_again
    return {
        "type": "modal",
        "callback_id": FORM,
        "private_metadata": f"{story.id}:{step}",
        "title": plain(words.story_title, _TITLE),
        "submit": plain(words.send, _TITLE),
        "close": plain(words.later, _TITLE),
        "blocks": [
            {"type": "input", "block_id": TEXT, "label": plain(label, _LABEL), "element": text},
            {
                "type": "input",
                "block_id": SAVED,
                "optional": True,
                "label": plain(words.story_saved, _LABEL),
                "hint": plain(words.story_saved_hint, _LABEL),
                "element": saved,
            },
            {"type": "input", "block_id": CONSENT, "label": plain(words.story_consent, _LABEL), "element": consent},
        ],
    }


def _consent(consent: Consent, words: Words) -> str:
    return {"named": words.consent_named, "unnamed": words.consent_unnamed, "none": words.consent_none}[consent]


def sent(submission: Submission) -> tuple[str, str, Consent]:
    """Text, saving and consent of the form. What is no offered consent is none: values come from outside."""
    chosen = submission.chosen(CONSENT)
    consent = chosen if chosen in CONSENTS else "none"
    saved = submission.written(SAVED).strip()[:SAVED_LIMIT]
    return submission.written(TEXT).strip()[:TEXT_LIMIT], " ".join(saved.split()), consent


def kept_text(consent: Consent, words: Words) -> str:
    seen = {"named": words.seen_named, "unnamed": words.seen_unnamed, "none": words.seen_none}[consent]
    return words.story_kept.format(seen=seen)


def own_blocks(text: str, story: Story, step: int, words: Words) -> tuple[Block, ...]:
    """What the teller may do with it."""
    value = f"{story.id}:{step}"
    return (
        *sections(text, verbatim=True),
        actions(button(words.change, TELL, value), button(words.delete, DELETE, value)),
    )


def own_text(story: Story, told: Sequence[Told], words: Words) -> str:
    consents = [_consent(seen_with(story.consent, each.consent), words) for each in told]
    return "\n".join(f"{quote(each.text)}\n_{consent}_" for each, consent in zip(told, consents, strict=True))


def shared_text(story: Story, told: Told, community: str) -> str:
    """What the coordinators read of a story that may be shared. ``community`` is its name."""
    who = (
        mention(story.user)
        if seen_with(story.consent, told.consent) == "named"
        else "A member, who is not to be named,"
    )
    lines = [f":seedling: {who} told what helped in *{escape(community)}*:", quote(told.text)]
    if told.saved:
        lines.append(f"Saved: {escape(told.saved)}")
    return "\n".join([*lines, "It will stand in the report of this month."])


GONE_TEXT = "This story was taken back by its teller."


def quote(text: str) -> str:
    short = shorten(escape(text), _QUOTED)
    return "\n".join(f"> {line}" for line in short.splitlines() if line.strip())
