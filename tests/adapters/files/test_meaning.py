"""What the files mean: every key, its forms and its defaults."""

# ruff: noqa: DTZ001 - local wall time is naive

from datetime import date, datetime, time, timedelta
from pathlib import Path

import pytest
from json_schema import fits
from written import COMMUNITY, written

from copbot.adapters.files import Loaded, fingerprint, load, load_texts
from copbot.adapters.files.document import read_document
from copbot.adapters.files.schema import schema
from copbot.core.community import (
    Attention,
    Channels,
    Community,
    LevelRule,
    Participation,
    Points,
    Privacy,
    Reports,
    Roles,
    Unanswered,
)
from copbot.core.onboarding import FollowUp, Onboarding, Option, Question, ReferralThanks
from copbot.core.posts import CronWhen, DateWhen, EveryWhen, Post, When
from copbot.core.time import Hours
from copbot.core.voices import Pulse, PulseQuestion

ROOT = Path(__file__).parents[3]
SCHEMA = schema()


def good(files: dict[str, str]) -> Community:
    loaded = load_texts(files)
    assert loaded.problems == ()
    for name, text in files.items():
        data = read_document(text, name).data if name.endswith(".yaml") else None
        if data is not None:  # what is right for copbot is right for the editor
            assert fits(data, SCHEMA), name
    (community,) = loaded.communities
    return community


def test_the_smallest_community_has_all_defaults() -> None:
    assert good({"schedules/community.yaml": COMMUNITY}) == Community(
        id="data",
        name="Data People",
        timezone="Asia/Bangkok",
        channels=Channels(("#data",), "#mods"),
        roles=Roles(("jess@example.org",)),
    )


EVERYTHING = """\
community: {id: data, name: Data People, timezone: Europe/Berlin, purpose: to learn, language: fr}
channels: {discussion: ["#data", C0123ABCD], moderators: "#mods", introductions: null}
roles: {coordinators: [jess@example.org, U0123ABCD], moderators: ["@mods", S0123ABCD]}
unanswered:
  after: 30m
  again: 45s
  escalate: 3d
  counts_as_answer: [reply, reaction, next_message]
  reactions: {answered: ok, taken: ":hand:"}
attention: {member: {day: 2, week: 4}, channel: {day: 1}, quiet: off}
participation:
  window: 8w
  points: {message: 2, reply: 3.5, reaction: 0.1, onboarding: 0}
  core: {active_weeks: 5, contributions: 10}
  active: {contributions: 4}
  dormant_after: 56d
  recognition: off
privacy: {keep_text: none, keep_activity: 1y}
reports: {brief: off, monthly: off}
"""


def test_everything_that_a_community_may_say_is_taken_as_written() -> None:
    assert good({"schedules/community.yaml": EVERYTHING}) == Community(
        id="data",
        name="Data People",
        timezone="Europe/Berlin",
        purpose="to learn",
        language="fr",
        channels=Channels(("#data", "C0123ABCD"), "#mods", None),
        roles=Roles(("jess@example.org", "U0123ABCD"), ("@mods", "S0123ABCD")),
        unanswered=Unanswered(
            timedelta(minutes=30),
            timedelta(seconds=45),
            timedelta(days=3),
            ("reply", "reaction", "next_message"),
            "ok",
            "hand",
        ),
        attention=Attention(2, 4, 1, None),
        participation=Participation(
            timedelta(weeks=8), Points(20, 35, 1, 0), LevelRule(5, 10), LevelRule(2, 4), timedelta(weeks=8), "off"
        ),
        privacy=Privacy("none", timedelta(days=365)),
        reports=Reports(brief=False, monthly=False),
    )


@pytest.mark.parametrize(
    ("written_as", "meant"),
    [
        ('"20:00-08:00"', Hours(time(20), time(8))),
        ("20:00-08:00", Hours(time(20), time(8))),
        ('"08:00-08:00"', None),
        ("off", None),
        ("false", None),
    ],
)
def test_quiet_hours(written_as: str, meant: Hours | None) -> None:
    community = good({"schedules/community.yaml": f"{COMMUNITY}attention: {{quiet: {written_as}}}\n"})
    assert community.attention.quiet == meant


