"""What the files say of the digest, as the core's own values."""

from copbot.adapters.files.digest_shapes import DigestShape
from copbot.core.digest import DigestRules


def digest_of(shape: DigestShape) -> DigestRules | None:
    """None where none is sent."""
    if shape.every == "off":
        return None
    return DigestRules(every=shape.every, on=shape.on or DigestRules.on, prompt=shape.prompt)
