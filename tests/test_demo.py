"""`copbot demo`: the story is really played and checked, with the example's files and with somebody's own."""

import io
import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import threading
from contextlib import redirect_stdout
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from copbot.adapters.clock import VirtualClock
from copbot.adapters.files.reading import load
from copbot.core.errors import Mistake
from copbot.core.pump import Next
from copbot.demo import run_demo
from copbot.demo.checks import checks
from copbot.demo.fitting import fit, groups_named
from copbot.demo.stage import example_files, monday_morning, open_stage
from copbot.demo.story import Story
from copbot.demo.time_control import Clockwork, DemoTime
from copbot.demo.transcript import Transcript
from copbot.demo.words import WIDTH, plain, spoken, wrapped
from copbot.workspace.example import write_example_export
from copbot.workspace.life import Happened
from copbot.workspace.life.form import filled_in

MONDAY = datetime(2026, 11, 16, 2, 0, tzinfo=UTC)

OWN = """
community: {id: harbours, name: Harbour Statistics, timezone: Pacific/Auckland}
channels: {discussion: ["#harbours", "#tides"], moderators: "#harbour-masters"}
roles: {coordinators: [tui.parata@example.org], moderators: ["@pilots", U0PILOT0001]}
digest: off
posts:
  - id: question
    channel: "#harbours"
    when: {every: week, at: "09:00", on: [fri]}
    questions: [What moved this week?]
"""