@pytest.mark.parametrize(
    ("written_as", "meant"),
    [
        ('{every: day, at: "10:00"}', EveryWhen("day", time(10))),
        ("{every: weekday, at: 9:30}", EveryWhen("weekday", time(9, 30))),
        ("{every: week, at: 10:00:05, on: tue}", EveryWhen("week", time(10, 0, 5), on=(1,))),
        ("{every: 2 weeks, at: 10:00, on: [Monday, thu]}", EveryWhen("2 weeks", time(10), on=(0, 3))),
        ("{every: month, at: 10:00, on: 15}", EveryWhen("month", time(10), day_of_month=15)),
        ("{every: month, at: 10:00, on: [15]}", EveryWhen("month", time(10), day_of_month=15)),
        ("{every: quarter, at: 10:00, on: mon}", EveryWhen("quarter", time(10), on=(0,))),
        (
            '{every: week, at: best, on: [tue, wed], between: "08:00-18:00", otherwise: "wed 10:00"}',
            EveryWhen("week", "best", (1, 2), None, Hours(time(8), time(18)), 2, time(10)),
        ),
        (
            "{every: day, at: active, window: 4h, otherwise: 10:00}",
            EveryWhen("day", "active", otherwise_time=time(10), window=timedelta(hours=4)),
        ),
        ('{cron: "0 9 1 * *"}', CronWhen("0 9 1 * *")),
        ("{cron: 0 9 * jan mon-fri}", CronWhen("0 9 * JAN MON-FRI")),
        ('{date: "2026-12-03 14:00"}', DateWhen(datetime(2026, 12, 3, 14))),
        ("{date: 2026-12-03 14:00:05}", DateWhen(datetime(2026, 12, 3, 14, 0, 5))),
    ],
)
def test_when(written_as: str, meant: When) -> None:
    posts = f'posts:\n  - {{id: p, channel: "#data", text: Hello, when: {written_as}}}\n'
    assert good(written(posts=posts)).posts[0].when == meant


def test_a_post_with_all_its_keys() -> None:
    posts = """\
posts:
  - id: p
    channel: C0123ABCD
    when: {every: day, at: 10:00}
    prompt: ask.j2
    questions: [" What? ", Why?]
    paused: true
    from: 2026-12-01
    until: "2026-12-31"
    pin: true
    late: 30m
"""
    assert good(written(posts=posts)).posts == (
        Post(
            "p",
            "C0123ABCD",
            EveryWhen("day", time(10)),
            prompts=("ask.j2",),
            questions=("What?", "Why?"),
            paused=True,
            from_date=date(2026, 12, 1),
            until_date=date(2026, 12, 31),
            pin=True,
            late=timedelta(minutes=30),
            source="schedules/posts.yaml:2",
        ),
    )


def test_questions_alone_are_posted_as_they_are() -> None:
    posts = 'posts:\n  - {id: p, channel: "#data", when: {every: day, at: 9:00}, questions: [What?]}\n'
    (post,) = good(written(posts=posts)).posts
    assert (post.prompts, post.text, post.questions) == ((), None, ("What?",))


def test_onboarding() -> None:
    assert good(written()).onboarding == Onboarding(
        welcome="welcome.j2",
        questions=(
            Question("goal", "What for?", "long_text", share=True),
            Question("topics", "Which?", "choices", (Option("A"), Option("B"))),
        ),
        follow_ups=(
            FollowUp(timedelta(days=3), "open", "welcome.j2"),
            FollowUp(timedelta(days=7), "silent", tell_moderators=True),
        ),
        welcomes=("members", "guests"),
        delay=timedelta(seconds=30),
    )


@pytest.mark.parametrize(
    ("lines", "delay", "welcomes"),
    [
        ("  delay: 0s\n", timedelta(0), ("members", "guests")),
        ("  delay: 24h\n  welcomes: members\n", timedelta(days=1), ("members",)),
        (
            "  welcomes: [members, guests, partners, guests]\n",
            timedelta(seconds=30),
            ("members", "guests", "partners"),
        ),
    ],
)
def test_when_the_welcome_comes_and_to_whom(lines: str, delay: timedelta, welcomes: tuple[str, ...]) -> None:
    onboarding = f"onboarding:\n{lines}  welcome: welcome.j2\n  questions: [{{id: goal, ask: What for?}}]\n"
    found = good(written(onboarding=onboarding)).onboarding
    assert found is not None
    assert (found.delay, found.welcomes) == (delay, welcomes)


