"""What members read of a report, in their own language: who reports, and who is written to. Moderators read English.

Tone: plain and calm, nothing that needs to know who is a man or a woman, no judgement of a person. ``{places}`` are filled with
``str.format``. To add a language: one more ``Words``, and a line in ``LANGUAGES``.
"""

from dataclasses import dataclass

from copbot.core.language import nearest


@dataclass(frozen=True, kw_only=True)
class Words:
    """Titles and buttons have at most 24 characters, choices 75."""

    title: str
    send: str
    cancel: str
    seen_by_moderators: str
    seen_by_coordinators: str
    what: str
    reasons: tuple[str, ...]
    """What may be wrong, where the community's guidelines do not say it in points."""
    other: str
    line: str
    line_hint: str
    wishes: str
    named: str
    news: str
    thanks: str
    thanks_news: str
    twice: str
    own: str
    by_an_app: str
    outside: str
    from_elsewhere: str
    nobody: str
    closed: str
    reminder: str
    reminder_all: str
    """With the guidelines as a whole, where the report named none of their points."""
    reminder_bare: str
    """Where there are no guidelines."""
    warning: str
    open_message: str


ENGLISH = Words(
    title="Report to moderators",
    send="Send",
    cancel="Cancel",
    seen_by_moderators="Only the moderators of *{community}* see this. {author} does not learn of it from me, and nothing happens by "
    "itself: people decide.",
    seen_by_coordinators="It is about a moderator, so only the coordinators of *{community}* see this. {author} does not learn of it "
    "from me, and nothing happens by itself: people decide.",
    what="What is it about?",
    reasons=(
        "It is unkind, or attacks somebody",
        "It shows personal or confidential data",
        "It is advertising or spam",
    ),
    other="Something else",
    line="In your own words",
    line_hint="What the moderators should know. You need not explain anything.",
    wishes="As you like",
    named="They may know that it was me, and ask me",
    news="Tell me when they have looked into it",
    thanks="Thank you for looking out for others. They will look into it.",
    thanks_news="Thank you for looking out for others. They will look into it, and I tell you when they have.",
    twice="You reported this already, and it has not been forgotten. Thank you!",
    own="This is your own message: you can edit or delete it in its menu.",
    by_an_app="An app wrote this. If something is wrong with it, please tell a moderator: {moderators}.",
    outside="I can pass on reports from the community's own channels only. Please write to a moderator: {moderators}.",
    from_elsewhere="I can take reports only from people of this workspace. Please write to a moderator: {moderators}.",
    nobody="Nobody besides them could look into it here. Please write to an admin of your workspace.",
    closed="You told {community} of a message in {channel} on {date}. They have looked into it. Thank you for looking out for others.",
    reminder="A quiet word, between us: the moderators of *{community}* think that your <{link}|message in {channel}> does not fit what "
    "we agreed on:\n{guideline}\nYou can edit or delete it. This is a reminder and nothing more.",
    reminder_all="A quiet word, between us: the moderators of *{community}* think that your <{link}|message in {channel}> does not fit "
    "how we treat each other here:\n{guideline}\nYou can edit or delete it. This is a reminder and nothing more.",
    reminder_bare="A quiet word, between us: the moderators of *{community}* think that your <{link}|message in {channel}> could hurt or "
    "bother others. You can edit or delete it. This is a reminder and nothing more.",
    warning="This is a warning, after a reminder: the moderators of *{community}* ask you to change how you write here. It is about your "
    "<{link}|message in {channel}>.{guideline}\nPlease edit or delete it. If you see it differently, talk to them.",
    open_message="Open the message",
)

