"""All tables on one page. Integer keys inside, Slack's ids at the edge, instants as microseconds since the epoch.

Every table carries ``team_id`` (the workspace), so that one database can one day serve several.
"""

from typing import Any

from sqlalchemy import JSON, BigInteger, Column, ForeignKey, Index, Integer, MetaData, UniqueConstraint, false, text
from sqlmodel import Field, SQLModel

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}

metadata = MetaData(naming_convention=NAMING)


class Table(SQLModel):
    metadata = metadata


ALL_DAYS = 10**8
"""``Channel.rolled_until`` of a channel whose days are all rolled up: a new one's are. What was there before roll-ups has 0."""


def _instant(*, nullable: bool = False) -> Any:
    return Field(default=None if nullable else 0, sa_type=BigInteger, nullable=nullable)


def _team() -> Any:
    return Field(foreign_key="team.id", nullable=False)


class Team(Table, table=True):
    """A Slack workspace. ``slack_id`` is unknown until the first connection; what was imported before belongs to it.

    ``complete_us``: up to that instant nothing is missing between what Slack holds and what is stored. ``compared_us``: when the list
    of all people was last compared; None before the first time, and after Slack refused it. ``restored_us``: when a backup was put in
    this database's place, which held what had been up to ``restored_from_us``: what came in between may have been said.
    """

    __tablename__ = "team"
    id: int | None = Field(default=None, primary_key=True)
    slack_id: str | None = Field(default=None, unique=True)
    name: str = ""
    bot_user: str | None = None
    url: str | None = None  # of the workspace on Slack: what links to messages begin with
    complete_us: int | None = _instant(nullable=True)
    compared_us: int | None = _instant(nullable=True)
    restored_us: int | None = _instant(nullable=True)
    restored_from_us: int | None = _instant(nullable=True)


class User(Table, table=True):
    __tablename__ = "slack_user"
    __table_args__ = (UniqueConstraint("team_id", "slack_id"),)
    id: int | None = Field(default=None, primary_key=True)
    team_id: int = _team()
    slack_id: str
    name: str = ""
    timezone: str | None = None
    locale: str | None = None
    is_bot: bool = False
    is_deleted: bool = False
    is_external: bool = False
    is_guest: bool = False
    is_untracked: bool = Field(default=False, sa_column_kwargs={"server_default": false()})  # "do not track me"
    known_since_us: int | None = _instant(nullable=True)
    joined_us: int | None = _instant(nullable=True)
    left_us: int | None = _instant(nullable=True)  # when the nightly clean-up found them gone
    updated_us: int = _instant()
    told_us: dict[str, int] = Field(sa_column=Column(JSON, nullable=False))  # field -> when it was last described


class Channel(Table, table=True):
    __tablename__ = "channel"
    __table_args__ = (UniqueConstraint("team_id", "slack_id"),)
    id: int | None = Field(default=None, primary_key=True)
    team_id: int = _team()
    slack_id: str
    name: str | None = None
    is_private: bool = False
    is_archived: bool = False
    members_us: int | None = _instant(nullable=True)  # when a member list was last read: who is not in it is no member
    rolled_until: int = Field(
        default=ALL_DAYS, sa_column_kwargs={"server_default": "0"}
    )  # its days before are rolled up
    unread_us: int | None = _instant(nullable=True)  # since when the bot could not read it; None: nothing is missing
    asks_rule: int = Field(
        default=0, sa_column_kwargs={"server_default": "0"}
    )  # its kept texts were looked at by this rule
    told_us: dict[str, int] = Field(sa_column=Column(JSON, nullable=False))  # field -> when it was last described


class Membership(Table, table=True):
    __tablename__ = "membership"
    team_id: int = _team()
    channel_id: int = Field(foreign_key="channel.id", primary_key=True)
    user_id: int = Field(foreign_key="slack_user.id", primary_key=True)
    is_member: bool = True
    changed_us: int = _instant()
    first_us: int | None = _instant(nullable=True)  # when they are known to have been in it first


