"""The documents are true: what they name exists, and what exists they name."""

import re
from pathlib import Path

import pytest

from copbot import __version__
from copbot.adapters.files.schema import schema
from copbot.adapters.intake import GONE_EVENTS, HOME_EVENT
from copbot.adapters.manifest import EVENTS, SCOPES, manifest, manifest_yaml
from copbot.adapters.metrics import GAUGES, Metrics
from copbot.adapters.payloads import EVENT_TYPES
from copbot.adapters.store.tables import metadata
from copbot.cli import command_names
from copbot.settings import Settings
from copbot.wiring import FEATURES

ROOT = Path(__file__).parent.parent
OPERATORS = (ROOT / "docs/operators.md").read_text(encoding="utf-8")
MODERATORS = (ROOT / "docs/moderators.md").read_text(encoding="utf-8")
PRIVACY = (ROOT / "docs/privacy.md").read_text(encoding="utf-8")
DOCS = sorted((ROOT / "docs").glob("*.md"))
README = (ROOT / "README.md").read_text(encoding="utf-8")


def test_each_setting_is_documented_and_no_other() -> None:
    settings = {name.upper() for name in Settings.model_fields}
    in_table = set(re.findall(r"`([A-Z]+(?:_[A-Z]+)+)`", OPERATORS.split("## Running")[0]))
    assert in_table == settings
    in_example = set(re.findall(r"^#?([A-Z_]+)=", (ROOT / ".env.example").read_text(encoding="utf-8"), re.MULTILINE))
    assert in_example <= settings


def test_each_table_is_documented_and_no_other() -> None:
    section = OPERATORS.split("## What is stored")[1].split("##")[0]
    assert set(re.findall(r"^\| `(\w+)` \|", section, re.MULTILINE)) == set(metadata.tables)


def test_the_privacy_page_tells_of_each_table_and_column_and_of_no_other() -> None:
    told = dict(re.findall(r"^\| `(\w+)` \| (.*?) \|", PRIVACY, re.MULTILINE))
    known = {name: {c.name for c in table.columns} - {"id", "team_id"} for name, table in metadata.tables.items()}
    assert set(told) == set(known)
    assert {name: missing for name in known if (missing := known[name] - columns_in(told[name]))} == {}


def columns_in(cell: str) -> set[str]:
    return set(re.findall(r"`(\w+)`", cell))


def test_each_metric_is_documented_and_no_other() -> None:
    metrics = Metrics(lambda: 0.0, "http", "sqlite")
    metrics.ask(lambda: dict.fromkeys(GAUGES, 0.0))
    ends = {"counter": "_total", "info": "_info"}
    exposed = {family.name + ends.get(family.type, "") for family in metrics.registry.collect()}
    section = OPERATORS.split("## Watching")[1].split("\n## ")[0]
    assert set(re.findall(r"`((?:copbot|process)_\w+)`", section)) == exposed


def test_each_command_is_in_the_readme_and_no_other() -> None:
    assert set(re.findall(r"^\| `copbot ([\w-]+)", README, re.MULTILINE)) == set(command_names())


@pytest.mark.parametrize(
    "document", ["README.md", "CHANGELOG.md", "CONTRIBUTING.md", *(f"docs/{p.name}" for p in DOCS)]
)
def test_no_document_names_a_command_that_is_not_there(document: str) -> None:
    text = (ROOT / document).read_text(encoding="utf-8")
    assert set(re.findall(r"`copbot ([a-z]+(?:-[a-z]+)*)", text)) <= set(command_names())
    slash = {command.name for feature in FEATURES for command in feature.commands} | {"help", "me"}
    assert set(re.findall(r"`/cop ([a-z]+)", text)) <= slash


def test_each_slash_command_is_documented_and_no_other() -> None:
    commands = {command.name for feature in FEATURES for command in feature.commands} | {"help", "me"}
    assert set(re.findall(r"^\| `/cop (\w+)", MODERATORS, re.MULTILINE)) == commands


