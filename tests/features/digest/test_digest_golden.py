"""What the example community's digest says in each language, word for word; and what the bot says where there is no template.

A text that was changed on purpose is written anew with ``GOLDEN=write pytest tests/features/digest/test_digest_golden.py``, and read
before it is committed.
"""

import os
from pathlib import Path

import pytest

from copbot.adapters.files import load
from copbot.adapters.files.samples import of_digest
from copbot.adapters.templates import JinjaTemplates
from copbot.core.digest import Entry
from copbot.features.digest import views
from copbot.features.digest.selection import ORDER
from copbot.features.digest.words import LANGUAGES, words_for

ROOT = Path(__file__).parents[3]
GOLDEN = ROOT / "tests" / "golden" / "prompts"
NAMES = {"UBEN": "Ben <3"}


def held_against(name: str, text: str) -> None:
    path = GOLDEN / name
    if os.environ.get("GOLDEN") == "write":
        path.write_text(text, encoding="utf-8")
    assert path.read_text(encoding="utf-8") == text


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_template_in_each_language(language: str) -> None:
    files = load(ROOT / "schedules", ROOT / "prompts")
    templates = JinjaTemplates(lambda: files.prompts)
    texts = [templates.render(files.communities[0], "digest.j2", values, language) for values in of_digest()]
    held_against(f"digest.{language}.txt", "\n\n-----\n\n".join(texts) + "\n")


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_bots_own_words_in_each_language(language: str) -> None:
    (community,) = load(ROOT / "schedules", ROOT / "prompts").communities
    entries = [
        Entry(
            kind, title, "https://example.slack.com/archives/C1/p1", "UBEN", "C1", number, number, 1_780_000_000_000_000
        )
        for kind in ORDER
        for title, number in (("Who has <a> form | list?", 1), ("", 2))
        if kind not in ("held", "coming") or title
    ]
    text = views.text(community, entries, words_for(language), lambda user: NAMES.get(user or "", ""))
    held_against(f"digest-own-words.{language}.txt", text + "\n")