class Message(Table, table=True):
    """A message by a person; whether the author is a bot is asked of the user. A deleted one keeps its place only."""

    __tablename__ = "message"
    __table_args__ = (
        Index("ix_message_user_id_ts_us", "user_id", "ts_us"),
        Index(  # with all that a search for answers asks for: SQLite passes it over otherwise
            "ix_message_thread",
            *("channel_id", "thread_us", "ts_us", "user_id"),
            sqlite_where=Column("thread_us").isnot(None),
        ),
        {"sqlite_with_rowid": False},  # one tree instead of two: rows lie by channel and time, as they are read
    )
    channel_id: int = Field(sa_column=Column(Integer, ForeignKey("channel.id"), primary_key=True))
    ts_us: int = Field(sa_column=Column(BigInteger, primary_key=True))
    team_id: int = _team()
    user_id: int | None = Field(default=None, foreign_key="slack_user.id")
    thread_us: int | None = _instant(nullable=True)
    edited_us: int = _instant()
    is_deleted: bool = False
    asks: bool | None = None
    asks_why: str = ""
    asks_rule: int = 0  # the version of the rule that decided, 0 for a moderator's own word
    text: str | None = None


class Reaction(Table, table=True):
    __tablename__ = "reaction"
    __table_args__ = (Index("ix_reaction_user_id_ts_us", "user_id", "ts_us"), {"sqlite_with_rowid": False})
    channel_id: int = Field(sa_column=Column(Integer, ForeignKey("channel.id"), primary_key=True))
    ts_us: int = Field(sa_column=Column(BigInteger, primary_key=True))
    user_id: int = Field(sa_column=Column(Integer, ForeignKey("slack_user.id"), primary_key=True))
    name: str = Field(primary_key=True)
    team_id: int = _team()
    item_user_id: int | None = Field(default=None, foreign_key="slack_user.id")
    present: bool = True
    event_us: int = _instant()


class DayRollUp(Table, table=True):
    """What people wrote and reacted to in a channel on one day (UTC, days since the epoch), packed for the figures: see rollup_records.

    A day on which nobody did has no row. Worked out from ``message`` and ``reaction`` in the transaction that changes them, or
    emptied in it: then the day is read from these until it is worked out.
    """

    __tablename__ = "day_rollup"
    __table_args__ = (
        Index(  # to find what was emptied among all
            "ix_day_rollup_emptied",
            *("team_id", "day", "channel_id"),
            sqlite_where=text("length(contributions) = 0"),
            postgresql_where=text("length(contributions) = 0"),
        ),
        {"sqlite_with_rowid": False},  # rows lie by channel and day, as they are read
    )
    channel_id: int = Field(sa_column=Column(Integer, ForeignKey("channel.id"), primary_key=True))
    day: int = Field(primary_key=True)
    team_id: int = _team()
    contributions: bytes
    roots: bytes


class Inbox(Table, table=True):
    """What was taken in from Slack, once per key; ``kind`` is set where something follows, ``handled_us`` when it has."""

    __tablename__ = "inbox"
    __table_args__ = (
        UniqueConstraint("team_id", "key"),
        Index("ix_inbox_waiting", "team_id", "id", sqlite_where=Column("handled_us").is_(None)),
    )
    id: int | None = Field(default=None, primary_key=True)
    team_id: int = _team()
    key: str
    kind: str | None = None
    slack_user: str | None = None
    slack_channel: str | None = None
    at_us: int = _instant()
    received_us: int = _instant()
    handled_us: int | None = _instant(nullable=True)


class Delivery(Table, table=True):
    __tablename__ = "delivery"
    __table_args__ = (
        UniqueConstraint("team_id", "key"),
        Index("ix_delivery_state_due_us", "team_id", "state", "due_us"),
        Index("ix_delivery_target", "team_id", "target", "due_us"),
        Index("ix_delivery_pin", "team_id", "pin"),
        Index("ix_delivery_place", "team_id", "channel", "ts_us"),
        Index("ix_delivery_kind_ts_us", "team_id", "kind", "ts_us"),
        Index("ix_delivery_updates", "team_id", "updates"),
    )
    id: int | None = Field(default=None, primary_key=True)
    team_id: int = _team()
    key: str
    kind: str
    community: str | None = None
    target: str
    text: str
    blocks: list[dict[str, Any]] = Field(default_factory=list, sa_column=Column(JSON, nullable=False))
    thread_of: str | None = None
    thread_us: int | None = _instant(nullable=True)
    updates: str | None = None
    subject: str | None = None
    late_note: str = ""
    why: str = Field(default="", sa_column_kwargs={"server_default": ""})  # why it went out when it did
    pin: str = Field(
        default="", sa_column_kwargs={"server_default": ""}
    )  # wanted, done, unwanted, refused; empty: none
    pinned_as: str | None = None  # of the messages that are pinned under one name the newest stays
    encloses: str | None = None  # the name of the files that go with it
    due_us: int = _instant()
    expires_us: int | None = _instant(nullable=True)
    state: str = "due"
    attempts: int = 0
    claimed_by: str | None = None
    claimed_us: int | None = _instant(nullable=True)
    channel: str | None = None
    ts_us: int | None = _instant(nullable=True)
    reason: str = ""
    wanted_us: int | None = _instant(
        nullable=True
    )  # when it was to go out at first; as due_us where nothing stands here
    # What the rule of attention decided last on a message to a person, why, when, and by which budget.
    outcome: str = Field(default="", sa_column_kwargs={"server_default": ""})
    outcome_why: str = Field(default="", sa_column_kwargs={"server_default": ""})
    decided_us: int | None = _instant(nullable=True)
    budget_day: int | None = None
    budget_week: int | None = None
    answered_us: int | None = _instant(nullable=True)  # when somebody first pressed something in it