def test_links_between_the_documents_lead_somewhere() -> None:
    for document in [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *(ROOT / "docs").glob("*.md")]:
        for link in re.findall(r"\]\((?!https?:)([^)#]+)", document.read_text(encoding="utf-8")):
            assert (document.parent / link).exists(), f"{document.name} links to {link}"


def test_links_to_a_heading_find_it() -> None:
    for document in [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *DOCS]:
        for link, anchor in re.findall(r"\]\((?!https?:)([^)#]*)#([^)]+)\)", document.read_text(encoding="utf-8")):
            text = (document.parent / link if link else document).read_text(encoding="utf-8")
            headings = re.findall(r"^#+ (.+)$", text, re.MULTILINE)
            assert anchor in {re.sub(r"[^\w\- ]", "", one).lower().replace(" ", "-") for one in headings}, (
                document.name,
                anchor,
            )


def test_the_readme_begins_with_its_two_commands_a_line_each() -> None:
    first, second = re.findall(r"^```sh\n(.*?)\n```$", README, re.MULTILINE | re.DOTALL)[:2]
    assert "\n" not in first
    assert first.endswith("copbot demo")
    assert "\n" not in second
    assert second.endswith("pytest")


def test_the_changelog_tells_of_this_version() -> None:
    assert f"## {__version__}" in (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")


def test_the_manifest_subscribes_to_exactly_the_events_that_are_read() -> None:
    read = EVENT_TYPES - {"message"} | {"message.channels", "message.groups"} | GONE_EVENTS | {HOME_EVENT}
    assert set(EVENTS) == read


def test_the_manifest_in_deploy_is_the_one_that_the_command_prints() -> None:
    assert (ROOT / "deploy/manifest.yaml").read_text(encoding="utf-8") == manifest_yaml()


def test_the_manifest_offers_exactly_the_message_shortcuts_that_are_answered() -> None:
    answered = {callback_id for feature in FEATURES for callback_id in feature.shortcuts}
    offered = manifest()["features"]["shortcuts"]
    assert {shortcut["callback_id"] for shortcut in offered} == answered
    for shortcut in offered:
        assert shortcut["type"] == "message"
        assert len(shortcut["name"]) <= 24
        assert len(shortcut["description"]) <= 150
        assert f"**{shortcut['name']}**" in MODERATORS


def test_the_manifest_keeps_slacks_limits() -> None:
    document = manifest("/practice")
    assert document["features"]["slash_commands"][0]["command"] == "/practice"
    assert len(document["display_information"]["name"]) <= 35
    assert len(document["display_information"]["description"]) <= 140
    assert document["settings"]["socket_mode_enabled"] is True


@pytest.mark.parametrize("scope", sorted(SCOPES))
def test_each_scope_is_needed_by_a_method_or_event_that_is_used(scope: str) -> None:
    source = "".join(p.read_text(encoding="utf-8") for p in (ROOT / "copbot/adapters").glob("*.py"))
    needed_by = {
        "channels:history": "conversations.history",
        "files:write": "files.completeUploadExternal",
        "groups:history": "message.groups",
        "im:history": "conversations.history",
        "channels:read": "conversations.list",
        "groups:read": "private_channel",
        "chat:write": "chat.postMessage",
        "commands": "slash_commands",
        "im:write": "conversations.open",
        "pins:write": "pins.add",
        "reactions:read": "reaction_added",
        "usergroups:read": "usergroups.list",
        "users:read": "users.list",
        "users:read.email": "users.lookupByEmail",
    }
    assert needed_by[scope] in source


def test_each_key_of_the_files_is_documented() -> None:
    definitions = [schema(), *schema()["$defs"].values()]
    keys = {key for definition in definitions for key in definition.get("properties", {})}
    text = (ROOT / "docs/coordinators.md").read_text(encoding="utf-8")
    assert {key for key in keys if not re.search(rf"(?m)(?:^|[`{{ ]){re.escape(key)}\b", text)} == set()
