"""What members read of their settings, in French."""

from copbot.features.attention.words.phrases import Choice, Words

FRENCH = Words(
    why="Pourquoi ?",
    less="Moins",
    off="Arrêter",
    subjects={
        "onboarding": Choice(label="Accueil", means="Les premiers pas dans une communauté, et comment ils vont"),
        "asks": Choice(label="Questions pour vous", means="Quand quelqu'un pense que vous avez peut-être la réponse"),
        "events": Choice(label="Événements", means="Rappels de ce qui arrive"),
        "surveys": Choice(label="Enquêtes", means="Ce que la communauté vous apporte, une minute chacune"),
        "stories": Choice(label="Récits", means="Ce que quelque chose d'utile a changé pour vous"),
        "digest": Choice(label="Résumé", means="De temps en temps, ce que vous n'avez pas vu"),
        "recognition": Choice(label="Remerciements", means="Quand ce que vous avez fait a aidé quelqu'un"),
    },
    because={
        "onboarding": "Vous avez rejoint *{community}*, et ceci fait partie de l'accueil.",
        "asks": "L'équipe de modération de *{community}* pense que vous avez peut-être la réponse.",
        "events": "Quelque chose arrive dans *{community}* qui peut vous intéresser.",
        "surveys": "*{community}* demande de temps en temps à ses membres ce qu'elle leur apporte.",
        "stories": "Vous avez écrit dans *{community}* que quelque chose a aidé.",
        "digest": "Voici ce que vous n'avez peut-être pas vu dans *{community}*.",
        "recognition": "Ce que vous avez fait dans *{community}* a aidé quelqu'un.",
    },
    some_community="la communauté",
    not_yours="Ceci ne vous était pas adressé.",
    at_most="Messages de ma part : au plus {day} par jour et {week} par semaine, toutes communautés confondues.",
    nothing_comes="Ici je ne vous écris rien de moi-même.",
    never_between="Jamais entre {start} et {end} ({zone}).",
    still_comes="Les réponses à ce que vous faites, et un mot de la modération, arrivent toujours.",
    modes={
        "everything": Choice(label="Tout", means="Chaque message à part ; ce qui est de trop attend"),
        "standard": Choice(label="Normal", means="Ce qui ne trouve pas de place à temps va dans votre résumé"),
        "light": Choice(label="Léger", means="Seulement le résumé"),
        "off": Choice(label="Rien", means="Rien de ce que j'envoie de moi-même"),
    },
    now="À partir de maintenant : *{mode}*. {means}.",
    already_off="Je ne vous écris plus rien de moi-même.",
    turned_off="*{subject}* : arrêté. Je ne vous écrirai plus à ce sujet.",
    all_off="Tout arrêter",
    undo="Annuler",
    undone="C'est comme avant.",
    changed_since="Vous avez changé vos réglages depuis, je n'y ai donc pas touché. Voici ce qui vaut maintenant :",
    settings="Réglages",
    saved="Enregistré.",
    try_again="Cela n'a pas marché cette fois. Appuyez encore une fois, s'il vous plaît.",
    title="Ce que je vous envoie",
    save="Enregistrer",
    cancel="Annuler",
    how_much="Combien",
    about_what="À quel sujet",
    quiet="Heures calmes",
    communitys_hours="Comme la communauté : {hours}",
    each_communitys_hours="Comme chaque communauté les a",
    own_hours="Les miennes, ci-dessous",
    no_hours="Aucune",
    from_="Calme à partir de",
    to="Calme jusqu'à",
    pause="Pause jusqu'au",
    pause_hint="Rien n'arrive avant que ce jour commence à {zone}. Vide : pas de pause.",
    end_pause="Finir la pause",
    zone="Vos heures sont celles de {zone}, comme le dit votre profil Slack.",
    zone_not_known=(
        "Slack ne me dit pas votre fuseau horaire : les heures sont donc celles de {zone}, le fuseau de la communauté."
    ),
    changed_elsewhere=(
        ":information_source: Entre-temps, vous avez changé vos réglages dans une autre fenêtre. Voici ce qui vaut "
        "maintenant ; rien n'en est perdu. Ici vous aviez choisi : {chosen}"
    ),
    is_off="Arrêté : {subjects}.",
    quiet_between="Calme {hours} ({zone}).",
    never_quiet="Pas d'heures calmes.",
    paused="En pause jusqu'au {day}.",
    needs_times="Choisissez une heure, ou d'autres heures calmes plus haut.",
    same_times="Les deux heures sont les mêmes. Pour n'avoir aucune heure calme, choisissez « Aucune » plus haut.",
    past_day="Ce jour n'est pas à venir. Choisissez-en un plus tardif.",
    far_day="C'est dans plus d'un an. Choisissez plutôt « Rien » plus haut.",
    unreadable_day="`{given}` n'est pas un jour. Écrivez par exemple `{example}`.",
    unreadable_hours="`{given}` ne sont pas des heures. Écrivez par exemple `21:00-07:00`, ou `none`, ou `community`.",
    unknown=(
        "Je ne connais pas `{given}`. Écrivez `{command} quiet` pour les réglages, ou `{command} quiet everything`, "
        "`standard`, `light`, `off`, `until 2026-12-24`, `hours 21:00-07:00`, `on`."
    ),
    not_saved="Rien n'a changé : je n'ai pas pu lire ce formulaire. Rouvrez-le avec `{command} quiet`.",
)
