"""Members' digests on a real store: who gets one, when, and what stands in it."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from scene import COMMUNITY, MONDAY, Scene

from copbot.core.community import Community
from copbot.core.delivery import Outgoing
from copbot.core.digest import DigestRules
from copbot.core.facts import ChannelSeen, MembershipSeen, UserSeen
from copbot.core.ports.attention import Decision
from copbot.core.posts import DateWhen, Milestone, Post
from copbot.core.preferences import Preferences
from copbot.core.previews import Wanted
from copbot.core.time import DAY_US, to_us
from copbot.features.digest.community_wide import issue
from copbot.features.digest.rehearsal import PREVIEW
from copbot.features.digest.service import next_due, nightly, plan_due

TUESDAYS = replace(COMMUNITY, digest=DigestRules(on=(1,)))
TUESDAY = datetime(2026, 11, 17, 10, 0, tzinfo=UTC)
KEY = "digest:data:2026-W47:{}"

Played = Callable[..., Scene]


@pytest.fixture
def play(tmp_path: Path) -> Iterator[Played]:
    """A community on Monday morning; UANA, UBEN and UJESS have been in the public channel CDATA for a month."""
    scenes: list[Scene] = []

    def made(community: Community = TUESDAYS, prompts: dict[str, str] | None = None, keep: str = "all") -> Scene:
        scene = Scene(tmp_path, community, prompts=prompts)
        scene.store.keep_text_in = lambda _channel: keep  # type: ignore[assignment,return-value]
        scenes.append(scene)
        long_ago = to_us(scene.now) - 30 * DAY_US
        scene.record(ChannelSeen("CDATA", name="data", is_private=False, updated_us=long_ago))
        for user, name in (("UANA", "Ana"), ("UBEN", "Ben"), ("UJESS", "Jess")):
            joins(scene, user, name, long_ago)
        return scene

    yield made
    for scene in scenes:
        scene.close()


def joins(scene: Scene, user: str, name: str, at_us: int, channel: str = "CDATA", timezone: str = "UTC") -> None:
    scene.record(UserSeen(user, name=name, timezone=timezone, updated_us=at_us))
    scene.record(MembershipSeen(channel, user, is_member=True, at_us=at_us))


def planned(scene: Scene, at: datetime = TUESDAY) -> None:
    """Let the hour come, and the pass that goes with it."""
    scene.clock.jump(at - scene.now)
    plan_due(scene.ctx, scene.now)


def text_for(scene: Scene, user: str, key: str = KEY) -> str | None:
    found = scene.delivery(key.format(user))
    return None if found is None else found.outgoing.text


def sets(scene: Scene, user: str, **changed: object) -> None:
    with scene.store.begin() as tx:
        assert tx.preferences.save(replace(Preferences(user), **changed), to_us(scene.now))  # type: ignore[arg-type]


def test_a_member_is_told_what_they_did_not_see(play: Played) -> None:
    scene = play()
    asked = scene.says("UBEN", "How do you link registers to the census?")
    scene.says("UJESS", "We match on the address.", thread=asked)
    scene.says("UBEN", "Who has a form for site visits?")
    planned(scene)
    assert text_for(scene, "UANA") == (
        "*What you may have missed in Data &lt;3*\n"
        f"• *Answered:* <https://example.slack.com/archives/CDATA/p{asked}|How do you link registers to the census?>"
        " · 1 answer · <#CDATA>\n"
        f"• *Waits for an answer:* <https://example.slack.com/archives/CDATA/p{asked + 2}|Who has a form for site visits?>"
        " · Ben · <#CDATA>"
    )


def test_nothing_is_planned_before_its_hour_and_nothing_twice(play: Played) -> None:
    scene = play()
    scene.says("UBEN", "Who has a form for site visits?")
    planned(scene, TUESDAY - timedelta(microseconds=1))
    assert text_for(scene, "UANA") is None
    assert next_due(scene.ctx, scene.now) == TUESDAY
    planned(scene)
    first = scene.delivery(KEY.format("UANA"))
    scene.says("UBEN", "And who has one for interviews?")
    for minutes in (0, 30, 60 * 23):
        scene.wait(minutes=minutes)
        plan_due(scene.ctx, scene.now)
    assert first is not None
    assert scene.delivery(KEY.format("UANA")) == first


def test_a_restart_in_between_makes_none_twice(play: Played, tmp_path: Path) -> None:
    scene = play()
    scene.says("UBEN", "Who has a form for site visits?")
    planned(scene)
    first = scene.delivery(KEY.format("UANA"))
    from copbot.adapters.store.sql import SqlStore

    scene.store = SqlStore(scene.engine, 1)  # what was kept in memory is gone with the process
    scene.ctx = replace(scene.ctx, store=scene.store)
    scene.says("UBEN", "And who has one for interviews?")
    plan_due(scene.ctx, scene.now)
    assert scene.delivery(KEY.format("UANA")) == first


def test_where_there_is_nothing_to_tell_nothing_is_sent_and_that_is_noted(play: Played) -> None:
    scene = play()
    planned(scene)
    assert text_for(scene, "UANA") is None
    with scene.store.read() as tx:
        looked = tx.digests.looked_at("data", ["UANA"])
    assert looked["UANA"].period == "2026-W47"
    scene.says("UBEN", "Who has a form for site visits?")
    plan_due(scene.ctx, scene.now)
    assert text_for(scene, "UANA") is None, "this week's was empty; the question comes with the next"
    planned(scene, TUESDAY + timedelta(weeks=1))
    assert "site visits" in (text_for(scene, "UANA", "digest:data:2026-W48:{}") or "")


def test_what_somebody_wrote_after_it_they_have_seen(play: Played) -> None:
    scene = play()
    asked = scene.says("UBEN", "Who has a form for site visits?")
    scene.reacts("UANA", "eyes", asked)
    planned(scene)
    assert text_for(scene, "UANA") is None
    assert text_for(scene, "UBEN") is None, "their own question is no news to them"
    assert text_for(scene, "UJESS") is not None


def test_the_next_one_does_not_repeat_the_last(play: Played) -> None:
    scene = play()
    scene.says("UBEN", "Who has a form for site visits?")
    planned(scene)
    planned(scene, TUESDAY + timedelta(weeks=1))
    assert text_for(scene, "UANA", "digest:data:2026-W48:{}") is None


def test_answers_to_their_own_message_come_first(play: Played) -> None:
    scene = play()
    mine = scene.says("UANA", "How do you link registers?")
    scene.says("UBEN", "By address.", thread=mine)
    scene.says("UJESS", "By name.", thread=mine)
    scene.says("UBEN", "Who has a form for site visits?")
    planned(scene)
    lines = (text_for(scene, "UANA") or "").splitlines()
    assert lines[1].startswith("• *For you:* ")
    assert "2 answers" in lines[1]


def test_who_answered_alike_is_asked_whether_they_know(play: Played) -> None:
    scene = play()
    old = scene.says("UBEN", "How do you link the census registers of villages?")
    scene.says("UANA", "By village code.", thread=old)
    scene.wait(minutes=1)
    scene.says("UBEN", "Which census registers of villages do you trust?")
    planned(scene)
    assert "• *Would you know?* " in (text_for(scene, "UANA") or "")
    assert "Would you know" not in (text_for(scene, "UJESS") or "")


@pytest.mark.parametrize(
    ("settings", "gets_it"),
    [
        ({"mode": "everything"}, True),
        ({"mode": "light"}, True),
        ({"mode": "off"}, False),
        ({"off": frozenset({"digest"})}, False),
        ({"off": frozenset({"recognition"})}, True),
        ({"paused_until_us": to_us(TUESDAY)}, True),
        ({"paused_until_us": to_us(TUESDAY) + 1}, False),
    ],
    ids=str,
)
def test_it_goes_to_those_whose_settings_allow_one(play: Played, settings: dict[str, object], gets_it: bool) -> None:
    scene = play()
    scene.says("UBEN", "Who has a form for site visits?")
    sets(scene, "UANA", **settings)
    planned(scene)
    assert (text_for(scene, "UANA") is not None) is gets_it


@pytest.mark.parametrize(
    ("joined", "gets_it"),
    [
        (MONDAY.replace(hour=0) - timedelta(microseconds=1), True),
        (MONDAY.replace(hour=0), False),
    ],
)
def test_new_members_get_their_first_in_the_week_after_they_came(play: Played, joined: datetime, gets_it: bool) -> None:
    scene = play()
    joins(scene, "UNEW", "Nia", to_us(joined))
    scene.says("UBEN", "Who has a form for site visits?")
    planned(scene)
    assert (text_for(scene, "UNEW") is not None) is gets_it
    scene.says("UBEN", "And who has one for interviews?")
    planned(scene, TUESDAY + timedelta(weeks=1))
    assert text_for(scene, "UNEW", "digest:data:2026-W48:{}") is not None


def test_who_left_or_was_deactivated_gets_none(play: Played) -> None:
    scene = play()
    scene.says("UBEN", "Who has a form for site visits?")
    planned(scene, TUESDAY - timedelta(hours=1))
    scene.record(MembershipSeen("CDATA", "UANA", is_member=False, at_us=to_us(scene.now)))
    scene.record(UserSeen("UJESS", is_deleted=True, updated_us=to_us(scene.now)))
    planned(scene)
    assert text_for(scene, "UANA") is None
    assert text_for(scene, "UJESS") is None


def test_nobody_is_told_of_a_private_channel_that_they_are_not_in(play: Played) -> None:
    both = replace(TUESDAYS, channels=replace(TUESDAYS.channels, discussion=("#data", "#maps")))
    scene = play(both)
    scene.record(ChannelSeen("CMAPS", name="maps", is_private=True, updated_us=to_us(scene.now) - DAY_US))
    joins(scene, "UJESS", "Jess", to_us(scene.now) - 20 * DAY_US, channel="CMAPS")
    joins(scene, "UBEN", "Ben", to_us(scene.now) - 20 * DAY_US, channel="CMAPS")
    scene.says("UBEN", "Who knows the secret map?", channel="CMAPS")
    planned(scene)
    assert text_for(scene, "UANA") is None
    assert "secret map" in (text_for(scene, "UJESS") or "")


@pytest.mark.parametrize(
    ("keep", "told"), [("none", "Ben asked something"), ("questions", "Who has"), ("all", "Who has")]
)
def test_where_no_text_is_kept_it_says_who_asked(play: Played, keep: str, told: str) -> None:
    scene = play(keep=keep)
    scene.says("UBEN", "Who has a form for site visits?")
    planned(scene)
    assert told in (text_for(scene, "UANA") or "")


def test_where_no_text_is_kept_what_people_reacted_to_is_no_thread(play: Played) -> None:
    scene = play(keep="none")
    said = scene.says("UBEN", "A new map of the wells.")
    for user in ("UJESS", "UMOD", "UZOE"):
        scene.reacts(user, "tada", said)
    planned(scene)
    assert "|Ben wrote something that got reactions>" in (text_for(scene, "UANA") or "")


def test_a_text_that_was_kept_before_the_rule_changed_is_not_shown(play: Played) -> None:
    scene = play(keep="all")
    scene.says("UBEN", "Who has a form for site visits?")
    scene.store.keep_text_in = lambda _channel: "none"
    planned(scene)
    assert "site visits" not in (text_for(scene, "UANA") or "")


def test_words_of_people_can_neither_link_nor_notify(play: Played) -> None:
    scene = play()
    scene.says("UBEN", "Who can open <https://evil.example|this> a|b &lt;!channel&gt; @here <@UANA>?")
    planned(scene)
    text = text_for(scene, "UANA") or ""
    assert "<!channel>" not in text
    assert "<@UANA>" not in text
    assert "evil.example" not in text
    assert text.count("<https://example.slack.com/") == 1


def test_what_comes_with_a_date_is_told_once_within_the_week_before(play: Played) -> None:
    soon, late = datetime(2026, 11, 19, 14, 0), datetime(2026, 11, 26, 14, 0)  # noqa: DTZ001 - wall time
    posts = (
        Post("webinar-call", "#data", DateWhen(soon), text="It begins."),
        Post("later-call", "#data", DateWhen(late), text="It begins."),
        Post("paused-call", "#data", DateWhen(soon), text="It begins.", paused=True),
    )
    milestone = Milestone("guide", "A guide to registers", soon.date(), link="https://example.org/guide")
    scene = play(replace(TUESDAYS, posts=posts, milestones=(milestone,)))
    planned(scene)
    text = text_for(scene, "UANA") or ""
    assert "Webinar call" in text
    assert "<https://example.org/guide|A guide to registers>" in text
    assert "Later call" not in text
    assert "Paused call" not in text
    planned(scene, TUESDAY + timedelta(weeks=1))
    text = text_for(scene, "UANA", "digest:data:2026-W48:{}") or ""
    assert "Later call" in text
    assert "Webinar call" not in text


def test_what_found_no_room_joins_it(play: Played) -> None:
    scene = play()
    with scene.store.begin() as tx:
        tx.deliveries.plan(
            Outgoing("post:1:UANA", "post", "UANA", "*Our webinar* is on Friday", to_us(scene.now), community="data")
        )
        (entry,) = tx.ledger.account("UANA", ("post",), 0)
        tx.ledger.record(entry, Decision("digest", "the budget is spent"), to_us(scene.now))
    planned(scene)
    assert "• *Our webinar* is on Friday" in (text_for(scene, "UANA") or "")


def holds_back(scene: Scene, *thanks: str) -> None:
    with scene.store.begin() as tx:
        for said in thanks:
            tx.deliveries.plan(Outgoing(said, "recognition", "UANA", said, to_us(scene.now), community="data"))
        for entry in tx.ledger.account("UANA", ("recognition",), 0):
            tx.ledger.record(entry, Decision("digest", "the budget is spent"), to_us(scene.now))


def test_all_that_was_held_back_is_told_however_much_it_is_and_once(play: Played) -> None:
    scene = play()
    scene.says("UBEN", "Who has a form for site visits?")
    thanks = [f"Thanks {number}" for number in range(7)]
    holds_back(scene, *thanks)
    planned(scene)
    lines = (text_for(scene, "UANA") or "").splitlines()[1:]
    assert lines == [f"• {one}" for one in thanks]
    scene.send()
    planned(scene, TUESDAY + timedelta(weeks=1))
    assert "Thanks" not in (text_for(scene, "UANA", "digest:data:2026-W48:{}") or "")


def test_what_was_held_back_is_told_by_the_first_digest_after_a_long_pause(play: Played) -> None:
    scene = play()
    sets(scene, "UANA", paused_until_us=to_us(TUESDAY + timedelta(weeks=4)))
    holds_back(scene, "Thanks")
    for weeks in range(4):
        planned(scene, TUESDAY + timedelta(weeks=weeks))
    planned(scene, TUESDAY + timedelta(weeks=4))
    assert "Thanks" in (text_for(scene, "UANA", "digest:data:2026-W51:{}") or "")


def test_what_a_digest_was_to_say_that_found_no_room_the_next_one_says(play: Played) -> None:
    scene = play()
    scene.says("UBEN", "Who has a form for site visits?")
    holds_back(scene, "Thanks")
    planned(scene)
    with scene.store.begin() as tx:
        (entry,) = tx.ledger.account("UANA", ("digest",), 0)
        tx.ledger.record(entry, Decision("expired", "the budget is spent"), to_us(scene.now))
    planned(scene, TUESDAY + timedelta(weeks=1))
    text = text_for(scene, "UANA", "digest:data:2026-W48:{}") or ""
    assert "Thanks" in text
    assert "site visits" in text


def test_what_was_deleted_since_is_told_no_more(play: Played) -> None:
    scene = play()
    asked = scene.says("UBEN", "Who has a form for site visits?")
    other = scene.says("UBEN", "And how do you link registers?")
    planned(scene)
    scene.deletes(asked)
    assert text_for(scene, "UANA") == (
        "*What you may have missed in Data &lt;3*\n• *Waits for an answer:*"
        f" <https://example.slack.com/archives/CDATA/p{other}|And how do you link registers?> · Ben · <#CDATA>"
    )
    scene.deletes(other)
    assert "registers" not in (text_for(scene, "UANA") or "")
    scene.wait(minutes=1)
    assert [one for one in scene.send() if one.outgoing.kind == "digest"] == []


def test_after_an_outage_a_late_one_still_comes_for_a_day(play: Played) -> None:
    scene = play()
    scene.says("UBEN", "Who has a form for site visits?")
    planned(scene, TUESDAY + timedelta(days=1) - timedelta(microseconds=1))
    assert text_for(scene, "UANA") is not None


def test_one_that_is_later_waits_for_the_next_which_makes_up_for_it(play: Played) -> None:
    scene = play()
    scene.says("UBEN", "Who has a form for site visits?")
    planned(scene, TUESDAY + timedelta(days=1))
    assert text_for(scene, "UANA") is None
    planned(scene, TUESDAY + timedelta(weeks=1))
    assert "site visits" in (text_for(scene, "UANA", "digest:data:2026-W48:{}") or "")
    planned(scene, TUESDAY + timedelta(weeks=5))
    assert text_for(scene, "UANA", "digest:data:2026-W52:{}") is None, "of a long absence nobody is told everything"


def test_each_gets_it_by_their_own_clock_and_hour(play: Played) -> None:
    scene = play()
    joins(scene, "UBKK", "Noi", to_us(scene.now) - 30 * DAY_US, timezone="Asia/Bangkok")
    for days in range(21, 3, -1):  # at 16:00 and 17:00 in Bangkok
        for hour in (9, 10):
            scene.clock.jump(MONDAY.replace(hour=hour) - timedelta(days=days) - scene.now)
            scene.says("UBKK", "A note of mine.")
    scene.clock.jump(MONDAY - scene.now)
    scene.says("UBEN", "Who has a form for site visits?")
    planned(scene, TUESDAY.replace(hour=8, minute=59))
    assert text_for(scene, "UBKK") is None
    planned(scene, TUESDAY.replace(hour=9))
    assert text_for(scene, "UBKK") is not None
    assert text_for(scene, "UANA") is None


def test_off_is_off_for_all(play: Played) -> None:
    scene = play(replace(COMMUNITY, digest=None))
    scene.says("UBEN", "Who has a form for site visits?")
    planned(scene)
    assert text_for(scene, "UANA") is None
    assert next_due(scene.ctx, scene.now) is None


def test_the_communitys_own_template_is_used_in_the_members_language(play: Played) -> None:
    source = "{{ member.name }}{% for e in entries %}|{{ e.kind }} {{ e.who }} {{ e.title }}{% endfor %}"
    scene = play(prompts={"digest.j2": f"EN {source}", "data/digest.fr.j2": f"FR {source}"})
    scene.record(UserSeen("UJESS", locale="fr-FR", updated_us=to_us(scene.now)))
    scene.says("UBEN", "Who has <3 forms?")
    planned(scene)
    assert text_for(scene, "UANA") == "EN Ana|waits Ben Who has &lt;3 forms?"
    assert text_for(scene, "UJESS") == "FR Jess|waits Ben Who has &lt;3 forms?"


def test_a_template_that_fails_costs_nobody_their_digest(play: Played) -> None:
    scene = play(prompts={"digest.j2": "{{ nothing.there }}"})
    scene.says("UBEN", "Who has a form for site visits?")
    planned(scene)
    assert "Waits for an answer" in (text_for(scene, "UANA") or "")
    with scene.store.read() as tx:
        told = tx.deliveries.begun_with("mistake:data:")
    assert [one.outgoing.target for one in told] == ["CMODS"]


def test_what_a_digest_said_is_forgotten_when_it_is_old(play: Played) -> None:
    scene = play()
    scene.says("UBEN", "Who has a form for site visits?")
    planned(scene)
    scene.send()
    scene.wait(days=8)
    nightly(scene.ctx, TUESDAYS, scene.now)
    assert "site visits" in (text_for(scene, "UANA") or "")
    scene.wait(days=2)
    nightly(scene.ctx, TUESDAYS, scene.now)
    assert text_for(scene, "UANA") == "What this digest said is kept no longer."


def test_a_preview_shows_what_a_member_would_get_and_notes_nothing(play: Played) -> None:
    scene = play()
    scene.says("UBEN", "Who has a form for site visits?")
    with scene.store.read() as tx:
        (shown,) = PREVIEW.show(scene.ctx, tx, TUESDAYS, Wanted(scene.now, "digest", as_name="ana"))
        (mine,) = PREVIEW.show(scene.ctx, tx, TUESDAYS, Wanted(scene.now, "digest", user="UBEN"))
        (new,) = PREVIEW.show(scene.ctx, tx, TUESDAYS, Wanted(scene.now, "digest", as_name="Zoe"))
        assert not tx.digests.looked_at("data", ["UANA"])
    assert (shown.where, shown.when) == ("a direct message to Ana", "next Tue 17 Nov 2026 10:00 (UTC)")
    assert "site visits" in shown.text
    assert mine.notes == ("there is nothing to tell: nothing is sent",)
    assert "site visits" in new.text
    assert "Nobody of this name" in new.why


def test_the_communitys_tells_the_year_where_it_is_another(play: Played) -> None:
    scene = play()
    scene.says("UBEN", "Who has a form for site visits?")
    scene.wait(hours=24 * 80)
    since = scene.now - timedelta(days=90)
    with scene.store.read() as tx:
        made = issue(scene.ctx, tx, TUESDAYS, {"CDATA": "data"}, since, scene.now)
    assert made.sections["waits"][0].detail == "Ben, Mon 16 November 2026, in #data"