class Journey(Table, table=True):
    __tablename__ = "journey"
    __table_args__ = (
        UniqueConstraint("team_id", "community", "user_id"),
        Index("ix_journey_started_us", "team_id", "community", "started_us"),
    )
    id: int | None = Field(default=None, primary_key=True)
    team_id: int = _team()
    community: str
    user_id: int = Field(foreign_key="slack_user.id")
    state: str = "invited"
    started_us: int = _instant()
    answered_us: int | None = _instant(nullable=True)
    guidelines_version: str | None = None
    draft: dict[str, Any] | None = Field(default=None, sa_column=Column(JSON, nullable=True))
    closed_us: int | None = _instant(nullable=True)  # when it was declined or ended


class GivenAnswer(Table, table=True):
    __tablename__ = "given_answer"
    journey_id: int = Field(foreign_key="journey.id", primary_key=True)
    question: str = Field(primary_key=True)
    team_id: int = _team()
    position: int = 0
    value: str = ""
    share: bool = False
    answered_us: int = _instant()


class Card(Table, table=True):
    __tablename__ = "card"
    __table_args__ = (
        UniqueConstraint("team_id", "community", "channel", "ts_us"),
        Index("ix_card_state", "team_id", "community", "state", "closed_us"),
        Index("ix_card_shown_in", "team_id", "community", "shown_in"),
        Index("ix_card_place", "team_id", "channel", "ts_us"),
    )
    id: int | None = Field(default=None, primary_key=True)
    team_id: int = _team()
    community: str
    channel: str
    ts_us: int = _instant()
    author: str | None = None
    origin: str = "member"
    state: str = "open"
    why: str = ""
    shown_in: str = ""  # the key of the delivery whose message shows it
    version: int = 0
    claimed_by: str | None = None
    claimed_us: int | None = _instant(nullable=True)
    is_first: bool = Field(default=False, sa_column_kwargs={"server_default": false()})
    reminders: int = 0
    escalated: bool = False
    opened_us: int = _instant()
    closed_us: int | None = _instant(nullable=True)
    joined_us: list[int] | None = Field(
        default=None, sa_column=Column(JSON, nullable=True)
    )  # its author's later messages
    snoozed_until_us: int | None = _instant(nullable=True)
    counted_us: int | None = _instant(nullable=True)  # from when reminders and the escalation count, when from anew
    duty: str | None = None  # whom it names as on duty
    is_asked: bool = Field(default=False, sa_column_kwargs={"server_default": false()})
    was_freed: bool = Field(default=False, sa_column_kwargs={"server_default": false()})
    marked_by: str | None = None
    reopened_us: int | None = _instant(nullable=True)
    reopened_by: str | None = None
    answered_by: str | None = None
    answered_us: int | None = _instant(nullable=True)
    settled_by: str | None = None
    settled_how: str = Field(default="", sa_column_kwargs={"server_default": ""})
    asks_rule: int | None = None  # the version of the rule that said that it asks; null where that is not known


class AskedPerson(Table, table=True):
    """Whom a moderator had asked about a card, once each, and what they said: asked, will_answer, not_me."""

    __tablename__ = "asked_person"
    card_id: int = Field(foreign_key="card.id", primary_key=True)
    slack_user: str = Field(primary_key=True)
    team_id: int = _team()
    by_user: str
    asked_us: int = _instant()
    due_us: int = _instant()
    state: str = "asked"
    replied_us: int | None = _instant(nullable=True)


