"""Coming back: each newcomer of that time found once, and the moderators told after long."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scene import COMMUNITY, Scene

from copbot.core.absence import Listing, came_or_went, left_unheard, take_stock
from copbot.core.arrivals import Listed
from copbot.core.community import Community
from copbot.core.facts import MembershipSeen, MessageSeen, UserSeen
from copbot.core.onboarding import Onboarding
from copbot.core.records import Happening
from copbot.core.time import DAY_US, HOUR_US, to_us

WELCOMING = replace(COMMUNITY, onboarding=Onboarding(welcome="w.j2", questions=()))
BY_CHANNEL = replace(WELCOMING, onboarding=Onboarding(welcome="w.j2", questions=(), starts_channel="#data"))


class Return:
    """A bot that comes and goes in a community."""

    def __init__(self, folder: Path, community: Community = WELCOMING) -> None:
        self.scene = Scene(folder, community)
        self.since_us: int | None = None
        self.unread: Mapping[str, int] = {}
        self.people: list[str] = ["UOLD", "UMOD"]
        self.channel: list[str] = ["UOLD"]

    @property
    def now_us(self) -> int:
        return to_us(self.scene.now)

    def comes(self, refused: bool = False, changed: dict[str, int] | None = None) -> None:
        changed = changed or {}
        people = [Listed(UserSeen(user, updated_us=self.now_us), changed.get(user)) for user in self.people]
        listing = Listing(None if refused else people, {"CDATA": tuple(self.channel)}, self.now_us)
        with self.scene.store.begin() as tx:
            take_stock(self.scene.ctx, tx, listing, self.since_us, self.unread)

    def hears(self, is_member: bool) -> bool:
        """That it was put into #data, or thrown out of it; whether it may have missed something there."""
        fact = MembershipSeen("CDATA", "UBOT", is_member, self.now_us)
        with self.scene.store.begin() as tx:
            tx.facts.record([fact])
            is_back = came_or_went(tx, fact, "UBOT")
            self.unread = tx.histories.unread()
        return is_back

    def goes(self) -> None:
        """Up to now nothing is missing."""
        self.since_us = self.now_us

    def found(self, kind: str = "joined_workspace") -> list[str]:
        """Of whom something follows, and then no more."""
        users: list[str] = []
        with self.scene.store.begin() as tx:
            while (happening := tx.inbox.next()) is not None:
                tx.inbox.done(happening.id, self.now_us)
                if happening.kind == kind:
                    users.append(happening.user)
        return users

    def told(self) -> list[str]:
        return [d.outgoing.text for d in self.scene.send() if d.outgoing.key.startswith("away:")]


@pytest.fixture
def bot(tmp_path: Path) -> Iterator[Return]:
    bot = Return(tmp_path)
    yield bot
    bot.scene.close()


@pytest.fixture
def by_channel(tmp_path: Path) -> Iterator[Return]:
    bot = Return(tmp_path, BY_CHANNEL)
    yield bot
    bot.scene.close()


def test_whoever_is_there_at_the_very_first_start_is_old(bot: Return) -> None:
    bot.comes()
    assert bot.found() == bot.found("joined_channel") == []
    bot.goes()
    bot.comes()
    assert bot.found() == []


def test_members_of_an_import_are_not_newcomers(bot: Return) -> None:
    bot.scene.record(UserSeen("UOLD", known_since_us=bot.now_us - DAY_US), MessageSeen("CDATA", bot.now_us - 9, "UMOD"))
    bot.comes()
    bot.goes()
    bot.scene.wait(days=2)
    bot.comes()
    assert bot.found() == []


def test_who_joined_meanwhile_is_found_once(bot: Return) -> None:
    bot.comes()
    bot.goes()
    bot.scene.wait(hours=3)
    bot.people.append("UNEW")
    bot.comes()
    assert bot.found() == ["UNEW"]
    bot.comes()  # the program was killed before it noted that nothing is missing any more
    assert bot.found() == []
    bot.goes()
    bot.scene.wait(days=2)
    bot.comes()
    assert bot.found() == []
    with bot.scene.store.read() as tx:
        person = tx.facts.person("UNEW")
    assert person is not None
    assert person.joined_us == bot.since_us


