"""English."""

from copbot.features.voices.words.phrases import Words

ENGLISH = Words(
    send="Send",
    later="Not now",
    no_thanks="No, thanks",
    closed="This is over by now. Thank you all the same.",
    pulse_invitation=(
        "How is *{community}* for you? {questions}, one minute, and nobody sees who said what. Open until {day}."
    ),
    one_question="One question",
    some_questions="{count} questions",
    pulse_action_before="After the last round this was promised: “{action}”",
    pulse_answer="Answer",
    pulse_title="In a minute",
    pulse_anonymous=(
        "Anonymous: your name is not kept with your answers, and results are shown only from five answers on. "
        "What you send cannot be changed, for nobody knows which answers are yours."
    ),
    pulse_thanks="Thank you, that helps. Nobody can see which answers are yours.",
    pulse_declined="Fine. I will not ask about this again.",
    pulse_taken="You have answered or declined this already. Thank you!",
    pulse_nothing="Nothing was filled in: answer at least one question, or close this.",
    scale_low="not at all",
    scale_high="very much",
    useful="How useful was this community to your work lately?",
    more="What should there be more of, or less?",
    story_question=(
        "You wrote in {channel} that something helped ({message}). What did it change for you or your work? "
        "A line is enough, and nobody sees it unless you say so."
    ),
    story_again=(
        "{when} ago you told me what had helped you:\n{told}\nWhat has come of it since? "
        "A line is enough, and nobody sees it unless you say so."
    ),
    story_later_again=(
        "{when} ago you wrote in {channel} that something helped ({message}). What has it changed since? "
        "A line is enough, and nobody sees it unless you say so."
    ),
    one_month="A month",
    three_months="Three months",
    this_message="your message",
    tell="Tell in a line",
    in_a_month="Ask me in a month",
    nothing_new="Nothing new",
    story_title="What did it change?",
    story_text="What did it change for you or your work?",
    story_text_again="What has come of it since?",
    story_saved="Did it save time or money?",
    story_saved_hint="One line, such as: two days for each report.",
    story_consent="May others read it? It may stand in the community's report.",
    consent_named="Yes, with my name",
    consent_unnamed="Yes, without my name",
    consent_none="No, keep it for me",
    story_kept="Thank you! I have kept it: {seen}. You can change that at any time.",
    seen_named="others may read it, with your name",
    seen_unnamed="others may read it, without your name",
    seen_none="nobody else sees it",
    change="Change",
    delete="Delete",
    story_put_off="Fine, I will ask again in a month.",
    story_declined="Fine. I will not ask you for stories again.",
    story_nothing_new="Fine. Thank you for telling me.",
    story_deleted="It is deleted.",
    story_not_yours="This is not yours to answer.",
    my_stories="What you told me about what helped you",
)
