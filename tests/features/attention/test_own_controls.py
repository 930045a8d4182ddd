"""What a member can turn down, and how: the row under a message, the form, the words typed behind the command."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, time
from pathlib import Path
from typing import Any

import pytest
from scene import COMMUNITY, Scene
from slack_sdk.models.views import View

from copbot.core.community import Attention
from copbot.core.delivery import Delivery, Outgoing
from copbot.core.facts import MembershipSeen, UserSeen
from copbot.core.interaction import ActionHandler, Answer, Call, Press, Submission
from copbot.core.preferences import Preferences
from copbot.core.time import Hours, to_us
from copbot.features.attention import listeners, row
from copbot.features.attention.form import view
from copbot.features.attention.own import settings
from copbot.features.attention.own_settings import own_settings
from copbot.features.attention.quiet import quiet
from copbot.features.attention.views import LESS, OFF, WHY

ANA = "UANA"
KEY = "pulse:data:2026-11:UANA"


@pytest.fixture
def scene(tmp_path: Path) -> Iterator[Scene]:
    scene = Scene(tmp_path)
    scene.record(UserSeen(ANA, name="Ana", timezone="Asia/Bangkok", locale="en-GB", updated_us=1))
    yield scene
    scene.close()


def planned(scene: Scene, **other: Any) -> Outgoing:
    """A survey's invitation to Ana, unless told otherwise."""
    given = {"key": KEY, "kind": "survey", "target": ANA, "text": "How is it?", "due_us": to_us(scene.now)}
    outgoing = Outgoing(**(given | {"community": "data"} | other))
    with scene.store.begin() as tx:
        tx.deliveries.plan(outgoing)
    return outgoing


def pressed(scene: Scene, handler: ActionHandler, value: str = KEY, user: str = ANA) -> Answer:
    with scene.store.begin() as tx:
        return handler(scene.ctx, tx, Press(user, "", value, ""))


def typed(scene: Scene, words: str = "", user: str = ANA) -> Answer:
    with scene.store.begin() as tx:
        return quiet(scene.ctx, tx, Call(user, "CELSE", "quiet", words))


def settings_of(scene: Scene, user: str = ANA) -> Preferences:
    with scene.store.read() as tx:
        return tx.preferences.of(user)


def buttons_of(answer: Answer) -> dict[str, str]:
    """The value of each button by its label."""
    return {
        element["text"]["text"]: element.get("value", "")
        for block in answer.blocks
        if block["type"] == "actions"
        for element in block["elements"]
    }


def opt_outs(scene: Scene) -> list[tuple[str, str | None]]:
    with scene.store.read() as tx:
        return [(one.what, one.community) for one in tx.ledger.opt_outs(0, to_us(scene.now) + 1)]


# --- the row --------------------------------------------------------------------------------------------------------


def test_what_the_bot_starts_carries_the_row_in_the_readers_language(scene: Scene) -> None:
    scene.record(UserSeen(ANA, name="Ana", locale="fr-FR", updated_us=2))
    *said, last = row.dressed(scene.ctx, planned(scene))
    assert [block["text"]["text"] for block in said] == ["How is it?"]
    assert [element["text"]["text"] for element in last["elements"]] == ["Pourquoi ?", "Moins", "Arrêter"]
    assert [element["action_id"] for element in last["elements"]] == [WHY, LESS, OFF]
    assert {element["value"] for element in last["elements"]} == {KEY}


@pytest.mark.parametrize(
    "other",
    [
        {"target": "CDATA", "kind": "post"},
        {"kind": "answer"},
        {"kind": "notice"},
        {"kind": "report"},
        {"kind": "escalation"},
        {"kind": "moderation"},
    ],
    ids=lambda other: "-".join(other.values()),
)
def test_answers_duties_and_what_stands_in_channels_have_no_row(scene: Scene, other: dict[str, str]) -> None:
    outgoing = planned(scene, **other)
    assert row.dressed(scene.ctx, outgoing) == outgoing.blocks


def test_what_takes_the_place_of_such_a_message_keeps_the_row_unless_it_answers(scene: Scene) -> None:
    planned(scene, kind="ask")
    over = planned(scene, key="over", kind="ask", updates=KEY, text="This is taken care of")
    assert row.dressed(scene.ctx, over)[-1]["elements"][1]["value"] == KEY
    assert row.dressed(scene.ctx, planned(scene, key="thanks", kind="answer", updates=KEY, text="Thank you")) == ()


