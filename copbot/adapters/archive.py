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
from array import array
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, NamedTuple

from copbot.core.errors import Mistake


@dataclass(frozen=True)
class Limits:
    """Bytes of one file, and of all together, unpacked; and how many times a file may have been compressed.

    The files of genuine exports stay below 40 times; what is smaller than ``small`` bytes can harm nobody. ``people`` is the most of
    a list of people, which is read piece by piece: that of 100,000 has 150 MiB.
    """

    file: int = 128 * 2**20
    people: int = 2 * 2**30
    total: int = 64 * 2**30
    ratio: int = 200
    small: int = 2**20


class Entry(NamedTuple):
    path: str  # within the archive, parts separated by "/", Unicode in its composed form
    size: int
    number: int


CHUNK = 2**16

PEOPLE = ("users.json", "org_users.json")
"""The lists of people; the second is that of a whole Enterprise organisation."""


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
    """``paths`` of the files, each with its size in ``sizes``; ``refused``: (path, why) of what will not be read.

    In few bytes: three years of 300 channels have 330,000 files.
    """

    def __init__(self, limits: Limits) -> None:
        self.paths: list[str] = []
        self.sizes = array("Q")
        self.refused: list[tuple[str, str]] = []
        self._names: dict[int, str] = {}  # as the archive spells it, where that is not the path
        self._limits = limits
        self._total = 0

    def close(self) -> None:
        """Let go of the file."""

    def entry(self, number: int) -> Entry:
        return Entry(self.paths[number], self.sizes[number], number)

    def read(self, entry: Entry) -> bytes:
        """A whole file. Raises UnreadableError."""
        return b"".join(self.chunks(entry))

    def chunks(self, entry: Entry) -> Iterator[bytes]:
        """A file piece by piece. Raises UnreadableError, also after some pieces."""
        size = 0
        try:
            with self._open(entry) as file:
                while piece := file.read(CHUNK):
                    size += len(piece)
                    if size > self._most(entry.path):
                        raise UnreadableError(f"larger than {self._most(entry.path) >> 20} MiB")
                    yield piece
        except _DAMAGED as damage:
            raise UnreadableError(self._why(damage)) from None

    def _most(self, path: str) -> int:
        return self._limits.people if path.rpartition("/")[2] in PEOPLE else self._limits.file

    def _open(self, entry: Entry) -> IO[bytes]:
        raise NotImplementedError

    def _why(self, damage: BaseException) -> str:
        return f"damaged ({_one_line(damage)})"

    def _offer(self, path: str, size: int, name: str) -> bool:
        """Take a file in, ``name`` being how the archive spells its path. False when it is refused."""
        self._total += size
        if size > self._most(path):
            self.refused.append((path, f"larger than {self._most(path) >> 20} MiB"))
            return False
        if self._total > self._limits.total:
            self.refused.append((path, f"the export is larger than {self._limits.total >> 30} GiB"))
            return False
        path = unicodedata.normalize("NFC", path)
        if name != path:
            self._names[len(self.paths)] = name
        self.paths.append(path)
        self.sizes.append(size)
        return True


class _HandedOn(list[zipfile.ZipInfo]):
    """A list that keeps nothing, but hands on what is appended."""

    def __init__(self, take: Callable[[zipfile.ZipInfo], None]) -> None:
        super().__init__()
        self._take = take

    def append(self, info: zipfile.ZipInfo) -> None:
        self._take(info)


class _Forgetful(dict[str, zipfile.ZipInfo]):
    def __setitem__(self, _name: str, _info: zipfile.ZipInfo) -> None:
        """Keeps nothing."""


class _Directory(zipfile.ZipFile):
    """A zip whose list of files is handed on one by one. Kept as zipfile keeps it, 330,000 files take 160 MiB."""

    def __init__(self, path: Path, take: Callable[[zipfile.ZipInfo], None]) -> None:
        self._take = take
        super().__init__(path)

    def __setattr__(self, name: str, value: Any) -> None:
        if name == "filelist":
            value = _HandedOn(self._take)
        elif name == "NameToInfo":
            value = _Forgetful()
        super().__setattr__(name, value)


_FACTS = struct.Struct("<QQQIHH")


class ZipArchive(Archive):
    def __init__(self, path: Path, limits: Limits) -> None:
        super().__init__(limits)
        self._facts = bytearray()  # what is needed to read each file, packed
        try:
            self._zip = _Directory(path, self._take)
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
            if self._offer(path.replace("\\", "/"), info.file_size, info.orig_filename):
                self._facts += _FACTS.pack(
                    *(info.header_offset, info.compress_size, info.file_size),
                    *(info.CRC, info.compress_type, info.flag_bits),
                )

    def _open(self, entry: Entry) -> IO[bytes]:
        name = self._names.get(entry.number, entry.path)
        info = zipfile.ZipInfo(name)
        info.orig_filename = name  # the constructor may shorten it
        info.header_offset, info.compress_size, info.file_size, info.CRC, info.compress_type, info.flag_bits = (
            _FACTS.unpack_from(self._facts, entry.number * _FACTS.size)
        )
        if info.flag_bits & 0x1:
            raise UnreadableError("locked with a password: unpack the export and name the folder")
        return self._zip.open(info)


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
            self._offer(self._inside(path), facts.st_size, self._inside(path))
        else:
            self.refused.append((self._inside(path), "a link, not a file"))

    def _open(self, entry: Entry) -> IO[bytes]:
        path = self._root / self._names.get(entry.number, entry.path)
        return open(os.open(path, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0)), "rb")

    def _why(self, damage: BaseException) -> str:
        return f"unreadable ({getattr(damage, 'strerror', None) or _one_line(damage)})"


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


def _one_line(damage: BaseException) -> str:
    return " ".join(str(damage).split())[:100] or type(damage).__name__
