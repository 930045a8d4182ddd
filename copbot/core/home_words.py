"""What the Home tab itself says to a member, in each language; its parts are the features' own. Moderators and coordinators read English.

To add a language: one more ``HomeWords``, and a line in ``LANGUAGES``. ``{places}`` are filled with ``str.format``.
"""

from dataclasses import dataclass

from copbot.core.language import nearest


@dataclass(frozen=True, kw_only=True)
class HomeWords:
    greeting: str
    next_step: str
    at_rest: str
    waiting: str
    communities: str
    settings: str
    no_community: str
    """``{places}``: links to channels."""
    more: str
    """``{command}``"""


ENGLISH = HomeWords(
    greeting="This is your own page: nobody else sees it.",
    next_step="Your next step",
    at_rest=":sunny: Nothing waits for you. Enjoy the quiet.",
    waiting="Your questions that wait",
    communities="Your communities",
    settings="Your settings",
    no_community="You are in none of the communities here yet. Have a look: {places}",
    more="`{command} help` shows what else you can do.",
)
FRENCH = HomeWords(
    greeting="Cette page est à vous : personne d'autre ne la voit.",
    next_step="Et maintenant ?",
    at_rest=":sunny: Rien ne vous attend. Profitez du calme.",
    waiting="Vos questions en attente",
    communities="Vos communautés",
    settings="Vos réglages",
    no_community="Vous n'êtes encore dans aucune communauté. Jetez un coup d'œil : {places}",
    more="`{command} help` montre ce que vous pouvez faire d'autre.",
)
SPANISH = HomeWords(
    greeting="Esta página es tuya: nadie más la ve.",
    next_step="Tu próximo paso",
    at_rest=":sunny: No te espera nada. Disfruta de la calma.",
    waiting="Tus preguntas que esperan",
    communities="Tus comunidades",
    settings="Tus ajustes",
    no_community="Todavía no estás en ninguna comunidad. Echa un vistazo: {places}",
    more="`{command} help` muestra qué más puedes hacer.",
)

LANGUAGES: dict[str, HomeWords] = {"en": ENGLISH, "fr": FRENCH, "es": SPANISH}


def words_for(*languages: str | None) -> HomeWords:
    """The phrases in the first of these languages (Slack's locale, the communities') that is there; else in English."""
    return LANGUAGES[nearest(LANGUAGES, *languages)]
