"""From shapes to the core's own values: what the files mean."""

from collections.abc import Mapping
from typing import Any

from copbot.adapters.files.care_meaning import duty_of, unanswered_of
from copbot.adapters.files.digest_meaning import digest_of
from copbot.adapters.files.onboarding_meaning import onboarding_of
from copbot.adapters.files.post_meaning import spacing_of
from copbot.adapters.files.shapes import Sections
from copbot.adapters.files.voices_meaning import pulse_of
from copbot.core.community import (
    Attention,
    Backups,
    Channels,
    Community,
    LevelRule,
    Participation,
    Points,
    Privacy,
    Reports,
    Roles,
)
from copbot.core.posts import Milestone, Post


def community_of(
    shapes: Mapping[str, Any], posts: tuple[Post, ...], milestones: tuple[Milestone, ...], folder: str
) -> Community:
    """A community of its checked sections; a section that no file has keeps its defaults."""
    about, channels, roles = shapes["community"], shapes["channels"], shapes["roles"]
    attention = _section(shapes, "attention")
    participation = _section(shapes, "participation")
    privacy = _section(shapes, "privacy")
    reports = _section(shapes, "reports")
    onboarding = shapes.get("onboarding")
    return Community(
        id=about.id,
        name=about.name,
        timezone=about.timezone,
        purpose=about.purpose.strip(),
        language=about.language,
        channels=Channels(tuple(channels.discussion), channels.moderators, channels.introductions),
        roles=Roles(tuple(roles.coordinators), tuple(roles.moderators)),
        unanswered=unanswered_of(_section(shapes, "unanswered")),
        duty=None if shapes.get("duty") is None else duty_of(shapes["duty"]),
        attention=Attention(attention.member.day, attention.member.week, attention.channel.day, attention.quiet),
        participation=Participation(
            window=participation.window,
            points=Points(**participation.points.model_dump()),
            core=LevelRule(**participation.core.model_dump()),
            active=LevelRule(**participation.active.model_dump()),
            dormant_after=participation.dormant_after,
            recognition=participation.recognition,
        ),
        privacy=Privacy(privacy.keep_text, privacy.keep_activity, privacy.forget_deactivated_after),
        reports=Reports(brief=reports.brief == "weekly", monthly=reports.monthly == "on"),
        digest=digest_of(_section(shapes, "digest")),
        spacing=spacing_of(_section(shapes, "spacing")),
        posts=posts,
        milestones=milestones,
        onboarding=None if onboarding is None else onboarding_of(onboarding),
        pulse=None if shapes.get("pulse") is None else pulse_of(shapes["pulse"]),
        backup=None if shapes.get("backup") is None else Backups(shapes["backup"].keep, shapes["backup"].to.strip()),
        stories=_section(shapes, "stories") == "on",
        folder=folder,
    )


def _section(shapes: Mapping[str, Any], name: str) -> Any:
    return shapes.get(name, Sections.model_fields[name].default)
