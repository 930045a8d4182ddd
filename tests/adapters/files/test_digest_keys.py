"""What coordinators may write of the digest."""

import pytest
from json_schema import fits

from copbot.adapters.files import load_texts
from copbot.adapters.files.schema import schema
from copbot.core.digest import DigestRules

COMMUNITY = """
community: {id: data, name: Data, timezone: UTC}
channels: {discussion: ["#data"], moderators: "#mods"}
roles: {coordinators: [jess@example.org]}
"""


def loaded(section: str, **prompts: str) -> object:
    files = {f"prompts/{name}.j2": text for name, text in prompts.items()}
    found = load_texts({"schedules/community.yaml": COMMUNITY + section, **files})
    return [str(problem) for problem in found.problems] or found.communities[0].digest


@pytest.mark.parametrize(
    ("digest", "rules"),
    [
        ("", DigestRules("week", (1, 2, 3), "digest.j2")),
        ("digest: {every: 2 weeks}", DigestRules("2 weeks")),
        ("digest: {every: month, on: fri}", DigestRules("month", (4,))),
        ("digest: {on: [monday, fri, mon]}", DigestRules("week", (0, 4))),
        ("digest: off", None),
        ("digest: {every: off}", None),
    ],
)
def test_what_it_means(digest: str, rules: DigestRules | None) -> None:
    assert loaded(digest) == rules


@pytest.mark.parametrize(
    ("digest", "mistake"),
    [
        (
            "digest: {every: day}",
            "5:17: `day` cannot stand for `every`: known here are `week`, `2 weeks`, `month`, `off`",
        ),
        (
            "digest: {on: [tues, someday]}",
            "5:14: `someday` is not a day of the week: write mon, tue, wed, thu, fri, sat or sun",
        ),
        ("digest: {on: []}", "5:14: no day is left in this list: name one, or delete the line"),
        ("digest: {evry: week}", "5:10: `evry` is no key here: did you mean `every`?"),
        (
            "digest: weekly",
            "5:9: `weekly` stands where keys such as `every`, `on`, `prompt` belong: write them below `digest:`",
        ),
        (
            "digest: {prompt: weekly.j2}",
            "5:18: there is no prompt `weekly.j2`, nor any other: write it, or look at COPBOT_PROMPTS_DIR",
        ),
    ],
)
def test_each_mistake_is_told_with_its_place_and_the_mend(digest: str, mistake: str) -> None:
    assert loaded(digest) == [f"schedules/community.yaml:{mistake}"]


@pytest.mark.parametrize("name", ["digest", "weekly"])
def test_its_template_is_tried_with_samples_whether_it_is_named_or_not(name: str) -> None:
    digest = "" if name == "digest" else f"digest: {{prompt: {name}.j2}}"
    right = "{{ member.name }}{% for e in entries %}{{ e.line }} {{ e.when }} {{ e.where }}{% endfor %}"
    assert isinstance(loaded(digest, **{name: right}), DigestRules)
    assert loaded(digest, **{name: "{{ entries[0].lne }}"}) == [f"prompts/{name}.j2:1:15: this value has no 'lne'"]
    assert loaded(digest, **{name: "{{ answers }}"}) == [
        f"prompts/{name}.j2:1:4: 'answers' is undefined: this prompt sees community, entries, member"
    ]


@pytest.mark.parametrize("digest", ["off", {"every": "2 weeks", "on": ["tue"]}, {"on": "fri", "prompt": "digest.j2"}])
def test_the_schema_takes_what_is_right(digest: object) -> None:
    assert fits({"digest": digest}, schema("digest"))


@pytest.mark.parametrize("digest", ["on", {"every": "day"}, {"on": []}, {"evry": "week"}])
def test_the_schema_refuses_what_is_wrong(digest: object) -> None:
    assert not fits({"digest": digest}, schema("digest"))
