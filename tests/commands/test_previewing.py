"""``copbot preview`` and ``copbot replay`` as a coordinator meets them in a terminal."""

import json
from collections.abc import Callable
from pathlib import Path

import databases
import pytest

from copbot.adapters import clock
from copbot.adapters.store.engine import open_engine
from copbot.adapters.store.schema import migrate, the_team
from copbot.adapters.store.sql import SqlStore
from copbot.cli import main
from copbot.core.facts import ChannelSeen, MessageSeen
from copbot.core.time import from_us, ts_to_us
from copbot.settings import Settings
from copbot.terminal import form_lines, message_lines, readable

pytestmark = pytest.mark.usefixtures("as_it_was")

COMMUNITY = """
community: {id: links, name: Data Links, timezone: Asia/Bangkok}
channels: {discussion: ["#data"], moderators: "#mods"}
roles: {coordinators: [jess@example.org]}
"""
POSTS = """
posts:
  - id: weekly
    channel: "#data"
    when: {every: week, at: "10:00", on: [tue]}
    prompt: question.j2
    questions: ["Which <key> do you use?", "What & how?"]
  - {id: call, channel: "#data", when: {date: "2026-12-03 14:00"}, text: "Call at {{ occurrence.strftime('%H:%M') }} in {{ channel }}"}
"""
NOW = from_us(ts_to_us("1764585000.000000"))  # Mon 1 Dec 2025 17:30 in Bangkok


@pytest.fixture(autouse=True)
def files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a community; it is Monday the first of December 2025."""
    monkeypatch.chdir(tmp_path)
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)
    databases.commands_use(monkeypatch, tmp_path)
    monkeypatch.setattr(clock.SystemClock, "now", lambda _self: NOW)
    write("schedules/community.yaml", COMMUNITY)
    write("schedules/posts.yaml", POSTS)
    write("prompts/question.j2", ":speech_balloon: *{{ question }}*\n\nSay it in <https://example.org|the thread>.")
    return tmp_path


def write(name: str, text: str) -> None:
    path = Path(name)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)


def record() -> None:
    """A small history: somebody writes each morning at nine for a week before."""
    engine = open_engine(databases.address(Path("copbot.db")))
    migrate(engine)
    with SqlStore(engine, the_team(engine), lambda _channel: "none").begin() as tx:
        tx.facts.record([ChannelSeen("C0000001", name="data", updated_us=1)])
        start_us = ts_to_us("1763974800.000000")  # Mon 24 Nov 2025 16:00 in Bangkok
        tx.facts.record(
            MessageSeen("C0000001", start_us + day * 86_400_000_000, f"U{day}", text="x") for day in range(7)
        )
    engine.dispose()


GOLDEN = """\

