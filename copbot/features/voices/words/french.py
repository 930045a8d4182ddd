"""French."""

from copbot.features.voices.words.phrases import Words

FRENCH = Words(
    send="Envoyer",
    later="Pas maintenant",
    no_thanks="Non, merci",
    closed="C'est terminé à présent. Merci quand même.",
    pulse_invitation=(
        "Que vous apporte *{community}* ? {questions}, une minute, et personne ne voit qui a dit quoi. "
        "Ouvert jusqu'au {day}."
    ),
    one_question="Une question",
    some_questions="{count} questions",
    pulse_action_before="Après la dernière fois, ceci a été promis : « {action} »",
    pulse_answer="Répondre",
    pulse_title="Une minute",
    pulse_anonymous=(
        "Anonyme : votre nom n'est pas gardé avec vos réponses, et les résultats ne sont montrés qu'à partir de cinq "
        "réponses. Ce que vous envoyez ne peut plus être changé, car personne ne sait quelles réponses sont les vôtres."
    ),
    pulse_thanks="Merci, cela aide. Personne ne peut voir quelles réponses sont les vôtres.",
    pulse_declined="Très bien. Je ne poserai plus cette question.",
    pulse_taken="Vous avez déjà répondu ou dit non. Merci !",
    pulse_nothing="Rien n'est rempli : répondez à une question au moins, ou fermez ceci.",
    scale_low="pas du tout",
    scale_high="beaucoup",
    useful="Cette communauté a-t-elle été utile à votre travail ces derniers temps ?",
    more="De quoi faudrait-il plus, ou moins ?",
    story_question=(
        "Vous avez écrit dans {channel} que quelque chose a aidé ({message}). Qu'est-ce que cela a changé pour vous ou "
        "pour votre travail ? Une ligne suffit, et personne ne la voit sans votre accord."
    ),
    story_again=(
        "Il y a {when}, vous m'avez raconté ce qui vous avait aidé :\n{told}\nQu'en est-il sorti depuis ? "
        "Une ligne suffit, et personne ne la voit sans votre accord."
    ),
    story_later_again=(
        "Il y a {when}, vous avez écrit dans {channel} que quelque chose a aidé ({message}). Qu'est-ce que cela a changé "
        "depuis ? Une ligne suffit, et personne ne la voit sans votre accord."
    ),
    one_month="un mois",
    three_months="trois mois",
    this_message="votre message",
    tell="Raconter en une ligne",
    in_a_month="Dans un mois",
    nothing_new="Rien de nouveau",
    story_title="Qu'est-ce qui a changé ?",
    story_text="Qu'est-ce que cela a changé pour vous ou pour votre travail ?",
    story_text_again="Qu'en est-il sorti depuis ?",
    story_saved="Cela a-t-il fait gagner du temps ou de l'argent ?",
    story_saved_hint="Une ligne, par exemple : deux jours par rapport.",
    story_consent="D'autres peuvent-ils le lire ? Cela peut figurer dans le rapport de la communauté.",
    consent_named="Oui, avec mon nom",
    consent_unnamed="Oui, sans mon nom",
    consent_none="Non, gardez-le pour moi",
    story_kept="Merci ! C'est gardé : {seen}. Vous pouvez changer d'avis à tout moment.",
    seen_named="d'autres peuvent le lire, avec votre nom",
    seen_unnamed="d'autres peuvent le lire, sans votre nom",
    seen_none="personne d'autre ne le voit",
    change="Modifier",
    delete="Supprimer",
    story_put_off="Très bien, je demanderai de nouveau dans un mois.",
    story_declined="Très bien. Je ne vous demanderai plus de récit.",
    story_nothing_new="Très bien. Merci de me l'avoir dit.",
    story_deleted="C'est supprimé.",
    story_not_yours="Cette question n'est pas pour vous.",
    my_stories="Ce que vous m'avez raconté de ce qui vous a aidé",
)
