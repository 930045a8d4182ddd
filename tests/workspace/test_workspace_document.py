"""docs/workspace.md tells the truth: its example runs, its methods and faults are those that there are."""

import re
from pathlib import Path

from letting_go import let_go

from copbot.workspace.faults import Faults
from copbot.workspace.server import Workspace

DOCUMENT = (Path(__file__).parents[2] / "docs/workspace.md").read_text(encoding="utf-8")


def test_its_example_runs() -> None:
    example = re.findall(r"```python\n(.*?)```", DOCUMENT, re.DOTALL)[0]
    end = """
    let_go(workspace, handler)
    app.listener_runner.listener_executor.shutdown()
"""
    kept = example.replace(
        "    SocketModeHandler(app, workspace.app_token).connect()\n", "    handler = HANDLER\n    handler.connect()\n"
    )
    seen: dict[str, object] = {"let_go": let_go}
    exec(kept.replace("HANDLER", "SocketModeHandler(app, workspace.app_token)") + end, seen)  # the document is ours
    assert "workspace" in seen


def test_it_names_each_method_and_no_other(workspace: Workspace) -> None:
    table = DOCUMENT.split("## What is modelled")[1].split("- **Events**")[0]
    assert set(re.findall(r"`([\w.]+)`", table)) == workspace._api.methods


def test_it_names_each_fault_and_no_other() -> None:
    table = DOCUMENT.split("## Faults on demand")[1].split("**Rate limits**")[0]
    named = set(re.findall(r"^\| `(\w+)\(", table, re.MULTILINE))
    offered = {name for name in vars(Faults) if not name.startswith("_")} - {"clear", "waiting", "take"}
    assert named == offered


def test_what_people_do_and_what_is_seen_exists(workspace: Workspace) -> None:
    told = DOCUMENT.split("What people do is a method")[1].split("## Faults")[0]
    names = set(re.findall(r"`(?:workspace\.)?([a-z_]+)`", told)) - {"missing_scope"}
    assert {name for name in names if not hasattr(workspace, name)} == set()
