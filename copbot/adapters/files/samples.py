"""Sample values for every prompt, as ``interfaces.md`` lists what prompts see: with them each is rendered once before
it is trusted.

A prompt is rendered with each of its sets in turn, so that what stands in an ``{% if %}`` is tried too.
"""

from datetime import UTC, datetime
from typing import Any

from copbot.core.digest import TEMPLATE
from copbot.core.mrkdwn import Mrkdwn, channel_link, day, mention
from copbot.core.onboarding import Onboarding
from copbot.core.posts import Post

_VALUES = {
    "text": "a sample",
    "long_text": "A sample of a longer answer.\nIt has two lines & an <angle>.",
    "yes_no": "yes",
    "person": "Sample Inviter",
    "date": "2026-12-03",
}


def of_post(post: Post) -> list[dict[str, Any]]:
    """What a post's prompt sees besides ``community``."""
    occurrence = datetime(2026, 12, 3, 14, 0)  # noqa: DTZ001 - local wall time, as prompts see it
    values = {"channel": channel_link("C0SAMPLE"), "post": post.id, "occurrence": occurrence}
    asked = [post.questions[0], max(post.questions, key=len)] if post.questions else [None]
    return [values | {"question": question} for question in dict.fromkeys(asked)]


def of_onboarding(onboarding: Onboarding) -> list[dict[str, Any]]:
    """What the onboarding's prompts see besides ``community``: with everything there, and with as little as
    possible.
    """
    member = {"name": "Sample Member", "mention": mention("U0SAMPLE01")}
    inviter = {"name": "Sample Inviter", "mention": mention("U0SAMPLE02")}
    answers = [
        {
            "id": question.id,
            "ask": question.ask,
            "answer": _answer(question.type, question.choices),
            "share": question.share,
        }
        for question in onboarding.questions
    ]
    return [
        {"member": member, "answers": answers, "inviter": inviter, "channel": channel_link("C0SAMPLE")},
        {"member": member, "answers": [], "inviter": None, "channel": channel_link("C0SAMPLE")},
    ]


def of_moderation() -> list[dict[str, Any]]:
    """What somebody is written whose message was reported: with the point of the guidelines that was named, and without."""
    values = {
        "member": {"name": "Sample Member", "mention": mention("U0SAMPLE01")},
        "channel": channel_link("C0SAMPLE"),
        "link": "https://example.slack.com/archives/C0SAMPLE/p1",
    }
    return [values | {"guideline": "Disagree with the method, not with the person."}, values | {"guideline": ""}]


def of_referrals(onboarding: Onboarding) -> dict[str, Any]:
    """What the thanks to those see who brought others."""
    member, channel = (of_onboarding(onboarding)[1][name] for name in ("member", "channel"))
    return {"member": member, "channel": channel, "level": "Bronze", "count": 2}


def of_introduction(onboarding: Onboarding) -> list[dict[str, Any]]:
    """The same for the introduction, which is made only where something is shared."""
    whole, least = of_onboarding(onboarding)
    return [whole, least | {"answers": whole["answers"]}]


def _answer(kind: str, options: tuple[str, ...]) -> str | Mrkdwn:
    return ", ".join(options[:2]) if options else _VALUES.get(kind, "a sample")


def of_recognition() -> list[dict[str, Any]]:
    """What ``recognition.j2`` sees besides ``community``: for each occasion for which it is used."""
    member = {"name": "Sample Member", "mention": mention("U0SAMPLE01")}
    occasions = (("answers", 1), ("answers", 10), ("year", 1))
    return [{"member": member, "occasion": kind, "count": count} for kind, count in occasions]


def of_digest() -> list[dict[str, Any]]:
    """What a digest's template sees besides ``community``: with an entry of each kind, and with one of which no text is kept."""
    member = {"name": "Sample Member", "mention": mention("U0SAMPLE01")}
    entries = [_entry(kind, label) for kind, label in _LABELS.items()]
    untold = _entry("waits", _LABELS["waits"]) | {"title": "Sample Inviter asked something", "who": ""}
    return [{"member": member, "entries": entries}, {"member": member, "entries": [untold]}]


_LABELS = {
    "held": "",
    "may_know": "Would you know?",
    "yours": "For you",
    "coming": "Coming up",
    "answered": "Answered",
    "question": "We asked",
    "waits": "Waits for an answer",
    "lively": "Talked about",
    "rest": "Also",
}


def _entry(kind: str, label: str) -> dict[str, Any]:
    link = Mrkdwn("<https://example.slack.com/archives/C0SAMPLE/p1|How do you link registers &amp; censuses?>")
    return {
        "kind": kind,
        "label": label,
        "title": "How do you link registers & censuses?",
        "link": link,
        "line": Mrkdwn(f"*{label}* {link} · 2 answers" if label else link),
        "who": "Sample Inviter",
        "where": channel_link("C0SAMPLE"),
        "when": day(datetime(2026, 12, 3, 14, 0, tzinfo=UTC)),
        "people": 2,
        "count": 3,
    }


UNNAMED = {
    TEMPLATE: of_digest,
    "recognition.j2": of_recognition,
    "moderation-reminder.j2": of_moderation,
    "moderation-warning.j2": of_moderation,
}
"""Prompts that are used where they are there, without being named in a file."""
