"""The digest in Spanish."""

from copbot.features.digest.words.phrases import Phrases

SPANISH = Phrases(
    heading="*Lo que quizás te perdiste en {community}*",
    may_know="¿Lo sabes tú?",
    yours="Para ti",
    coming="Próximamente",
    answered="Con respuesta",
    question="Preguntamos",
    waits="Espera respuesta",
    lively="Se habló de esto",
    asked_nameless="{who} hizo una pregunta",
    wrote_nameless="{who} abrió una conversación",
    alone_nameless="{who} escribió algo que tuvo reacciones",
    yours_nameless="tu mensaje",
    post_nameless="nuestra pregunta",
    somebody="Alguien",
    answers=("1 respuesta", "{count} respuestas"),
    people=("1 persona", "{count} personas"),
    rest=("un mensaje más", "{count} mensajes más"),
    more="Además",
)