class Moments:
    """A bot and people with things to do at hours after the beginning; what they did, and when, in ``acted``."""

    def __init__(
        self,
        due: list[tuple[int, str]],
        *,
        people: list[int] | None = None,
        sooner: dict[int, tuple[int, str]] | None = None,
        unseen: set[str] | None = None,
        stuck: bool = False,
    ) -> None:
        self.clock = VirtualClock(MONDAY, speed=0)
        self.acted: list[tuple[int, str]] = []
        self._due, self._people = due, people or []
        self._sooner, self._unseen, self._stuck = sooner or {}, unseen or set(), stuck
        self._spoken = 0

    def control(self) -> DemoTime:
        horizon = timedelta(hours=2)
        clockwork = Clockwork(self.clock, self._next_due, self._settle, lambda: None, self, horizon)
        return DemoTime(self.clock, clockwork, lambda: (), lambda: self._spoken, lambda _: None)

    def next_at(self) -> datetime:
        return MONDAY + timedelta(hours=self._people[0] if self._people else 10_000)

    def play_next(self) -> Happened:
        hour = self._people.pop(0)
        self._note("people")
        if hour in self._sooner:
            self._due.insert(0, self._sooner[hour])
        return Happened(("somebody writes",), stirs=False)

    def _next_due(self) -> Next | None:
        return Next(MONDAY + timedelta(hours=self._due[0][0]), self._due[0][1]) if self._due else None

    def _settle(self) -> Next | None:
        feature = self._due[0][1] if self._stuck else self._due.pop(0)[1]
        self._note(feature)
        self._spoken += feature not in self._unseen
        return self._next_due()

    def _note(self, who: str) -> None:
        self.acted.append((int((self.clock.now() - MONDAY).total_seconds() // 3600), who))


def _own_files(folder: Path, text: str = OWN) -> Path:
    schedules = folder / "schedules"
    schedules.mkdir()
    sections = text.split("\nposts:")
    (schedules / "community.yaml").write_text(sections[0], encoding="utf-8")
    if len(sections) > 1:
        (schedules / "posts.yaml").write_text(f"posts:{sections[1]}", encoding="utf-8")
    return schedules


def _play() -> tuple[int, str]:
    """The exit code and the transcript of `copbot demo --once`."""
    output = io.StringIO()
    with redirect_stdout(output):
        code = run_demo(port=0, browser=False, once=True, speed=1.0, schedules=None, prompts=None)
    return code, output.getvalue()


# --- the whole story ----------------------------------------------------------------------------------------------


def test_the_story_is_played_checked_and_leaves_nothing_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))

    code, transcript = _play()

    assert code == 0, transcript
    said = " ".join(transcript.split())
    in_order = [
        "Amara Okafor joins the workspace",
        "DM with Amara Okafor copbot 👋 Hello Amara, and welcome",
        "Please welcome @Amara Okafor!",
        "#introductions ↳ Grace Santos Welcome, Amara!",
        "times the average allowed hour",
        "💬 ",
        "#data-integration ↳ Arvind Rao",
        "#data-integration Anong Phromma",
        "has waited 24 hours for an answer",
        "presses [I'll take it]",
        "✅ Answered by @Mali Srisuk",
        "/cop me",
        "/cop levels",
        "checks passed",
    ]
    places = [said.find(words) for words in in_order]
    assert -1 not in places, in_order[places.index(-1)]
    assert places == sorted(places)
    assert "<@" not in transcript
    assert "<#" not in transcript
    assert max(map(len, transcript.splitlines())) <= WIDTH + 4
    assert [*tmp_path.iterdir()] == []
    left = [thread.name for thread in threading.enumerate() if thread.name in ("workspace", "pump", "catch-up")]
    assert left == []


def test_with_somebodys_own_files_the_story_is_theirs_and_says_what_it_leaves_out(tmp_path: Path) -> None:
    written: list[str] = []
    with open_stage(
        port=0, schedules=_own_files(tmp_path), prompts=None, pause_s=0.0, stopping=threading.Event()
    ) as stage:
        told = Story(stage, Transcript(stage.workspace, stage.zone, written.append)).play()
        claims = dict(checks(stage, told))
        # Then somebody tampers with what is there: the checks must not go on believing the story.
        assert told.asked is not None
        assert told.posted is not None
        stage.workspace.delete(told.asked[0], stage.workspace.thread(*told.asked)[-1]["ts"])
        told.answers.pop()
        told.moderator = told.newcomer
        stage.settle()  # the bot hears of it, and brings the question back
        claims_after = dict(checks(stage, told))

    said = " ".join("".join(written).split())
    for words in (
        "the example's #data-integration became your #harbours",
        "Tui Parata (tui.parata@example.org) was added to the workspace",
        "Your files have no onboarding",
        "Fri 09:00 #harbours copbot What moved this week?",
        "#harbour-masters copbot @Anong Phromma asked in #harbours and has waited 24 hours",
    ):
        assert words in said
    assert len(claims) > 12
    assert all(claims.values()), claims
    assert {claim for claim, holds in claims_after.items() if not holds} == {
        "members answered in its thread",
        "by the moderator who took it",
        "the question has its answer",
        "the forgotten question became a card, and the card was closed",
        "it is the only card",
    }


def test_a_visitor_can_end_it_with_a_signal_and_the_exit_is_clean() -> None:
    program = "from copbot.cli import main; raise SystemExit(main(['demo', '--no-browser', '--port', '0']))"
    demo = subprocess.Popen(
        [sys.executable, "-c", program],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        encoding="utf-8",
        env=os.environ | {"PYTHONIOENCODING": "utf-8"},
    )
    with demo:
        first = demo.stdout.readline() if demo.stdout else ""
        demo.send_signal(signal.SIGTERM)
        _, complaints = demo.communicate(timeout=30)

    assert "http://127.0.0.1:" in first, complaints
    assert demo.returncode == 0
    assert "Traceback" not in complaints


# --- mistakes of the person who starts it -------------------------------------------------------------------------


def test_a_port_that_is_taken_is_one_line() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(Mistake, match=f"--port.*{port}"):
            run_demo(port=port, browser=False, once=False, speed=1.0, schedules=None, prompts=None)


@pytest.mark.parametrize("port", [-1, 65536])
def test_a_port_that_does_not_exist_is_one_line(port: int) -> None:
    with pytest.raises(Mistake, match="--port"):
        run_demo(port=port, browser=False, once=False, speed=1.0, schedules=None, prompts=None)


def test_wrong_files_are_told_by_their_place(tmp_path: Path) -> None:
    schedules = _own_files(tmp_path, OWN.replace("Pacific/Auckland", "Pacific/Atlantis"))

    with pytest.raises(Mistake, match=r"community\.yaml:2:"):
        run_demo(port=0, browser=False, once=True, speed=1.0, schedules=schedules, prompts=None)


@pytest.mark.parametrize("speed", [-1.0, 100_001.0, float("nan")])
def test_a_speed_that_no_clock_has_is_refused(speed: float) -> None:
    with pytest.raises(Mistake, match="--speed"):
        run_demo(port=0, browser=False, once=True, speed=speed, schedules=None, prompts=None)


# --- the parts ----------------------------------------------------------------------------------------------------


def test_the_example_community_is_in_order() -> None:
    loaded = load(example_files("schedules"), example_files("prompts"))

    assert loaded.problems == ()
    assert [community.id for community in loaded.communities] == ["data-integration"]


@pytest.mark.parametrize(
    ("now", "monday"),
    [
        (datetime(2026, 11, 15, 16, 59, tzinfo=UTC), "2026-11-09"),
        (datetime(2026, 11, 15, 17, 0, tzinfo=UTC), "2026-11-16"),
        (datetime(2026, 11, 22, 16, 59, tzinfo=UTC), "2026-11-16"),
    ],
    ids=["Sunday 23:59 in Bangkok", "Monday 00:00", "the Sunday after"],
)
def test_the_story_begins_on_the_monday_of_this_week(now: datetime, monday: str) -> None:
    community = load(example_files("schedules"), example_files("prompts")).communities[0]

    assert monday_morning(community, now).isoformat() == f"{monday}T09:00:00+07:00"


def test_own_channels_people_and_groups_are_found_in_the_fitted_export(tmp_path: Path) -> None:
    communities = load(_own_files(tmp_path), example_files("prompts")).communities
    export = tmp_path / "export"
    write_example_export(export, MONDAY)

    fit(export, communities)

    users = {user["id"]: user for user in json.loads((export / "users.json").read_text(encoding="utf-8"))}
    open_channels = {c["name"]: c for c in json.loads((export / "channels.json").read_text(encoding="utf-8"))}
    closed = {c["name"]: c for c in json.loads((export / "groups.json").read_text(encoding="utf-8"))}
    assert {"harbours", "tides"} <= open_channels.keys()
    assert len([*(export / "harbours").iterdir()]) > 50
    assert closed.keys() == {"harbour-masters"}
    assert {users[user]["profile"]["email"] for user in closed["harbour-masters"]["members"]} == {
        "tui.parata@example.org",
        "",
    }
    assert "U0PILOT0001" in users
    assert groups_named(communities) == ["@pilots"]


def test_the_examples_own_files_change_nothing_but_add_the_closed_channel(tmp_path: Path) -> None:
    communities = load(example_files("schedules"), example_files("prompts")).communities
    write_example_export(tmp_path, MONDAY)

    said = fit(tmp_path, communities)

    closed = json.loads((tmp_path / "groups.json").read_text(encoding="utf-8"))
    assert said == []
    assert [channel["name"] for channel in closed] == ["cop-moderators"]
    assert len(closed[0]["members"]) == 3


def test_the_page_moves_on_to_what_comes_next() -> None:
    stage = Moments([(5, "rhythm"), (7, "threads")])
    control = stage.control()

    assert control.next() == "Copbot: the next post."
    assert control.now() == MONDAY + timedelta(hours=5)
    assert control.next() == "Copbot: the next look at questions that wait."
    assert control.now() == MONDAY + timedelta(hours=7)
    assert control.next().startswith("Nothing is planned")
    assert control.now() == MONDAY + timedelta(hours=7)
    assert control.taken_over.is_set()


def test_what_the_bot_does_unseen_is_passed_over_by_next() -> None:
    stage = Moments([(5, "participation"), (6, "rhythm")], unseen={"participation"})
    control = stage.control()

    assert control.next() == "Copbot: the next post."
    assert stage.acted == [(5, "participation"), (6, "rhythm")]


def test_a_jump_stops_at_each_instant_in_between_and_plays_people_and_bot_in_order() -> None:
    stage = Moments([(5, "rhythm"), (7, "threads"), (30, "rhythm")], people=[4, 5, 6])
    control = stage.control()

    control.advance(timedelta(hours=24))

    assert stage.acted == [(4, "people"), (5, "rhythm"), (5, "people"), (6, "people"), (7, "threads")]
    assert control.now() == MONDAY + timedelta(hours=24)


def test_what_people_do_brings_the_bots_next_step_forward_and_it_is_not_missed() -> None:
    stage = Moments([(20, "threads")], people=[4, 10], sooner={4: (9, "rhythm")})

    stage.control().advance(timedelta(hours=24))

    assert stage.acted == [(4, "people"), (9, "rhythm"), (10, "people"), (20, "threads")]


def test_something_that_stays_due_without_being_done_does_not_hold_time_up() -> None:
    stage = Moments([(5, "onboarding")], stuck=True)
    control = stage.control()

    control.advance(timedelta(hours=5, minutes=3))

    assert control.now() == MONDAY + timedelta(hours=5, minutes=3)
    assert 2 <= len(stage.acted) <= 5


def test_a_clock_that_plays_moves_on_by_its_speed_and_stops_at_nought() -> None:
    stage = Moments([(1, "rhythm")])
    control = stage.control()
    control.start()
    control.set_speed(36_000)
    deadline = stage.clock.monotonic() + 10
    while not stage.acted and stage.clock.monotonic() < deadline:
        threading.Event().wait(0.02)
    control.set_speed(0)
    control.stop()

    assert stage.acted == [(1, "rhythm")]
    assert control.speed == 0
    assert MONDAY + timedelta(hours=1) <= control.now() < MONDAY + timedelta(days=2)


def test_markup_becomes_words() -> None:
    names = {"U1": "Mali", "C1": "registers"}.__getitem__

    assert plain("*Hello* <@U1>, _see_ <#C1> :wave:", names) == "Hello @Mali, see #registers 👋"
    assert plain("<https://example.org|the page> &lt;b&gt; a_b_c 2*3*4", names) == "the page <b> a_b_c 2*3*4"


def test_a_message_is_what_its_blocks_show() -> None:
    button = {"type": "button", "text": {"type": "plain_text", "text": "Go"}, "action_id": "go"}
    blocks: list[dict[str, Any]] = [
        {"type": "section", "text": {"type": "mrkdwn", "text": "First"}},
        {"type": "context", "elements": [{"type": "mrkdwn", "text": "small"}]},
        {"type": "actions", "elements": [button, button]},
    ]

    assert spoken({"text": "for the phone", "blocks": blocks}) == "First\n\nsmall\n\n[Go]  [Go]"
    assert spoken({"text": "only text"}) == "only text"


def test_long_lines_are_folded_under_their_beginning() -> None:
    lines = wrapped("Mon 09:00  ", "word " * 60 + "\n\nend")

    assert all(len(line) <= WIDTH for line in lines)
    assert lines[0].startswith("Mon 09:00  word")
    assert lines[1].startswith(" " * 11 + "word")
    assert lines[-2:] == ["", " " * 11 + "end"]


def test_a_form_is_filled_in_whatever_it_asks() -> None:
    def block(number: int, element: dict[str, Any]) -> dict[str, Any]:
        return {"type": "input", "block_id": f"b{number}", "label": {"text": f"Q{number}"}, "element": element}

    options = [{"value": value, "text": {"text": value}} for value in ("Census", "Registers")]
    elements: list[dict[str, Any]] = [
        {"type": "plain_text_input", "max_length": 300},
        {"type": "plain_text_input"},
        {"type": "checkboxes", "options": options},
        {"type": "checkboxes", "options": options, "initial_options": options[:1]},
        {"type": "radio_buttons", "options": options},
        {"type": "users_select"},
        {"type": "datepicker"},
    ]
    view = {"blocks": [{"type": "section"}, *(block(number, element) for number, element in enumerate(elements))]}

    form = filled_in(view, "My goal", "U1")

    assert form.text == "My goal"
    assert form.described.startswith("Q0 / Q1")
    assert form.values == {
        "b0": "My goal",
        "b1": "Data integration, for six years",
        "b2": ["Registers"],
        "b4": "Census",
        "b5": "U1",
        "b6": "2026-01-15",
    }
