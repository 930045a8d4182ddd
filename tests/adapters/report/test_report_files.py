"""A report as a page and as files."""

import csv
import json
import re
from html.parser import HTMLParser
from io import StringIO
from pathlib import Path

import pytest
from reported import JAPANESE, NASTY, report

import copbot.adapters.report.files
from copbot.adapters.report.files import csv_files, document, write
from copbot.adapters.report.page import page
from copbot.core.errors import Mistake


@pytest.fixture(scope="module")
def html() -> str:
    return page(report())


class Outline(HTMLParser):
    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.texts: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)

    def handle_data(self, data: str) -> None:
        self.texts.append(data)


def test_the_page_holds_all_it_needs_and_runs_nothing(html: str) -> None:
    outline = Outline(html)
    assert not {"script", "link", "img", "iframe", "object", "form"} & set(outline.tags)
    assert not re.findall(r"(?:https?:)?//(?!www\.w3\.org/2000/svg)[a-z]", html)
    assert "url(" not in html.split("</style>")[0]
    assert "default-src 'none'" in html
    assert len(html) < 1_000_000


def test_what_people_wrote_is_shown_as_they_wrote_it(html: str) -> None:
    told = "".join(Outline(html).texts)
    assert f"Another {NASTY}" in told
    assert f"Data {JAPANESE} <3" in told
    assert f"{NASTY}\nsecond line" in told


def test_each_chart_has_its_words_and_its_table(html: str) -> None:
    tags = Outline(html).tags
    assert tags.count("figure") == tags.count("figcaption") == tags.count("details") == 7
    assert html.count('role="img"') == 14  # one for wide, one for narrow pages
    assert tags.count("table") == tags.count("caption") == 8
    assert tags.count("h1") == 1


def test_each_figure_stands_beside_the_month_before_with_what_that_means(html: str) -> None:
    told = " ".join("".join(Outline(html).texts).split())
    assert "Messages 412 Before: 380 ↑ no clear change" in told
    assert "Answered 77 % 24 of 31 95 % interval: 60 to 89 % Before: 50 % ↑ clearly higher" in told
    assert "Typical wait – nothing to tell of this month" in told


def test_the_tables_are_csv_files_with_the_same_values() -> None:
    files = csv_files(report())
    assert set(files) == {"figures", "days", "months", "week", "levels", "steps", "ranges", "trend", "plain"}
    rows = list(csv.DictReader(StringIO(files["ranges"])))
    assert rows[0] == {"channel": "all channels", "share": "0.5", "low": "0.4", "high": "0.6"}
    assert rows[1] == {"channel": f"#{NASTY}", "share": "", "low": "", "high": ""}
    assert [row["people"] for row in csv.DictReader(StringIO(files["months"]))] == [str(n) for n in range(1, 11)]


def test_the_figures_are_a_csv_file_too() -> None:
    rows = list(csv.DictReader(StringIO(csv_files(report())["figures"])))
    assert rows[1] | {"label": "", "test": ""} == {
        "key": "answered_24h",
        "label": "",
        "now": "0.774194",
        "before": "0.5",
        "low": "0.602",
        "high": "0.886",
        "direction": "up",
        "is_clear": "True",
        "change": "clearly higher",
        "test": "",
    }
    assert rows[2]["now"] == rows[2]["is_clear"] == ""


def test_no_cell_is_a_formula_for_a_spreadsheet() -> None:
    assert "\n'=SUM(A1),2" in csv_files(report())["plain"].replace("\r", "")


def test_the_document_has_the_same_figures_and_tables() -> None:
    told = json.loads(json.dumps(document(report())))
    assert (told["community"], told["month"], told["is_running"]) == ("data", "2026-10", False)
    assert told["figures"]["messages"]["now"] == 412
    assert told["figures"]["median_wait"]["now"] is None
    assert told["tables"]["levels"][0] == {
        "month": "2026-10",
        "core": 4,
        "active": 9,
        "peripheral": 20,
        "dormant": 12,
        "newcomer": 3,
    }


def test_the_files_are_written_into_a_folder_that_is_made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(copbot.adapters.report.files, "page", lambda _report: "the page")  # drawn often enough
    files = write(report(), tmp_path / "new" / "folder")
    assert files[0].name == "data-2026-10.html"
    assert {file.name for file in files} == {file.name for file in (tmp_path / "new" / "folder").iterdir()}
    assert files == write(report(), tmp_path / "new" / "folder")


def test_a_table_of_an_earlier_report_that_this_one_has_not_is_gone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(copbot.adapters.report.files, "page", lambda _report: "the page")
    for name in ("data-2026-10-names-answers.csv", "data-2026-09-names-answers.csv", "mine.csv"):
        (tmp_path / name).write_text("name,answers")
    write(report(), tmp_path)
    left = {file.name for file in tmp_path.iterdir()}
    assert "data-2026-10-names-answers.csv" not in left
    assert {"data-2026-09-names-answers.csv", "mine.csv"} <= left


def test_a_folder_that_is_none_is_a_mistake(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    with pytest.raises(Mistake, match="no folder"):
        write(report(), tmp_path / "file")
