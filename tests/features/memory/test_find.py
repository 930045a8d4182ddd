"""``/cop find``: answered threads in the channels that the searcher may read, five at a time."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from scene import COMMUNITY, Scene

from copbot.core.community import Channels, Privacy
from copbot.core.facts import ChannelSeen, MembershipSeen, UserSeen
from copbot.core.interaction import Answer, Call, Press
from copbot.core.time import to_us
from copbot.features.memory import FEATURE, upkeep, views


@pytest.fixture
def scene(tmp_path: Path) -> Iterator[Scene]:
    scene = Scene(tmp_path)
    scene.record(
        ChannelSeen("CDATA", name="data", is_private=False, updated_us=1),
        ChannelSeen("CHELLO", name="hello", is_private=True, updated_us=1),
        UserSeen("UANA", name="Ana", updated_us=1),
    )
    yield scene
    scene.close()


def find(scene: Scene, words: str, user: str = "UANA", channel: str = "DANA") -> Answer:
    [command] = FEATURE.commands
    assert not command.writes
    with scene.store.read() as tx:
        return command.answer(scene.ctx, tx, Call(user, channel, "find", words))


def more(scene: Scene, value: str, user: str = "UANA", channel: str = "DANA") -> Answer:
    with scene.store.begin() as tx:
        return FEATURE.actions[views.MORE](scene.ctx, tx, Press(user, views.MORE, value, "t", channel))


def answered(scene: Scene, text: str, channel: str = "CDATA") -> int:
    root = scene.says("UANA", text, channel)
    scene.says("UBEN", "So.", channel, thread=root)
    return root


def rows(answer: Answer) -> list[str]:
    return [block["text"]["text"] for block in answer.blocks[1:] if block["type"] == "section"]


def next_page(answer: Answer) -> str | None:
    """The value of the button for more."""
    buttons = [e for block in answer.blocks if block["type"] == "actions" for e in block["elements"]]
    return str(buttons[0]["value"]) if buttons else None


def test_a_thread_is_shown_with_its_first_line_who_when_and_a_way_there(scene: Scene) -> None:
    root = answered(scene, "How do I link *two* registers?\nWe tried <!channel> &amp; names.")
    answer = find(scene, "linking registers")
    [row] = rows(answer)
    title, told = row.split("\n")
    assert title == "*How do I link ∗two∗ registers?*"
    assert told.startswith("<@UANA> in <#CDATA>, <!date^")
    assert told.endswith("Answered by <@UBEN>.")
    assert answer.blocks[1]["accessory"]["url"] == f"https://example.slack.com/archives/CDATA/p{root}"
    assert next_page(answer) is None


def test_five_at_a_time_and_the_rest_behind_a_button(scene: Scene) -> None:
    for n in range(12):
        answered(scene, f"Where is the register number {n}?")
    seen: list[str] = []
    answer = find(scene, "register")
    while True:
        assert len(rows(answer)) <= 5
        seen += rows(answer)
        value = next_page(answer)
        if value is None:
            break
        answer = more(scene, value)
        assert answer.replaces
    assert len(seen) == len({row.split("\n")[0] for row in seen}) == 12


def test_a_page_that_was_made_up_is_a_kind_line(scene: Scene) -> None:
    answered(scene, "Where is the register?")
    for value in ("", "x", "99999 register", "-5 register", "5", "5 ", "999 register", "٣ register"):
        assert more(scene, value).text, value


def test_nothing_found_says_what_to_do(scene: Scene) -> None:
    assert find(scene, "<!here> &lt;b&gt; vault").text.startswith(
        "No answered thread says “@\u2060here &lt;b&gt; vault”."
    )
    assert "or ask in <#CDATA>" in find(scene, "vault").text
    assert "Write a word or two: `/cop find" in find(scene, "   ").text
    assert find(scene, "?!").text.startswith("No answered thread")
    assert len(find(scene, "word " * 900).text) < 300


@pytest.mark.parametrize(
    ("person", "is_in", "where", "finds"),
    [
        pytest.param({}, False, "DANA", False, id="from outside"),
        pytest.param({}, True, "DANA", True, id="from within"),
        pytest.param({}, False, "CHELLO", True, id="where they type they may read"),
        pytest.param({"is_guest": True}, True, "DANA", True, id="a guest from within"),
    ],
)
def test_a_private_channel_is_for_its_members(
    scene: Scene, person: dict[str, bool], is_in: bool, where: str, finds: bool
) -> None:
    scene.record(UserSeen("UANA", updated_us=2, **person))  # type: ignore[arg-type]
    answered(scene, "Where is the vault?", "CHELLO")
    if is_in:
        scene.record(MembershipSeen("CHELLO", "UANA", True, to_us(scene.now)))
    assert bool(rows(find(scene, "vault", channel=where))) is finds


def test_who_has_left_a_private_channel_turns_no_page_of_it(scene: Scene) -> None:
    for n in range(6):
        answered(scene, f"Where is the register number {n}?", "CHELLO")
    scene.record(MembershipSeen("CHELLO", "UANA", True, to_us(scene.now)))
    value = next_page(find(scene, "register", channel="CHELLO"))
    assert value is not None
    assert len(rows(more(scene, value, channel="CHELLO"))) == 1
    scene.wait(minutes=1)
    scene.record(MembershipSeen("CHELLO", "UANA", False, to_us(scene.now)))
    assert rows(more(scene, value, channel="CHELLO")) == []


def test_a_guest_finds_nothing_in_public_channels_they_are_not_in(scene: Scene) -> None:
    scene.record(UserSeen("UANA", is_guest=True, updated_us=2))
    answered(scene, "Where is the vault?")
    assert rows(find(scene, "vault")) == []


def test_what_another_community_asked_is_found_from_its_own_channels_or_from_elsewhere(scene: Scene) -> None:
    maps = replace(COMMUNITY, id="maps", channels=Channels(discussion=("#maps",)))
    scene.communities = (COMMUNITY, maps)
    scene.record(ChannelSeen("CMAPS", name="maps", is_private=False, updated_us=1))
    answered(scene, "Where is the vault?", "CMAPS")
    assert rows(find(scene, "vault", channel="CDATA")) == []
    assert len(rows(find(scene, "vault", channel="CMAPS"))) == 1
    assert len(rows(find(scene, "vault"))) == 1


def test_where_texts_are_not_kept_it_says_so(scene: Scene) -> None:
    scene.communities = (replace(COMMUNITY, privacy=Privacy(keep_text="none")),)
    assert find(scene, "vault").text == views.NOT_KEPT


def test_a_reply_is_found_where_all_is_kept_even_of_a_thread_that_asks_nothing(scene: Scene) -> None:
    scene.store.keep_text_in = lambda _channel: "all"
    root = scene.says("UANA", "I tried Splink.")
    scene.says("UBEN", "The vault did it for me.", thread=root)
    [row] = rows(find(scene, "vault"))
    assert row.startswith("*I tried Splink.*")


def test_a_long_first_line_and_many_who_answered_fit_a_phone(scene: Scene) -> None:
    root = scene.says("UANA", "vault " * 400 + "?")
    for n in range(6):
        scene.says(f"U{n}", "so", thread=root)
    [row] = rows(find(scene, "vault"))
    assert len(row) < 400
    assert "and 3 more" in row


def test_once_less_may_be_kept_the_rest_is_forgotten_in_pieces(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(upkeep, "AT_ONCE", 2)
    scene.store.keep_text_in = lambda _channel: "all"
    for n in range(5):
        scene.says("UANA", f"The vault number {n} is open.")
    FEATURE.plan_due(scene.ctx, scene.now)
    scene.store.keep_text_in = lambda _channel: "questions"
    FEATURE.plan_due(scene.ctx, scene.now)
    scene.store.keep_text_in = lambda _channel: "all"
    with scene.store.read() as tx:
        assert tx.cases.message("CDATA", to_us(scene.now)) == (None, False)
        assert tx.memory.to_look_over(["CDATA"]) == {"CDATA"}, "raised again: what comes is kept"
    assert FEATURE.next_due(scene.ctx, scene.now) is None