def test_an_option_may_lead_somewhere() -> None:
    options = """
        - Surveys
        - {option: Registers, channels: "#registers"}
        - option: Census
          channels: ["#census", C0123ABCD]
          people: [ann@example.org, U0123ABCD, ann@example.org]
          read: "https://data.slack.com/archives/C0123ABCD/p1700000000000100?thread_ts=1700000000.000100&cid=C0123ABCD"
"""
    onboarding = "onboarding:\n  welcome: welcome.j2\n  questions:\n    - id: topics\n      ask: Which?\n"
    found = good(written(onboarding=f"{onboarding}      type: choice\n      options:{options}")).onboarding
    assert found is not None
    assert found.questions[0].options == (
        Option("Surveys"),
        Option("Registers", channels=("#registers",)),
        Option(
            "Census",
            channels=("#census", "C0123ABCD"),
            people=("ann@example.org", "U0123ABCD"),
            read="https://data.slack.com/archives/C0123ABCD/p1700000000000100",
        ),
    )
    assert found.questions[0].choices == ("Surveys", "Registers", "Census")


@pytest.mark.parametrize(
    ("written_as", "meant"),
    [
        ("joins workspace", None),
        ('joins channel "#data"', "#data"),
        ("'joins channel \"#data\"'", "#data"),
        ('"joins channel #data"', "#data"),
        ("joins channel C0123ABCD", "C0123ABCD"),
    ],
)
def test_where_the_onboarding_starts(written_as: str, meant: str | None) -> None:
    onboarding = f"onboarding: {{starts: {written_as}, welcome: welcome.j2, questions: [{{id: a_b, ask: Why?}}]}}\n"
    if "{" in written_as:
        pytest.fail("the sample must fit in braces")
    found = good(written(onboarding=onboarding)).onboarding
    assert found is not None
    assert found.starts_channel == meant


def test_posts_of_several_files_are_one_list_and_a_file_of_comments_is_none() -> None:
    files = written() | {
        "schedules/more.yaml": 'posts:\n  - {id: more, channel: "#data", when: {cron: "0 9 * * *"}, text: Hello}\n',
        "schedules/notes.yaml": "# to be written\n",
    }
    assert [post.id for post in good(files).posts] == ["more", "weekly"]


def test_each_folder_with_a_community_file_is_a_community() -> None:
    files = {
        "schedules/a/community.yaml": COMMUNITY.replace("id: data", "id: a"),
        "schedules/b/community.yaml": COMMUNITY.replace("id: data", "id: b"),
        "schedules/b/posts.yaml": written()["schedules/posts.yaml"],
        "prompts/b/ask.j2": "{{ question }}",
    }
    loaded = load_texts(files)
    assert loaded.problems == ()
    assert [(c.id, c.folder, len(c.posts)) for c in loaded.communities] == [("a", "a", 0), ("b", "b", 1)]


def write(folder: Path, files: dict[str, str]) -> tuple[Path, Path]:
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    return folder / "schedules", folder / "prompts"


def test_what_was_read_from_the_disk_gives_the_same_again_from_its_texts(tmp_path: Path) -> None:
    loaded = load(*write(tmp_path, written()))
    again = load_texts(loaded.files, str(tmp_path / "schedules"), str(tmp_path / "prompts"))
    assert loaded == again
    assert loaded.communities
    assert loaded.prompts == {"ask.j2": "*{{ question }}*\n", "welcome.j2": "Hello {{ member.name }}!\n"}


def test_a_byte_order_mark_and_windows_line_ends_do_no_harm(tmp_path: Path) -> None:
    schedules, prompts = write(tmp_path, written())
    (schedules / "community.yaml").write_bytes(b"\xef\xbb\xbf" + COMMUNITY.replace("\n", "\r\n").encode())
    assert load(schedules, prompts).problems == ()


def test_files_behind_links_within_the_folder_are_read(tmp_path: Path) -> None:
    """As Kubernetes mounts its config maps: every file a link into a hidden folder that is exchanged as a whole."""
    schedules, prompts = write(tmp_path, written())
    (schedules / "..data").mkdir()
    (schedules / "posts.yaml").rename(schedules / "..data" / "posts.yaml")
    (schedules / "posts.yaml").symlink_to("..data/posts.yaml")
    (community,) = load(schedules, prompts).communities
    assert len(community.posts) == 1


