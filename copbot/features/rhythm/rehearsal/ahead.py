"""The store as it will be when what comes before has gone out: for looking ahead without recording anything."""

from collections.abc import Collection, Sequence
from typing import Any, cast

from copbot.core.delivery import Outgoing
from copbot.core.ports import Tx
from copbot.features.rhythm.posting import Turn, Words


class Ahead:
    """A transaction that remembers what would have been said, on top of one that only reads."""

    def __init__(self, tx: Tx) -> None:
        self._tx = tx
        self._said: list[Outgoing] = []
        self._questions: dict[tuple[str, str], list[str]] = {}
        self._templates: dict[tuple[str, str], str] = {}

    def tx(self) -> Tx:
        return cast(Tx, self)

    def say(self, turn: Turn, post: Outgoing, said: Words) -> None:
        """From now on this counts as said at the turn's moment, and what it uses up as used."""
        self._said.append(post)
        place = turn.community.id, turn.post.id
        if said.question is not None:
            self._questions.setdefault(place, []).append(" ".join(said.question.split()))
        if said.template is not None:
            self._templates[place] = said.template

    @property
    def deliveries(self) -> "Ahead":
        return self

    @property
    def questions(self) -> "Ahead":
        return self

    @property
    def template_uses(self) -> "Ahead":
        return self

    def get(self, key: str) -> object | None:
        return next((post for post in self._said if post.key == key), None) or self._tx.deliveries.get(key)

    def said_in(
        self, *, kinds: Collection[str], since_us: int, target: str | None = None, community: str | None = None
    ) -> Sequence[int | None]:
        known = self._tx.deliveries.said_in(kinds=kinds, since_us=since_us, target=target, community=community)
        new = [
            post.due_us
            for post in self._said
            if post.kind in kinds and post.due_us >= since_us and (post.target == target or post.community == community)
        ]
        return [*known, *new]

    def used(self, community: str, post: str, said_as: str = "") -> dict[str, int]:
        used = dict(self._tx.questions.used(community, post, said_as))
        for question in self._questions.get((community, post), ()):
            used[question] = used.pop(question, 0) + 1
        return used

    def last(self, community: str, post: str) -> str | None:
        return self._templates.get((community, post)) or self._tx.template_uses.last(community, post)

    def __getattr__(self, port: str) -> Any:
        return getattr(self._tx, port)
