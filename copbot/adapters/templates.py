"""The coordinators' prompts, rendered with Jinja2: the Templates port.

A community's own prompt goes before the common one, and one in the reader's language before one in the community's.
``NAME.j2`` is in the community's language, unless ``NAME.xx.j2`` is there for that: then ``NAME.j2`` is the English one,
so that a reader of English gets it before the community's. The texts are those of the last good state, asked for at each
rendering, so that a changed file is taken up and a broken one is not.
"""

import hashlib
import re
import traceback
from collections.abc import Callable, Collection, Mapping
from functools import lru_cache
from pathlib import PurePosixPath
from typing import Any

from jinja2 import BaseLoader, Environment, TemplateNotFound, TemplateSyntaxError, nodes
from jinja2.exceptions import SecurityError, TemplateError

from copbot.adapters.clock import SystemClock
from copbot.adapters.sandbox import MOST_CHARACTERS, PromptEnvironment, TooMuchError, time_limit
from copbot.core.community import Community
from copbot.core.errors import Mistake
from copbot.core.language import LAST_RESORT, tongues
from copbot.core.ports import Clock

Prompts = Mapping[str, str]

TEXTS_KEPT = 1000
"""Templates given as text that are kept compiled: a post says the same text each week."""


class TemplateMistake(Mistake):
    """A prompt that cannot be rendered, with the place where it is wrong."""

    def __init__(self, file: str, line: int, reason: str) -> None:
        super().__init__(f"{file}:{line}: {reason}")
        self.file, self.line, self.reason = file, line, reason


class JinjaTemplates:
    """``prompts()`` gives the texts by path within the prompts folder, which messages call ``label``."""

    def __init__(
        self,
        prompts: Callable[[], Prompts],
        label: str = "prompts",
        clock: Clock | None = None,
    ) -> None:
        self._prompts = prompts
        self._label = label
        self._monotonic = (clock or SystemClock()).monotonic
        self._made: dict[tuple[str, tuple[str, ...]], _Made] = {}

    def render(self, community: Community, name: str, values: dict[str, Any], language: str | None = None) -> str:
        """A prompt as Slack mrkdwn. Raises Mistake (``TemplateMistake``) with file and line when it cannot be
        rendered.
        """
        read = _read_by(language, community)
        self.path(community, name, language)
        return self._rendered(community, read, values, name=name)

    def render_text(self, community: Community, source: str, values: dict[str, Any]) -> str:
        """A template given as text. Raises Mistake, whose line counts from the text's first."""
        return self._rendered(community, _read_by(None, community), values, source=source)

    def version(self, community: Community, name: str, language: str | None = None) -> str:
        """Twelve hex digits of the source's SHA-256. Raises Mistake when there is no such prompt."""
        source = self._prompts()[self.path(community, name, language)]
        return hashlib.sha256(source.encode()).hexdigest()[:12]

    def path(self, community: Community, name: str, language: str | None = None) -> str:
        """Where in the prompts folder the prompt for a reader of this language stands. Raises Mistake when there is none."""
        prompts, read = self._prompts(), _read_by(language, community)
        path = next((path for path in candidates(community.id, name, *read) if path in prompts), None)
        if path is None:
            raise Mistake(
                f"{self._label}/{name}: there is no such prompt: write it, or correct its name in the schedule"
            )
        return path

    def _rendered(
        self, community: Community, read: tuple[str, ...], values: dict[str, Any], *, name: str = "", source: str = ""
    ) -> str:
        made = self._made_for(community.id, read)
        known = {"community": {"id": community.id, "name": community.name, "purpose": community.purpose}, **values}
        pieces: list[str] = []
        size = 0
        try:
            with time_limit(self._monotonic):
                template = made.environment.get_template(name) if name else made.text(source)
                for piece in template.generate(known):
                    size += len(piece)
                    if size > MOST_CHARACTERS:
                        raise TooMuchError(f"makes more than {MOST_CHARACTERS:,} characters: shorten it")
                    pieces.append(piece)
        except RecursionError as error:
            raise self._mistake(error, "it calls itself without end", name) from None
        except TooMuchError as error:
            raise self._mistake(error, f"this prompt {error}", name) from None
        except TemplateNotFound as error:
            raise self._mistake(
                error, f"there is no prompt {error.message}: write it, or correct the name", name
            ) from None
        except TemplateError as error:
            raise self._mistake(error, in_words(error, known), name) from None
        except NameError as error:  # Jinja2 writes 1e999 into its code as `inf`, which is no name there
            raise self._mistake(error, "a number in it is too large: write a smaller one", name) from None
        except (TypeError, ValueError, ArithmeticError, LookupError, AttributeError, MemoryError) as error:
            raise self._mistake(error, f"{str(error) or type(error).__name__}", name) from None
        return "".join(pieces).strip()

    def _mistake(self, error: BaseException, reason: str, name: str) -> TemplateMistake:
        """Where in a prompt an error arose: the innermost line of a prompt's on its way."""
        file, line = (f"{self._label}/{name}" if name else "text"), 1
        for frame in traceback.extract_tb(error.__traceback__):
            if frame.filename.startswith(f"{self._label}/") or frame.filename == "<template>":
                file = "text" if frame.filename == "<template>" else frame.filename
                line = frame.lineno or 1
        if isinstance(error, TemplateSyntaxError):
            file, line = error.filename or file, error.lineno
        return TemplateMistake(file, line, " ".join(reason.split()))

    def _made_for(self, community: str, read: tuple[str, ...]) -> "_Made":
        prompts = self._prompts()
        made = self._made.get((community, read))
        if made is None or made.prompts is not prompts:
            made = _Made(
                prompts, PromptEnvironment(loader=_Loader(prompts, self._label, community, read), auto_reload=False)
            )
            self._made[(community, read)] = made
        return made