class QuestionUse(Table, table=True):
    __tablename__ = "question_use"
    __table_args__ = (UniqueConstraint("team_id", "community", "post", "occasion"),)
    id: int | None = Field(default=None, primary_key=True)
    team_id: int = _team()
    community: str
    post: str
    occasion: str
    question: str
    used_us: int = _instant()


class TemplateUse(Table, table=True):
    """The template that a post with several used last: never the same twice running."""

    __tablename__ = "template_use"
    team_id: int = Field(foreign_key="team.id", primary_key=True)
    community: str = Field(primary_key=True)
    post: str = Field(primary_key=True)
    template: str
    used_us: int = _instant()


class PostControl(Table, table=True):
    """A moderator's word over the file's: a post that is paused or resumed, with who and when."""

    __tablename__ = "post_control"
    team_id: int = Field(foreign_key="team.id", primary_key=True)
    community: str = Field(primary_key=True)
    post: str = Field(primary_key=True)
    paused: bool
    by_user: str
    at_us: int = _instant()


class Suggestion(Table, table=True):
    """A question that a member suggested: waiting, approved, declined, or removed again. ``post`` is the rotation that it joins."""

    __tablename__ = "suggestion"
    __table_args__ = (Index("ix_suggestion_state", "team_id", "community", "state"),)
    id: int | None = Field(default=None, primary_key=True)
    team_id: int = _team()
    community: str
    slack_user: str
    question: str
    state: str = "waiting"
    post: str | None = None
    is_named: bool = True
    suggested_us: int = _instant()
    decided_by: str | None = None
    decided_us: int | None = _instant(nullable=True)


class Referral(Table, table=True):
    """Who a newcomer said had invited them; credited once the newcomer has been active."""

    __tablename__ = "referral"
    __table_args__ = (
        Index("ix_referral_inviter", "team_id", "community", "inviter"),
        Index("ix_referral_credited_us", "team_id", "community", "credited_us", "named_us"),
    )
    team_id: int = Field(foreign_key="team.id", primary_key=True)
    community: str = Field(primary_key=True)
    newcomer: str = Field(primary_key=True)  # Slack's user IDs
    inviter: str
    named_us: int = _instant()
    credited_us: int | None = _instant(nullable=True)


class Outcome(Table, table=True):
    """What a newcomer said after a month: whether they got what they came for (yes, partly, not_yet), and a line of their own."""

    __tablename__ = "outcome"
    journey_id: int = Field(foreign_key="journey.id", primary_key=True)
    team_id: int = _team()
    verdict: str
    line: str = ""
    at_us: int = _instant()


class TakenFile(Table, table=True):
    """A day's file of an export that was taken in whole, with what it held: the same again need not be taken apart again."""

    __tablename__ = "taken_file"
    __table_args__ = ({"sqlite_with_rowid": False},)
    team_id: int = Field(foreign_key="team.id", primary_key=True)
    channel: str = Field(primary_key=True)  # Slack's ID
    name: str = Field(primary_key=True)
    fingerprint: str
    messages: int
    reactions: int
    bots: int
    notices: int
    first_us: int | None = _instant(nullable=True)
    last_us: int | None = _instant(nullable=True)
    latest_us: int = _instant()


class Backfill(Table, table=True):
    """How much of a channel was read from Slack's history: spans of time, each ``[from, to, when it was read]``."""

    __tablename__ = "backfill"
    team_id: int = Field(foreign_key="team.id", primary_key=True)
    channel: str = Field(primary_key=True)  # Slack's ID
    spans: list[list[int]] = Field(default_factory=list, sa_column=Column(JSON, nullable=False))


class RecognitionPass(Table, table=True):
    """Since when a community's members are thanked for what they do, and when was last looked for what to thank for."""

    __tablename__ = "recognition_pass"
    team_id: int = Field(foreign_key="team.id", primary_key=True)
    community: str = Field(primary_key=True)
    begun_us: int = _instant()
    looked_us: int = _instant()


class Recognition(Table, table=True):
    """What a member is thanked for, once: waiting, thanked, or passed over."""

    __tablename__ = "recognition"
    __table_args__ = (Index("ix_recognition_state", "team_id", "community", "state"),)
    team_id: int = Field(foreign_key="team.id", primary_key=True)
    community: str = Field(primary_key=True)
    slack_user: str = Field(primary_key=True)
    occasion: str = Field(primary_key=True)  # answers:1, answers:10, …, year:1
    reached_us: int = _instant()
    state: str = "waiting"


