"""The files of an export, from a zip or a folder, and nothing beyond: paths that lead out, links and bombs are refused.

Nothing is ever unpacked onto the disk; a file is read when it is wanted, within limits.
"""

import lzma
import os
import stat
import struct
import unicodedata
import zipfile
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from copbot.core.errors import Mistake


@dataclass(frozen=True)
class Limits:
    """Bytes of one file, and of all together, unpacked; and how many times a file may have been compressed.

    The files of genuine exports stay below 40 times; what is smaller than ``small`` bytes can harm nobody.
    """

    file: int = 128 * 2**20
    total: int = 64 * 2**30
    ratio: int = 200
    small: int = 2**20


@dataclass(frozen=True)
class Entry:
    path: str  # within the archive, parts separated by "/", Unicode in its composed form
    size: int
    read: Callable[[], bytes]  # raises UnreadableError


class UnreadableError(Exception):
    """Why a file of the archive cannot be read, in words."""


_DAMAGED = (
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
    struct.error,
    EOFError,
    OSError,
    RuntimeError,  # encrypted
    NotImplementedError,  # an unknown way of compression
    ValueError,
    OverflowError,
)


class Archive:
    """``entries`` by path; ``refused``: (path, why) of what will not be read."""

    def __init__(self, limits: Limits) -> None:
        self.entries: list[Entry] = []
        self.refused: list[tuple[str, str]] = []
        self._limits = limits
        self._total = 0

    def close(self) -> None:
        """Let go of the file."""

    def _offer(self, path: str, size: int, read: Callable[[], bytes]) -> None:
        self._total += size
        if size > self._limits.file:
            self.refused.append((path, f"larger than {self._limits.file >> 20} MiB"))
        elif self._total > self._limits.total:
            self.refused.append((path, f"the export is larger than {self._limits.total >> 30} GiB"))
        else:
            self.entries.append(Entry(unicodedata.normalize("NFC", path), size, read))


class ZipArchive(Archive):
    def __init__(self, path: Path, limits: Limits) -> None:
        super().__init__(limits)
        try:
            self._zip = zipfile.ZipFile(path)
            for info in self._zip.infolist():
                self._take(info)
        except _DAMAGED:
            raise Mistake(f"{path} is damaged or no zip file: download the export again") from None

    def close(self) -> None:
        self._zip.close()

    def _take(self, info: zipfile.ZipInfo) -> None:
        path = _name(info)
        if path.endswith(("/", "\\")):
            return
        if stat.S_ISLNK(info.external_attr >> 16):
            self.refused.append((path, "a link, not a file"))
        elif _leaves(path):
            self.refused.append((path, "its path leads out of the export"))
        elif info.file_size > self._limits.small and info.file_size > self._limits.ratio * info.compress_size:
            self.refused.append((path, f"compressed more than {self._limits.ratio} times, as no genuine export is"))
        else:
            # Some programs on Windows part folders as Windows does, though the format has "/" alone.
            self._offer(path.replace("\\", "/"), info.file_size, lambda: self._read(info))

    def _read(self, info: zipfile.ZipInfo) -> bytes:
        if info.flag_bits & 0x1:
            raise UnreadableError("locked with a password: unpack the export and name the folder")
        try:
            with self._zip.open(info) as file:
                return _at_most(file.read(self._limits.file + 1), self._limits.file)
        except _DAMAGED as damage:
            raise UnreadableError(f"damaged ({_one_line(damage)})") from None


class FolderArchive(Archive):
    def __init__(self, path: Path, limits: Limits) -> None:
        super().__init__(limits)
        self._root = path
        for folder, folders, files in os.walk(path, onerror=self._unlisted):
            below = Path(folder)
            folders[:] = sorted(name for name in folders if self._is_folder(below / name))
            for name in sorted(files):
                self._take(below / name)

    def _inside(self, path: Path) -> str:
        return path.relative_to(self._root).as_posix()

    def _unlisted(self, error: OSError) -> None:
        self.refused.append((self._inside(Path(error.filename)), f"unreadable ({error.strerror})"))

    def _is_folder(self, path: Path) -> bool:
        if path.is_symlink():
            self.refused.append((self._inside(path), "a link, not a folder"))
            return False
        return True

    def _take(self, path: Path) -> None:
        try:
            facts = path.lstat()
        except OSError as error:
            self.refused.append((self._inside(path), f"unreadable ({error.strerror})"))
            return
        if stat.S_ISREG(facts.st_mode):
            self._offer(self._inside(path), facts.st_size, lambda: self._read(path))
        else:
            self.refused.append((self._inside(path), "a link, not a file"))

    def _read(self, path: Path) -> bytes:
        try:
            descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0))
            with open(descriptor, "rb") as file:
                return _at_most(file.read(self._limits.file + 1), self._limits.file)
        except OSError as error:
            raise UnreadableError(f"unreadable ({error.strerror})") from None


def open_archive(path: Path, limits: Limits) -> Archive:
    """Raises Mistake, in one line, when there is nothing to read at ``path``."""
    if path.is_dir():
        return FolderArchive(path, limits)
    if not path.exists():
        raise Mistake(
            f"{path}: there is no such file or folder: name the export's zip, or the folder it was unpacked into"
        )
    return ZipArchive(path, limits)


def _name(info: zipfile.ZipInfo) -> str:
    """A file's name; programs that pack zips leave UTF-8 unmarked, which then reads as the alphabet of old PCs."""
    if info.flag_bits & 0x800:
        return info.filename
    try:
        return info.filename.encode("cp437").decode("utf-8")
    except UnicodeError:
        return info.filename


def _leaves(path: str) -> bool:
    parts = path.replace("\\", "/").split("/")
    return path.startswith(("/", "\\")) or ".." in parts or "" in parts or (len(parts[0]) == 2 and parts[0][1] == ":")


def _at_most(content: bytes, limit: int) -> bytes:
    if len(content) > limit:
        raise UnreadableError(f"larger than {limit >> 20} MiB")
    return content


def _one_line(damage: BaseException) -> str:
    return " ".join(str(damage).split())[:100] or type(damage).__name__