def test_who_was_told_of_by_an_event_is_not_found_again(bot: Return) -> None:
    bot.comes()
    bot.goes()
    bot.scene.wait(minutes=1)
    at_us = bot.scene.joins("UNEW")
    with bot.scene.store.begin() as tx:
        tx.inbox.once("event:1", at_us, Happening(0, "joined_workspace", "UNEW", at_us))
    bot.people.append("UNEW")
    bot.comes()
    assert bot.found() == ["UNEW"]


@pytest.mark.parametrize("meanwhile", ["wrote", "changed their profile", "joined a channel"])
def test_whatever_else_was_heard_of_them_first_they_are_found(bot: Return, meanwhile: str) -> None:
    bot.comes()
    bot.goes()
    bot.scene.wait(hours=3)
    bot.scene.record(
        {
            "wrote": MessageSeen("CDATA", bot.now_us, "UNEW", text="Hello"),
            "changed their profile": UserSeen("UNEW", timezone="Asia/Bangkok", updated_us=bot.now_us),
            "joined a channel": MembershipSeen("CDATA", "UNEW", True, bot.now_us),
        }[meanwhile]
    )
    bot.people.append("UNEW")
    bot.scene.wait(hours=1)
    bot.comes()
    assert bot.found() == ["UNEW"]


def test_a_returning_member_is_not_found(bot: Return) -> None:
    bot.comes()
    bot.goes()
    bot.people.remove("UOLD")
    bot.scene.wait(days=2)
    bot.comes()
    bot.goes()
    bot.people.append("UOLD")
    bot.scene.wait(days=2)
    bot.comes()
    assert bot.found() == []


def test_after_more_than_a_week_only_those_are_welcomed_of_whom_the_first_sign_is_recent(bot: Return) -> None:
    bot.comes()
    bot.goes()
    bot.scene.wait(days=20)
    bot.people += ["URECENT", "UEARLIER", "UNOSIGN"]
    bot.comes(changed={"URECENT": bot.now_us - 3 * DAY_US, "UEARLIER": bot.now_us - 9 * DAY_US})
    assert bot.found() == ["URECENT"]
    (told,) = bot.told()
    assert "1 person joined and I welcome them now: <@URECENT>." in told
    assert "2 people joined longer than a week ago, too late for a welcome of mine: <@UEARLIER>, <@UNOSIGN>" in told


def test_while_slack_refuses_the_list_nobody_is_found_and_the_next_list_is_a_first_one(bot: Return) -> None:
    bot.comes(refused=True)
    bot.goes()
    bot.scene.wait(days=1)
    bot.comes()
    assert bot.found() == []
    bot.goes()
    bot.people.append("UNEW")
    bot.scene.wait(hours=1)
    bot.comes()
    assert bot.found() == ["UNEW"]


def test_who_joined_a_channel_without_a_notice_is_found_there_once(by_channel: Return) -> None:
    bot = by_channel
    bot.comes()
    bot.goes()
    bot.scene.wait(days=2)
    bot.channel.append("UMOD")
    bot.comes()
    assert bot.found("joined_channel") == ["UMOD"]
    (told,) = bot.told()
    assert "1 person joined and I welcome them now: <@UMOD>." in told
    bot.comes()
    assert bot.found("joined_channel") == []


def test_who_is_in_a_channel_that_is_watched_anew_is_old(by_channel: Return) -> None:
    bot = by_channel
    with bot.scene.store.begin() as tx:
        people = [Listed(UserSeen(user, updated_us=bot.now_us)) for user in bot.people]
        take_stock(bot.scene.ctx, tx, Listing(people, {}, bot.now_us), None)
    bot.goes()
    bot.scene.wait(hours=1)
    bot.comes()
    assert bot.found("joined_channel") == []