class PulseRound(Table, table=True):
    """One time that a community's survey was asked; ``questions`` as they were then. ``took_part``: how many answered anything."""

    __tablename__ = "pulse_round"
    __table_args__ = (UniqueConstraint("team_id", "community", "period"),)
    id: int | None = Field(default=None, primary_key=True)
    team_id: int = _team()
    community: str
    period: str
    questions: list[dict[str, Any]] = Field(default_factory=list, sa_column=Column(JSON, nullable=False))
    opened_us: int = _instant()
    closes_us: int = _instant()
    asked: int | None = None
    took_part: int = 0
    told_us: int | None = _instant(nullable=True)
    action: str = ""


class PulseTaken(Table, table=True):
    """Who has answered or declined while a round is open, so that nobody answers twice; emptied when it closes."""

    __tablename__ = "pulse_taken"
    __table_args__ = ({"sqlite_with_rowid": False},)  # no order in which they came
    round_id: int = Field(foreign_key="pulse_round.id", primary_key=True)
    slack_user: str = Field(primary_key=True)
    team_id: int = _team()


class PulseAnswer(Table, table=True):
    """An answer to one question, of nobody: a random key, no author, no time, and no tie to the same person's other answers."""

    __tablename__ = "pulse_answer"
    __table_args__ = (Index("ix_pulse_answer_round_id", "round_id"), {"sqlite_with_rowid": False})
    id: str = Field(primary_key=True)
    round_id: int = Field(foreign_key="pulse_round.id")
    team_id: int = _team()
    question: str
    value: str


class Story(Table, table=True):
    """Somebody said that something helped, and was asked in private what it changed; ``consent`` says who may see what they told."""

    __tablename__ = "story"
    __table_args__ = (
        UniqueConstraint("team_id", "channel", "ts_us"),
        Index("ix_story_asked_us", "team_id", "community", "asked_us"),
        Index("ix_story_slack_user", "team_id", "slack_user"),
    )
    id: int | None = Field(default=None, primary_key=True)
    team_id: int = _team()
    community: str
    slack_user: str
    channel: str
    ts_us: int = _instant()
    state: str = "asked"
    consent: str = "none"
    asked_us: int = _instant()


class StoryTold(Table, table=True):
    """What was told of a story at once, after 30 days and after 90."""

    __tablename__ = "story_told"
    story_id: int = Field(foreign_key="story.id", primary_key=True)
    step: int = Field(primary_key=True)
    team_id: int = _team()
    text: str
    saved: str = ""
    consent: str = "none"
    at_us: int = _instant()


class KeptText(Table, table=True):
    """How much of a channel's texts (none, questions, all) might be kept when they were last looked over."""

    __tablename__ = "kept_text"
    channel_id: int = Field(sa_column=Column(Integer, ForeignKey("channel.id"), primary_key=True, autoincrement=False))
    team_id: int = _team()
    keep: str


class ModerationCase(Table, table=True):
    """A message that somebody reported to the moderators. ``author`` wrote it."""

    __tablename__ = "moderation_case"
    __table_args__ = (
        UniqueConstraint("team_id", "community", "channel", "ts_us"),
        Index("ix_moderation_case_state", "team_id", "community", "state"),
        Index("ix_moderation_case_author", "team_id", "community", "author"),
    )
    id: int | None = Field(default=None, primary_key=True)
    team_id: int = _team()
    community: str
    channel: str
    ts_us: int = _instant()
    author: str
    state: str = "open"
    version: int = 0
    shown_to: list[str] = Field(default_factory=list, sa_column=Column(JSON, nullable=False))  # channels and people
    is_gone: bool = False  # the message was deleted
    reminder: str = ""  # of the private reminder: due, sent, failed; empty: there is none
    opened_us: int = _instant()
    closed_us: int | None = _instant(nullable=True)


class CaseReport(Table, table=True):
    """Who reported it, and what they said of it: several reports of one message make one case."""

    __tablename__ = "case_report"
    case_id: int = Field(foreign_key="moderation_case.id", primary_key=True)
    reporter: str = Field(primary_key=True)
    team_id: int = _team()
    reason: str
    line: str = ""
    is_named: bool = False  # the moderators may know who it was
    wants_news: bool = False
    at_us: int = _instant()


