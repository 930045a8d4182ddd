"""What a member reads who is asked whether they know, in their own language. Moderators read English.

Tone: short, warm, nothing that needs to know who is a man or a woman, easy to say no to. ``{places}`` are filled with ``str.format``:
``{who}`` asked, ``{channel}`` and ``{moderator}`` are links. To add a language: one more ``Words``, and a line in ``LANGUAGES``.
"""

from dataclasses import dataclass

from copbot.core.language import nearest


@dataclass(frozen=True, kw_only=True)
class Words:
    """Buttons have at most 75 characters, and short ones fit a phone."""

    asks: str
    asks_mine: str
    """Of a question of the bot's own."""
    greets: str
    """Of an introduction or a first message that waits for a hello."""
    may_know: str
    may_greet: str
    open_thread: str
    will_answer: str
    will_greet: str
    not_me: str
    thanks_will: str
    thanks_will_too: str
    """``{holder}`` has taken it already."""
    thanks_not: str
    over: str
    """Instead of the question once it is settled."""
    said_before: str
    cannot_read: str
    thanked: str
    """To somebody who, as a moderator says, answered ``{who}``'s question outside its thread."""
    thanked_mine: str
    nobody_yet: str
    """Of a question that anybody may answer."""
    nobody_greeted: str
    your_question: str
    """In the place of words that are not kept."""
    and_more: str
    """``{count}``"""


ENGLISH = Words(
    asks="{who} asks in {channel}:",
    asks_mine="My question in {channel} has had no answer yet:",
    greets="{who} is new in {channel}:",
    may_know="{moderator} thinks that you may know. Can you help? A line is enough.",
    may_greet="{moderator} thought of you: would you say hello? A line is enough.",
    open_thread="Open the thread",
    will_answer="I'll answer",
    will_greet="I'll say hello",
    not_me="Not me",
    thanks_will="Thank you! The thread is waiting for you.",
    thanks_will_too="Thank you! {holder} has taken it too; two answers are better than one.",
    thanks_not="No problem, and thank you for saying so.",
    over="This one is taken care of by now. Thank you all the same!",
    said_before="You told me already. Thank you!",
    cannot_read="You are no longer in {channel}, so this one is for somebody else. Thank you all the same!",
    thanked=":bouquet: Thank you! {who}'s question in {channel} has its answer because of you.",
    thanked_mine=":bouquet: Thank you! My question in {channel} has its answer because of you.",
    nobody_yet="Nobody has answered so far. Can you help? A line is enough.",
    nobody_greeted="Nobody has said hello so far. A line is enough.",
    your_question="Your message",
    and_more="…and {count} more.",
)

FRENCH = Words(
    asks="{who} demande dans {channel} :",
    asks_mine="Ma question dans {channel} n'a pas encore eu de réponse :",
    greets="{who} vient d'arriver dans {channel} :",
    may_know="{moderator} pense que vous savez peut-être. Pouvez-vous aider ? Une ligne suffit.",
    may_greet="{moderator} a pensé à vous : un petit bonjour ? Une ligne suffit.",
    open_thread="Ouvrir le fil",
    will_answer="Je réponds",
    will_greet="Je dis bonjour",
    not_me="Pas moi",
    thanks_will="Merci ! Le fil vous attend.",
    thanks_will_too="Merci ! {holder} s'en occupe aussi ; deux réponses valent mieux qu'une.",
    thanks_not="Pas de souci, et merci de l'avoir dit.",
    over="C'est réglé entre-temps. Merci quand même !",
    said_before="Vous me l'avez déjà dit. Merci !",
    cannot_read="Vous n'êtes plus dans {channel}, ce sera donc pour quelqu'un d'autre. Merci quand même !",
    thanked=":bouquet: Merci ! Grâce à vous, la question de {who} dans {channel} a sa réponse.",
    thanked_mine=":bouquet: Merci ! Grâce à vous, ma question dans {channel} a sa réponse.",
    nobody_yet="Personne n'a encore répondu. Pouvez-vous aider ? Une ligne suffit.",
    nobody_greeted="Personne n'a encore dit bonjour. Une ligne suffit.",
    your_question="Votre message",
    and_more="…et {count} de plus.",
)

SPANISH = Words(
    asks="{who} pregunta en {channel}:",
    asks_mine="Mi pregunta en {channel} aún no tiene respuesta:",
    greets="{who} acaba de llegar a {channel}:",
    may_know="{moderator} cree que quizá lo sepas. ¿Puedes ayudar? Basta una línea.",
    may_greet="{moderator} pensó en ti: ¿le das la bienvenida? Basta una línea.",
    open_thread="Abrir el hilo",
    will_answer="Respondo",
    will_greet="Saludo",
    not_me="No puedo",
    thanks_will="¡Gracias! El hilo te espera.",
    thanks_will_too="¡Gracias! {holder} también se encarga; dos respuestas valen más que una.",
    thanks_not="Sin problema, y gracias por decirlo.",
    over="Ya está resuelto. ¡Gracias de todos modos!",
    said_before="Ya me lo habías dicho. ¡Gracias!",
    cannot_read="Ya no estás en {channel}, así que esta queda para otra persona. ¡Gracias de todos modos!",
    thanked=":bouquet: ¡Gracias! La pregunta de {who} en {channel} tiene respuesta gracias a ti.",
    thanked_mine=":bouquet: ¡Gracias! Mi pregunta en {channel} tiene respuesta gracias a ti.",
    nobody_yet="Nadie ha respondido todavía. ¿Puedes ayudar? Basta una línea.",
    nobody_greeted="Nadie ha saludado todavía. Basta una línea.",
    your_question="Tu mensaje",
    and_more="…y {count} más.",
)

LANGUAGES: dict[str, Words] = {"en": ENGLISH, "fr": FRENCH, "es": SPANISH}


def words_for(*languages: str | None) -> Words:
    """The phrases in the first of these languages (Slack's locale, the community's) that is there; else in English."""
    return LANGUAGES[nearest(LANGUAGES, *languages)]
