"""What the example community says to newcomers in each language, word for word.

A text that was changed on purpose is written anew with ``GOLDEN=write pytest tests/features/onboarding/test_golden_words.py``,
and read before it is committed.
"""

import os
from datetime import UTC, datetime
from pathlib import Path

import pytest
from fakes import FakeClock

from copbot.adapters.files import load
from copbot.adapters.files.samples import of_introduction, of_onboarding, of_referrals
from copbot.adapters.templates import JinjaTemplates, languages
from copbot.commands.previewing import preview
from copbot.core.community import Community
from copbot.core.onboarding import Onboarding
from copbot.settings import load_settings

ROOT = Path(__file__).parents[3]
GOLDEN = ROOT / "tests" / "golden"
LANGUAGES = ("en", "fr", "es")
FILES = load(ROOT / "schedules", ROOT / "prompts")
(EXAMPLE,) = FILES.communities
assert EXAMPLE.onboarding is not None
ONBOARDING: Onboarding = EXAMPLE.onboarding
NAMES = sorted(
    {
        *filter(None, (ONBOARDING.welcome, ONBOARDING.guidelines, ONBOARDING.introduction)),
        *(follow_up.prompt for follow_up in ONBOARDING.follow_ups if follow_up.prompt is not None),
        *filter(None, (ONBOARDING.referrals.prompt, ONBOARDING.referrals.announcement)),
    }
)


def held_against(name: str, text: str) -> None:
    path = GOLDEN / name
    if os.environ.get("GOLDEN") == "write":
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    assert path.read_text(encoding="utf-8") == text


def rendered(name: str, community: Community, language: str) -> list[str]:
    """The prompt with all that there may be, and with as little as possible."""
    templates = JinjaTemplates(lambda: FILES.prompts)
    values = of_introduction(ONBOARDING) if name == ONBOARDING.introduction else of_onboarding(ONBOARDING)
    if name in (ONBOARDING.referrals.prompt, ONBOARDING.referrals.announcement):
        values = [of_referrals(ONBOARDING)]
    return [templates.render(community, name, one, language) for one in values]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", NAMES)
def test_each_prompt_in_each_language(name: str, language: str) -> None:
    texts = rendered(name, EXAMPLE, language)
    held_against(
        f"prompts/{name.removesuffix('.j2')}.{language}.txt", "\n\n-----\n\n".join(dict.fromkeys(texts)) + "\n"
    )


@pytest.mark.parametrize("name", NAMES)
def test_no_prompt_lacks_a_language(name: str) -> None:
    assert languages(FILES.prompts, EXAMPLE.id, name) == ["es", "fr"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_whole_journey_in_each_language(language: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COPBOT_SCHEDULES_DIR", str(ROOT / "schedules"))
    monkeypatch.setenv("COPBOT_PROMPTS_DIR", str(ROOT / "prompts"))
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{tmp_path}/none.db")
    clock = FakeClock(datetime(2026, 11, 23, 9, 0, tzinfo=UTC))
    lines = preview(load_settings(), clock, name="onboarding", as_name="Ada", language=language)
    held_against(f"journeys/{language}.txt", "\n".join(lines) + "\n")