@pytest.mark.parametrize("blocks", [49, 50])
def test_a_message_with_its_row_is_never_longer_than_slack_takes(scene: Scene, blocks: int) -> None:
    shown = row.dressed(scene.ctx, planned(scene, blocks=({"type": "divider"},) * blocks))
    assert len(shown) == 50
    assert shown[-1]["block_id"] == "attention"
    assert ("more than fits" in str(shown)) == (blocks == 50)


# --- one tap --------------------------------------------------------------------------------------------------------


def test_why_names_the_reason_the_community_and_what_comes_at_most(scene: Scene) -> None:
    planned(scene, why="Since <Monday>")
    answer = pressed(scene, listeners.why)
    assert answer.text.splitlines() == [
        "*Data &lt;3* asks its members now and then how it is for them.",
        "Since &lt;Monday&gt;",
        "Messages from me: at most 1 a day and 3 a week, over all communities."
        " Never between 20:00 and 08:00 (Asia/Bangkok).",
    ]
    assert list(buttons_of(answer)) == ["Settings"]


@pytest.mark.parametrize(
    ("attention", "said"),
    [
        (Attention(member_day=0), "I write nothing to you by myself here."),
        (Attention(member_day=2, member_week=5, quiet=None), "at most 2 a day and 5 a week, over all communities."),
    ],
)
def test_why_tells_the_communitys_own_limits(scene: Scene, attention: Attention, said: str) -> None:
    scene.communities = (replace(COMMUNITY, attention=attention),)
    planned(scene)
    assert pressed(scene, listeners.why).text.endswith(said)


def test_less_is_a_step_down_each_time_and_off_is_the_last(scene: Scene) -> None:
    planned(scene)
    typed(scene, "everything")
    modes = []
    for _ in range(4):
        answer = pressed(scene, listeners.step_down)
        modes.append(settings_of(scene).mode)
    assert modes == ["standard", "light", "off", "off"]
    assert answer.text == "I write nothing to you by myself any more."
    assert opt_outs(scene) == [("standard", "data"), ("light", "data"), ("off", "data")]


def test_off_turns_off_what_the_message_is_about_and_offers_the_rest(scene: Scene) -> None:
    planned(scene)
    answer = pressed(scene, listeners.turn_off)
    assert answer.text == "*Surveys*: off. I will not write to you about this again."
    assert list(buttons_of(answer)) == ["Undo", "Everything off", "Settings"]
    assert settings_of(scene).off == {"surveys"}
    assert opt_outs(scene) == [("surveys", "data")]
    rest = pressed(scene, listeners.all_off, "")
    assert settings_of(scene).mode == "off"
    assert rest.replaces


def test_undo_puts_back_what_stood(scene: Scene) -> None:
    planned(scene)
    typed(scene, "hours 21:30-06:15")
    typed(scene, "until 2026-12-24")
    before = settings_of(scene)
    answer = pressed(scene, listeners.turn_off)
    undone = pressed(scene, listeners.undo, buttons_of(answer)["Undo"])
    assert undone.text.startswith("It is as it was.")
    assert replace(settings_of(scene), version=0) == replace(before, version=0)
    assert opt_outs(scene) == [("pause", None)], "a slip of the finger is no wish for less"


def test_undoing_more_asks_for_no_less(scene: Scene) -> None:
    answer = typed(scene, "everything")
    pressed(scene, listeners.undo, buttons_of(answer)["Undo"])
    assert settings_of(scene).mode == "standard"
    assert opt_outs(scene) == []


def test_undo_after_another_change_changes_nothing_and_says_what_stands(scene: Scene) -> None:
    planned(scene)
    answer = pressed(scene, listeners.turn_off)
    typed(scene, "light")
    undone = pressed(scene, listeners.undo, buttons_of(answer)["Undo"])
    assert "This stands now:\n*Light*: Only the digest.\nOff: Surveys." in undone.text
    assert settings_of(scene).off == {"surveys"}


