"""The moderators' forms: whom to ask, until when to snooze, who answered."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from copbot.core.blocks import context, field, modal, option, section
from copbot.core.delivery import Block
from copbot.features.threads.rules import is_greeting
from copbot.features.threads.subjects import Page, value_of
from copbot.features.threads.views import Knower, Shown, headline, quote

ASK_FORM, SNOOZE_FORM, ANSWERED_FORM = "threads:asked", "threads:snoozed", "threads:was_answered"

SUGGESTED, ANYONE, UNTIL, WHO = "suggested", "anyone", "until", "who"

LONGEST_SNOOZE = timedelta(days=366)


def ask_form(shown: Shown, knowers: Sequence[Knower], page: Page | None) -> dict[str, Any]:
    """One of those who might know, the first chosen already, or anyone."""
    fields: list[Block] = []
    hint = "They get one direct message, within their quiet hours and what they get from me in a day."
    if knowers:
        options = [option(one.name or one.user, one.user, one.reason) for one in knowers]
        radio: Block = {"type": "radio_buttons", "options": options, "initial_option": options[0]}
        label = "Who could greet them?" if is_greeting(shown.card) else "Who might know?"
        fields.append(field(SUGGESTED, label, radio, optional=True))
    select: Block = {"type": "users_select", "placeholder": _words("Find a person")}
    anyone = "Somebody else, instead" if knowers else "Whom shall I ask?"
    fields.append(field(ANYONE, anyone, select, hint=hint, optional=bool(knowers)))
    return modal(ASK_FORM, "Ask someone", "Ask", value_of(shown.card, page), [*_about(shown), *fields])


def snooze_form(shown: Shown, page: Page | None, today: date) -> dict[str, Any]:
    """``today`` in the community's zone."""
    picker: Block = {"type": "datepicker", "initial_date": (today + timedelta(days=7)).isoformat()}
    hint = "It comes back in the morning of that day, or when somebody answers."
    until = field(UNTIL, "Until when?", picker, hint=hint)
    return modal(SNOOZE_FORM, "Snooze", "Snooze", value_of(shown.card, page), [*_about(shown), until])


def answered_form(shown: Shown, page: Page | None, *, thanks: bool) -> dict[str, Any]:
    """``thanks``: whether whoever is named is thanked in private."""
    greeted = is_greeting(shown.card)
    select: Block = {"type": "users_select", "placeholder": _words("Find a person")}
    hint = "I thank them in private." if thanks else "The card says so, with your thanks."
    who = field(WHO, "Who greeted them?" if greeted else "Who answered?", select, hint=hint, optional=True)
    note = context("For an answer elsewhere: beside the thread, in a call, in person. One in the thread I see myself.")
    title = "Greeted" if greeted else "Answered"
    return modal(ANSWERED_FORM, title, "Close the card", value_of(shown.card, page), [*_about(shown), who, note])


def _about(shown: Shown) -> list[Block]:
    said = f"{headline(shown)}\n{quote(shown.text)}" if shown.text else headline(shown)
    link = [context(f"<{shown.link}|Open the thread>")] if shown.link else []
    return [section(said, verbatim=True), *link]


def _words(text: str) -> Block:
    return {"type": "plain_text", "text": text}
