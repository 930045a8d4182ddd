"""The two folders on the disk, read as texts: nothing outside them, nothing too large, nothing that is no text."""

import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from copbot.adapters.files.problem import Problem

LARGEST_FILE = 1_000_000
"""Bytes; a schedule of a thousand posts has a third of that."""

MOST_FILES = 1000
DEEPEST = 4

SCHEDULES, PROMPTS = "schedules", "prompts"
ENDINGS = {SCHEDULES: (".yaml", ".yml"), PROMPTS: (".j2",)}
QUESTION_ENDINGS = (".txt", ".md")
"""Of the files in the schedules that are read only where a post names them."""


@dataclass
class Texts:
    """Files by ``schedules/…`` and ``prompts/…``, wherever the two folders really are.

    ``asides`` are those that count only where another names them.
    """

    files: dict[str, str] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    asides: dict[str, Path] = field(default_factory=dict)
    folder: Path = Path()

    def aside(self, name: str) -> str | Problem | None:
        """What stands in a file that counts only where it is named, why it cannot be read, or None when there is none."""
        if name in self.asides:
            return _content(self.asides[name], self.folder)
        return None


def read_folders(schedules: Path, prompts: Path) -> Texts:
    """All schedules and prompts; what cannot be read is among the problems. Never raises."""
    texts = Texts(folder=schedules)
    if not schedules.is_dir():
        message = (
            "there is no such folder: make it with a community.yaml in it, or name another with COPBOT_SCHEDULES_DIR"
        )
        texts.problems.append(Problem(str(schedules), 1, 1, message))
        return texts
    for kind, folder in ((SCHEDULES, schedules), (PROMPTS, prompts)):
        for name, path in _files(folder, ENDINGS[kind]):
            if len(texts.files) >= MOST_FILES:
                texts.problems.append(
                    Problem(str(path), 1, 1, f"more than {MOST_FILES} files stand here: is this the right folder?")
                )
                return texts
            content = _content(path, folder)
            if isinstance(content, Problem):
                texts.problems.append(content)
            else:
                texts.files[f"{kind}/{name}"] = content
    texts.asides = {f"{SCHEDULES}/{name}": path for name, path in _files(schedules, QUESTION_ENDINGS)}
    return texts


def fingerprint(schedules: Path, prompts: Path) -> str:
    """A word that changes when a file is added, changed, replaced, renamed or deleted. Reads no contents. Never
    raises.
    """
    parts: list[str] = []
    for kind, folder in ((SCHEDULES, schedules), (PROMPTS, prompts)):
        for name, path in _files(folder, (*ENDINGS[kind], *QUESTION_ENDINGS) if kind == SCHEDULES else ENDINGS[kind]):
            try:
                status = path.stat()
            except OSError as error:
                parts.append(f"{kind}/{name}?{error.errno}")
            else:
                parts.append(f"{kind}/{name}:{status.st_mtime_ns}:{status.st_size}:{status.st_ino}:{status.st_mode}")
    return "|".join(parts)


def _files(folder: Path, endings: tuple[str, ...], inside: str = "", depth: int = 1) -> Iterator[tuple[str, Path]]:
    """Names (with ``/``, sorted) and paths of the files that count. Hidden ones and linked folders are passed
    over.
    """
    try:
        entries = sorted(os.scandir(folder), key=lambda entry: entry.name)
    except OSError:
        return
    for entry in entries:
        if entry.name.startswith(".") or not entry.name.isprintable():
            continue
        if _is_folder(entry):
            if depth < DEEPEST:
                yield from _files(Path(entry.path), endings, f"{inside}{entry.name}/", depth + 1)
        elif entry.name.endswith(endings):
            yield f"{inside}{entry.name}", folder / entry.name


def _is_folder(entry: "os.DirEntry[str]") -> bool:
    try:
        return entry.is_dir(follow_symlinks=False)
    except OSError:
        return False


def _content(path: Path, folder: Path) -> str | Problem:
    try:
        real = path.resolve(strict=True)
        if not real.is_relative_to(folder.resolve()):
            return _refused(path, "this link leads out of the folder: put the file itself here")
        with os.fdopen(os.open(real, os.O_RDONLY | os.O_NONBLOCK), "rb") as file:  # a pipe would be waited for
            if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
                return _refused(path, "this is not a file: delete it or rename it")
            raw = file.read(LARGEST_FILE + 1)
    except (OSError, RuntimeError) as error:
        reason = error.strerror if isinstance(error, OSError) and error.strerror else "a link that leads to itself"
        return _refused(
            path, f"this file cannot be read ({reason.lower()}): mend the link or the permissions, or delete it"
        )
    if len(raw) > LARGEST_FILE:
        return _refused(path, "this file is larger than 1 MB: split it, or delete what does not belong in it")
    return _text(path, raw)


def _text(path: Path, raw: bytes) -> str | Problem:
    try:
        return raw.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        before = raw[: error.start]
        line = before.count(b"\n") + 1
        column = len(before[before.rfind(b"\n") + 1 :].decode("utf-8", "replace")) + 1
        return Problem(str(path), line, column, "this is not UTF-8 text: save the file again as UTF-8")


def _refused(path: Path, message: str) -> Problem:
    return Problem(str(path), 1, 1, message)
