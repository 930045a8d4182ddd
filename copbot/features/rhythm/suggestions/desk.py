"""One community's suggested questions as the store holds them at one moment, and what is told of them."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from copbot.core.community import Community
from copbot.core.delivery import Outgoing
from copbot.core.ports import Context, Tx
from copbot.core.posts import Post
from copbot.core.records import Suggestion, SuggestionState
from copbot.core.roles import looked_after_in
from copbot.core.time import MICROSECOND, in_words, to_us
from copbot.features.rhythm.suggestions import views
from copbot.features.rhythm.suggestions.rules import Objection, alike, objection, questions_of, rotations
from copbot.features.rhythm.suggestions.views import Place, Shown


@dataclass(frozen=True)
class Desk:
    """One community's suggestions, in one transaction at one moment."""

    ctx: Context
    tx: Tx
    community: Community
    now_us: int

    @cached_property
    def places(self) -> list[Place]:
        """The posts that a suggestion can join."""
        return [Place(post, self.ctx.directory.channel(post.channel)) for post in rotations(self.community)]

    def place_of(self, post: str | None) -> Place | None:
        return next((place for place in self.places if place.post.id == post), None)

    def place_for(self, channel: str) -> Place | None:
        """By default: the post that asks in the channel where it was suggested, else the first that asks."""
        here = (place for place in self.places if place.channel == channel)
        return next(here, self.places[0] if self.places else None)

    @cached_property
    def approved(self) -> Sequence[Suggestion]:
        return self.tx.suggestions.of(self.community.id, "approved")

    @cached_property
    def waiting(self) -> Sequence[Suggestion]:
        return self.tx.suggestions.of(self.community.id, "waiting")

    def in_rotation(self) -> list[str]:
        return [question for place in self.places for question in questions_of(place.post, self.approved)]

    def objection(self, question: str, user: str) -> Objection | None:
        declined = self.tx.suggestions.of(self.community.id, "declined")
        return objection(question, user, self.in_rotation(), self.waiting, declined)

    def shown(self, suggestion: Suggestion, *, named: bool = False, reason: str = "") -> Shown:
        place = self.place_of(suggestion.post) or (self.place_for("") if suggestion.state == "waiting" else None)
        return Shown(
            suggestion,
            place,
            before=self._before(place.post) if place else 0,
            waited=in_words((self.now_us - suggestion.suggested_us) * MICROSECOND),
            community=self.community.name if named else "",
            reason=reason,
        )

    def _before(self, post: Post) -> int:
        """How many approved suggestions of a post's are asked sooner than one that is approved now."""
        used = {alike(question) for question in self.tx.questions.used(self.community.id, post.id)}
        return sum(one.post == post.id and alike(one.question) not in used for one in self.approved)


def desk_of(ctx: Context, tx: Tx, community: Community) -> Desk:
    return Desk(ctx, tx, community, to_us(ctx.clock.now()))


def take_in(desk: Desk, user: str, question: str, channel: str, *, is_named: bool) -> Suggestion:
    place = desk.place_for(channel)
    post = place.post.id if place else None
    suggestion = desk.tx.suggestions.add(desk.community.id, user, question, post, desk.now_us, is_named=is_named)
    shown = desk.shown(suggestion)
    for key, target in looked_after_in(desk.ctx, desk.community, _card_key(desk, suggestion)).items():
        desk.tx.deliveries.plan(_card(desk, key, target, shown))
    return suggestion


def approve(desk: Desk, suggestion: Suggestion, by: str, question: str, place: Place) -> None:
    decided = replace(
        suggestion,
        state="approved",
        question=question,
        post=place.post.id,
        decided_by=by,
        decided_us=desk.now_us,
    )
    if desk.tx.suggestions.settle(decided, before="waiting"):
        reworded = question != suggestion.question
        detail = f"for {place.post.id}" + (", reworded" if reworded else "")
        desk.tx.audit.note(desk.community.id, by, "approved", _subject(suggestion), desk.now_us, detail)
        _tell_cards(desk, decided)
        _tell_member(desk, decided, views.approved_message(decided, place, reworded=reworded))


def settle(desk: Desk, suggestion: Suggestion, state: SuggestionState, by: str, reason: str = "") -> bool:
    """Decline a suggestion that waits, or take an approved one out again. False when somebody was faster."""
    settled = replace(suggestion, state=state, decided_by=by, decided_us=desk.now_us)
    if not desk.tx.suggestions.settle(settled, before=suggestion.state):
        return False
    desk.tx.audit.note(desk.community.id, by, state, _subject(suggestion), desk.now_us)
    _tell_cards(desk, settled, reason)
    if state == "declined":
        _tell_member(desk, settled, views.declined_message(settled, reason, desk.ctx.command))
    return True


def _subject(suggestion: Suggestion) -> str:
    return f"suggestion {suggestion.id}"


# --- cards ----------------------------------------------------------------------------------------------------------


def _card_key(desk: Desk, suggestion: Suggestion) -> str:
    return f"suggestion:{desk.community.id}:{suggestion.id}"


def _card(desk: Desk, key: str, target: str, shown: Shown, updates: str | None = None) -> Outgoing:
    return Outgoing(
        key=key,
        kind="card",
        target=target,
        text=views.card_text(shown),
        blocks=views.card_blocks(shown),
        due_us=desk.now_us,
        community=desk.community.id,
        updates=updates,
    )


def _tell_cards(desk: Desk, suggestion: Suggestion, reason: str = "") -> None:
    """Change the cards that were sent, in their places, to what was decided."""
    shown = desk.shown(suggestion, reason=reason)
    key = _card_key(desk, suggestion)
    coordinators = desk.ctx.directory.people(desk.community.roles.coordinators)
    for base in sorted(desk.tx.deliveries.known([key, *(f"{key}:{user}" for user in coordinators)])):
        sent = desk.tx.deliveries.get(base)
        if sent is not None:
            desk.tx.deliveries.plan(_card(desk, f"{base}:{suggestion.state}", sent.outgoing.target, shown, base))


def _tell_member(desk: Desk, suggestion: Suggestion, text: str) -> None:
    """Once, as an answer to what they did themselves: neither the budget nor quiet hours hold it. Nobody who has left is written to."""
    person = desk.tx.facts.person(suggestion.user)
    if person is not None and person.is_deleted:
        return
    desk.tx.deliveries.plan(
        Outgoing(
            key=f"suggestion:{desk.community.id}:{suggestion.id}:told:{suggestion.state}",
            kind="answer",
            target=suggestion.user,
            text=text,
            due_us=desk.now_us,
            community=desk.community.id,
        )
    )
