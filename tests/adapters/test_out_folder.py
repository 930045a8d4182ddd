"""Why nothing can be written to the folder of ``--out`` is one line; what is no matter of the folder goes on as it came."""

import errno
import os
from pathlib import Path

import pytest

from copbot.adapters.out_folder import writing_to
from copbot.core.errors import Mistake


@pytest.mark.parametrize(
    ("number", "told"),
    [
        pytest.param(errno.EEXIST, "this is no folder", id="a file is in its place"),
        pytest.param(errno.EACCES, "may not be written to", id="somebody else's"),
        pytest.param(errno.EROFS, "Read-only file system", id="a container's own file system"),
        pytest.param(errno.ENAMETOOLONG, "name too long", id="a name that no folder can have"),
    ],
)
def test_a_folder_that_cannot_be_written_to_is_one_line(number: int, told: str) -> None:
    with pytest.raises(Mistake, match=f"--out there: .*{told}.*: name another"), writing_to(Path("there")):
        raise OSError(number, os.strerror(number))


def test_a_full_disk_is_no_matter_of_the_folder() -> None:
    with pytest.raises(OSError, match="No space left"), writing_to(Path("there")):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
