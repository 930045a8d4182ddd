"""What onboarding says in French."""

from copbot.features.onboarding.words.phrases import Words

FRENCH = Words(
    plain_welcome="Bonjour, et bienvenue dans *{community}* ! Nous aimerions faire un peu connaissance.",
    one_question="Répondre à 1 question",
    several_questions="Répondre à {count} questions",
    read_guidelines="Lire la charte",
    say_hello="Dire bonjour",
    change_answers="Modifier mes réponses",
    send="Envoyer",
    later="Plus tard",
    choose="Choisir",
    yes="Oui",
    no="Non",
    share_in="Partager dans #{channel}",
    share_hint="Ce sera votre présentation. Décochez ce que vous préférez garder pour vous.",
    shared_mark="Figurera dans votre présentation, sauf si vous décochez ci-dessous.",
    known_already="Vous me l'avez déjà dit, je ne le redemande donc pas :",
    kept_as_typed=(
        "Gardé au fur et à mesure, et vu par personne avant l'envoi. Ensuite, l'équipe de modération peut le lire, et tout"
        " le monde ce que vous partagez."
    ),
    guidelines="Charte",
    accept_guidelines="Je respecterai cette charte",
    needs_answer="Merci de répondre à cette question.",
    needs_day="Merci de choisir une date.",
    needs_tick="Merci de cocher cette case pour continuer.",
    thanks_introduced="Merci ! Votre présentation est dans {channel}.",
    thanks_kept="Merci ! Vos réponses sont enregistrées, et rien n'en a été partagé.",
    saved_introduced="C'est enregistré. Votre présentation dans {channel} est à jour.",
    saved_kept="C'est enregistré. Rien de vos réponses n'est partagé.",
    questions_changed=(
        "Les questions ont changé pendant que vous écriviez. Vos réponses sont gardées ; le bouton ci-dessous mène aux"
        " nouvelles."
    ),
    both_kept="Vous aviez envoyé d'autres réponses entre-temps. Pour chaque question, la dernière est gardée.",
    declined=("Pas de souci : je ne vous écrirai plus à ce sujet. `{command} me` reste là, quand vous voudrez."),
    declined_before="Vous me l'aviez déjà dit, et je m'y tiens.",
    withdrawn_now="Votre présentation est retirée. Vos réponses sont gardées et ne sont partagées avec personne.",
    nothing_to_withdraw="Vous n'avez pas de présentation à retirer.",
    answers_here="*Vos réponses*",
    not_answered_yet="Vos questions vous attendent toujours. Une minute suffit.",
    begun="Vous avez commencé à répondre ; ce que vous avez écrit est gardé.",
    shared_here=":speech_balloon: figure dans votre présentation, dans {channel}.",
    withdraw="Retirer ma présentation",
    declined_here="Vous avez dit non, merci : je ne demande donc rien. Vous pouvez toujours répondre, quand vous voudrez.",
    route="*{topic}* : c'est dans {places} que cela se passe.",
    route_without_channel="*{topic}* :",
    route_people="Vous pouvez demander à {people}.",
    route_reading="À lire : {link}",
    both="{first} ou {second}",
    a_thread="un de nos fils de discussion",
    no_thanks="Non merci",
    partly="En partie",
    not_yet="Pas encore",
    outcome_title="Merci",
    outcome_said="Votre réponse : *{verdict}*.",
    outcome_ask="Qu'est-ce qui a aidé, ou manqué ? Une ligne suffit.",
    outcome_read_by=(
        "L'équipe de modération lit cette réponse, à côté de ce que vous nous aviez dit en arrivant. Personne d'autre."
    ),
    outcome_noted="Votre réponse : *{verdict}*. Merci ! Si vous changez d'avis, appuyez à nouveau.",
    outcome_unknown="Je ne vous ai pas encore posé cette question. Tout va bien !",
    bronze="Bronze",
    silver="Argent",
    gold="Or",
    referral_thanks=(
        "Merci, {name} ! {count} personnes que vous avez invitées participent maintenant : c'est le niveau *{level}*."
        " {community} grandit grâce à vous."
    ),
    referral_announcement=(
        ":raised_hands: {count} personnes participent ici parce que {member} les a invitées. C'est le niveau *{level}*."
        " Merci !"
    ),
    referrals_one="1 personne que vous avez invitée participe.",
    referrals_some="{count} personnes que vous avez invitées participent.",
    referrals_level="C'est le niveau *{level}*.",
    referrals_next="Encore {more} pour le niveau {level}.",
    not_yours="Ces questions sont pour celles et ceux qui viennent d'arriver ; je n'en ai pas pour vous. Tout va bien !",
    closed="Ces questions sont closes. Vous pouvez toujours dire bonjour dans le canal.",
    withdrawn="Cette présentation a été retirée.",
)
