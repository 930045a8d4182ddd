"""A pulse survey: asked once of each, anonymous, shown from five answers on, and with a promise that follows from it."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scene import COMMUNITY, MONDAY, Scene
from sqlalchemy import text as sql

from copbot.core.community import Attention
from copbot.core.delivery import Outgoing
from copbot.core.facts import UserSeen
from copbot.core.interaction import Answer, Press, Submission
from copbot.core.time import to_us
from copbot.core.voices import Pulse, PulseQuestion, PulseRound
from copbot.features.voices import FEATURE
from copbot.features.voices.pulse import rules, service, views

QUESTIONS = (
    PulseQuestion("useful", "How useful is it?", "scale"),
    PulseQuestion("where", "Where do you read?", "choice", ("On a phone", "At a desk")),
    PulseQuestion("more", "More of what?", "text"),
)
PULSE = Pulse("quarter", QUESTIONS, first=date(2026, 11, 17))
OPENING = datetime(2026, 11, 17, 10, tzinfo=UTC)
PEOPLE = [f"U{number}" for number in range(6)]


@pytest.fixture
def scene(tmp_path: Path) -> Iterator[Scene]:
    scene = Scene(tmp_path, replace(COMMUNITY, pulse=PULSE, attention=Attention(quiet=None)))
    for user in PEOPLE:
        scene.says(user, "hello")
    yield scene
    scene.close()


def opened(scene: Scene) -> None:
    scene.clock.jump(OPENING + timedelta(minutes=1) - scene.now)
    FEATURE.plan_due(scene.ctx, scene.now)


def press(scene: Scene, user: str, action: str, value: str = "1") -> Answer:
    with scene.store.begin() as tx:
        return FEATURE.actions[action](scene.ctx, tx, Press(user, action, value, "trigger"))


def filled(useful: int | None = None, where: int | None = None, more: str = "") -> dict[str, Any]:
    state: dict[str, Any] = {"more": {"value": {"value": more}}}
    for name, number in (("useful", useful), ("where", where)):
        option = None if number is None else {"value": str(number)}
        state[name] = {"value": {"selected_option": option}}
    return state


def send(scene: Scene, user: str, state: dict[str, Any], form: str = views.FORM, value: str = "1") -> Answer:
    with scene.store.begin() as tx:
        return FEATURE.forms[form](scene.ctx, tx, Submission(user, form, value, state))


def close(scene: Scene) -> None:
    scene.wait(days=15)
    FEATURE.plan_due(scene.ctx, scene.now)


def test_each_member_is_asked_once_whatever_happens(scene: Scene) -> None:
    # When the day comes, and the program looks again and again
    opened(scene)
    opened(scene)
    sent = scene.send()

    # Then each was asked once, with what to press, and nobody who cannot answer
    assert sorted(delivery.outgoing.target for delivery in sent) == PEOPLE
    until = "Open until <!date^1796119200^{date}|2026-12-01>."
    assert f"3 questions, one minute, and nobody sees who said what. {until}" in sent[0].outgoing.text
    assert {delivery.outgoing.kind for delivery in sent} == {"survey"}


def test_it_keeps_to_the_budget_of_attention(scene: Scene) -> None:
    scene.communities = (replace(scene.communities[0], attention=Attention(member_week=0)),)
    opened(scene)
    assert scene.send() == []


def test_answers_are_shown_from_five_on_and_lead_back_to_nobody(scene: Scene) -> None:
    # Given five of six who answered, and one who declined
    opened(scene)
    scene.send()
    for number, user in enumerate(PEOPLE[:5]):
        form = press(scene, user, views.ANSWER).view
        assert form is not None
        assert "your name is not kept" in str(form["blocks"][-1])
        assert send(scene, user, filled(useful=number, where=number % 2, more=f"<!channel> idea {number}")) == Answer()
    press(scene, PEOPLE[5], views.DECLINE)

    # Then while it is open nothing is told, and in the store nothing ties a person to an answer
    assert [d.outgoing.target for d in scene.send()] == PEOPLE
    with scene.engine.connect() as connection:
        columns = connection.execute(sql("select * from pulse_answer")).keys()
        assert sorted(columns) == ["id", "question", "round_id", "team_id", "value"]

    # When it closes, then the coordinator reads the figures and the texts, and who took part is forgotten
    close(scene)
    (told,) = scene.send()
    assert told.outgoing.target == "UJESS"
    assert "5 of 6 answered" in told.outgoing.text
    assert "3.0 of 5 (5 answers)" in told.outgoing.text
    assert "fewer than 5 for each" in told.outgoing.text
    assert "&lt;!channel&gt; idea 3" in told.outgoing.text
    with scene.engine.connect() as connection:
        assert connection.execute(sql("select count(*) from pulse_taken")).scalar_one() == 0


def test_what_many_wrote_stands_whole_in_the_thread_of_the_result(scene: Scene) -> None:
    people = [f"U{number}" for number in range(16)]
    for user in people:
        scene.says(user, "hello")
    opened(scene)
    scene.send()
    for number, user in enumerate(people):
        send(scene, user, filled(more=f"<idea {number}> {'x' * 500}."))
    scene.send()
    close(scene)
    result, *below = [d.outgoing for d in scene.send()]
    assert "…and 4 more in the thread." in result.text
    assert {one.thread_of for one in below} == {result.key}
    assert all(len(one.text) <= 4000 for one in below)
    whole = "".join(one.text for one in below)
    assert [whole.count(f"&lt;idea {number}&gt; {'x' * 500}.") for number in range(16)] == [1] * 16


def test_four_answers_are_never_shown_and_no_promise_is_asked_for(scene: Scene) -> None:
    opened(scene)
    for user in PEOPLE[:4]:
        send(scene, user, filled(useful=4, more="a secret"))
    scene.send()
    close(scene)
    (told,) = scene.send()
    assert "4" not in told.outgoing.text, "nor how few they were"
    assert "secret" not in told.outgoing.text
    assert "of 5 (" not in told.outgoing.text
    assert views.PROMISE not in str(told.outgoing.blocks)


def test_a_question_that_fewer_than_five_answered_is_not_shown(scene: Scene) -> None:
    opened(scene)
    for number, user in enumerate(PEOPLE):
        send(scene, user, filled(useful=4, more="a secret" if number < 4 else ""))
    scene.send()
    close(scene)
    (told,) = scene.send()
    assert "5.0 of 5 (6 answers)" in told.outgoing.text
    assert "Fewer than 5 wrote something." in told.outgoing.text
    assert "secret" not in told.outgoing.text


def test_nobody_answers_twice_and_nobody_who_was_not_asked(scene: Scene) -> None:
    opened(scene)
    assert send(scene, "U0", filled(useful=4)) == Answer()
    assert "already" in send(scene, "U0", filled(useful=0)).text
    assert "already" in press(scene, "U0", views.DECLINE).text
    assert "over by now" in send(scene, "USTRANGER", filled(useful=0)).text
    for forged in ("2", "x", "-1", "9" * 30, ""):
        assert "over by now" in press(scene, "U1", views.ANSWER, forged).text
    assert list(send(scene, "U1", filled()).errors) == ["useful"]
    assert list(send(scene, "U1", filled(useful=17)).errors) == ["useful"]
    with scene.store.read() as tx:
        latest = tx.pulses.latest("data")
        assert latest is not None
        assert tx.pulses.result(latest).answers == 1


def round_of(scene: Scene) -> PulseRound:
    with scene.store.read() as tx:
        found = tx.pulses.latest("data")
    assert found is not None
    return found


def test_what_is_changed_in_the_file_while_it_is_open_asks_nobody_again(scene: Scene) -> None:
    opened(scene)
    assert len(scene.send()) == len(PEOPLE)
    for pulse in (
        replace(PULSE, first=date(2026, 11, 18)),
        replace(PULSE, every="month", first=None),
        replace(PULSE, questions=QUESTIONS[:1]),
        None,
        PULSE,
    ):
        scene.wait(days=2)
        scene.communities = (replace(scene.communities[0], pulse=pulse),)
        FEATURE.plan_due(scene.ctx, scene.now)
        assert scene.send() == []
    assert send(scene, "U0", filled(useful=4, where=1)) == Answer()
    assert len(round_of(scene).questions) == 3


def test_a_stop_in_the_middle_of_asking_costs_nobody_the_question(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Given a process that was killed when two of six were asked
    monkeypatch.setattr(service, "AT_ONCE", 2)
    ask, asked = service._ask, iter(range(3))

    def ask_some(*args: Any) -> None:
        if next(asked) == 2:
            raise KeyboardInterrupt
        ask(*args)

    with monkeypatch.context() as killed:
        killed.setattr(service, "_ask", ask_some)
        with pytest.raises(KeyboardInterrupt):
            opened(scene)
    assert len(scene.send()) == 2
    assert round_of(scene).asked is None

    # When another goes on, then the rest are asked, and the result counts all
    opened(scene)
    assert len(scene.send()) == 4
    assert round_of(scene).asked == 6


def test_as_asked_counts_only_who_got_the_question(scene: Scene) -> None:
    with scene.store.begin() as tx:  # U0's attention is spent for as long as the survey is open
        for days in (0, 7, 14):
            due_us = to_us(scene.now + timedelta(days=days))
            tx.deliveries.plan(Outgoing(f"k{days}", "post", "U0", "…", due_us, community="data"))
    scene.communities = (replace(scene.communities[0], attention=Attention(quiet=None, member_week=1)),)
    opened(scene)
    assert round_of(scene).asked == 5


def test_it_does_not_open_before_there_is_anybody_to_ask(scene: Scene) -> None:
    channels = dict(scene.directory.channels)
    scene.directory.channels.clear()  # Slack has not named them yet
    opened(scene)
    scene.directory.channels.update(channels)
    opened(scene)
    assert len(scene.send()) == len(PEOPLE)


def test_no_figure_is_told_while_it_is_open_not_even_to_a_made_up_press(scene: Scene) -> None:
    opened(scene)
    for user in PEOPLE:
        send(scene, user, filled(useful=4))
    scene.send()
    assert "no longer know" in press(scene, "UJESS", views.PROMISE).text
    forged = {"value": {"value": {"value": "Let me see"}}}
    assert "no longer know" in send(scene, "UJESS", forged, form=views.PROMISE_FORM).text
    assert scene.send() == []


def test_once_it_has_closed_nothing_tells_who_answered(scene: Scene) -> None:
    opened(scene)
    scene.send()
    for user in PEOPLE[:5]:
        send(scene, user, filled(useful=4))
    press(scene, "U5", views.DECLINE)
    scene.send()
    close(scene)
    scene.send()
    with scene.engine.connect() as connection:
        rows = connection.execute(sql("select text from delivery where target like 'U_' order by id")).scalars().all()
    assert len(rows) == len(PEOPLE)
    assert len(set(rows)) == 1  # the invitations


def test_a_survey_of_many_waits_for_what_is_awaited(scene: Scene) -> None:
    opened(scene)
    with scene.store.begin() as tx:
        tx.deliveries.plan(Outgoing("card", "card", "CMODS", "A question waits", to_us(scene.now)))
    assert scene.send()[0].outgoing.key == "card"


def test_after_it_has_closed_a_button_says_so(scene: Scene) -> None:
    opened(scene)
    close(scene)
    assert "over by now" in press(scene, "U1", views.ANSWER).text
    assert "over by now" in send(scene, "U1", filled(useful=1)).text


def test_what_the_coordinators_promise_stands_in_the_next_invitation(scene: Scene) -> None:
    # Given a result that was told
    opened(scene)
    for user in PEOPLE:
        send(scene, user, filled(useful=4))
    scene.send()
    close(scene)
    scene.send()

    # When a member tries, and the coordinator writes what will be done
    assert press(scene, "U1", views.PROMISE).text == "Coordinators can do this."
    assert press(scene, "UJESS", views.PROMISE).view is not None
    written = {views.VALUE: {views.VALUE: {"value": "A call on <registers> each month"}}}
    assert send(scene, "UJESS", written, views.PROMISE_FORM) == Answer()

    # Then it stands with the result, in the record, and in the next round's invitation
    (changed,) = scene.send()
    assert "A call on &lt;registers&gt; each month" in str(changed.outgoing.blocks)
    with scene.store.read() as tx:
        assert [(noted.actor, noted.action) for noted in tx.audit.since("data", 0)] == [("UJESS", "promised")]
    scene.clock.jump(datetime(2027, 2, 17, 10, 1, tzinfo=UTC) - scene.now)
    FEATURE.plan_due(scene.ctx, scene.now)
    invited = scene.send()
    assert len(invited) == len(PEOPLE)
    assert "this was promised: “A call on &lt;registers&gt; each month”" in invited[0].outgoing.text


def test_the_result_waits_for_slack_to_name_the_coordinators(scene: Scene) -> None:
    opened(scene)
    scene.send()
    people = dict(scene.directory.known_people)
    scene.directory.known_people.clear()
    scene.wait(days=14, hours=1)
    FEATURE.plan_due(scene.ctx, scene.now)
    assert scene.send() == []
    scene.directory.known_people.update(people)
    FEATURE.plan_due(scene.ctx, scene.now)
    assert [d.outgoing.target for d in scene.send()] == ["UJESS"]


def test_without_a_promise_the_coordinators_are_reminded_once(scene: Scene) -> None:
    opened(scene)
    for user in PEOPLE:
        send(scene, user, filled(useful=4))
    scene.send()
    close(scene)
    scene.send()
    reminded = []
    for _ in range(4):
        scene.wait(days=7, minutes=1)
        FEATURE.plan_due(scene.ctx, scene.now)
        reminded += scene.send()
    assert [delivery.outgoing.text.split("?")[0] for delivery in reminded] == [
        "What will you do about the pulse of *Data &lt;3*"
    ]


def test_a_member_is_asked_in_their_own_language_and_two_questions_come_by_themselves(scene: Scene) -> None:
    scene.communities = (replace(scene.communities[0], pulse=replace(PULSE, questions=())),)
    scene.record(UserSeen("U1", locale="fr-FR", updated_us=to_us(scene.now)))
    opened(scene)
    french = next(delivery for delivery in scene.send() if delivery.outgoing.target == "U1")
    assert french.outgoing.text.startswith("Que vous apporte *Data &lt;3* ? 2 questions")


def test_what_comes_next_is_known(scene: Scene) -> None:
    assert FEATURE.next_due(scene.ctx, MONDAY) == OPENING
    opened(scene)
    assert FEATURE.next_due(scene.ctx, scene.now) == OPENING + timedelta(weeks=2)


# --- when it opens ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("pulse", "now", "period"),
    [
        pytest.param(Pulse("quarter", ()), "2027-01-12 09:59", None, id="a minute before the second Tuesday's ten"),
        pytest.param(Pulse("quarter", ()), "2027-01-12 10:00", "2027-01-12", id="the second Tuesday of the quarter"),
        pytest.param(Pulse("quarter", ()), "2027-01-24 10:00", "2027-01-12", id="late, with two days left"),
        pytest.param(Pulse("quarter", ()), "2027-01-24 10:01", None, id="too late to begin"),
        pytest.param(Pulse("quarter", ()), "2027-02-09 10:00", None, id="no month of a quarter's beginning"),
        pytest.param(Pulse("month", ()), "2027-02-09 10:00", "2027-02-09", id="each month"),
        pytest.param(Pulse("year", ()), "2027-01-12 10:00", "2027-01-12", id="each year"),
        pytest.param(
            Pulse("month", (), first=date(2026, 8, 31)),
            "2027-02-28 10:00",
            "2027-02-28",
            id="the 31st in a short month",
        ),
        pytest.param(
            Pulse("half-year", (), first=date(2026, 8, 15)), "2027-02-15 10:00", "2027-02-15", id="half a year on"
        ),
        pytest.param(Pulse("month", (), first=date(2027, 3, 1)), "2027-02-09 10:00", None, id="before the first"),
    ],
)
def test_it_opens_when_the_file_says(pulse: Pulse, now: str, period: str | None) -> None:
    zone = ZoneInfo("Asia/Bangkok")
    opening = rules.open_now(pulse, zone, datetime.fromisoformat(now).replace(tzinfo=zone))
    assert (opening.period if opening else None) == period


@given(
    st.sampled_from(["month", "quarter", "half-year", "year"]),
    st.none() | st.dates(date(2020, 1, 1), date(2030, 1, 1)),
    st.datetimes(datetime(2024, 1, 1), datetime(2030, 1, 1)),  # noqa: DTZ001  # hypothesis wants them naive
)
def test_the_next_opening_is_the_one_that_is_open_then(every: Any, first: date | None, now: datetime) -> None:
    pulse, zone = Pulse(every, (), at=time(2, 30), first=first), ZoneInfo("Europe/Berlin")
    coming = rules.next_opening(pulse, zone, now.replace(tzinfo=UTC))
    assert coming is not None
    assert coming > now.replace(tzinfo=UTC)
    opening = rules.open_now(pulse, zone, coming)
    assert opening is not None
    assert opening.opens == coming


# --- on one's own page ----------------------------------------------------------------------------------------------


def next_step(scene: Scene, user: str) -> str:
    assert FEATURE.step is not None
    with scene.store.read() as tx:
        return str(FEATURE.step(scene.ctx, tx, scene.communities[0], user) or "")


def test_an_open_survey_is_a_next_step_until_it_is_answered_declined_or_over(scene: Scene) -> None:
    assert next_step(scene, "U0") == ""
    opened(scene)
    assert next_step(scene, "U0") == ""  # nobody was asked yet
    scene.send()
    assert views.ANSWER in next_step(scene, "U0")
    send(scene, "U0", filled(useful=4))
    press(scene, "U1", views.DECLINE)
    assert [next_step(scene, user) == "" for user in ("U0", "U1", "U2")] == [True, True, False]
    scene.wait(days=14)
    assert next_step(scene, "U2") == ""
