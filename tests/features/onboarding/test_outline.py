"""How the follow-ups are read back to the coordinators."""

from datetime import timedelta

from copbot.core.onboarding import FollowUp, Onboarding, Question, ReferralThanks
from copbot.features.onboarding.follow_up.outline import outline

INVITED_BY = Question("invited_by", "Who invited you?", "person")


def test_each_follow_up_is_a_line_in_order_of_time() -> None:
    follow_ups = (
        FollowUp(timedelta(days=30), prompt="month.j2", asks_outcome=True),
        FollowUp(timedelta(days=3), "open", prompt="reminder.j2"),
        FollowUp(timedelta(days=3), "answered", prompt="step.j2"),
        FollowUp(timedelta(days=7), "silent", tell_moderators=True),
    )
    assert outline(Onboarding("welcome.j2", (INVITED_BY,), follow_ups=follow_ups)) == (
        "3 days after the welcome, to those who have not answered, nor written: reminder.j2",
        "3 days after the welcome, to those who answered, but never wrote: step.j2",
        "7 days after the welcome: the moderators hear of those who neither answered nor wrote",
        "30 days after the welcome, to everybody: month.j2, with the buttons Yes, Partly, Not yet",
        "thanks to those who brought 2, 10, 25 people, in private",
    )


def test_no_onboarding_has_no_lines_and_thanks_only_where_they_are() -> None:
    assert outline(None) == ()
    assert outline(Onboarding("welcome.j2", (Question("goal", "What for?"),))) == ()
    assert outline(Onboarding("welcome.j2", (INVITED_BY,), referrals=ReferralThanks("off"))) == ()
    assert outline(Onboarding("welcome.j2", (INVITED_BY,), referrals=ReferralThanks("public"))) == (
        "thanks to those who brought 2, 10, 25 people, in private and for all to read",
    )
