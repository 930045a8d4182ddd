"""The coordinators' files as communities: ``load`` from the disk, ``load_texts`` from texts that were kept.

Nothing comes out while anything is wrong, so that the last good state stays in force; every mistake is told at once.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from copbot.adapters.files.between_keys import check_between_keys
from copbot.adapters.files.care_keys import check_named_elsewhere
from copbot.adapters.files.document import Document, read_document
from copbot.adapters.files.entries import entries_of
from copbot.adapters.files.folders import PROMPTS, QUESTION_ENDINGS, SCHEDULES, read_folders
from copbot.adapters.files.meaning import community_of
from copbot.adapters.files.post_meaning import milestone_id, milestone_of, post_of
from copbot.adapters.files.problem import Problem
from copbot.adapters.files.prompt_check import check_rendering
from copbot.adapters.files.prompt_sources import check_sources
from copbot.adapters.files.question_files import Shelf, put_in
from copbot.adapters.files.shape_check import below_which, check_section
from copbot.adapters.files.shapes import Sections
from copbot.core.community import Community
from copbot.core.posts import Milestone, Post

COMMUNITY_FILE = "community.yaml"


@dataclass(frozen=True)
class Loaded:
    """What the files say. ``communities`` is empty when there is any problem; ``files`` are the texts that were
    read, by ``schedules/…`` and ``prompts/…``: kept, they give the same again through ``load_texts``.
    """

    communities: tuple[Community, ...] = ()
    problems: tuple[Problem, ...] = ()
    files: Mapping[str, str] = field(default_factory=dict)
    documents: tuple[tuple[Document, ...], ...] = field(default=(), compare=False, repr=False)
    """Of each community its files with the place of every value, for what is said of them; not kept while the bot runs."""

    @property
    def prompts(self) -> dict[str, str]:
        """The prompts' texts by name within their folder, as the templates want them."""
        return prompts_of(self.files)


def prompts_of(files: Mapping[str, str]) -> dict[str, str]:
    """The prompts among kept texts, by name within their folder."""
    return {name.removeprefix(f"{PROMPTS}/"): text for name, text in files.items() if name.startswith(f"{PROMPTS}/")}


def load(schedules: Path, prompts: Path) -> Loaded:
    """Read both folders. Never raises for what stands in them."""
    texts = read_folders(schedules, prompts)
    shelf = Shelf(texts.aside, tuple(texts.asides))
    return _loaded(texts.files, texts.problems, shelf, schedules=str(schedules), prompts=str(prompts))


def load_texts(files: Mapping[str, str], schedules: str = SCHEDULES, prompts: str = PROMPTS) -> Loaded:
    """The same from texts by ``schedules/…`` and ``prompts/…``; the two folders are named in messages as given."""
    asides = {name: text for name, text in files.items() if name.endswith(QUESTION_ENDINGS)}
    rest = {name: text for name, text in files.items() if name not in asides}
    return _loaded(rest, [], Shelf(asides.get, tuple(asides)), schedules=schedules, prompts=prompts)


def _loaded(
    texts: Mapping[str, str], unreadable: list[Problem], shelf: Shelf, *, schedules: str, prompts: str
) -> Loaded:
    files = dict(texts)
    problems = list(unreadable)
    communities: list[Community] = []
    homes: list[Document] = []
    read: list[tuple[Document, ...]] = []
    for folder, members in _folders(files, problems, schedules).items():
        documents = [_document(files[f"{SCHEDULES}/{name}"], f"{schedules}/{name}") for name in members]
        homes.append(documents[0])
        for document in documents:
            used, mistaken = put_in(document, folder, schedules, shelf)
            files |= {name: text for name in used if isinstance(text := shelf.read(name), str)}
            problems += mistaken
        community = _community(documents, folder, problems)
        if not unreadable:
            _check_prompts(documents, community, problems, files, prompts)
        for document in documents:
            problems += document.problems
        if community is not None:
            communities.append(community)
            read.append(tuple(documents))
    problems += _same_ids(homes)
    problems += _unlike_backups(read)
    told = tuple(sorted(set(problems)))
    return Loaded((), told, files) if told else Loaded(tuple(communities), (), files, tuple(read))


def _check_prompts(
    documents: list[Document],
    community: Community | None,
    problems: list[Problem],
    files: Mapping[str, str],
    label: str,
) -> None:
    texts = prompts_of(files)
    unreadable = check_sources(documents, _id_in(documents[0]) or "", texts, label)
    problems += unreadable
    if community is not None and not any(document.problems for document in documents):
        told = {problem.file for problem in unreadable}
        problems += [one for one in check_rendering(community, documents, texts, label) if one.file not in told]


def _folders(files: Mapping[str, str], problems: list[Problem], schedules: str) -> dict[str, list[str]]:
    """The folders (``""`` or ``"name/"``) that are communities, each with its files, community.yaml first."""
    names = sorted(name.removeprefix(f"{SCHEDULES}/") for name in files if name.startswith(f"{SCHEDULES}/"))
    homes = [
        name.removesuffix(COMMUNITY_FILE)
        for name in names
        if name.split("/")[-1] == COMMUNITY_FILE and name.count("/") <= 1
    ]
    if not homes and not problems:
        problems.append(
            Problem(
                f"{schedules}/{COMMUNITY_FILE}",
                1,
                1,
                "there is no community.yaml: write one, with `community:`, `channels:` and `roles:`",
            )
        )
    found: dict[str, list[str]] = {home: [] for home in homes}
    for name in names:
        home = name[: name.rfind("/") + 1]
        message = _misplaced(name, home, homes)
        if message:
            problems.append(Problem(f"{schedules}/{name}", 1, 1, message))
        elif home in found:
            found[home].append(name)
    found = {home: members for home, members in found.items() if members}
    return {
        home: sorted(members, key=lambda name: (name != home + COMMUNITY_FILE, name)) for home, members in found.items()
    }