@pytest.mark.parametrize("change", ["edit", "add", "delete", "rename", "prompt"])
def test_the_fingerprint_changes_with_the_files(tmp_path: Path, change: str) -> None:
    schedules, prompts = write(tmp_path, written())
    before = fingerprint(schedules, prompts)
    assert fingerprint(schedules, prompts) == before
    {
        "edit": lambda: (schedules / "posts.yaml").write_text("posts: []\n"),
        "add": lambda: (schedules / "more.yaml").write_text("posts: []\n"),
        "delete": lambda: (schedules / "posts.yaml").unlink(),
        "rename": lambda: (schedules / "posts.yaml").rename(schedules / "other.yaml"),
        "prompt": lambda: (prompts / "ask.j2").write_text("Now {{ question }}"),
    }[change]()
    assert fingerprint(schedules, prompts) != before


def test_the_fingerprint_of_what_is_not_there_is_told_without_an_error(tmp_path: Path) -> None:
    assert fingerprint(tmp_path / "no", tmp_path / "nothing") == ""


def test_the_example_community_is_in_order() -> None:
    loaded: Loaded = load(ROOT / "schedules", ROOT / "prompts")
    assert loaded.problems == ()
    assert len(loaded.communities) == 1


@pytest.mark.parametrize(
    ("follow_ups", "asking"),
    [
        pytest.param(
            "[{after: 3d, prompt: ask.j2}, {after: 30d, prompt: welcome.j2}]", [False, True], id="after a month"
        ),
        pytest.param("[{after: 27d, prompt: welcome.j2}]", [False], id="not quite four weeks"),
        pytest.param("[{after: 4w, prompt: welcome.j2}]", [True], id="four weeks"),
        pytest.param("[{after: 30d, if: posted, prompt: welcome.j2}]", [False], id="not to everybody"),
        pytest.param("[{after: 30d, tell: moderators}]", [False], id="not to a newcomer"),
        pytest.param("[{after: 30d, prompt: welcome.j2, ask: nothing}]", [False], id="said not to"),
        pytest.param(
            "[{after: 30d, prompt: welcome.j2}, {after: 60d, prompt: welcome.j2}]", [True, False], id="the first alone"
        ),
        pytest.param(
            "[{after: 5d, prompt: welcome.j2, ask: outcome}, {after: 30d, prompt: welcome.j2}]",
            [True, False],
            id="said of another",
        ),
        pytest.param(
            "[{after: 30d, if: posted, prompt: welcome.j2, ask: outcome}, {after: 30d, if: silent, prompt: welcome.j2, ask: outcome}]",
            [True, True],
            id="in two wordings",
        ),
    ],
)
def test_which_follow_up_asks_what_came_of_it(follow_ups: str, asking: list[bool]) -> None:
    onboarding = f"onboarding: {{welcome: welcome.j2, questions: [{{id: a, ask: Why?}}], follow_ups: {follow_ups}}}\n"
    found = good(written(onboarding=onboarding, ask="Hello!")).onboarding
    assert found is not None
    assert [one.asks_outcome for one in found.follow_ups] == asking


@pytest.mark.parametrize(
    ("referrals", "thanks"),
    [
        ("", ReferralThanks()),
        ("{thanks: off}", ReferralThanks("off")),
        ("{prompt: thanks.j2}", ReferralThanks("private", "thanks.j2")),
        ("{thanks: public, announcement: thanks.j2}", ReferralThanks("public", None, "thanks.j2")),
    ],
)
def test_how_those_are_thanked_who_bring_others(referrals: str, thanks: ReferralThanks) -> None:
    asked = "questions: [{id: invited_by, ask: Who?, type: person}]"
    more = f", referrals: {referrals}" if referrals else ""
    files = written(onboarding=f"onboarding: {{welcome: welcome.j2, {asked}{more}}}\n")
    found = good(files | {"prompts/thanks.j2": "{{ member.name }}: {{ level }}, {{ count }}"}).onboarding
    assert found is not None
    assert found.referrals == thanks


def test_what_members_are_asked() -> None:
    off = good({"schedules/community.yaml": COMMUNITY})
    assert (off.pulse, off.stories) == (None, False)
    more = """stories: on
pulse:
  every: quarter
  first: 2026-12-01
  at: 9:30
  open: 1w
  questions:
    - {id: useful, ask: How useful is it?}
    - {id: place, ask: Where?, type: choice, options: [Phone, Desk]}
"""
    found = good({"schedules/community.yaml": COMMUNITY + more})
    assert found.stories
    assert found.pulse == Pulse(
        "quarter",
        (
            PulseQuestion("useful", "How useful is it?", "scale"),
            PulseQuestion("place", "Where?", "choice", ("Phone", "Desk")),
        ),
        time(9, 30),
        timedelta(weeks=1),
        date(2026, 12, 1),
    )
