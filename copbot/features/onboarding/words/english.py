"""What onboarding says in English."""

from copbot.features.onboarding.words.phrases import Words

ENGLISH = Words(
    plain_welcome="Hello, and welcome to *{community}*! We would like to get to know you a little.",
    one_question="Answer 1 question",
    several_questions="Answer {count} questions",
    read_guidelines="Read the guidelines",
    say_hello="Say hello",
    change_answers="Change my answers",
    send="Send",
    later="Later",
    choose="Choose",
    yes="Yes",
    no="No",
    share_in="Share in #{channel}",
    share_hint="This becomes your introduction. Untick what you would rather keep to yourself.",
    shared_mark="Goes into your introduction, unless you untick it below.",
    known_already="You have told me already, so I do not ask again:",
    kept_as_typed=(
        "Kept as you type, and seen by nobody before you press Send. Then moderators can read it, and everybody what you"
        " share."
    ),
    guidelines="Guidelines",
    accept_guidelines="I will keep to these guidelines",
    needs_answer="Please answer this one.",
    needs_day="Please choose a day.",
    needs_tick="Please tick this to go on.",
    thanks_introduced="Thank you! Your introduction is in {channel}.",
    thanks_kept="Thank you! I have kept your answers and shared none of them.",
    saved_introduced="Saved. Your introduction in {channel} is up to date.",
    saved_kept="Saved. I have kept your answers and shared none of them.",
    questions_changed="The questions changed while you were writing. What you wrote is kept; press below to see the new ones.",
    both_kept="You had sent other answers in between. The latest to each question is kept.",
    declined=(
        "That is perfectly fine: I will not write to you about this again. `{command} me` is there whenever you like."
    ),
    declined_before="You told me so before, and I keep to it.",
    withdrawn_now="Your introduction is withdrawn. Your answers are kept, and shared with nobody.",
    nothing_to_withdraw="There is no introduction of yours to withdraw.",
    answers_here="*Your answers*",
    not_answered_yet="Your questions are still open. They take a minute.",
    begun="You have begun to answer; what you wrote is kept.",
    shared_here=":speech_balloon: stands in your introduction in {channel}.",
    withdraw="Withdraw my introduction",
    declined_here="You said no, thanks, so I do not ask. You can still answer whenever you like.",
    route="*{topic}*: {places} is the place for it.",
    route_without_channel="*{topic}*:",
    route_people="Ask {people}.",
    route_reading="Worth reading: {link}",
    both="{first} or {second}",
    a_thread="a thread of ours",
    no_thanks="No, thanks",
    partly="Partly",
    not_yet="Not yet",
    outcome_title="Thank you",
    outcome_said="You said: *{verdict}*.",
    outcome_ask="What helped, or what was missing? One line is plenty.",
    outcome_read_by="The moderators read this, beside what you told us when you joined. Nobody else does.",
    outcome_noted="You said *{verdict}*. Thank you! If you change your mind, press again.",
    outcome_unknown="I have not asked you this yet. All is well!",
    bronze="Bronze",
    silver="Silver",
    gold="Gold",
    referral_thanks=(
        "Thank you, {name}! {count} people whom you invited have joined in here by now: that is *{level}*."
        " {community} grows by people like you."
    ),
    referral_announcement=(
        ":raised_hands: {count} people have joined in here because {member} invited them. That is *{level}*. Thank you!"
    ),
    referrals_one="1 person whom you invited has joined in.",
    referrals_some="{count} people whom you invited have joined in.",
    referrals_level="That is *{level}*.",
    referrals_next="{more} more to {level}.",
    not_yours="These questions are for people who have just joined, and I have none for you. All is well!",
    closed="These questions are closed by now. You are welcome to say hello in the channel.",
    withdrawn="This introduction was withdrawn.",
)
