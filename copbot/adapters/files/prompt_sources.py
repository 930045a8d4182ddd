"""Every prompt that the files name: whether it is there, can be read, and shows only names that it sees."""

import re
from collections.abc import Iterator, Mapping, Sequence
from difflib import get_close_matches
from typing import Any

from jinja2 import TemplateSyntaxError, nodes
from jinja2.filters import FILTERS
from jinja2.tests import TESTS

from copbot.adapters.files import samples
from copbot.adapters.files.document import Document, Path
from copbot.adapters.files.problem import Place, Problem, meant
from copbot.adapters.sandbox import PromptEnvironment
from copbot.adapters.templates import candidates, in_words, languages

_SEES = {
    "posts": ("community", "question", "channel", "post", "occurrence"),
    "onboarding": ("community", "member", "answers", "inviter", "channel"),
    "digest": ("community", "member", "entries"),
    "referrals": ("community", "member", "level", "count", "channel"),
}


def check_sources(
    documents: Sequence[Document], community: str, prompts: Mapping[str, str], label: str
) -> list[Problem]:
    """The mistakes in the prompts that a community's files name; one that is not there is noted where it is named."""
    problems: list[Problem] = []
    read: set[tuple[str, tuple[str, ...]]] = set()  # a thousand posts may name the same template
    for document in documents:
        for path, name in references(document):
            places = places_of(name, community, prompts)
            if not places.intersection(candidates(community, name)):
                _note_missing(document, path, name, community, prompts, sorted(places))
            seen = _seen_at(path)
            for place in sorted(places):
                if (place, seen) not in read:
                    read.add((place, seen))
                    problems += _mistakes(f"{label}/{place}", prompts[place], seen)
    for name, sets in samples.UNNAMED.items():
        for place in sorted(places_of(name, community, prompts)):
            problems += _mistakes(f"{label}/{place}", prompts[place], ("community", *sets()[0]))
    return problems


def places_of(name: str, community: str, prompts: Mapping[str, str]) -> set[str]:
    """The files that are a prompt of this name to a community, in every language."""
    return {place for place in candidates(community, name, *languages(prompts, community, name)) if place in prompts}


def _seen_at(path: Path) -> tuple[str, ...]:
    return _SEES["referrals" if "referrals" in path else str(path[0])]


def _note_missing(
    document: Document, path: Path, name: str, community: str, prompts: Mapping[str, str], others: Sequence[str]
) -> None:
    if not candidates(community, name):
        document.problem(path, f"`{name}` leads out of the prompts folder: name a file in it, such as welcome.j2")
        return
    if others:
        document.problem(path, f"`{name}` is there as {others[0]} alone: write it for all other languages too")
        return
    if not prompts:
        document.problem(path, f"there is no prompt `{name}`, nor any other: write it, or look at COPBOT_PROMPTS_DIR")
        return
    known = sorted({prompt.removeprefix(f"{community}/") for prompt in prompts})
    document.problem(path, f"there is no prompt `{name}`{meant(name, known)}")


def references(document: Document) -> Iterator[tuple[Path, str]]:
    """The prompts that a file names, each with where."""
    data = document.data if isinstance(document.data, dict) else {}
    section = data.get("onboarding")
    onboarding = section if isinstance(section, dict) else {}
    places: list[tuple[Path, Any]] = [
        (("onboarding", key), onboarding.get(key)) for key in ("welcome", "guidelines", "introduction")
    ]
    digest = data.get("digest")
    if isinstance(digest, dict):
        places.append((("digest", "prompt"), digest.get("prompt")))
    thanks = onboarding.get("referrals")
    if isinstance(thanks, dict):
        places += [(("onboarding", "referrals", key), thanks.get(key)) for key in ("prompt", "announcement")]
    for path, entries in (
        (("posts",), data.get("posts")),
        (("onboarding", "follow_ups"), onboarding.get("follow_ups")),
    ):
        for number, entry in enumerate(entries if isinstance(entries, list) else ()):
            if isinstance(entry, dict):
                prompt, place = entry.get("prompt"), (*path, number, "prompt")
                places += (
                    [((*place, n), name) for n, name in enumerate(prompt)]
                    if isinstance(prompt, list)
                    else [(place, prompt)]
                )
    yield from ((path, name.strip()) for path, name in places if isinstance(name, str) and name.strip())


