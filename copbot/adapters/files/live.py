"""The coordinators' files while the bot runs: changes are taken up within seconds, mistakes change nothing."""

import logging
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Protocol

from copbot.adapters.files.folders import fingerprint
from copbot.adapters.files.problem import Problem
from copbot.adapters.files.reading import Loaded, load, load_texts
from copbot.core.community import Community
from copbot.core.errors import Mistake
from copbot.core.ports import FilesRead

log = logging.getLogger(__name__)


class Kept(Protocol):
    """Where the last good state outlives a restart."""

    def read(self) -> dict[str, str]: ...
    def keep(self, files: Mapping[str, str]) -> None: ...


class LiveFiles:
    """The state in force. ``on_change`` is called after a good change, ``on_broken`` once for each new set of mistakes."""

    def __init__(self, schedules: Path, prompts: Path, kept: Kept) -> None:
        self._schedules = schedules
        self._prompts = prompts
        self._kept = kept
        self._lock = threading.Lock()
        self._seen = ""
        self._last_look = ""
        self._standing = Loaded()
        self._standing_prompts: Mapping[str, str] = {}
        self._problems: Sequence[Problem] = ()
        self._changes: dict[str, str] = {}
        self._is_untold = False

    def communities(self) -> tuple[Community, ...]:
        return self._standing.communities

    def prompts(self) -> Mapping[str, str]:
        return self._standing_prompts

    def mistakes(self) -> tuple[str, ...]:
        """What is wrong in the files as they were last read; nothing where what they say is in force."""
        return tuple(str(problem) for problem in self._problems)

    def changes(self) -> dict[str, str]:
        """Which files were added, changed or removed since they were in order before: file -> the verb. Told once. Of the very first
        state there are none."""
        told, self._changes = self._changes, {}
        return told

    def start(self) -> Sequence[Problem]:
        """Take the files up as they are, or, where they have mistakes, as they were when last in order.

        Returns the mistakes. Raises Mistake with all of them when there is no earlier state.
        """
        self._seen = fingerprint(self._schedules, self._prompts)
        found = load(self._schedules, self._prompts)
        kept = self._kept.read()
        if found.communities:
            self._changes = _changes(kept, found.files) if kept else {}
            self._stand(found)
            self._kept.keep(found.files)
            return ()
        before = load_texts(kept)
        if not before.communities:
            lines = "\n".join(str(problem) for problem in found.problems)
            raise Mistake(f"the files in {self._schedules} and {self._prompts} are not in order:\n{lines}")
        self._stand(before)
        self._problems = found.problems
        return found.problems

    def look(self, on_change: Callable[[], None], on_broken: Callable[[Sequence[Problem]], None]) -> None:
        """Look at the disk once. Call it every second or so: what two looks see alike is taken up."""
        if not self._lock.acquire(blocking=False):
            return
        try:
            if self._is_untold:
                self._is_untold = False
                on_change()
            now = fingerprint(self._schedules, self._prompts)
            settled, self._last_look = now == self._last_look, now
            if now == self._seen or not settled:  # a file that still grows may be valid half-way
                return
            found = load(self._schedules, self._prompts)
            self._seen, self._problems = now, found.problems
            if not found.communities:
                log.warning("the files have mistakes, the last good state stays: %s", found.problems[0])
                on_broken(found.problems)
            elif dict(found.files) != dict(self._standing.files):
                self._take(found)
                on_change()
        finally:
            self._lock.release()

    def reload(self) -> FilesRead:
        """Read the disk now. What is in order is in force at once, and told at the next look; mistakes are told by it as ever."""
        with self._lock:
            now = fingerprint(self._schedules, self._prompts)
            found = load(self._schedules, self._prompts)
            if not found.communities:
                return FilesRead([str(problem) for problem in found.problems])
            self._seen, self._problems = now, ()
            if dict(found.files) == dict(self._standing.files):
                return FilesRead()
            self._take(found)
            self._is_untold = True
            return FilesRead(changes=dict(self._changes))

    def _take(self, found: Loaded) -> None:
        self._changes = _changes(self._standing.files, found.files)
        self._stand(found)
        self._kept.keep(found.files)

    def _stand(self, found: Loaded) -> None:
        self._standing_prompts = found.prompts
        self._standing = replace(found, documents=())


def _changes(before: Mapping[str, str], after: Mapping[str, str]) -> dict[str, str]:
    """File -> added, changed or removed."""
    verbs = {
        name: "added" if name not in before else "removed" if name not in after else "changed"
        for name in {*before, *after}
        if before.get(name) != after.get(name)
    }
    return dict(sorted(verbs.items()))
