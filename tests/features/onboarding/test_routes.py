"""Where an answer leads: a channel, two members, one thread, and only what is really there."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scene import COMMUNITY, Scene

from copbot.core.facts import ChannelSeen, UserSeen
from copbot.core.onboarding import Onboarding, Option, Question
from copbot.core.records import GivenAnswer, Person
from copbot.features.onboarding.routes import Route, leading, routes_for, routes_text, two_of
from copbot.features.onboarding.service import reception_of
from copbot.features.onboarding.words import words_for

LINK = "https://data.slack.com/archives/CDATA/p1700000000000100"
TOPICS = Question(
    "topics",
    "Which topics?",
    "choices",
    options=(
        Option("Census", channels=("#data",), people=("UANN", "UBEN")),
        Option("Surveys"),
        Option("Maps", channels=("#maps", "#nowhere")),
        Option("Census, old", read=LINK),
    ),
)
ONBOARDING = Onboarding(welcome="welcome.j2", questions=(Question("goal", "What for?"), TOPICS))
NEWCOMER = Person("UNEW")


@pytest.fixture
def scene(tmp_path: Path) -> Iterator[Scene]:
    scene = Scene(tmp_path, replace(COMMUNITY, onboarding=ONBOARDING))
    yield scene
    scene.close()


def chosen(*options: str) -> list[GivenAnswer]:
    return [GivenAnswer("topics", ", ".join(options))]


def told(scene: Scene, *options: str, person: Person = NEWCOMER, before: tuple[str, ...] = ()) -> str:
    with scene.store.read() as tx:
        reception = reception_of(scene.ctx, tx, "data", scene.now)
        assert reception is not None
        return routes_for(reception, person, chosen(*options), chosen(*before))


def offering(scene: Scene, *options: Option) -> None:
    onboarding = replace(ONBOARDING, questions=(replace(TOPICS, options=options),))
    scene.communities = (replace(COMMUNITY, onboarding=onboarding),)


# --- which options ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("now", "before", "found"),
    [
        (("Census",), (), ["Census"]),
        (("Surveys",), (), []),
        (("Census", "Maps"), (), ["Census", "Maps"]),
        (("Census", "Maps"), ("Census",), ["Maps"]),
        (("Census",), ("Census", "Maps"), []),
        (("Census, old",), (), ["Census, old"]),
        ((), (), []),
    ],
)
def test_a_newly_chosen_option_leads_somewhere(now: tuple[str, ...], before: tuple[str, ...], found: list[str]) -> None:
    assert [option.text for option in leading((TOPICS,), chosen(*now), chosen(*before))] == found


def test_an_answer_to_another_question_leads_nowhere() -> None:
    one = replace(TOPICS, type="choice")
    assert [option.text for option in leading((one,), chosen("Maps"))] == ["Maps"]
    assert leading((one,), [GivenAnswer("goal", "Maps")]) == []


# --- whom ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("people", "newcomer", "found"),
    [((), "UNEW", ()), (("UA",), "UNEW", ("UA",)), (("UB", "UA"), "UNEW", ("UB", "UA")), (("UA", "UB"), "UA", ("UB",))],
)
def test_two_people_as_the_file_names_them_and_never_the_newcomer(
    people: tuple[str, ...], newcomer: str, found: tuple[str, ...]
) -> None:
    assert two_of(people, newcomer) == found


@given(st.lists(st.sampled_from("ABCDEFGH"), unique=True), st.sampled_from("ABCDEFGHX"))
def test_of_many_each_newcomer_is_given_two_different_ones(people: list[str], newcomer: str) -> None:
    found = two_of(people, newcomer)
    others = set(people) - {newcomer}
    assert len(set(found)) == len(found) == min(2, len(others))
    assert set(found) <= others


def test_many_people_share_the_newcomers() -> None:
    people = [f"UEXPERT{number}" for number in range(6)]
    assert {user for number in range(60) for user in two_of(people, f"UNEW{number}")} == set(people)


def test_who_left_is_not_named_and_nobody_is_guessed(scene: Scene) -> None:
    scene.record(UserSeen("UANN", is_deleted=True, updated_us=1))
    assert told(scene, "Census") == "• *Census*: <#CDATA> is the place for it. Ask <@UBEN>."
    question = scene.says("UCARL", "Who knows the census?")
    scene.says("UDORA", "I do", thread=question)
    assert "UDORA" not in told(scene, "Census")


def test_people_are_found_by_address_and_by_group(scene: Scene) -> None:
    scene.directory.known_people["ann@example.org"] = "UANN"
    offering(scene, Option("Census", people=("ann@example.org", "gone@example.org")))
    assert told(scene, "Census") == "• *Census*: Ask <@UANN>."


# --- where --------------------------------------------------------------------------------------------------------


def test_a_channel_that_is_not_there_is_left_out_and_said_so_in_the_log(
    scene: Scene, caplog: pytest.LogCaptureFixture
) -> None:
    assert told(scene, "Maps") == "• *Maps*: <#CMAPS> is the place for it."
    assert "the option Maps leads to #nowhere, which is not there" in caplog.text
    offering(scene, Option("Maps", channels=("#nowhere",)))
    assert told(scene, "Maps") == ""


def test_at_most_three_routes(scene: Scene) -> None:
    offering(scene, *(Option(f"Topic {number}", channels=("#data",)) for number in range(5)))
    lines = told(scene, *(f"Topic {number}" for number in range(5))).splitlines()
    assert [line[:11] for line in lines] == ["• *Topic 0*", "• *Topic 1*", "• *Topic 2*"]


# --- what to read -------------------------------------------------------------------------------------------------


def answered(scene: Scene, question: str, *people: str, channel: str = "CMAPS") -> int:
    asked = scene.says("UASKER", question, channel=channel)
    for user in people:
        scene.says(user, "an answer", channel=channel, thread=asked)
    return asked


def test_the_thread_of_the_file_with_its_first_words_where_they_are_known(scene: Scene) -> None:
    assert told(scene, "Census, old") == f"• *Census, old*: Worth reading: <{LINK}|a thread of ours>"
    ts_us = answered(scene, "Which <https://a.org|register> do you trust, <@U1>?\nSay more.", "U1", channel="CDATA")
    link = f"https://data.slack.com/archives/CDATA/p{ts_us:016d}"
    offering(scene, Option("Census, old", read=link))
    assert told(scene, "Census, old").endswith(f"Worth reading: <{link}|Which register do you trust, @someone?>")


def test_without_one_it_is_the_thread_that_most_people_answered_of_late(scene: Scene) -> None:
    answered(scene, "Long ago?", "U1", "U2", "U3", "U4")
    scene.wait(days=91)
    answered(scene, "Nobody knows?")
    answered(scene, "Two people?", "U1", "U1", "U1", "U2")
    best = answered(scene, "Three people?", "U1", "U2", "U3")
    answered(scene, "Elsewhere?", "U1", "U2", "U3", "U4", channel="CDATA")
    assert told(scene, "Maps") == (
        "• *Maps*: <#CMAPS> is the place for it."
        f" Worth reading: <https://example.slack.com/archives/CMAPS/p{best}|Three people?>"
    )


def test_neither_ones_own_thread_nor_one_of_a_private_channel(scene: Scene) -> None:
    mine = scene.says("UNEW", "Is this mine?", channel="CMAPS")
    scene.says("U1", "It is", channel="CMAPS", thread=mine)
    assert "reading" not in told(scene, "Maps")
    answered(scene, "Secret?", "U1")
    assert "reading" in told(scene, "Maps")
    scene.record(ChannelSeen("CMAPS", updated_us=1, is_private=True))
    assert "reading" not in told(scene, "Maps")


# --- how it reads -------------------------------------------------------------------------------------------------


def test_in_the_persons_language(scene: Scene) -> None:
    route = Route("Census", ("C1", "C2"), ("U1", "U2"), "https://x.slack.com/archives/C1/p1", "A <b> | c?")
    assert routes_text([route], words_for("fr-FR")) == (
        "• *Census* : c'est dans <#C1> ou <#C2> que cela se passe. Vous pouvez demander à <@U1> ou <@U2>."
        " À lire : <https://x.slack.com/archives/C1/p1|A &lt;b&gt; ¦ c?>"
    )
    assert routes_text([route], words_for("es-LA")).startswith(
        "• *Census*: el lugar es <#C1> o <#C2>. Puedes preguntar a"
    )
    scene.record(UserSeen("UNEW", locale="fr-FR", updated_us=1))
    assert told(scene, "Census", person=Person("UNEW", locale="fr-FR")).startswith("• *Census* : c'est dans <#CDATA>")


def test_an_options_text_is_shown_as_written(scene: Scene) -> None:
    offering(scene, Option("R&D <!channel>", channels=("#data",)))
    assert told(scene, "R&D <!channel>").startswith("• *R&amp;D &lt;!channel&gt;*:")