# --- the summary ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("outside", "found"), [({"days": 3}, ["UNEW"]), ({"days": 21}, [])], ids=str)
def test_who_joined_a_channel_while_the_bot_was_outside_is_greeted_only_if_that_can_be_lately(
    by_channel: Return, outside: dict[str, float], found: list[str]
) -> None:
    by_channel.comes()
    by_channel.goes()
    by_channel.hears(is_member=False)
    by_channel.scene.wait(**outside)
    by_channel.channel.append("UNEW")
    by_channel.people.append("UNEW")
    by_channel.scene.record(UserSeen("UNEW", known_since_us=1))  # in the workspace for long
    by_channel.goes()  # in all other channels nothing is missing
    assert by_channel.hears(is_member=True)
    by_channel.scene.wait(minutes=1)
    by_channel.comes()
    assert by_channel.found("joined_channel") == found


def test_thrown_out_without_a_word_the_last_message_tells_since_when(bot: Return) -> None:
    assert not bot.hears(is_member=True), "a channel in which nothing was said yet"
    ts_us = bot.scene.says("UANA", "hi")
    bot.scene.wait(days=1)
    assert bot.hears(is_member=True)
    assert bot.unread == {"CDATA": ts_us}


def test_put_into_a_channel_for_the_first_time_it_has_missed_nothing_though_its_history_was_imported(
    bot: Return,
) -> None:
    bot.scene.says("UANA", "hi")
    bot.scene.wait(days=1)
    assert not bot.hears(is_member=True)
    assert bot.unread == {}


def test_of_another_persons_coming_and_going_nothing_is_missed(bot: Return) -> None:
    fact = MembershipSeen("CDATA", "UANA", False, bot.now_us)
    with bot.scene.store.begin() as tx:
        tx.facts.record([fact])
        assert not came_or_went(tx, fact, "UBOT")
        assert tx.histories.unread() == {}


def test_that_it_was_thrown_out_may_be_told_after_that_it_is_back(bot: Return) -> None:
    with bot.scene.store.begin() as tx:
        left, back = (MembershipSeen("CDATA", "UBOT", is_in, bot.now_us + is_in) for is_in in (False, True))
        tx.facts.record([back])
        assert not came_or_went(tx, back, "UBOT")
        tx.facts.record([left])
        assert came_or_went(tx, left, "UBOT")
        assert tx.histories.unread() == {"CDATA": left.at_us}


def test_after_long_the_moderators_are_told_once_what_was_missed(bot: Return) -> None:
    bot.comes()
    bot.goes()
    bot.scene.wait(days=3)
    bot.scene.record(
        MessageSeen("CDATA", bot.now_us - HOUR_US, "UOLD", text="How do you link two registers?"),
        MessageSeen("CDATA", bot.now_us - HOUR_US + 1, "UMOD", text="Good morning."),
        MessageSeen("CMAPS", bot.now_us - HOUR_US + 2, "UMOD", text="Not watched?"),
    )
    bot.people.append("UNEW")
    bot.comes()
    bot.comes()
    (told,) = bot.told()
    assert told.splitlines() == [
        "I was away for 3 days, from Mon 16 Nov 09:00 to Thu 19 Nov 09:00. I have read what you wrote meanwhile:",
        "• 2 messages by 2 people; 1 question has no answer yet (`/cop unanswered`).",
        "• 1 person joined and I welcome them now: <@UNEW>.",
        "• Buttons, forms and commands of that time did not reach me. Please do again what still matters.",
    ]


@pytest.mark.parametrize(("away", "told"), [(timedelta(days=1) - timedelta(seconds=1), 0), (timedelta(days=1), 1)])
def test_of_less_than_a_day_nobody_hears(bot: Return, away: timedelta, told: int) -> None:
    bot.comes()
    bot.goes()
    bot.scene.clock.jump(away)
    bot.comes()
    assert len(bot.told()) == told