def _mistakes(file: str, source: str, seen: Sequence[str]) -> list[Problem]:
    """What cannot be read, and names that no rendering would find, also where the samples do not lead. A name asked for
    with ``is defined`` may be missing.
    """
    environment = PromptEnvironment()
    try:
        tree = environment.parse(source)
    except TemplateSyntaxError as error:
        place, reason = mended(source, error.lineno, " ".join(in_words(error, seen).split()))
        return [Problem(file, place.line, place.column, reason)]
    problems: list[Problem] = []
    for node in _free_names(tree, {*seen, *environment.globals}):
        reason = f"'{node.name}' is undefined: this prompt sees {', '.join(sorted(seen))}"
        problems.append(Problem(file, node.lineno, column_in(source, node.lineno, reason), reason))
    return problems


def mended(source: str, line: int, reason: str) -> tuple[Place, str]:
    """Jinja's words about its grammar as what to do, at the place where it was done."""
    open_ = re.search(r"innermost block that needs to be closed is '(\w+)'", reason)
    if open_ and reason.startswith("Unexpected end"):
        return _last_open(source, open_[1], line), f"`{open_[1]}` is not closed: add {{% end{open_[1]} %}}"
    unknown = re.match(r"No (filter|test) named '([^']+)'", reason)
    tag = re.match(r"Encountered unknown tag '([^']+)'", reason)
    if unknown:
        known = FILTERS if unknown[1] == "filter" else TESTS
        near = get_close_matches(unknown[2], known, n=1)
        hint = f"did you mean `{near[0]}`?" if near else "correct its name, or leave it out"
        reason = f"there is no {unknown[1]} '{unknown[2]}': {hint}"
    elif tag and open_:
        reason = f"'{tag[1]}' stands here while `{open_[1]}` is open: close that first with {{% end{open_[1]} %}}"
    elif tag:
        reason = f"'{tag[1]}' opens or closes nothing here: correct it, or delete it"
    elif "'end of print statement'" in reason or "'end of statement block'" in reason or reason == "unexpected '}'":
        reason = f"{reason.rstrip('.')}: close {{{{ with }}}}, and {{% with %}}"
    return Place(line, column_in(source, line, reason)), reason


def _last_open(source: str, name: str, line: int) -> Place:
    """Where the innermost tag of a name begins that nothing closes."""
    opened: list[int] = []
    for tag in re.finditer(r"\{%[-+]?\s*(end)?(\w+)", source):
        if tag[2] == name:
            if tag[1] and opened:
                opened.pop()
            elif not tag[1]:
                opened.append(tag.start())
    if not opened:
        return Place(line, 1)
    before = source[: opened[-1]]
    return Place(before.count("\n") + 1, opened[-1] - before.rfind("\n"))


def _free_names(tree: nodes.Template, known: set[str]) -> Iterator[nodes.Name]:
    names = list(tree.find_all(nodes.Name))
    made = {node.name for node in names if node.ctx != "load"} | {
        "loop",
        "self",
        "super",
        "caller",
        "varargs",
        "kwargs",
    }
    made |= {macro.name for macro in tree.find_all(nodes.Macro)}
    made |= {found.target for found in tree.find_all(nodes.Import)}
    for found in tree.find_all(nodes.FromImport):
        made |= {name if isinstance(name, str) else name[1] for name in found.names}
    for test in tree.find_all((nodes.Test, nodes.Filter)):
        if test.name in ("defined", "undefined", "default", "d") and isinstance(test.node, nodes.Name):
            made.add(test.node.name)
    yield from (node for node in names if node.ctx == "load" and node.name not in known | made)


def column_in(source: str, line: int, reason: str) -> int:
    """Where on its line the name stands that a reason is about, 1 when it cannot be told."""
    name = re.search(r"(?:^|no |no filter |no test |^unexpected |, got )'([^']+)'", reason)
    lines = source.split("\n")
    if name is None or line > len(lines):
        return 1
    return max(1, lines[line - 1].find(name[1].split(".")[-1]) + 1)