class CaseStep(Table, table=True):
    """What the moderators did about it, by whom and when; ``note`` is their own."""

    __tablename__ = "case_step"
    __table_args__ = (Index("ix_case_step_case_id", "case_id"),)
    id: int | None = Field(default=None, primary_key=True)
    case_id: int = Field(foreign_key="moderation_case.id")
    team_id: int = _team()
    actor: str
    action: str
    note: str = ""
    at_us: int = _instant()


class Preference(Table, table=True):
    """What a member lets the bot send them by itself. ``quiet``: "community", "none", or hours such as "20:00-08:00"."""

    __tablename__ = "preference"
    team_id: int = Field(foreign_key="team.id", primary_key=True)
    slack_user: str = Field(primary_key=True)
    mode: str = "standard"
    turned_off: list[str] = Field(default_factory=list, sa_column=Column(JSON, nullable=False))
    quiet: str = "community"
    paused_until_us: int | None = _instant(nullable=True)
    version: int = 1
    changed_us: int = _instant()


class NightlyRun(Table, table=True):
    """When each nightly task was begun last, for which night (a local date), and whether it was done. A new run takes the row over."""

    __tablename__ = "nightly_run"
    team_id: int = Field(foreign_key="team.id", primary_key=True)
    task: str = Field(primary_key=True)
    night: str
    begun_us: int = _instant()
    done_us: int | None = _instant(nullable=True)
    failure: str = ""  # why it was not done the last time; empty once it is


class PrivacySecret(Table, table=True):
    """What the marks of hidden people are made with: random, made with the first of them, and of no other use."""

    __tablename__ = "privacy_secret"
    team_id: int = Field(foreign_key="team.id", primary_key=True)
    secret: str


class HiddenPerson(Table, table=True):
    """A keyed hash of the ID of somebody who was forgotten, or said "do not track me": nothing is recorded with their name."""

    __tablename__ = "hidden_person"
    team_id: int = Field(foreign_key="team.id", primary_key=True)
    mark: str = Field(primary_key=True)
    how: str  # forgotten, left (deactivated long ago), untracked
    at_us: int = _instant()


class Erasure(Table, table=True):
    """Somebody who is being forgotten, until nothing names them any more. ``alias`` takes the ID's place in the keys of messages."""

    __tablename__ = "erasure"
    team_id: int = Field(foreign_key="team.id", primary_key=True)
    slack_user: str = Field(primary_key=True)
    name: str
    alias: str
    begun_us: int = _instant()


class DigestMade(Table, table=True):
    """The latest digest that was made for a member of a community, and with how many entries: 0 where it was empty and nothing was sent."""

    __tablename__ = "digest_made"
    team_id: int = Field(foreign_key="team.id", primary_key=True)
    community: str = Field(primary_key=True)
    slack_user: str = Field(primary_key=True)
    period: str  # the ISO week, such as 2026-W47
    made_us: int = _instant()
    entries: int


class LeadLease(Table, table=True):
    """Which of several processes decides and sends, until when by the database's own clock. ``term`` counts its changes of hands,
    ``rung`` the calls of the others."""

    __tablename__ = "lead_lease"
    team_id: int = Field(foreign_key="team.id", primary_key=True)
    holder: str
    term: int = 0
    until_us: int = _instant()
    rung: int = 0


class Audit(Table, table=True):
    """What moderators and coordinators did, with who and when."""

    __tablename__ = "audit"
    __table_args__ = (Index("ix_audit_at_us", "team_id", "community", "at_us"),)
    id: int | None = Field(default=None, primary_key=True)
    team_id: int = _team()
    community: str
    at_us: int = _instant()
    actor: str
    action: str
    subject: str
    detail: str = ""


class GoodFile(Table, table=True):
    """The coordinators' files as they were when last in order: a restart beside a broken file goes on with these."""

    __tablename__ = "good_file"
    team_id: int = Field(foreign_key="team.id", primary_key=True)
    path: str = Field(primary_key=True)
    content: str


class OptOut(Table, table=True):
    """That somebody wanted less of what the bot sends, without who. ``what``: a mode, a subject, or pause."""

    __tablename__ = "opt_out"
    __table_args__ = (Index("ix_opt_out_at_us", "team_id", "at_us"),)
    id: int | None = Field(default=None, primary_key=True)
    team_id: int = _team()
    community: str | None = None
    what: str
    at_us: int = _instant()