def _misplaced(name: str, home: str, homes: list[str]) -> str | None:
    if "" in homes and home in homes and home != "":
        return (
            "a community.yaml stands one folder up too: keep that one alone, or give each community a folder of its own"
        )
    if home in homes:
        return "the name ends in .yml, and only .yaml is read: rename it" if name.endswith(".yml") else None
    if homes and "" not in homes:
        return f"this belongs to no community: put it beside a community.yaml, such as {homes[0]}"
    return None


def _document(text: str, file: str) -> Document:
    document = read_document(text, file)
    if document.problems and document.data is None:
        return document
    if not text.strip():
        document.problem((), "this file is empty: write what belongs in it, or delete it")
    elif document.data is not None and not isinstance(document.data, dict):
        document.problem((), "this file holds no keys: it begins with one such as `posts:`")
    return document


def _community(documents: list[Document], folder: str, problems: list[Problem]) -> Community | None:
    """A community of its files, or None when a part of it is wrong (noted in the documents)."""
    shapes: dict[str, Any] = {}
    where: dict[str, str] = {}
    posts: list[Post] = []
    milestones: list[Milestone] = []
    for document in documents:
        if not isinstance(document.data, dict):
            continue
        check_between_keys(document)
        for name in document.data:
            if name not in Sections.model_fields:
                document.problem((name,), f"`{name}` is no key here{below_which(name)}", at_key=True)
            elif name == "posts":
                posts += _posts(document)
            elif name == "milestones":
                milestones += _milestones(document)
            elif name in where:
                document.problem((name,), f"`{name}` stands in {where[name]} already: keep one of them", at_key=True)
            else:
                where[name] = f"{document.file}:{document.keys[(name,)].line}"
                shapes[name] = check_section(document, name)
    if any(document.data is None and document.problems for document in documents[:1]):
        return None  # what is missing cannot be known while the file is unreadable
    needed = ("community", "channels", "roles")
    message = "is missing: a community needs `community:`, `channels:` and `roles:`"
    problems += [Problem(documents[0].file, 1, 1, f"`{name}:` {message}") for name in needed if name not in where]
    check_named_elsewhere(documents)
    _check_same(documents, "posts", "post")
    _check_same(documents, "milestones", "milestone")
    broken = any(document.problems for document in documents) or any(name not in shapes for name in needed)
    return None if broken else community_of(shapes, tuple(posts), tuple(milestones), folder.rstrip("/"))


def _posts(document: Document) -> list[Post]:
    """The posts of a file; none when something in the file is wrong, since keys that contradict each other mean
    nothing.
    """
    shapes = check_section(document, "posts")
    return [] if document.problems else [post_of(shape, document, number) for number, shape in enumerate(shapes)]


def _milestones(document: Document) -> list[Milestone]:
    shapes = check_section(document, "milestones")
    return [] if document.problems else [milestone_of(shape, document, number) for number, shape in enumerate(shapes)]


def _check_same(documents: list[Document], section: str, kind: str) -> None:
    """Note each post or milestone that is known by the same id as one before; a milestone without one by its name."""
    first: dict[str, str] = {}
    for document in documents:
        entries = document.data.get(section) if isinstance(document.data, dict) else None
        for number, entry in entries_of(entries):
            key = "id" if "id" in entry or section == "posts" else "name"
            name = entry.get(key)
            if not isinstance(name, str):
                continue
            path = (section, number, key)
            known = name if key == "id" else milestone_id(name.strip())
            if known in first:
                document.problem(
                    path, f"the {kind} `{name}` stands here twice (first in {first[known]}): give one another id"
                )
            first.setdefault(known, f"{document.file}:{document.values[path].line}")


def _same_ids(homes: list[Document]) -> list[Problem]:
    first: dict[str, str] = {}
    problems: list[Problem] = []
    for home in homes:
        name = _id_in(home)
        if name is None:
            continue
        place = home.values[("community", "id")]
        if name in first:
            message = f"the community `{name}` stands in {first[name]} too: give one another id"
            problems.append(Problem(home.file, place.line, place.column, message))
        first.setdefault(name, home.file)
    return problems


def _unlike_backups(read: list[tuple[Document, ...]]) -> list[Problem]:
    """Several communities share a database, so what their files say of its backup must be the same."""
    said = [
        (one, one.data["backup"])
        for documents in read
        for one in documents
        if isinstance(one.data, dict) and "backup" in one.data
    ]
    problems: list[Problem] = []
    for document, line in said[1:]:
        if line != said[0][1]:
            place = document.keys[("backup",)]
            message = (
                f"`backup` says otherwise in {said[0][0].file}: there is one database for all, so keep one of the two"
            )
            problems.append(Problem(document.file, place.line, place.column, message))
    return problems


def _id_in(home: Document) -> str | None:
    about = home.data.get("community") if isinstance(home.data, dict) else None
    name = about.get("id") if isinstance(about, dict) else None
    return name if isinstance(name, str) else None