@pytest.mark.parametrize(
    "value", ["", "1|off", "1|loud||community|", "1|off|everything|community|", "1|off||25:00-26:00|", "x|off||none|"]
)
def test_a_forged_undo_changes_nothing(scene: Scene, value: str) -> None:
    typed(scene, "light")
    before = settings_of(scene)
    pressed(scene, listeners.undo, value)
    assert settings_of(scene) == before


@pytest.mark.parametrize("handler", [listeners.why, listeners.step_down, listeners.turn_off])
@pytest.mark.parametrize("value", [KEY, "nothing", "", "post:data"])
def test_who_presses_under_a_message_to_somebody_else_is_told_so(
    scene: Scene, handler: ActionHandler, value: str
) -> None:
    planned(scene)
    planned(scene, key="post:data", kind="post", target="CDATA")
    assert pressed(scene, handler, value, "UBEN").text == "This was not written to you."
    assert settings_of(scene, "UBEN") == Preferences("UBEN")
    assert settings_of(scene) == Preferences(ANA)


def test_what_is_queued_already_is_not_sent_after_off(scene: Scene) -> None:
    planned(scene, due_us=to_us(scene.now) + 1)
    planned(scene, key="thanks", kind="recognition", due_us=to_us(scene.now) + 1)
    pressed(scene, listeners.turn_off)
    states = {key: delivery.state for key in (KEY, "thanks") if isinstance(delivery := scene.delivery(key), Delivery)}
    assert states == {KEY: "skipped", "thanks": "due"}


# --- typed ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("off", Preferences(ANA, mode="off")),
        ("LIGHT", Preferences(ANA, mode="light")),
        ("everything", Preferences(ANA, mode="everything")),
        ("hours 21:00-07:00", Preferences(ANA, quiet=Hours(time(21), time(7)))),
        ("hours 9:5", None),
        ("hours 21:00-21:00", None),
        ("hours none", Preferences(ANA, quiet=None)),
        ("until 2026-11-17", Preferences(ANA, paused_until_us=to_us(datetime(2026, 11, 16, 17, tzinfo=UTC)))),
        ("until 2026-11-16", None),
        ("until 2027-11-17", Preferences(ANA, paused_until_us=to_us(datetime(2027, 11, 16, 17, tzinfo=UTC)))),
        ("until 2027-11-18", None),
        ("until Christmas", None),
        ("off please", None),
        ("<!channel>", None),
    ],
)
def test_a_change_can_be_typed(scene: Scene, words: str, expected: Preferences | None) -> None:
    answer = typed(scene, words)
    assert settings_of(scene) == (Preferences(ANA) if expected is None else replace(expected, version=1))
    assert ("Undo" in buttons_of(answer)) == (expected is not None)
    assert "<!channel>" not in answer.text


def test_a_mistake_says_how_it_is_written(scene: Scene) -> None:
    assert typed(scene, "until Christmas").text == "`christmas` is not a day. Write it like `2026-11-30`."
    assert typed(scene, "until 2026-11-16").text == "That day is not ahead. Choose a later one."
    assert "`21:00-07:00`, or `none`" in typed(scene, "hours nine to five").text
    assert "`/cop quiet everything`" in typed(scene, "shhh").text


def test_on_ends_a_pause_and_an_off(scene: Scene) -> None:
    typed(scene, "off")
    typed(scene, "until 2026-12-24")
    typed(scene, "on")
    assert replace(settings_of(scene), version=0) == Preferences(ANA)


def test_the_same_again_changes_nothing_and_has_nothing_to_undo(scene: Scene) -> None:
    typed(scene, "light")
    answer = typed(scene, "light")
    assert list(buttons_of(answer)) == ["Settings"]
    assert settings_of(scene).version == 1


# --- the form -------------------------------------------------------------------------------------------------------


def opened(scene: Scene, user: str = ANA) -> dict[str, Any]:
    shown = typed(scene, user=user).view
    assert shown is not None
    View(**shown).validate_json()
    return shown


def as_it_stands(shown: dict[str, Any]) -> dict[str, dict[str, dict[str, Any]]]:
    """The form's state as Slack sends it when nothing was touched."""
    state: dict[str, dict[str, dict[str, Any]]] = {}
    for block in shown["blocks"]:
        if block["type"] == "input":
            element = block["element"]
            names = ("option", "options", "time", "date")
            given = {f"selected_{name}": element[f"initial_{name}"] for name in names if f"initial_{name}" in element}
            state[block["block_id"]] = {block["block_id"]: {"type": element["type"], **given}}
    return state