FRENCH = Words(
    title="Signaler aux modérateurs",
    send="Envoyer",
    cancel="Annuler",
    seen_by_moderators="Seule l'équipe de modération de *{community}* voit ceci. {author} n'en saura rien par moi, et rien ne se passe "
    "tout seul : ce sont des personnes qui décident.",
    seen_by_coordinators="Cela concerne la modération elle-même : seule la coordination de *{community}* voit ceci. {author} n'en saura "
    "rien par moi, et rien ne se passe tout seul : ce sont des personnes qui décident.",
    what="De quoi s'agit-il ?",
    reasons=(
        "C'est blessant, ou cela attaque quelqu'un",
        "On y voit des données personnelles ou confidentielles",
        "C'est de la publicité ou du spam",
    ),
    other="Autre chose",
    line="Avec vos mots",
    line_hint="Ce qu'il faut savoir. Vous n'avez rien à justifier.",
    wishes="Comme vous voulez",
    named="On peut savoir que c'est moi, et me poser des questions",
    news="Dites-moi quand c'est examiné",
    thanks="Merci de veiller sur les autres. Ce sera examiné.",
    thanks_news="Merci de veiller sur les autres. Ce sera examiné, et je vous dirai quand c'est fait.",
    twice="Vous l'avez déjà signalé, et ce n'est pas oublié. Merci !",
    own="C'est votre propre message : vous pouvez le modifier ou le supprimer dans son menu.",
    by_an_app="C'est une application qui a écrit cela. Si quelque chose ne va pas, écrivez à la modération : {moderators}.",
    outside="Je ne transmets que ce qui vient des canaux de la communauté. Écrivez à la modération : {moderators}.",
    from_elsewhere="Je ne peux prendre que les signalements de cet espace de travail. Écrivez à la modération : {moderators}.",
    nobody="Personne d'autre ne pourrait l'examiner ici. Écrivez à l'administration de votre espace de travail.",
    closed="Vous avez signalé un message dans {channel} le {date} ({community}). C'est examiné. Merci de veiller sur les autres.",
    reminder="Un mot discret, entre nous : l'équipe de modération de *{community}* trouve que votre <{link}|message dans {channel}> ne "
    "va pas avec ce que nous avons convenu :\n{guideline}\nVous pouvez le modifier ou le supprimer. C'est un rappel, rien de plus.",
    reminder_all="Un mot discret, entre nous : l'équipe de modération de *{community}* trouve que votre <{link}|message dans {channel}> "
    "ne va pas avec nos usages :\n{guideline}\nVous pouvez le modifier ou le supprimer. C'est un rappel, rien de plus.",
    reminder_bare="Un mot discret, entre nous : l'équipe de modération de *{community}* trouve que votre <{link}|message dans {channel}> "
    "peut blesser ou gêner. Vous pouvez le modifier ou le supprimer. C'est un rappel, rien de plus.",
    warning="Ceci est un avertissement, après un rappel : l'équipe de modération de *{community}* vous demande d'écrire autrement ici. Il "
    "s'agit de votre <{link}|message dans {channel}>.{guideline}\nMerci de le modifier ou de le supprimer. Si vous voyez les choses "
    "autrement, parlez-en avec l'équipe.",
    open_message="Ouvrir le message",
)

SPANISH = Words(
    title="Avisar a moderación",
    send="Enviar",
    cancel="Cancelar",
    seen_by_moderators="Solo el equipo de moderación de *{community}* ve esto. {author} no lo sabrá por mí, y nada ocurre solo: deciden "
    "personas.",
    seen_by_coordinators="Se trata de alguien de moderación: solo el equipo de coordinación de *{community}* ve esto. {author} no lo "
    "sabrá por mí, y nada ocurre solo: deciden personas.",
    what="¿De qué se trata?",
    reasons=(
        "Es hiriente o ataca a alguien",
        "Muestra datos personales o confidenciales",
        "Es publicidad o spam",
    ),
    other="Otra cosa",
    line="Con tus palabras",
    line_hint="Lo que conviene saber. No hace falta que expliques nada.",
    wishes="Como prefieras",
    named="Pueden saber que fui yo, y preguntarme",
    news="Avísame cuando lo hayan visto",
    thanks="Gracias por cuidar de los demás. Lo van a mirar.",
    thanks_news="Gracias por cuidar de los demás. Lo van a mirar, y te digo cuando lo hayan hecho.",
    twice="Ya lo habías avisado, y no se ha olvidado. ¡Gracias!",
    own="Es tu propio mensaje: puedes editarlo o borrarlo en su menú.",
    by_an_app="Esto lo escribió una aplicación. Si algo va mal, escribe a moderación: {moderators}.",
    outside="Solo transmito avisos de los canales de la comunidad. Escribe a moderación: {moderators}.",
    from_elsewhere="Solo puedo recibir avisos de personas de este espacio de trabajo. Escribe a moderación: {moderators}.",
    nobody="Nadie más podría mirarlo aquí. Escribe a la administración de tu espacio de trabajo.",
    closed="Avisaste de un mensaje en {channel} el {date} ({community}). Ya lo han mirado. Gracias por cuidar de los demás.",
    reminder="Unas palabras, entre nosotros: el equipo de moderación de *{community}* cree que tu <{link}|mensaje en {channel}> no encaja "
    "con lo que acordamos:\n{guideline}\nPuedes editarlo o borrarlo. Es un recordatorio y nada más.",
    reminder_all="Unas palabras, entre nosotros: el equipo de moderación de *{community}* cree que tu <{link}|mensaje en {channel}> no "
    "encaja con cómo nos tratamos aquí:\n{guideline}\nPuedes editarlo o borrarlo. Es un recordatorio y nada más.",
    reminder_bare="Unas palabras, entre nosotros: el equipo de moderación de *{community}* cree que tu <{link}|mensaje en {channel}> puede "
    "herir o molestar. Puedes editarlo o borrarlo. Es un recordatorio y nada más.",
    warning="Esto es una advertencia, después de un recordatorio: el equipo de moderación de *{community}* te pide que escribas de otra "
    "manera aquí. Se trata de tu <{link}|mensaje en {channel}>.{guideline}\nEdítalo o bórralo, por favor. Si lo ves de otra forma, "
    "habla con el equipo.",
    open_message="Abrir el mensaje",
)

LANGUAGES: dict[str, Words] = {"en": ENGLISH, "fr": FRENCH, "es": SPANISH}


def words_for(*languages: str | None) -> Words:
    """The phrases in the first of these languages (Slack's locale, the community's) that is there; else in English."""
    return LANGUAGES[nearest(LANGUAGES, *languages)]
