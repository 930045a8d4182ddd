"""What onboarding says in Spanish."""

from copbot.features.onboarding.words.phrases import Words

SPANISH = Words(
    plain_welcome="¡Hola! Te damos la bienvenida a *{community}*. Nos gustaría conocerte un poco.",
    one_question="Responder 1 pregunta",
    several_questions="Responder {count} preguntas",
    read_guidelines="Leer las normas",
    say_hello="Saludar",
    change_answers="Cambiar mis respuestas",
    send="Enviar",
    later="Más tarde",
    choose="Elegir",
    yes="Sí",
    no="No",
    share_in="Compartir en #{channel}",
    share_hint="Esta será tu presentación. Desmarca lo que prefieras guardar para ti.",
    shared_mark="Irá en tu presentación, salvo que lo desmarques abajo.",
    known_already="Ya me lo has contado, así que no lo pregunto otra vez:",
    kept_as_typed=(
        "Se guarda mientras escribes, y nadie lo ve antes de que pulses Enviar. Después puede leerlo el equipo de"
        " moderación, y todo el mundo lo que compartas."
    ),
    guidelines="Normas",
    accept_guidelines="Respetaré estas normas",
    needs_answer="Por favor, responde a esta pregunta.",
    needs_day="Por favor, elige un día.",
    needs_tick="Por favor, marca esta casilla para continuar.",
    thanks_introduced="¡Gracias! Tu presentación está en {channel}.",
    thanks_kept="¡Gracias! He guardado tus respuestas y no he compartido ninguna.",
    saved_introduced="Guardado. Tu presentación en {channel} está al día.",
    saved_kept="Guardado. No he compartido ninguna de tus respuestas.",
    questions_changed=(
        "Las preguntas cambiaron mientras escribías. Lo que escribiste está guardado; pulsa abajo para ver las nuevas."
    ),
    both_kept="Entretanto habías enviado otras respuestas. De cada pregunta se guarda la última.",
    declined="Está muy bien así: no volveré a escribirte sobre esto. `{command} me` sigue ahí para cuando quieras.",
    declined_before="Ya me lo habías dicho, y lo respeto.",
    withdrawn_now="Tu presentación está retirada. Tus respuestas se guardan y no se comparten con nadie.",
    nothing_to_withdraw="No tienes ninguna presentación que retirar.",
    answers_here="*Tus respuestas*",
    not_answered_yet="Tus preguntas siguen abiertas. Es solo un minuto.",
    begun="Empezaste a responder; lo que escribiste está guardado.",
    shared_here=":speech_balloon: está en tu presentación, en {channel}.",
    withdraw="Retirar mi presentación",
    declined_here="Dijiste no, gracias, así que no pregunto. Puedes responder cuando quieras.",
    route="*{topic}*: el lugar es {places}.",
    route_without_channel="*{topic}*:",
    route_people="Puedes preguntar a {people}.",
    route_reading="Para leer: {link}",
    both="{first} o {second}",
    a_thread="una de nuestras conversaciones",
    no_thanks="No, gracias",
    partly="En parte",
    not_yet="Todavía no",
    outcome_title="Gracias",
    outcome_said="Tu respuesta: *{verdict}*.",
    outcome_ask="¿Qué te ayudó, o qué te faltó? Con una línea basta.",
    outcome_read_by="Lo lee solo el equipo de moderación, junto a lo que nos contaste al llegar.",
    outcome_noted="Tu respuesta: *{verdict}*. ¡Gracias! Si cambias de opinión, pulsa otra vez.",
    outcome_unknown="Todavía no te he preguntado esto. ¡Todo está bien!",
    bronze="Bronce",
    silver="Plata",
    gold="Oro",
    referral_thanks=(
        "¡Gracias, {name}! Ya participan {count} personas que invitaste: eso es *{level}*."
        " {community} crece gracias a ti."
    ),
    referral_announcement=(
        ":raised_hands: {count} personas participan aquí porque {member} les invitó. Eso es *{level}*. ¡Gracias!"
    ),
    referrals_one="Participa 1 persona que invitaste.",
    referrals_some="Participan {count} personas que invitaste.",
    referrals_level="Eso es *{level}*.",
    referrals_next="Faltan {more} para {level}.",
    not_yours="Estas preguntas son para quienes acaban de llegar, y no tengo ninguna para ti. ¡Todo está bien!",
    closed="Estas preguntas ya están cerradas. Puedes saludar en el canal cuando quieras.",
    withdrawn="Esta presentación fue retirada.",
)
