"""``/cop reload``: coordinators hear whether their files are in order, and what was taken up."""

from dataclasses import replace
from pathlib import Path

import pytest
from scene import Scene

from copbot.core.interaction import Call
from copbot.core.ports import FilesRead
from copbot.core.reload_command import RELOAD

ONE = FilesRead(["schedules/posts.yaml:3:5: there is no <channel>: name one"])


@pytest.mark.parametrize(
    ("read", "said"),
    [
        pytest.param(FilesRead(), "in order, and were in force already", id="as they were"),
        pytest.param(
            FilesRead(changes={"schedules/posts.yaml": "changed"}), "• schedules/posts.yaml changed", id="new"
        ),
        pytest.param(
            ONE,
            "There is a mistake, so nothing was taken up.\n• schedules/posts.yaml:3:5: there is no &lt;",
            id="a mistake",
        ),
        pytest.param(FilesRead(["x"] * 9), "9 mistakes, so nothing was taken up", id="many mistakes"),
        pytest.param(FilesRead(["x"] * 9), "… `copbot check` shows all.", id="more than fit"),
    ],
)
def test_it_says_how_it_went(tmp_path: Path, read: FilesRead, said: str) -> None:
    scene = Scene(tmp_path)
    (command,) = RELOAD.commands
    with scene.store.read() as tx:
        answer = command.answer(replace(scene.ctx, reload=lambda: read), tx, Call("UJESS", "CELSE", "reload", ""))
    assert said in answer.text
    scene.close()
