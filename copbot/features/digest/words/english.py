"""The digest in English."""

from copbot.features.digest.words.phrases import Phrases

ENGLISH = Phrases(
    heading="*What you may have missed in {community}*",
    may_know="Would you know?",
    yours="For you",
    coming="Coming up",
    answered="Answered",
    question="We asked",
    waits="Waits for an answer",
    lively="Talked about",
    asked_nameless="{who} asked something",
    wrote_nameless="{who} began a thread",
    alone_nameless="{who} wrote something that got reactions",
    yours_nameless="your message",
    post_nameless="our question",
    somebody="Somebody",
    answers=("1 answer", "{count} answers"),
    people=("1 person", "{count} people"),
    rest=("one more message", "{count} more messages"),
    more="Also",
)
