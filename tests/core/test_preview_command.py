"""``/cop preview``: what would be said, sent to oneself, with nothing in it that acts."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from scene import COMMUNITY, Scene

from copbot.core.community import Channels, Community
from copbot.core.errors import Mistake
from copbot.core.feature import Feature
from copbot.core.interaction import Answer, Call, Press, Submission
from copbot.core.ports import Context, Tx
from copbot.core.preview_command import FORM, preview_feature
from copbot.core.previews import Preview, Shown, Wanted

OTHER = replace(COMMUNITY, id="maps", name="Maps", channels=Channels(discussion=("#maps",)))
BUTTON = {
    "type": "button",
    "text": {"type": "plain_text", "text": "Go"},
    "action_id": "real:go",
    "value": "1",
    "url": "x",
}
VIEW: dict[str, Any] = {
    "type": "modal",
    "callback_id": "real:form",
    "private_metadata": "secret",
    "notify_on_close": True,
    "title": {"type": "plain_text", "text": "A form"},
    "blocks": [{"type": "input", "block_id": "a", "element": {}}, {"type": "actions", "elements": [BUTTON]}],
}


def show(_ctx: Context, _tx: Tx, community: Community, wanted: Wanted) -> Sequence[Shown]:
    if wanted.name == "broken":
        raise Mistake("it is broken <here>")
    message = Shown(f"#{community.id}", "Tue 10:00", "because & so", text="Hello *all*", notes=("odd",))
    buttons = Shown("#x", "now", blocks=({"type": "actions", "block_id": "b", "elements": [BUTTON, BUTTON]},))
    return [message, buttons, Shown("a form", "then", view=VIEW)]


POSTS = Feature("posts", preview=Preview(show, lambda _community: ("weekly", "broken")))
PREVIEW = preview_feature([POSTS, Feature("silent")])


@pytest.fixture
def scene(tmp_path: Path) -> Iterator[Scene]:
    scene = Scene(tmp_path, COMMUNITY)
    yield scene
    scene.close()


def preview(scene: Scene, argument: str, user: str = "UMOD", channel: str = "CMODS") -> Answer:
    with scene.store.read() as tx:
        return PREVIEW.commands[0].answer(scene.ctx, tx, Call(user, channel, "preview", argument))


def press(scene: Scene, value: str, user: str = "UMOD") -> Answer:
    with scene.store.begin() as tx:
        return PREVIEW.actions[FORM](scene.ctx, tx, Press(user, FORM, value, "t"))


def form_value(answer: Answer) -> str:
    buttons = [element for block in answer.blocks if block["type"] == "actions" for element in block["elements"]]
    return next(str(element["value"]) for element in buttons if element["action_id"] == FORM)


def test_it_is_marked_and_shows_where_when_and_why(scene: Scene) -> None:
    answer = preview(scene, "weekly")
    shown = json.dumps(answer.blocks)
    assert "seen by you alone" in shown
    assert "*#data*  Tue 10:00\\nbecause &amp; so\\n:warning: odd" in shown
    assert "Hello *all*" in shown


def test_nothing_in_it_acts(scene: Scene) -> None:
    answer = preview(scene, "Weekly")
    shown = json.dumps(answer.blocks)
    assert "real:" not in shown
    inert = next(block["elements"] for block in answer.blocks if block["type"] == "actions")
    assert len({element["action_id"] for element in inert}) == 2, "Slack wants them to differ"
    handler = PREVIEW.actions["preview:"]
    with scene.store.begin() as tx:
        assert "a preview" in handler(scene.ctx, tx, Press("UMOD", inert[0]["action_id"], "", "t")).text


def test_a_form_opens_and_keeps_nothing(scene: Scene) -> None:
    view = press(scene, form_value(preview(scene, "weekly"))).view
    assert view is not None
    assert view["callback_id"] == FORM
    assert "private_metadata" not in view
    assert "notify_on_close" not in view
    assert "real:" not in json.dumps(view)
    with scene.store.begin() as tx:
        said = PREVIEW.forms[FORM](scene.ctx, tx, Submission("UMOD", FORM, "", {}))
    assert "nothing is kept" in said.text


@pytest.mark.parametrize(
    "value", ["", "x", "[]", "{}", '{"community": "data", "name": "weekly", "number": "x"}', "null"]
)
def test_a_forged_button_opens_nothing(scene: Scene, value: str) -> None:
    assert press(scene, value).view is None


def test_a_form_is_shown_to_moderators_of_that_community_alone(scene: Scene) -> None:
    value = form_value(preview(scene, "weekly"))
    assert press(scene, value, "U1").text == "Moderators can do this."
    gone = value.replace('"number": 2', '"number": 7')
    assert "have changed" in press(scene, gone).text


@pytest.mark.parametrize(
    ("argument", "said"),
    [
        ("", "`/cop preview weekly`"),
        ("wekly", "Did you mean `/cop preview weekly`?"),
        ("<!here>", "I know no post `&lt;!here&gt;`"),
        ("broken", "it is broken &lt;here&gt;"),
    ],
)
def test_what_cannot_be_shown_is_said(scene: Scene, argument: str, said: str) -> None:
    assert said in preview(scene, argument).text


def test_of_several_communities_that_of_the_channel_goes_first_and_the_others_are_named(tmp_path: Path) -> None:
    scene = Scene(tmp_path, COMMUNITY, OTHER)
    answer = preview(scene, "weekly", channel="CMAPS")
    assert "*#maps*" in json.dumps(answer.blocks)
    assert "`/cop preview data/weekly`" in json.dumps(answer.blocks)
    assert "*#data*" in json.dumps(preview(scene, "data/weekly", channel="CMAPS").blocks)
    scene.close()


def test_a_long_journey_is_cut_to_what_a_message_holds(scene: Scene) -> None:
    def many(_ctx: Context, _tx: Tx, _community: Community, _wanted: Wanted) -> Sequence[Shown]:
        return [Shown("#x", f"day {number}", text="Hello") for number in range(40)]

    feature = preview_feature([Feature("long", preview=Preview(many, lambda _community: ("long",)))])
    with scene.store.read() as tx:
        answer = feature.commands[0].answer(scene.ctx, tx, Call("UMOD", "CMODS", "preview", "long"))
    assert len(answer.blocks) == 50
    assert "There is more" in json.dumps(answer.blocks[-1])
