"""An open survey as what a member could do next."""

from copbot.core.community import Community
from copbot.core.feature import Step
from copbot.core.ports import Context, Tx
from copbot.core.records import Person
from copbot.core.time import to_us
from copbot.features.voices.pulse.service import invitation_key
from copbot.features.voices.pulse.views import invitation_blocks
from copbot.features.voices.words import words_for


def step(ctx: Context, tx: Tx, community: Community, user: str) -> Step | None:
    """The invitation as it was sent to them, while the round is open and they have neither answered nor declined."""
    latest = tx.pulses.latest(community.id)
    if latest is None or latest.told_us is not None or latest.closes_us <= to_us(ctx.clock.now()):
        return None
    invitation = tx.deliveries.get(invitation_key(latest, user))
    if invitation is None or invitation.state != "sent" or tx.pulses.has_taken(latest.id, user):
        return None
    person = tx.facts.person(user) or Person(user)
    return Step(invitation_blocks(invitation.outgoing.text, latest.id, words_for(person.locale, community.language)))
