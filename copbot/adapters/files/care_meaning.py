"""What ``unanswered:`` and ``duty:`` mean, as the core's own values."""

from dataclasses import replace
from typing import Any

from copbot.adapters.files.care_shapes import ChannelCareShape, DutyShape, UnansweredShape
from copbot.core.community import Unanswered
from copbot.core.duty import Away, Duty


def unanswered_of(shape: UnansweredShape) -> Unanswered:
    everywhere = Unanswered(
        after=shape.after,
        again=shape.again,
        escalate=shape.escalate,
        counts_as_answer=tuple(dict.fromkeys(shape.counts_as_answer)),
        answered_reaction=shape.reactions.answered,
        taken_reaction=shape.reactions.taken,
        hours=tuple(shape.hours or ()),
        skip_holidays=shape.skip_holidays,
    )
    special = ((reference, replace(everywhere, **_said(there))) for reference, there in shape.channels.items())
    return replace(everywhere, channels=tuple(special))


def _said(shape: ChannelCareShape) -> dict[str, Any]:
    """What a channel says of its own."""
    said = {name: getattr(shape, name) for name in ChannelCareShape.model_fields}
    return {
        name: tuple(dict.fromkeys(value)) if isinstance(value, list) else value
        for name, value in said.items()
        if value is not None
    }


def duty_of(shape: DutyShape) -> Duty:
    return Duty(
        by=shape.by,
        people=tuple(shape.people),
        away=tuple(Away(one.who, one.from_, one.until) for one in shape.away),
    )
