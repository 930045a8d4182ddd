"""Onboarding: a warm welcome, two or three questions, an introduction."""

from copbot.core.community import Community
from copbot.core.delivery import Block
from copbot.core.feature import Feature
from copbot.core.ports import Context, Tx
from copbot.features.onboarding.follow_up.due import next_due, plan_due
from copbot.features.onboarding.listeners import ACTIONS, CLOSED, COMMANDS, DRAFTS, FORMS, GUARDED
from copbot.features.onboarding.newcomer import overview
from copbot.features.onboarding.own import about, brief, step, take_back
from copbot.features.onboarding.referral.service import about_referrals
from copbot.features.onboarding.rehearsal.preview import PREVIEW
from copbot.features.onboarding.service import follow


def _about(ctx: Context, tx: Tx, community: Community, user: str) -> tuple[Block, ...]:
    return (*about(ctx, tx, community, user), *about_referrals(ctx, tx, community, user))


def _brief(ctx: Context, tx: Tx, community: Community, user: str) -> tuple[Block, ...]:
    return (*brief(ctx, tx, community, user), *about_referrals(ctx, tx, community, user))


def _take_back(ctx: Context, tx: Tx, user: str) -> None:
    for community in ctx.communities():
        take_back(ctx, tx, community.id, user)


FEATURE = Feature(
    name="onboarding",
    take_back=_take_back,
    commands=COMMANDS,
    actions=ACTIONS,
    forms=FORMS,
    closed=CLOSED,
    guarded=GUARDED,
    drafts=DRAFTS,
    about=_about,
    brief=_brief,
    step=step,
    today=overview.today,
    status=overview.status,
    member=overview.member,
    follow=follow,
    plan_due=plan_due,
    next_due=next_due,
    preview=PREVIEW,
)
