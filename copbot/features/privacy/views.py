"""Privacy in words and buttons, on a phone: what is stored, and four things to do about it."""

from collections.abc import Mapping, Sequence
from typing import Any

from copbot.core.blocks import actions, button, context, field, modal, option, plain, section
from copbot.core.delivery import Block

OPEN, EXPORT, ERASE, STOP, AGAIN = "privacy:open", "privacy:export", "privacy:erase", "privacy:stop", "privacy:again"
ERASE_FORM = "privacy_erase"
SURE = "sure"

HEAD = "*What is stored about you.* Only you see this."
NOTHING = "Nothing is stored about you."
FORGOTTEN = "You were erased. All I keep of you is one keyed fingerprint, so that no import brings you back; nothing else, and nothing new."
UNTRACKED = (
    ":no_bell: *I do not track you.* What you write from now on is kept without your name and without its words."
)
LATER = "Your copy is on its way: it comes as a direct message in a moment."
STOPPED = "Done: from now on I do not track you, and I write to you no more by myself."
TRACKED = "Done: I know you again, from now on. What has no name stays without one."
ERASED = (
    "It has begun, and takes a few minutes at most: everything that names you is erased. From this moment on nothing is recorded under "
    "your name, and I write to you no more by myself. If you want to be known again one day, type `{command} privacy`."
)
NOT_SURE = "Please tick this first: nothing was erased."
NAMED = "You stay named as one who looks after a community as long as its coordinators' files name you."

WHAT_GOES = (
    "*What goes:* your name, your answers, settings and stories, who you are behind every message, reaction and question that is stored, "
    "and their words. Your introduction is taken back where I posted it."
)
WHAT_STAYS = (
    "*What stays:* counts, such as how many messages there were in a week, without you. And one keyed fingerprint, so that an import "
    "does not bring you back. What you wrote in Slack stays in Slack: delete it there."
)


def page_blocks(
    told: Mapping[str, Sequence[str]], *, is_forgotten: bool, is_untracked: bool, note: str = ""
) -> tuple[Block, ...]:
    """All of it. ``note``: what was done just now."""
    blocks: list[Block] = [section(note)] if note else []
    if is_forgotten:
        return (*blocks, section(FORGOTTEN), actions(_again("Know me again")))
    blocks.append(section(HEAD if told else NOTHING))
    blocks += [section(f"*{heading}*\n" + "\n".join(f"• {line}" for line in lines)) for heading, lines in told.items()]
    if is_untracked:
        blocks.append(section(UNTRACKED))
    own = [button("Get my copy", EXPORT)] if told else []
    track = _again("Track me again") if is_untracked else _stop()
    erase = [button("Erase everything…", ERASE)] if told else []
    return (*blocks, actions(*own, track, *erase))


def page_text(told: Mapping[str, Sequence[str]], *, is_forgotten: bool, note: str = "") -> str:
    lines = [note] if note else []
    if is_forgotten:
        return "\n".join([*lines, FORGOTTEN])
    lines.append(HEAD if told else NOTHING)
    return "\n".join([*lines, *(f"{heading}: {'; '.join(said)}" for heading, said in told.items())])


def page_view(blocks: Sequence[Block]) -> dict[str, Any]:
    """The same where there is no message to say it in: on the Home tab."""
    return {
        "type": "modal",
        "callback_id": "privacy_page",
        "title": plain("Your privacy", 24),
        "close": plain("Close", 24),
        "blocks": list(blocks),
    }


def erase_form(*, is_named: bool) -> dict[str, Any]:
    sure = {"type": "checkboxes", "options": [option("Yes, erase it. This cannot be undone.", "yes")]}
    notes = [context(NAMED)] if is_named else []
    blocks = [
        section(WHAT_GOES),
        section(WHAT_STAYS),
        section("Do you want to keep a copy? Close this and press *Get my copy* first."),
        *notes,
        field(SURE, "Are you sure?", sure),
    ]
    return modal(ERASE_FORM, "Erase everything", "Erase", "", blocks)


def settings_blocks() -> tuple[Block, ...]:
    """The way in from the Home tab."""
    text = "*Privacy*: see what is stored about you, get a copy, erase it, or ask not to be tracked."
    return ({**section(text), "accessory": button("My privacy", OPEN)},)


def _stop() -> Block:
    sure = (
        "From now on your messages and reactions count without your name, nothing of what you write is kept, and I start no conversation "
        "with you. What is stored already stays until you erase it."
    )
    return button("Do not track me", STOP) | {"confirm": _confirm("Do not track you?", sure, "Do not track me")}


def _again(label: str) -> Block:
    sure = "From now on your messages and reactions count as yours again, and I may write to you."
    return button(label, AGAIN) | {"confirm": _confirm("Know you again?", sure, "Yes")}


def _confirm(title: str, text: str, yes: str) -> Block:
    return {
        "title": plain(title, 100),
        "text": plain(text, 300),
        "confirm": plain(yes, 30),
        "deny": plain("Cancel", 30),
    }
