"""Spanish."""

from copbot.features.voices.words.phrases import Words

SPANISH = Words(
    send="Enviar",
    later="Ahora no",
    no_thanks="No, gracias",
    closed="Esto ya terminó. Gracias de todos modos.",
    pulse_invitation=(
        "¿Qué te aporta *{community}*? {questions}, un minuto, y nadie ve quién dijo qué. Abierto hasta el {day}."
    ),
    one_question="Una pregunta",
    some_questions="{count} preguntas",
    pulse_action_before="Después de la última vez se prometió esto: «{action}»",
    pulse_answer="Responder",
    pulse_title="En un minuto",
    pulse_anonymous=(
        "Anónimo: tu nombre no se guarda con tus respuestas, y los resultados se muestran solo a partir de cinco "
        "respuestas. Lo que envías no se puede cambiar, porque nadie sabe qué respuestas son las tuyas."
    ),
    pulse_thanks="Gracias, eso ayuda. Nadie puede ver qué respuestas son las tuyas.",
    pulse_declined="De acuerdo. No volveré a preguntar por esto.",
    pulse_taken="Ya has respondido o has dicho que no. ¡Gracias!",
    pulse_nothing="No hay nada escrito: responde al menos una pregunta, o cierra esto.",
    scale_low="nada",
    scale_high="mucho",
    useful="¿Te ha sido útil esta comunidad en tu trabajo últimamente?",
    more="¿De qué debería haber más, o menos?",
    story_question=(
        "Escribiste en {channel} que algo ayudó ({message}). ¿Qué cambió para ti o para tu trabajo? "
        "Basta una línea, y nadie la ve si tú no lo dices."
    ),
    story_again=(
        "Hace {when} me contaste qué te había ayudado:\n{told}\n¿Qué ha salido de eso desde entonces? "
        "Basta una línea, y nadie la ve si tú no lo dices."
    ),
    story_later_again=(
        "Hace {when} escribiste en {channel} que algo ayudó ({message}). ¿Qué ha cambiado desde entonces? "
        "Basta una línea, y nadie la ve si tú no lo dices."
    ),
    one_month="un mes",
    three_months="tres meses",
    this_message="tu mensaje",
    tell="Contarlo en una línea",
    in_a_month="Dentro de un mes",
    nothing_new="Nada nuevo",
    story_title="¿Qué cambió?",
    story_text="¿Qué cambió para ti o para tu trabajo?",
    story_text_again="¿Qué ha salido de eso desde entonces?",
    story_saved="¿Ahorró tiempo o dinero?",
    story_saved_hint="Una línea, por ejemplo: dos días en cada informe.",
    story_consent="¿Pueden leerlo otras personas? Puede aparecer en el informe de la comunidad.",
    consent_named="Sí, con mi nombre",
    consent_unnamed="Sí, sin mi nombre",
    consent_none="No, guárdalo para mí",
    story_kept="¡Gracias! Lo he guardado: {seen}. Puedes cambiarlo en cualquier momento.",
    seen_named="otras personas pueden leerlo, con tu nombre",
    seen_unnamed="otras personas pueden leerlo, sin tu nombre",
    seen_none="nadie más lo ve",
    change="Cambiar",
    delete="Borrar",
    story_put_off="De acuerdo, volveré a preguntar dentro de un mes.",
    story_declined="De acuerdo. No te pediré más historias.",
    story_nothing_new="De acuerdo. Gracias por decírmelo.",
    story_deleted="Está borrado.",
    story_not_yours="Esta pregunta no es para ti.",
    my_stories="Lo que me contaste sobre lo que te ayudó",
)
