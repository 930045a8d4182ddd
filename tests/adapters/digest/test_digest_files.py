"""The community's digest as a page and as text."""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from copbot.adapters.digest.files import COLUMNS, days, document, page, summary, text, write
from copbot.core.cells import columns, wrapped
from copbot.core.digest import Issue, IssueLine
from copbot.core.errors import Mistake

LINE = IssueLine("Who has a form?", "https://example.slack.com/archives/C1/p1", "Ben, Tue 17 November, in #data")
ISSUE = Issue(
    name="Data <Links>",
    since=datetime(2026, 11, 15, 17, tzinfo=UTC),
    until=datetime(2026, 11, 22, 17, tzinfo=UTC),
    zone=ZoneInfo("Asia/Bangkok"),
    messages=1,
    people=1,
    channels=["data"],
    sections={"waits": [LINE], "answered": [], "lively": [], "coming": []},
)


def test_the_page_holds_all_it_needs_and_asks_nothing_of_any_network() -> None:
    made = page(ISSUE)
    assert "<h1>Data &lt;Links&gt;: what was talked about</h1>" in made
    assert 'href="https://example.slack.com/archives/C1/p1"' in made
    for outside in ("<script", "<img", "<link", "src=", "@import", "url("):
        assert outside not in made
    assert "default-src 'none'" in made


def test_words_of_people_are_words_on_the_page() -> None:
    line = replace(LINE, title='<script>alert(1)</script>" onclick="x')
    made = page(replace(ISSUE, sections={"waits": [line]}))
    assert "<script" not in made
    assert 'onclick="x' not in made


def test_the_text_says_the_same() -> None:
    assert text(ISSUE) == (
        "Data <Links>: what was talked about\n"
        "16 to 23 November 2026\n"
        "\n"
        "1 message in #data.\n"
        "\n"
        "\n"
        "WAITING FOR AN ANSWER\n"
        "Would you know? One sentence helps.\n"
        "\n"
        "* Who has a form?\n"
        "  Ben, Tue 17 November, in #data\n"
        "  https://example.slack.com/archives/C1/p1\n"
    )


def test_no_line_of_the_text_is_wider_than_mail_is_read() -> None:
    long = IssueLine("word " * 40, LINE.link, "長い題名" * 30)
    lines = text(replace(ISSUE, name="N" * 200, sections={"waits": [long]}, left_out=["private-" * 12])).splitlines()
    assert max(map(columns, lines)) <= COLUMNS


@pytest.mark.parametrize(
    ("text", "lines"),
    [("", []), ("a b", ["a b"]), ("aaa bbb", ["aaa", "bbb"]), ("aaaaaaa", ["aaaaa", "aa"]), ("長長長", ["長長", "長"])],
)
def test_text_is_parted_between_words_and_else_within(text: str, lines: list[str]) -> None:
    assert wrapped(text, 5) == lines


def test_what_found_no_room_and_what_is_left_out_is_said() -> None:
    issue = replace(ISSUE, more={"waits": 1200}, left_out=["maps"])
    for made in (text(issue), page(issue)):
        assert "… and 1,200 more on Slack." in made
        assert "Channels that not everybody may read are left out." in made
        assert "maps" not in made


def test_a_quiet_week_says_so() -> None:
    quiet = replace(ISSUE, sections={"waits": []})
    assert quiet.is_empty
    assert "It was quiet" in text(quiet)
    assert "It was quiet" in page(quiet)


@pytest.mark.parametrize(
    ("since", "told"),
    [("2026-11-22", "22 November 2026"), ("2026-10-30", "30 October to 22 November 2026")],
)
def test_the_days_are_told_in_words(since: str, told: str) -> None:
    day = datetime.fromisoformat(since).replace(tzinfo=UTC)
    issue = replace(ISSUE, since=day, until=datetime(2026, 11, 22, 12, tzinfo=UTC), zone=ZoneInfo("UTC"))
    assert days(issue) == told


def test_of_many_channels_some_are_named() -> None:
    issue = replace(ISSUE, channels=[f"c{number}" for number in range(8)], messages=2000, people=300)
    assert summary(issue) == "2,000 messages by 300 people in #c0, #c1, #c2, #c3, #c4, #c5 and 2 more."


def test_as_a_document_every_section_is_there() -> None:
    made = document(ISSUE)
    assert list(made["sections"]) == ["waits", "answered", "lively", "coming"]
    assert made["sections"]["waits"][0]["link"] == LINE.link
    assert made["since"] == "2026-11-16T00:00:00+07:00"


def test_where_nothing_can_be_written_one_line_says_so(tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("")
    with pytest.raises(Mistake, match="this is no folder"):
        write(ISSUE, tmp_path / "taken")
