"""What the digest says, where a community has no template of its own for it."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Phrases:
    """``{community}`` (escaped), ``{who}`` (plain) and ``{count}`` are filled in. Of pairs the first is for one alone. ``nameless`` ones
    stand for the title of a message of which no text is kept. ``may_know`` and its like begin the lines."""

    heading: str
    may_know: str
    yours: str
    coming: str
    answered: str
    question: str
    waits: str
    lively: str
    asked_nameless: str
    wrote_nameless: str
    alone_nameless: str
    yours_nameless: str
    post_nameless: str
    somebody: str
    answers: tuple[str, str]
    people: tuple[str, str]
    rest: tuple[str, str]
    more: str
    colon: str = ":"
    """What stands behind a label."""