def saved(scene: Scene, shown: dict[str, Any], user: str = ANA, **chosen: Any) -> Answer:
    """The form sent, with what was ``chosen`` by the beginning of a block's name."""
    state = as_it_stands(shown)
    for block, elements in state.items():
        for element in elements.values():
            element |= chosen.get(block.partition(":")[0], {})
    with scene.store.begin() as tx:
        return listeners.save(scene.ctx, tx, Submission(user, "attention:settings", shown["private_metadata"], state))


def one(value: str) -> dict[str, Any]:
    return {"selected_option": {"value": value}}


def test_sent_as_it_was_opened_the_form_changes_nothing(scene: Scene) -> None:
    for words in ("", "light", "hours 22:00-06:30", "hours none", "until 2026-12-24"):
        if words:
            typed(scene, words)
        before = settings_of(scene)
        assert saved(scene, opened(scene)) == Answer()
        assert settings_of(scene) == before


def test_the_form_takes_everything_at_once(scene: Scene) -> None:
    answer = saved(
        scene,
        opened(scene),
        mode=one("everything"),
        subjects={"selected_options": [{"value": "asks"}, {"value": "digest"}]},
        quiet=one("own"),
        **{"from": {"selected_time": "19:30"}, "to": {"selected_time": "09:00"}},
        pause={"selected_date": "2026-11-20"},
    )
    assert settings_of(scene) == Preferences(
        ANA,
        mode="everything",
        off=frozenset({"onboarding", "events", "surveys", "stories", "recognition"}),
        quiet=Hours(time(19, 30), time(9)),
        paused_until_us=to_us(datetime(2026, 11, 19, 17, tzinfo=UTC)),
        version=1,
    )
    assert answer.text.startswith("Saved.\n*Everything*")


def test_who_changes_only_the_times_means_their_own_hours(scene: Scene) -> None:
    saved(scene, opened(scene), **{"from": {"selected_time": "22:00"}})
    assert settings_of(scene).quiet == Hours(time(22), time(8))
    saved(scene, opened(scene), quiet=one("none"), **{"from": {"selected_time": "23:00"}})
    assert settings_of(scene).quiet is None


@pytest.mark.parametrize(
    ("chosen", "block", "said"),
    [
        ({"pause": {"selected_date": "2026-11-16"}}, "pause:0", "not ahead"),
        ({"pause": {"selected_date": "2028-01-01"}}, "pause:0", "more than a year"),
        ({"quiet": one("own"), "to": {"selected_time": None}}, "to:0", "Choose a time"),
        ({"quiet": one("own"), "to": {"selected_time": "20:00"}}, "to:0", "the same"),
    ],
)
def test_a_mistake_in_the_form_stands_where_it_was_made(
    scene: Scene, chosen: dict[str, Any], block: str, said: str
) -> None:
    answer = saved(scene, opened(scene), **chosen)
    assert list(answer.errors) == [block]
    assert said in answer.errors[block]
    assert settings_of(scene) == Preferences(ANA)


@pytest.mark.parametrize(
    "chosen",
    [
        {"mode": one("loud")},
        {"mode": {"selected_option": None}},
        {"quiet": one("always")},
        {"subjects": {"selected_options": [{"value": "moderation"}]}},
        {"subjects": {"selected_options": ["asks"]}},
        {"pause": {"selected_date": "soon"}},
        {"quiet": one("own"), "from": {"selected_time": "25:99"}},
    ],
)
def test_forged_values_are_refused(scene: Scene, chosen: dict[str, Any]) -> None:
    assert "Nothing was changed" in saved(scene, opened(scene), **chosen).text
    assert settings_of(scene) == Preferences(ANA)


def test_a_form_of_nobody_knows_which_version_is_refused(scene: Scene) -> None:
    shown = opened(scene)
    for metadata in ("", "-1", "x", "9" * 30):
        assert "Nothing was changed" in saved(scene, shown | {"private_metadata": metadata}).text


