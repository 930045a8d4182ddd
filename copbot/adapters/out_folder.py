"""The folder that ``--out`` names: why nothing can be written to it is told in one line."""

import errno
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from copbot.core.errors import Mistake

ANOTHER_FOLDER = frozenset({errno.EROFS, errno.ENOENT, errno.ENAMETOOLONG, errno.ELOOP, errno.EINVAL})
"""Beside what Python has names for: a read-only file system (a container's), and names that no folder can have."""


@contextmanager
def writing_to(folder: Path) -> Iterator[None]:
    """While files are written to ``folder``. Raises Mistake where another one would do; a full disk is no matter of the folder."""
    try:
        yield
    except (FileExistsError, NotADirectoryError):
        raise Mistake(f"--out {folder}: this is no folder: name another") from None
    except PermissionError:
        raise Mistake(f"--out {folder}: it may not be written to: name another folder") from None
    except OSError as refused:
        if refused.errno not in ANOTHER_FOLDER:
            raise
        raise Mistake(
            f"--out {folder}: nothing can be written there ({refused.strerror}): name another folder"
        ) from None
