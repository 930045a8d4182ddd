"""Suggested questions as the store keeps them."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from scene import Scene


@pytest.fixture
def scene(tmp_path: Path) -> Iterator[Scene]:
    scene = Scene(tmp_path)
    yield scene
    scene.close()


def test_a_suggestion_is_kept_as_it_was_made(scene: Scene) -> None:
    with scene.store.begin() as tx:
        made = tx.suggestions.add("data", "U1", "Which\0 key?", "weekly", 7, is_named=False)
    with scene.store.read() as tx:
        assert tx.suggestions.get(made.id) == made
        assert tx.suggestions.get(made.id + 1) is None
    assert (made.question, made.state, made.post, made.suggested_us) == ("Which key?", "waiting", "weekly", 7)
    assert (made.is_named, made.decided_by, made.decided_us) == (False, None, None)


def test_those_of_a_community_come_in_the_order_in_which_they_were_made(scene: Scene) -> None:
    with scene.store.begin() as tx:
        late = tx.suggestions.add("data", "U1", "B?", None, 9, is_named=True)
        soon = tx.suggestions.add("data", "U2", "A?", None, 3, is_named=True)
        tx.suggestions.add("maps", "U2", "C?", None, 1, is_named=True)
        assert tx.suggestions.of("data", "waiting") == [soon, late]
        assert tx.suggestions.of("data", "approved") == []


def test_it_is_settled_once(scene: Scene) -> None:
    with scene.store.begin() as tx:
        made = tx.suggestions.add("data", "U1", "A?", None, 1, is_named=True)
        approved = replace(made, state="approved", question="B?", post="weekly", decided_by="UMOD", decided_us=2)
        assert tx.suggestions.settle(approved, before="waiting")
        assert not tx.suggestions.settle(replace(made, state="declined"), before="waiting")
        assert tx.suggestions.get(made.id) == approved
