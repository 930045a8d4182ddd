"""the first tables"""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "team",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("slack_id", sa.String(), nullable=True),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("bot_user", sa.String(), nullable=True),
        sa.Column("complete_us", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_team")),
        sa.UniqueConstraint("slack_id", name=op.f("uq_team_slack_id")),
    )
    op.create_table(
        "card",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("team_id", sa.Integer(), nullable=False),
        sa.Column("community", sa.String(), nullable=False),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("ts_us", sa.BigInteger(), nullable=False),
        sa.Column("author", sa.String(), nullable=True),
        sa.Column("origin", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("why", sa.String(), nullable=False),
        sa.Column("shown_in", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("claimed_by", sa.String(), nullable=True),
        sa.Column("reminders", sa.Integer(), nullable=False),
        sa.Column("escalated", sa.Boolean(), nullable=False),
        sa.Column("opened_us", sa.BigInteger(), nullable=False),
        sa.Column("closed_us", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["team_id"], ["team.id"], name=op.f("fk_card_team_id_team")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_card")),
        sa.UniqueConstraint(
            "team_id", "community", "channel", "ts_us", name=op.f("uq_card_team_id_community_channel_ts_us")
        ),
    )
    with op.batch_alter_table("card", schema=None) as batch_op:
        batch_op.create_index("ix_card_shown_in", ["team_id", "community", "shown_in"], unique=False)
        batch_op.create_index("ix_card_state", ["team_id", "community", "state"], unique=False)

    op.create_table(
        "channel",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("team_id", sa.Integer(), nullable=False),
        sa.Column("slack_id", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=True),
        sa.Column("is_private", sa.Boolean(), nullable=False),
        sa.Column("is_archived", sa.Boolean(), nullable=False),
        sa.Column("members_us", sa.BigInteger(), nullable=True),
        sa.Column("told_us", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["team_id"], ["team.id"], name=op.f("fk_channel_team_id_team")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_channel")),
        sa.UniqueConstraint("team_id", "slack_id", name=op.f("uq_channel_team_id_slack_id")),
    )
    op.create_table(
        "delivery",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("team_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("community", sa.String(), nullable=True),
        sa.Column("target", sa.String(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("blocks", sa.JSON(), nullable=False),
        sa.Column("thread_of", sa.String(), nullable=True),
        sa.Column("thread_us", sa.BigInteger(), nullable=True),
        sa.Column("updates", sa.String(), nullable=True),
        sa.Column("subject", sa.String(), nullable=True),
        sa.Column("late_note", sa.String(), nullable=False),
        sa.Column("due_us", sa.BigInteger(), nullable=False),
        sa.Column("expires_us", sa.BigInteger(), nullable=True),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("claimed_by", sa.String(), nullable=True),
        sa.Column("claimed_us", sa.BigInteger(), nullable=True),
        sa.Column("channel", sa.String(), nullable=True),
        sa.Column("ts_us", sa.BigInteger(), nullable=True),
        sa.Column("reason", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["team_id"], ["team.id"], name=op.f("fk_delivery_team_id_team")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_delivery")),
        sa.UniqueConstraint("team_id", "key", name=op.f("uq_delivery_team_id_key")),
    )
    with op.batch_alter_table("delivery", schema=None) as batch_op:
        batch_op.create_index("ix_delivery_state_due_us", ["team_id", "state", "due_us"], unique=False)

    op.create_table(
        "good_file",
        sa.Column("team_id", sa.Integer(), nullable=False),
        sa.Column("path", sa.String(), nullable=False),
        sa.Column("content", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["team_id"], ["team.id"], name=op.f("fk_good_file_team_id_team")),
        sa.PrimaryKeyConstraint("team_id", "path", name=op.f("pk_good_file")),
    )
    op.create_table(
        "inbox",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("team_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=True),
        sa.Column("slack_user", sa.String(), nullable=True),
        sa.Column("slack_channel", sa.String(), nullable=True),
        sa.Column("at_us", sa.BigInteger(), nullable=False),
        sa.Column("received_us", sa.BigInteger(), nullable=False),
        sa.Column("handled_us", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["team_id"], ["team.id"], name=op.f("fk_inbox_team_id_team")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_inbox")),
        sa.UniqueConstraint("team_id", "key", name=op.f("uq_inbox_team_id_key")),
    )
    with op.batch_alter_table("inbox", schema=None) as batch_op:
        batch_op.create_index(
            "ix_inbox_waiting", ["team_id", "id"], unique=False, sqlite_where=sa.text("handled_us IS NULL")
        )

    op.create_table(
        "question_use",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("team_id", sa.Integer(), nullable=False),
        sa.Column("community", sa.String(), nullable=False),
        sa.Column("post", sa.String(), nullable=False),
        sa.Column("occasion", sa.String(), nullable=False),
        sa.Column("question", sa.String(), nullable=False),
        sa.Column("used_us", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["team_id"], ["team.id"], name=op.f("fk_question_use_team_id_team")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_question_use")),
        sa.UniqueConstraint(
            "team_id", "community", "post", "occasion", name=op.f("uq_question_use_team_id_community_post_occasion")
        ),
    )
    op.create_table(
        "slack_user",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("team_id", sa.Integer(), nullable=False),
        sa.Column("slack_id", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("timezone", sa.String(), nullable=True),
        sa.Column("locale", sa.String(), nullable=True),
        sa.Column("is_bot", sa.Boolean(), nullable=False),
        sa.Column("is_deleted", sa.Boolean(), nullable=False),
        sa.Column("is_external", sa.Boolean(), nullable=False),
        sa.Column("is_guest", sa.Boolean(), nullable=False),
        sa.Column("known_since_us", sa.BigInteger(), nullable=True),
        sa.Column("joined_us", sa.BigInteger(), nullable=True),
        sa.Column("updated_us", sa.BigInteger(), nullable=False),
        sa.Column("told_us", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["team_id"], ["team.id"], name=op.f("fk_slack_user_team_id_team")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_slack_user")),
        sa.UniqueConstraint("team_id", "slack_id", name=op.f("uq_slack_user_team_id_slack_id")),
    )
    op.create_table(
        "journey",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("team_id", sa.Integer(), nullable=False),
        sa.Column("community", sa.String(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("started_us", sa.BigInteger(), nullable=False),
        sa.Column("answered_us", sa.BigInteger(), nullable=True),
        sa.Column("guidelines_version", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(["team_id"], ["team.id"], name=op.f("fk_journey_team_id_team")),
        sa.ForeignKeyConstraint(["user_id"], ["slack_user.id"], name=op.f("fk_journey_user_id_slack_user")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_journey")),
        sa.UniqueConstraint("team_id", "community", "user_id", name=op.f("uq_journey_team_id_community_user_id")),
    )
    op.create_table(
        "membership",
        sa.Column("team_id", sa.Integer(), nullable=False),
        sa.Column("channel_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("is_member", sa.Boolean(), nullable=False),
        sa.Column("changed_us", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["channel_id"], ["channel.id"], name=op.f("fk_membership_channel_id_channel")),
        sa.ForeignKeyConstraint(["team_id"], ["team.id"], name=op.f("fk_membership_team_id_team")),
        sa.ForeignKeyConstraint(["user_id"], ["slack_user.id"], name=op.f("fk_membership_user_id_slack_user")),
        sa.PrimaryKeyConstraint("channel_id", "user_id", name=op.f("pk_membership")),
    )
    op.create_table(
        "message",
        sa.Column("channel_id", sa.Integer(), nullable=False),
        sa.Column("ts_us", sa.BigInteger(), nullable=False),
        sa.Column("team_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=True),
        sa.Column("thread_us", sa.BigInteger(), nullable=True),
        sa.Column("edited_us", sa.BigInteger(), nullable=False),
        sa.Column("is_deleted", sa.Boolean(), nullable=False),
        sa.Column("asks", sa.Boolean(), nullable=True),
        sa.Column("asks_why", sa.String(), nullable=False),
        sa.Column("asks_rule", sa.Integer(), nullable=False),
        sa.Column("text", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(["channel_id"], ["channel.id"], name=op.f("fk_message_channel_id_channel")),
        sa.ForeignKeyConstraint(["team_id"], ["team.id"], name=op.f("fk_message_team_id_team")),
        sa.ForeignKeyConstraint(["user_id"], ["slack_user.id"], name=op.f("fk_message_user_id_slack_user")),
        sa.PrimaryKeyConstraint("channel_id", "ts_us", name=op.f("pk_message")),
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("message", schema=None) as batch_op:
        batch_op.create_index(
            "ix_message_thread",
            ["channel_id", "thread_us", "ts_us", "user_id"],
            unique=False,
            sqlite_where=sa.text("thread_us IS NOT NULL"),
        )
        batch_op.create_index("ix_message_user_id_ts_us", ["user_id", "ts_us"], unique=False)

    op.create_table(
        "reaction",
        sa.Column("channel_id", sa.Integer(), nullable=False),
        sa.Column("ts_us", sa.BigInteger(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("team_id", sa.Integer(), nullable=False),
        sa.Column("item_user_id", sa.Integer(), nullable=True),
        sa.Column("present", sa.Boolean(), nullable=False),
        sa.Column("event_us", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["channel_id"], ["channel.id"], name=op.f("fk_reaction_channel_id_channel")),
        sa.ForeignKeyConstraint(["item_user_id"], ["slack_user.id"], name=op.f("fk_reaction_item_user_id_slack_user")),
        sa.ForeignKeyConstraint(["team_id"], ["team.id"], name=op.f("fk_reaction_team_id_team")),
        sa.ForeignKeyConstraint(["user_id"], ["slack_user.id"], name=op.f("fk_reaction_user_id_slack_user")),
        sa.PrimaryKeyConstraint("channel_id", "ts_us", "user_id", "name", name=op.f("pk_reaction")),
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("reaction", schema=None) as batch_op:
        batch_op.create_index("ix_reaction_user_id_ts_us", ["user_id", "ts_us"], unique=False)

    op.create_table(
        "given_answer",
        sa.Column("journey_id", sa.Integer(), nullable=False),
        sa.Column("question", sa.String(), nullable=False),
        sa.Column("team_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("value", sa.String(), nullable=False),
        sa.Column("share", sa.Boolean(), nullable=False),
        sa.Column("answered_us", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["journey_id"], ["journey.id"], name=op.f("fk_given_answer_journey_id_journey")),
        sa.ForeignKeyConstraint(["team_id"], ["team.id"], name=op.f("fk_given_answer_team_id_team")),
        sa.PrimaryKeyConstraint("journey_id", "question", name=op.f("pk_given_answer")),
    )


def downgrade() -> None:
    op.drop_table("given_answer")
    with op.batch_alter_table("reaction", schema=None) as batch_op:
        batch_op.drop_index("ix_reaction_user_id_ts_us")

    op.drop_table("reaction")
    with op.batch_alter_table("message", schema=None) as batch_op:
        batch_op.drop_index("ix_message_user_id_ts_us")
        batch_op.drop_index("ix_message_thread", sqlite_where=sa.text("thread_us IS NOT NULL"))

    op.drop_table("message")
    op.drop_table("membership")
    op.drop_table("journey")
    op.drop_table("slack_user")
    op.drop_table("question_use")
    with op.batch_alter_table("inbox", schema=None) as batch_op:
        batch_op.drop_index("ix_inbox_waiting", sqlite_where=sa.text("handled_us IS NULL"))

    op.drop_table("inbox")
    op.drop_table("good_file")
    with op.batch_alter_table("delivery", schema=None) as batch_op:
        batch_op.drop_index("ix_delivery_state_due_us")

    op.drop_table("delivery")
    op.drop_table("channel")
    with op.batch_alter_table("card", schema=None) as batch_op:
        batch_op.drop_index("ix_card_state")
        batch_op.drop_index("ix_card_shown_in")

    op.drop_table("card")
    op.drop_table("team")
