"""A list of JSON entries read piece by piece says the same as one read at once."""

import json
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from copbot.adapters.json_rows import rows_of

_value = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=6),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=6,
)


def pieces(content: bytes, size: int) -> Iterator[bytes]:
    return (content[start : start + size] for start in range(0, len(content), size))


@given(st.lists(_value, max_size=6), st.integers(1, 40), st.sampled_from([None, 2]), st.booleans())
def test_it_reads_what_json_reads(rows: list[object], size: int, indent: int | None, ascii_only: bool) -> None:
    content = json.dumps(rows, indent=indent, ensure_ascii=ascii_only).encode("utf-8", "surrogatepass")
    try:
        content.decode()
    except UnicodeDecodeError:
        return
    assert list(rows_of(pieces(content, size))) == rows


@pytest.mark.parametrize(
    "content", [b"", b"[", b"[1", b"[1,", b"[1,]", b"[1]x", b'[{"a": 1]', b"[1 2]", b"[nul", b"{}", b'{"a": [1]}', b"1"]
)
def test_what_is_no_whole_list_is_refused_after_what_stands_before(content: bytes) -> None:
    for size in (1, 3, 100):
        with pytest.raises(ValueError, match=r"not (a list|complete JSON)"):
            list(rows_of(pieces(content, size)))


def test_what_is_no_utf_8_is_told_as_such() -> None:
    for content in (b'["\xff"]', b'{"a": "\xff"}'):
        with pytest.raises(UnicodeDecodeError):
            list(rows_of(pieces(content, 2)))


def test_a_number_that_ends_where_a_piece_ends_is_read_whole() -> None:
    assert list(rows_of([b"[12", b"34, 5", b"6]"])) == [1234, 56]


def test_the_mark_that_some_editors_begin_a_file_with_is_no_content() -> None:
    assert list(rows_of(pieces(b"\xef\xbb\xbf[1, 2]", 2))) == [1, 2]
