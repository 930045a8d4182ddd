"""What the files say of asking members, as the core's own values."""

from copbot.adapters.files.voices_shapes import PulseShape
from copbot.core.voices import Pulse, PulseQuestion


def pulse_of(shape: PulseShape) -> Pulse:
    return Pulse(
        every=shape.every,
        questions=tuple(PulseQuestion(each.id, each.ask, each.type, tuple(each.options)) for each in shape.questions),
        at=shape.at,
        stays_open=shape.open,
        first=shape.first,
    )