def test_of_two_windows_the_second_is_told_and_shown_what_stands(scene: Scene) -> None:
    first, second = opened(scene), opened(scene)
    saved(scene, first, mode=one("light"))
    answer = saved(scene, second, mode=one("off"), subjects={"selected_options": []})
    assert settings_of(scene).mode == "light"
    assert answer.view is not None
    notice = answer.view["blocks"][0]["text"]["text"]
    assert "in another window" in notice
    assert "Here you had chosen: *Off*" in notice
    assert as_it_stands(answer.view)["mode:1"]["mode:1"]["selected_option"]["value"] == "light"
    assert saved(scene, answer.view, mode=one("off")).text.startswith("Saved.")
    assert settings_of(scene).mode == "off"


def test_a_pause_is_ended_by_a_button_in_the_form(scene: Scene) -> None:
    assert "End the pause" not in str(opened(scene))
    typed(scene, "until 2026-12-24")
    assert "End the pause" in str(opened(scene))
    after = pressed(scene, listeners.resume, "").view
    assert after is not None
    assert "End the pause" not in str(after)
    assert settings_of(scene).paused_until_us is None


def test_a_pause_that_is_over_is_shown_no_more(scene: Scene) -> None:
    typed(scene, "until 2026-11-17")
    scene.wait(days=2)
    shown = opened(scene)
    assert "initial_date" not in str(shown)
    assert saved(scene, shown, mode=one("light")).text.startswith("Saved.")


# --- whose clock ----------------------------------------------------------------------------------------------------


def test_somebody_without_a_time_zone_is_told_which_one_holds(scene: Scene) -> None:
    scene.communities = (replace(COMMUNITY, timezone="Africa/Nairobi"),)
    scene.record(UserSeen("UNOWHERE", name="N", updated_us=1))
    shown = opened(scene, "UNOWHERE")
    assert "Slack does not tell me your time zone" in str(shown["blocks"][-1])
    assert "Africa/Nairobi" in str(shown["blocks"][-1])
    typed(scene, "until 2026-11-17", user="UNOWHERE")
    assert settings_of(scene, "UNOWHERE").paused_until_us == to_us(datetime(2026, 11, 16, 21, tzinfo=UTC))
    assert "Slack profile" in str(opened(scene)["blocks"][-1])


def test_the_day_on_which_a_pause_ends_is_theirs_also_where_clocks_change(scene: Scene) -> None:
    scene.record(UserSeen(ANA, name="Ana", timezone="America/New_York", locale="en", updated_us=9))
    typed(scene, "until 2027-03-14")  # the day begins in winter time and ends in summer time
    until = datetime.fromtimestamp((settings_of(scene).paused_until_us or 0) / 1e6, UTC)
    assert until == datetime(2027, 3, 14, 5, tzinfo=UTC)
    assert saved(scene, opened(scene)) == Answer()


def test_over_several_communities_the_most_generous_budget_is_what_can_come(scene: Scene) -> None:
    scene.communities = (
        COMMUNITY,
        replace(
            COMMUNITY,
            id="maps",
            name="Maps",
            channels=replace(COMMUNITY.channels, discussion=("#maps",)),
            attention=Attention(member_day=2, member_week=4, quiet=Hours(time(22), time(6))),
        ),
    )
    scene.record(*(MembershipSeen(channel, ANA, is_member=True, at_us=5) for channel in ("CDATA", "CMAPS")))
    shown = opened(scene)
    assert "at most 2 a day and 4 a week" in str(shown["blocks"][0])
    assert "Never between" not in str(shown["blocks"][0])
    assert "As each community has them" in str(shown)


def test_settings_in_a_line_on_ones_own_page(scene: Scene) -> None:
    typed(scene, "light")
    with scene.store.read() as tx:
        (block,) = settings(scene.ctx, tx, ANA)
    assert block["text"]["text"] == "*Light*: Only the digest. Quiet 20:00-08:00 (Asia/Bangkok)."
    assert block["accessory"]["action_id"] == "attention:settings"


def test_the_form_is_in_the_members_language(scene: Scene) -> None:
    for number, (locale, title) in enumerate((("fr-CA", "Ce que je vous envoie"), ("es-MX", "Lo que te envío")), 5):
        scene.record(UserSeen(ANA, name="Ana", timezone="Asia/Bangkok", locale=locale, updated_us=number))
        with scene.store.read() as tx:
            shown = view(own_settings(scene.ctx, tx, ANA))
        View(**shown).validate_json()
        assert shown["title"]["text"] == title
