"""What members say when they are asked in private: pulse surveys, and stories of what helped."""

from copbot.core.feature import Feature
from copbot.features.voices.listeners import ACTIONS, FORMS, GUARDED
from copbot.features.voices.overview import picture
from copbot.features.voices.pulse.own import step
from copbot.features.voices.schedule import next_due, plan_due
from copbot.features.voices.stories.own import about
from copbot.features.voices.stories.service import follow

FEATURE = Feature(
    "voices",
    actions=ACTIONS,
    forms=FORMS,
    guarded=GUARDED,
    about=about,
    step=step,
    picture=picture,
    follow=follow,
    plan_due=plan_due,
    next_due=next_due,
)