class _Made:
    def __init__(self, prompts: Prompts, environment: PromptEnvironment) -> None:
        self.prompts, self.environment = prompts, environment
        self.text = lru_cache(TEXTS_KEPT)(environment.from_string)


class _Loader(BaseLoader):
    """Prompts for one community and reader. A name is looked up among the texts alone, so it cannot leave the
    folder.
    """

    def __init__(self, prompts: Prompts, label: str, community: str, read: tuple[str, ...]) -> None:
        self._prompts, self._label, self._community, self._read = prompts, label, community, read

    def get_source(self, environment: Environment, template: str) -> tuple[str, str, Callable[[], bool]]:
        for path in candidates(self._community, template, *self._read):
            if path in self._prompts:
                file, source = f"{self._label}/{path}", self._prompts[path]
                _check_tags(environment, source, path, file)
                return source, file, lambda: True
        raise TemplateNotFound(template)


def _check_tags(environment: Environment, source: str, path: str, file: str) -> None:
    switch = environment.parse(source, path, file).find(nodes.ScopedEvalContextModifier)
    if switch is not None:
        raise TemplateSyntaxError(
            "{% autoescape %} is not used here: values are escaped for Slack already", switch.lineno, path, file
        )


def _read_by(language: str | None, community: Community) -> tuple[str, ...]:
    """The languages of a reader, the best first. Who reads English is not given the community's instead of ``NAME.j2``."""
    mine = tongues(language or community.language)
    return tuple(mine if LAST_RESORT in mine else dict.fromkeys([*mine, *tongues(community.language)]))


def candidates(community: str, name: str, *read: str) -> list[str]:
    """Where a prompt may stand for a reader of these languages, in the order in which it is looked for.

    None for a name that leaves the folder.
    """
    parts = PurePosixPath(name).parts
    if not parts or ".." in parts or name.startswith("/") or "\\" in name:
        return []
    stem, ending = _parted(name)
    names = [f"{stem}.{tongue}{ending}" for tongue in read] + [name]
    return [f"{community}/{one}" for one in names] + names


def languages(prompts: Prompts, community: str, name: str) -> list[str]:
    """The languages that have a variant of a prompt of their own (``NAME.fr.j2``: ``fr``), sorted."""
    stem, ending = _parted(name)
    found = set()
    for path in prompts:
        for start in (f"{community}/{stem}.", f"{stem}."):
            tongue = path.removeprefix(start).removesuffix(ending)
            if path == f"{start}{tongue}{ending}" and tongue.replace("-", "").isalpha():
                found.add(tongue)
    return sorted(found)


def _parted(name: str) -> tuple[str, str]:
    return (name.removesuffix(".j2"), ".j2") if name.endswith(".j2") else (name, "")


def in_words(error: TemplateError, known: Collection[str]) -> str:
    """What is wrong with a prompt that sees the names ``known``, in one line."""
    message = str(error.message or error)
    if isinstance(error, SecurityError):
        return f"{message.rstrip('.')}: a prompt may not do that"
    empty = re.fullmatch(r"'None' has no attribute ('.+')", message)
    if empty:
        return f"this value is empty here and has no {empty[1]}: put {{% if … %}} around what shows it"
    if message.endswith("is undefined"):
        return f"{message}: this prompt sees {', '.join(sorted(known))}"
    return message.replace("'dict object' has no attribute", "this value has no")
