"""What is legal but unwise, at its place in the files; and the prompts that no file names."""

from collections.abc import Iterable, Iterator, Sequence
from difflib import get_close_matches

from jinja2 import TemplateSyntaxError, nodes

from copbot.adapters.files.document import Document, Path
from copbot.adapters.files.entries import entries_of
from copbot.adapters.files.post_meaning import milestone_id
from copbot.adapters.files.problem import Place, Problem
from copbot.adapters.files.prompt_sources import places_of, references
from copbot.adapters.files.reading import Loaded
from copbot.adapters.files.samples import UNNAMED
from copbot.adapters.sandbox import PromptEnvironment
from copbot.core.advice import Remark


class Places:
    """Where the entries and sections of a community's files stand."""

    def __init__(self, documents: Sequence[Document]) -> None:
        self._home = documents[0]
        self._sections: dict[str, Document] = {}
        self._entries: dict[tuple[str, str], tuple[Document, int]] = {}
        for document in documents:
            data = document.data if isinstance(document.data, dict) else {}
            for section in data:
                self._sections.setdefault(section, document)
            for section in ("posts", "milestones"):
                for number, entry in entries_of(data.get(section)):
                    name = entry.get("id") or milestone_id(str(entry.get("name", "")).strip())
                    self._entries[section, name] = (document, number)

    def placed(self, remark: Remark) -> Problem:
        """A remark with the place that it is about, or the nearest above it."""
        section, *rest = remark.path
        if len(rest) and (str(section), str(rest[0])) in self._entries:
            document, number = self._entries[str(section), str(rest[0])]
            return _at(document, (section, number, *rest[1:]), remark.message)
        document = self._sections.get(str(section), self._home)
        return _at(document, remark.path, remark.message)


def unused_prompts(found: Loaded, label: str) -> list[Problem]:
    """The prompts that nothing names: neither a file nor another prompt, in no language; nor are they used without a name."""
    prompts = found.prompts
    used: set[str] = set()
    for community, documents in zip(found.communities, found.documents, strict=True):
        for name in {name for document in documents for _, name in references(document)}.union(UNNAMED):
            used |= _with_all_it_names(name, community.id, prompts, set())
    return [Problem(f"{label}/{name}", 1, 1, _unused(name)) for name in sorted(prompts.keys() - used)]


def _unused(name: str) -> str:
    near = get_close_matches(name.rpartition("/")[2].lower(), UNNAMED, n=1, cutoff=0.85)
    mend = (
        f"did you mean `{near[0]}`?"
        if near and near[0] != name.rpartition("/")[2]
        else "name it where it belongs, or delete it"
    )
    return f"no file names this prompt: {mend}"


def _at(document: Document, path: Path, message: str) -> Problem:
    """At a path, or at the nearest value above it that exists in the file."""
    if path in document.elsewhere:
        file, place = document.elsewhere[path]
        return Problem(file, place.line, place.column, message)
    while path and path not in document.values:
        path = path[:-1]
    place, key = document.values.get(path, Place(1, 1)), document.keys.get(path, Place(1, 1))
    if path and isinstance(path[-1], str) and key.line < place.line:  # a list or mapping below its key
        place = key
    return Problem(document.file, place.line, place.column, message)


def _with_all_it_names(name: str, community: str, prompts: dict[str, str], seen: set[str]) -> set[str]:
    """The files that a prompt's name stands for, in every language, and those that they include."""
    if name in seen:
        return set()
    seen.add(name)
    found = places_of(name, community, prompts)
    inner = {other for place in found for other in _named_in(prompts[place])}
    return found.union(*(_with_all_it_names(other, community, prompts, seen) for other in inner))


def _named_in(source: str) -> Iterable[str]:
    try:
        tree = PromptEnvironment().parse(source)
    except TemplateSyntaxError:
        return ()
    return set(_constants(tree))


def _constants(tree: nodes.Template) -> Iterator[str]:
    for node in tree.find_all((nodes.Include, nodes.Import, nodes.FromImport, nodes.Extends)):
        for part in node.find_all(nodes.Const):
            if isinstance(part.value, str):
                yield part.value
            elif isinstance(part.value, list | tuple):
                yield from (one for one in part.value if isinstance(one, str))
