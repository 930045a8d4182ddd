"""The JSON Schema that editors complete and check with: made from the shapes, and shipped beside the example's files."""

import json
from pathlib import Path
from typing import Any

import pytest
from json_schema import fits, sound
from written import COMMUNITY, ONBOARDING, POSTS

from copbot.adapters.files.document import read_document
from copbot.adapters.files.schema import SHIPPED_AS, names, schema
from copbot.adapters.files.shapes import Sections

ROOT = Path(__file__).parents[3]
ANY = schema()


def read(text: str) -> Any:
    document = read_document(text, "x.yaml")
    assert document.problems == []
    return document.data


@pytest.mark.parametrize("name", [None, *names()])
def test_each_schema_is_sound(name: str | None) -> None:
    document = schema(name)
    assert document["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    sound(document)


def test_a_name_that_is_no_key_is_told() -> None:
    with pytest.raises(KeyError):
        schema("pots")


def test_the_shipped_schema_is_the_one_that_the_command_prints() -> None:
    shipped = json.loads((ROOT / "schedules" / SHIPPED_AS).read_text(encoding="utf-8"))
    assert shipped == ANY, "renew it: copbot schema > schedules/copbot.schema.json"


@pytest.mark.parametrize("file", sorted((ROOT / "schedules").glob("*.yaml")), ids=lambda file: file.name)
def test_the_shipped_files_name_the_schema_and_fit_it(file: Path) -> None:
    text = file.read_text(encoding="utf-8")
    assert text.startswith(f"# yaml-language-server: $schema={SHIPPED_AS}\n")
    assert fits(read(text), ANY)


def described(properties: dict[str, Any], where: str) -> list[str]:
    """The keys without a word for the editor's tooltip."""
    return [
        f"{where}.{key}"
        for key, value in properties.items()
        if "description" not in value
        and "description" not in ANY["$defs"].get(str(value.get("$ref", "")).removeprefix("#/$defs/"), {})
        and not any("$ref" in one for one in value.get("anyOf", ()))
    ]


def test_each_key_is_described() -> None:
    bare = described(ANY["properties"], "")
    for name, definition in ANY["$defs"].items():
        assert "description" in definition, name
        bare += described(definition["properties"], name)
    assert bare == []


def test_each_key_of_the_shapes_is_there_with_its_default_as_it_is_written() -> None:
    assert set(ANY["properties"]) == set(Sections.model_fields)
    defs = ANY["$defs"]
    assert defs["PostShape"]["properties"]["late"]["default"] == "2h"
    assert defs["AttentionShape"]["properties"]["quiet"]["default"] == "20:00-08:00"
    assert defs["PointsShape"]["properties"]["reaction"]["default"] == 0.2
    assert defs["PointsShape"]["properties"]["reply"]["default"] == 2
    assert defs["ParticipationShape"]["properties"]["window"]["default"] == "12w"
    assert defs["PrivacyShape"]["properties"]["keep_activity"]["default"] == "3y"
    assert defs["MilestoneShape"]["properties"]["remind"]["default"] == ["2w", "1w", "24h"]
    assert defs["FollowUpShape"]["properties"]["if"]["description"]


def test_a_file_that_must_hold_a_key_does() -> None:
    assert fits(read(POSTS), schema("posts"))
    assert not fits(read(POSTS), schema("onboarding"))
    assert fits(read(COMMUNITY), schema("community"))
    assert not fits({"community": read(COMMUNITY)["community"]}, schema("community"))
    assert fits({"community": read(COMMUNITY)["community"]}, ANY)


def post(**keys: str) -> str:
    every = {"id": "p", "channel": '"#data"', "when": '{every: day, at: "9:00"}', "text": "Hello"} | keys
    return "posts:\n  -\n" + "".join(f"    {key.rstrip('_')}: {value}\n" for key, value in every.items() if value)


GOOD_POSTS = [
    post(when="{every: week, at: best, otherwise: wed 10:00, on: [Tue, wednesday], between: 08:00-18:00}"),
    post(when='{every: 2 weeks, at: active, otherwise: "10:00", window: 4h}'),
    post(when="{every: month, at: 9:00, on: 31}"),
    post(when="{every: quarter, at: 9:00, on: [2]}"),
    post(when="{every: week, at: 9:00, on: fri}"),
    post(when='{cron: "0 14 * * 4#1"}'),
    post(when='{date: "2026-12-03 14:00:05"}'),
    post(text="", prompt="[a.j2, b.j2]"),
    post(text="", questions="questions/weekly.txt"),
    post(text="", questions="[Why?]", skip_holidays="DE-BY", from_="2026-01-31", late="0s"),
    post(skip_holidays="NO", pin="true", paused="true", channel="C0123ABCD"),
]

GOOD_REST = [
    "attention: {quiet: off}\n",
    "attention: {quiet: false, member: {day: 0}}\n",
    'spacing: {community: 10m, channels: {"#data": 1d}}\n',
    "milestones:\n  - {name: Guide, date: 2026-12-01, who: jess@example.org, remind: 2w}\n",
    "unanswered: {counts_as_answer: reaction, after: 2h}\n",
    "participation: {points: {reaction: 0.5, reply: 3}, window: 14d}\n",
]


@pytest.mark.parametrize("text", [COMMUNITY, POSTS, ONBOARDING, *GOOD_POSTS, *GOOD_REST])
def test_what_is_right_fits(text: str) -> None:
    assert fits(read(text), ANY)


WRONG = [
    COMMUNITY.replace("id: data", "id: Data!"),
    COMMUNITY.replace("name: Data People", "name: 3"),
    COMMUNITY.replace("discussion", "discusion"),
    COMMUNITY.replace('"#mods"', "mods"),
    COMMUNITY.replace('["#data"]', "[]"),
    COMMUNITY.replace("[jess@example.org]", "[Jess]"),
    COMMUNITY.replace("  id: data\n", ""),
    COMMUNITY.replace("community:\n", "comunity:\n"),
    "unanswered: {after: 24}\n",
    "attention: {quiet: sometimes}\n",
    "attention: {member: 3}\n",
    "attention: {channel: {day: -1}}\n",
    "attention: {channel: {day: 1.5}}\n",
    "privacy: {keep_text: al}\n",
    "spacing: {channels: {data: 1d}}\n",
    "spacing: {channel: 10}\n",
    "milestones: [{name: Guide}]\n",
    "milestones: [{name: Guide, date: 1.12.2026}]\n",
    "milestones: [{name: Guide, date: 2026-12-01, done: maybe}]\n",
    post(when="{every: weekly, at: 9:00}"),
    post(when="{every: day, at: 930}"),
    post(when="{every: day, at: 24:00}"),
    post(when="{every: day}"),
    post(when="{at: 9:00}"),
    post(when="{every: week, at: best}"),
    post(when="{every: week, at: best, otherwise: wed 10:00, window: 4h}"),
    post(when='{cron: "0 9 1 * * *"}'),
    post(when="{every: week, at: 9:00, on: [tue, wend]}"),
    post(when="{every: month, at: 9:00, on: 32}"),
    post(when="{every: day, at: 9:00, between: 8:00-9:00}"),
    post(when='{every: day, at: 9:00, cron: "0 9 * * *"}'),
    post(when='{cron: "0 9 * *"}'),
    post(when="{date: 2026-12-03}"),
    post(text=""),
    post(prompt="ask.j2"),
    post(questions="What?"),
    post(questions="[]"),
    post(questions=f"[{'x' * 3001}]"),
    post(text="", questions="/etc/passwd.md"),
    post(channel="data"),
    post(late="soon"),
    post(paused="maybe"),
    post(skip_holidays="Thailand"),
    post(until="tomorrow"),
    post(chanel='"#data"'),
    ONBOARDING.replace("options: [A, B]", "options: []"),
    ONBOARDING.replace(", options: [A, B]", ""),
    ONBOARDING.replace("long_text", "longtext"),
    ONBOARDING.replace("if: open", "if: opened"),
    ONBOARDING.replace(", tell: moderators", ""),
    ONBOARDING.replace("  welcome: welcome.j2\n", ""),
]


@pytest.mark.parametrize("text", WRONG)
def test_typical_mistakes_do_not_fit(text: str) -> None:
    assert not fits(read(text), ANY)