weekly  #data  Tue 2 Dec 2025 10:00
  as the schedule says
  warning: the 2 questions are used up and come again on Tue 16 Dec, which is within two months: add some

  | :speech_balloon: *Which <key> do you use?*
  |
  | Say it in the thread (https://example.org).

(no history is stored yet: `copbot import EXPORT` brings it)
"""


@pytest.mark.sqlite("a file that is not there")
def test_a_preview_reads_as_the_post_will(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["preview", "weekly"]) == 0
    assert capsys.readouterr().out == GOLDEN
    assert not Path("copbot.db").exists(), "looking makes no database"


def test_it_shows_the_moment_that_is_asked_for_by_the_communitys_clock(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["preview", "call", "--at", "2026-12-03 14:00"]) == 0
    assert "Thu 3 Dec 2026 14:00" in (shown := capsys.readouterr().out)
    assert "| Call at 14:00 in #data" in shown
    assert main(["preview", "weekly", "--at", "2025-12-02 10:01"]) == 0
    assert "Tue 9 Dec 2025 10:00" in (shown := capsys.readouterr().out)
    assert "What & how?" in shown


@pytest.mark.parametrize(
    ("moment", "next_one"),
    [
        ("2025-12-02T03:00:00Z", "Tue 2 Dec 2025 10:00"),
        ("2025-12-02T03:00:01Z", "Tue 9 Dec 2025 10:00"),
        ("2025-12-02T05:30+02:30", "Tue 2 Dec 2025 10:00"),
    ],
)
def test_a_moment_may_name_its_own_offset(moment: str, next_one: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["preview", "weekly", "--at", moment]) == 0
    assert next_one in capsys.readouterr().out


def test_what_is_unwise_is_told_as_of_the_moment_that_is_asked_for(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["preview", "weekly", "--at", "2027-03-01 09:00"]) == 0
    assert "come again on Tue 16 Mar, which is within two months" in capsys.readouterr().out


def test_without_a_name_it_shows_the_two_weeks_to_come(capsys: pytest.CaptureFixture[str]) -> None:
    record()
    assert main(["preview"]) == 0
    shown = capsys.readouterr().out
    assert shown.startswith("Data Links: the two weeks to come  (Asia/Bangkok)\n")
    assert [line for line in shown.splitlines() if line.startswith("weekly")] == [
        "weekly  #data  Tue 2 Dec 2025 10:00",
        "weekly  #data  Tue 9 Dec 2025 10:00",
    ]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["wekly"], "wekly: there is nothing of that name to preview: did you mean weekly?"),
        (["zzz"], "zzz: there is nothing of that name to preview: there is weekly, call, digest"),
        (["weekly", "--at", "soon"], '--at "soon": this is no date and time: write one such as "2026-12-03 14:00"'),
        (
            ["weekly", "--at", "0001-01-01 00:00"],
            '--at "0001-01-01 00:00": nothing is known of that year: write a time',
        ),
        (
            ["weekly", "--at", "9999-12-31 23:59"],
            '--at "9999-12-31 23:59": nothing is known of that year: write a time',
        ),
        (["weekly", "--at", "2026-02-30"], '--at "2026-02-30": this is no date and time: write one such as'),
        (["--community", "x"], "--community x: there is no such community: there is links"),
    ],
)
def test_a_mistake_is_one_line(arguments: list[str], said: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["preview", *arguments]) == 2
    shown = capsys.readouterr()
    assert said in shown.err
    assert shown.err.count("\n") == 1
    assert shown.out == ""


def test_files_that_are_not_in_order_are_not_previewed(capsys: pytest.CaptureFixture[str]) -> None:
    write("schedules/posts.yaml", "posts: [{id: x}]")
    assert main(["preview"]) == 2
    assert "schedules/posts.yaml:1" in capsys.readouterr().err


def test_of_two_communities_the_name_must_be_clear(capsys: pytest.CaptureFixture[str]) -> None:
    for name in ("one", "two"):
        write(f"schedules/{name}/community.yaml", COMMUNITY.replace("id: links", f"id: {name}"))
        write(f"schedules/{name}/posts.yaml", POSTS)
    Path("schedules/community.yaml").unlink()
    Path("schedules/posts.yaml").unlink()
    assert main(["preview", "weekly"]) == 2
    assert "weekly is in several communities: say which with --community one or two" in capsys.readouterr().err
    assert main(["preview", "weekly", "--community", "two"]) == 0


# --- replay ---------------------------------------------------------------------------------------------------------

REPLAYED = """\
Data Links: 2025-11-24 to 2025-12-01 17:30 (Asia/Bangkok)
  Tue 25 Nov 2025 10:00  weekly in #data: to 1 member, 1 active; 0 wrote in the hour after
      as the schedule says

  weekly: 1 sent; in the hour after, a median of 0 wrote
  #data: 2 posts a day allowed, all used on 0 of 1 days; 0 held back

"""


def test_a_replay_tells_what_would_have_gone_out(capsys: pytest.CaptureFixture[str]) -> None:
    record()
    assert main(["replay", "--since", "2025-11-24"]) == 0
    assert capsys.readouterr().out == REPLAYED


def test_a_replay_ends_now_whatever_it_is_asked(capsys: pytest.CaptureFixture[str]) -> None:
    record()
    assert main(["replay", "--since", "2025-11-24", "--until", "9999-12-31"]) == 0
    assert capsys.readouterr().out == REPLAYED


def test_a_replay_against_another_version_tells_the_difference(capsys: pytest.CaptureFixture[str]) -> None:
    record()
    write("old/schedules/community.yaml", COMMUNITY)
    write("old/schedules/posts.yaml", POSTS.replace("[tue]", "[mon, wed]"))
    assert main(["replay", "--since", "2025-11-24", "--against", "old"]) == 0
    assert capsys.readouterr().out.splitlines() == [
        "Against old: 0 more, 2 fewer, 1 at another time or place, 0 the same",
        "  > Tue 25 Nov 2025 10:00  weekly in #data, was Mon 24 Nov 2025 10:00",
        "  - Wed 26 Nov 2025 10:00  weekly in #data",
        "  - Mon  1 Dec 2025 10:00  weekly in #data",
    ]


def test_a_replay_as_json_has_one_document(capsys: pytest.CaptureFixture[str]) -> None:
    record()
    assert main(["replay", "--since", "2025-11-24", "--until", "2025-12-01", "--json", "--against", "schedules"]) == 0
    document = json.loads(capsys.readouterr().out)
    (post,) = document["posts"]
    assert post == {
        "community": "links",
        "post": "weekly",
        "channel": "#data",
        "occasion": "2025-11-25",
        "due": "2025-11-25T10:00:00+07:00",
        "state": "sent",
        "why": "as the schedule says",
        "at": "2025-11-25T10:00:00+07:00",
        "members": 1,
        "active": 1,
        "wrote": 0,
        "fresh": 0,
    }
    assert document["summary"][0]["sent"] == 1
    used = {"channel": "#data", "allowed": 2, "days": 1, "days_spent": 0, "held_back": 0}
    assert document["budgets"] == [{"community": "links"} | used]
    assert document["against"] == {"added": [], "gone": [], "moved": [], "same": 1}


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--since", "soon"], "soon is no date: write one such as 2026-01-31"),
        (["--since", "0001-01-01"], "0001-01-01 lies before anything that Slack recorded"),
        (["--since", "2025-12-01", "--until", "2025-11-01"], "--since 2025-12-01 is not before 2025-11-01"),
        (["--since", "2030-01-01"], "--since 2030-01-01 is not before now"),
        (["--since", "2025-11-24", "--against", "nowhere"], "--against nowhere: there is no such folder"),
        (["--since", "2025-11-24", "--community", "x"], "--community x: there is no such community"),
        pytest.param(
            *(["--since", "2025-11-24"], "there is no database"), marks=pytest.mark.sqlite("a file that is not there")
        ),
    ],
)
def test_a_mistake_in_a_replay_is_one_line(arguments: list[str], said: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["replay", *arguments]) == 2
    shown = capsys.readouterr()
    assert said in shown.err
    assert shown.err.count("\n") == 1


# --- the terminal ---------------------------------------------------------------------------------------------------

NAMES: Callable[[str], str] = {"U1": "Ana", "C1": "data"}.get  # type: ignore[assignment]


@pytest.mark.parametrize(
    ("mrkdwn", "styled", "reads"),
    [
        ("*bold* _soft_ ~gone~", False, "*bold* _soft_ ~gone~"),
        ("*bold* _soft_ ~gone~", True, "\x1b[1mbold\x1b[0m \x1b[3msoft\x1b[0m \x1b[9mgone\x1b[0m"),
        ("2*3*4 and snake_case_name", True, "2*3*4 and snake_case_name"),
        ("`*code*` and ```_more_```", True, "`*code*` and ```_more_```"),
        ("<@U1> in <#C1>, <!here>", False, "@Ana in #data, @here"),
        ("<https://example.org|this> <https://example.org>", False, "this (https://example.org) https://example.org"),
        ("a &lt;b&gt; &amp; c", False, "a <b> & c"),
        ("red\x1b[31m\x07", True, "red[31m"),
    ],
)
def test_markup_reads_well_in_a_terminal(mrkdwn: str, styled: bool, reads: str) -> None:
    assert readable(mrkdwn, NAMES, styled=styled) == reads


def test_a_form_reads_as_text() -> None:
    box = {"type": "plain_text_input", "multiline": True}
    ticks = {
        "type": "checkboxes",
        "options": [{"text": {"type": "plain_text", "text": t}, "value": t} for t in ("A", "B")],
        "initial_options": [{"value": "B"}],
    }
    view = {
        "title": {"text": "Hello"},
        "submit": {"text": "Send"},
        "blocks": [
            {"type": "input", "label": {"text": "Why?"}, "optional": True, "element": box},
            {"type": "input", "label": {"text": "Which?"}, "element": ticks, "hint": {"text": "Both are fine"}},
            {"type": "input", "label": {"text": "Who?"}, "element": {"type": "users_select", "initial_user": "U1"}},
        ],
    }
    assert form_lines(view, NAMES, styled=False) == [
        "Hello",
        "",
        "Why?  (optional)",
        "[ several lines of text ]",
        "",
        "Which?",
        "[ ] A",
        "[x] B",
        "Both are fine",
        "",
        "Who?",
        "[ Ana v ]",
        "",
        "[ Send ]",
    ]


def test_a_message_is_its_blocks_or_else_its_text() -> None:
    blocks = [
        {"type": "section", "text": {"type": "mrkdwn", "text": "Hello <@U1>"}},
        {"type": "actions", "elements": [{"type": "button", "text": {"text": "Go"}}]},
    ]
    assert message_lines("fallback", blocks, NAMES, styled=False) == ["Hello @Ana", "", "[ Go ]"]
    assert message_lines("a\nb", [], NAMES, styled=False) == ["a", "b"]