def test_whom_the_file_does_not_welcome_is_not_said_to_be_welcomed(bot: Return) -> None:
    onboarding = replace(WELCOMING, onboarding=Onboarding(welcome="w.j2", questions=(), welcomes=("members",)))
    bot.scene.communities = (onboarding,)
    bot.comes()
    bot.goes()
    bot.scene.wait(days=10)
    bot.scene.record(*(UserSeen(guest, is_guest=True, updated_us=bot.now_us + 1) for guest in ("UGUEST", "UEARLY")))
    bot.people += ["UNEW", "UGUEST", "ULATE", "UEARLY"]
    bot.comes(changed={"UNEW": bot.now_us - DAY_US, "UGUEST": bot.now_us - DAY_US})
    (told,) = bot.told()
    assert "1 person joined and I welcome them now: <@UNEW>." in told
    assert "1 person joined longer than a week ago, too late for a welcome of mine: <@ULATE>." in told


def test_a_hundred_newcomers_are_counted_and_some_named(bot: Return) -> None:
    bot.comes()
    bot.goes()
    bot.scene.wait(days=2)
    bot.people += [f"UNEW{number:03}" for number in range(100)]
    bot.comes()
    (told,) = bot.told()
    assert "100 people joined" in told
    assert told.count("<@UNEW") == 15
    assert "and 85 more" in told


# --- laws ----------------------------------------------------------------------------------------------------------


@settings(max_examples=25)
@given(
    st.lists(
        st.tuples(
            st.sampled_from(["join", "join heard", "late event", "write", "leave", "crash", "return", "wait"]),
            st.integers(0, 5),
        ),
        max_size=25,
    )
)
def test_however_it_comes_and_goes_each_newcomer_is_found_and_nobody_twice(
    tmp_path_factory: pytest.TempPathFactory, doings: Sequence[tuple[str, int]]
) -> None:
    bot = Return(tmp_path_factory.mktemp("law"))
    bot.comes()
    bot.goes()
    found: list[str] = []
    for what, number in [*doings, ("return", 0)]:
        bot.scene.wait(hours=1)
        user = f"U{number}"
        if what in ("join", "join heard") and user not in bot.people:
            bot.people.append(user)
        if what == "join heard" or (what == "late event" and user in bot.people):
            at_us = bot.now_us
            with bot.scene.store.begin() as tx:
                tx.inbox.once(f"event:{user}", at_us, Happening(0, "joined_workspace", user, at_us))
            if what == "join heard" and user not in bot.people:
                bot.people.append(user)
        elif what == "write" and user in bot.people:
            bot.scene.says(user, "Hello.")
        elif what in ("crash", "return"):
            bot.comes()
            if what == "return":
                bot.goes()
        found += bot.found()
    assert {user for user in bot.people if user not in ("UOLD", "UMOD")} <= set(found), "nobody is lost"
    by_listing = [user for user in found if user in bot.people]
    assert all(by_listing.count(user) <= 2 for user in by_listing), "found once, and once more by a late event at most"
    bot.scene.close()


def test_a_removal_that_slack_did_not_tell_of_is_seen_in_the_list_of_channels(tmp_path: Path) -> None:
    scene = Scene(tmp_path)
    said_us = scene.says("U1", "Good morning")
    scene.record(MembershipSeen("CDATA", "UBOT", True, to_us(scene.now)))
    scene.wait(hours=1)
    with scene.store.begin() as tx:
        left_unheard(tx, ["CDATA", *(f"C{number}" for number in range(1200))], "UBOT", to_us(scene.now))
        assert tx.facts.member_since("UBOT", ["CDATA"]) == {}
        assert tx.histories.unread() == {"CDATA": said_us}
        left_unheard(tx, ["CHELLO"], "UBOT", to_us(scene.now))
        assert set(tx.histories.unread()) == {"CDATA"}
    scene.close()
