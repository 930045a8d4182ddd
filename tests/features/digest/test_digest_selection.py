"""What a member is told of all that was written."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from copbot.core.digest import MOST, Entry
from copbot.core.ports.digest import Reply, Talk
from copbot.features.digest.selection import ORDER, REST_MESSAGES, Gathered, entries, question_of, title_of

TALK = Talk("CDATA", 1000, "UBEN", asks=False, text="A word on registers")
EVERYTHING = {"CDATA": 0}


def link(channel: str, ts_us: int) -> str:
    return f"{channel}/{ts_us}"


def by(*users: str, at_us: int = 2000) -> tuple[Reply, ...]:
    return tuple(Reply(user, 1, at_us, at_us) for user in users)


def kinds(gathered: Gathered, user: str = "UANA", since: int = 0) -> list[str]:
    return [entry.kind for entry in entries(gathered, user, {"CDATA": since})]


@pytest.mark.parametrize(
    ("talk", "found"),
    [
        (TALK, []),
        (replace(TALK, replies=by("UCAT")), []),
        (replace(TALK, replies=by("UBEN", "UCAT")), []),
        (replace(TALK, replies=by("UCAT", "UDAN")), ["lively"]),
        (replace(TALK, reactors=2), []),
        (replace(TALK, reactors=3), ["lively"]),
        (replace(TALK, asks=True), ["waits"]),
        (replace(TALK, asks=True, replies=by("UBEN")), ["waits"]),
        (replace(TALK, asks=True, replies=by("UCAT")), ["answered"]),
        (replace(TALK, asks=True, author="UANA"), []),
        (replace(TALK, author="UANA", replies=by("UANA")), []),
        (replace(TALK, author="UANA", replies=by("UCAT")), ["yours"]),
        (replace(TALK, author=None, asks=True), []),
        (replace(TALK, author=None, replies=by("UCAT", "UDAN")), []),
    ],
)
def test_each_thread_is_one_thing_to_a_member(talk: Talk, found: list[str]) -> None:
    assert kinds(Gathered([talk], link)) == found


@pytest.mark.parametrize(("since", "found"), [(999, ["waits"]), (1000, [])])
def test_what_was_written_before_their_last_sign_of_life_they_have_seen(since: int, found: list[str]) -> None:
    assert kinds(Gathered([replace(TALK, asks=True)], link), since=since) == found


@pytest.mark.parametrize(("since", "found"), [(1999, ["answered"]), (2000, [])])
def test_an_answer_that_came_since_makes_an_old_question_news(since: int, found: list[str]) -> None:
    assert kinds(Gathered([replace(TALK, asks=True, replies=by("UCAT"))], link), since=since) == found


def test_a_channel_that_they_may_not_read_is_not_told_of() -> None:
    assert entries(Gathered([replace(TALK, asks=True)], link), "UANA", {"CMAPS": 0}) == []


def test_a_question_that_was_settled_waits_no_more() -> None:
    assert kinds(Gathered([replace(TALK, asks=True)], link, settled={("CDATA", 1000)})) == []


def test_who_would_know_is_asked_and_others_only_told() -> None:
    gathered = Gathered([replace(TALK, asks=True)], link, knowers={("CDATA", 1000): {"UANA"}})
    assert (kinds(gathered), kinds(gathered, "UCAT")) == (["may_know"], ["waits"])


def test_the_bots_own_question_is_told_once_somebody_answered() -> None:
    talk = replace(TALK, author=None, text=None, replies=by("UCAT"))
    (entry,) = entries(
        Gathered([talk], link, asked={("CDATA", 1000): "*Week 47*\nWhat surprised you?"}), "UANA", EVERYTHING
    )
    assert (entry.kind, entry.title) == ("question", "What surprised you?")


@pytest.mark.parametrize(
    ("messages", "people", "found"), [(REST_MESSAGES - 1, 2, []), (REST_MESSAGES, 1, []), (REST_MESSAGES, 2, ["rest"])]
)
def test_many_other_messages_are_one_line(messages: int, people: int, found: list[str]) -> None:
    talks = [replace(TALK, ts_us=1000 + number, author=f"U{number % people}") for number in range(messages)]
    assert kinds(Gathered(talks, link)) == found


def test_what_was_held_back_for_them_comes_first_and_one_of_each_kind_before_a_second() -> None:
    questions = [replace(TALK, ts_us=1000 + number, asks=True) for number in range(9)]
    answered = [replace(one, ts_us=one.ts_us + 100, replies=by("UCAT")) for one in questions]
    coming = (Entry("coming", "Webinar", at_us=9000), Entry("coming", "Another", at_us=9001))
    gathered = Gathered([*questions, *answered], link, coming=coming)
    held = [Entry("held", "Our webinar is on Friday")]
    assert [entry.kind for entry in entries(gathered, "UANA", EVERYTHING, held)] == [
        *("held", "coming", "coming", "answered", "waits")
    ]


_TALKS = st.lists(
    st.builds(
        Talk,
        channel=st.sampled_from(["CDATA", "CMAPS"]),
        ts_us=st.integers(1, 50),
        author=st.sampled_from(["UANA", "UBEN", "UCAT", None]),
        asks=st.booleans(),
        text=st.sampled_from([None, "", "How?"]),
        reactors=st.integers(0, 4),
        replies=st.lists(st.sampled_from(["UANA", "UBEN", "UCAT", "UDAN"]), unique=True).map(
            lambda users: by(*users, at_us=60)
        ),
    ),
    max_size=20,
    unique_by=lambda talk: (talk.channel, talk.ts_us),
)


@given(_TALKS, st.sampled_from(["UANA", "UBEN"]), st.integers(0, 70), st.integers(0, 9))
def test_there_are_few_entries_each_once_and_none_of_what_they_saw(
    talks: list[Talk], user: str, since: int, held: int
) -> None:
    kept = [Entry("held", f"{number}") for number in range(held)]
    found = entries(Gathered(talks, link), user, {"CDATA": since}, kept)
    assert len(found) <= max(MOST, held)
    assert [entry.kind for entry in found] == sorted((entry.kind for entry in found), key=ORDER.index)
    assert sum(entry.kind == "held" for entry in found) == held
    links = [entry.link for entry in found if entry.link]
    assert len(links) == len(set(links))
    told = {entry.link: entry for entry in found if entry.kind not in ("held", "rest")}
    for talk in talks:
        entry = told.get(link(talk.channel, talk.ts_us))
        if entry is not None:
            assert talk.channel == "CDATA"
            assert max([talk.ts_us, *(reply.last_us for reply in talk.replies)]) > since
            assert (entry.kind == "yours") is (talk.author == user)


@pytest.mark.parametrize(
    ("text", "title"),
    [
        (None, ""),
        ("", ""),
        ("  two\n\n lines ", "two lines"),
        ("ask <@U1|ana> in <#C1|data> &amp; <https://a.example|there>", "ask @ana in #data & there"),
        ("see <https://www.a.example/long/way?to=it>を", "see a.exampleを"),
        ("<https://a.example/b|https://a.example/b> or <http://b.example|words>", "a.example or words"),
        ("<!everyone> <!subteam^S1|@mods> <!date^1^{date}|2026-11-16>", "@everyone @mods 2026-11-16"),
        ("x" * 90, "x" * 90),
        ("x" * 91, "x" * 89 + "…"),
    ],
)
def test_a_title_is_one_line_of_plain_words(text: str | None, title: str) -> None:
    assert title_of(text) == title


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("*Week 47*\n_What surprised you?_\nTell us", "What surprised you?"),
        ("*Tell us*\nmore", "Tell us"),
        ("", ""),
        (":wave: *How?*", "How?"),
    ],
)
def test_of_a_post_the_line_that_asks_is_its_title(text: str, title: str) -> None:
    assert question_of(text) == title
