"""The digest in French."""

from copbot.features.digest.words.phrases import Phrases

FRENCH = Phrases(
    heading="*Ce que vous avez peut-être manqué dans {community}*",
    may_know="Vous savez peut-être",
    yours="Pour vous",
    coming="À venir",
    answered="Réponses données",
    question="Notre question",
    waits="Attend une réponse",
    lively="On en a parlé",
    asked_nameless="{who} a posé une question",
    wrote_nameless="{who} a ouvert une discussion",
    alone_nameless="{who} a écrit un message qui a fait réagir",
    yours_nameless="votre message",
    post_nameless="notre question",
    somebody="Quelqu'un",
    answers=("1 réponse", "{count} réponses"),
    people=("1 personne", "{count} personnes"),
    rest=("un autre message", "{count} autres messages"),
    more="Et aussi",
    colon="\u00a0:",
)
