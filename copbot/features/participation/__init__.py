"""Who takes part how: levels and the community's figures."""

from copbot.core.feature import Feature
from copbot.features.participation.due import next_due, plan_due, prepare
from copbot.features.participation.listeners import COMMANDS, about, member, picture, status, today
from copbot.features.participation.report.monthly import COMMANDS as REPORT_COMMANDS
from copbot.features.participation.report.part import part

FEATURE = Feature(
    "participation",
    commands=(*COMMANDS, *REPORT_COMMANDS),
    about=about,
    today=today,
    picture=picture,
    status=status,
    member=member,
    prepare=prepare,
    plan_due=plan_due,
    next_due=next_due,
    report=part,
)
