"""What the thanks say where a community has no ``recognition.j2`` of its own, in each language."""

from copbot.core.language import nearest

_FIRST = "answers:1"
_ANSWERS = "answers"
_YEAR = "year"

THANKS = {
    "en": {
        _FIRST: "Thank you, {name}! You have just answered somebody in {community} for the first time. That is what makes it one.",
        _ANSWERS: "Thank you, {name}! There are {count} conversations in {community} now in which you have answered somebody.",
        _YEAR: "A year ago, {name}, you wrote your first message in {community}. It is good to have you here.",
    },
    "fr": {
        _FIRST: "Merci, {name} ! C'est votre première réponse à quelqu'un dans {community}. C'est ainsi que vit une communauté.",
        _ANSWERS: "Merci, {name} ! Vous avez maintenant répondu à quelqu'un dans {count} conversations de {community}.",
        _YEAR: "Il y a un an, {name}, vous écriviez votre premier message dans {community}. Merci d'être là.",
    },
    "es": {
        _FIRST: "¡Gracias, {name}! Es tu primera respuesta a alguien en {community}. De eso vive una comunidad.",
        _ANSWERS: "¡Gracias, {name}! Ya son {count} las conversaciones de {community} en las que respondiste a alguien.",
        _YEAR: "Hace un año, {name}, escribiste tu primer mensaje en {community}. Nos alegra que estés aquí.",
    },
}


def thanks(occasion: str, kind: str, *languages: str | None) -> str:
    """The phrase for an occasion, with ``{name}``, ``{community}`` and ``{count}`` to be filled with escaped values."""
    phrases = THANKS[nearest(THANKS, *languages)]
    return phrases.get(occasion) or phrases[kind]
