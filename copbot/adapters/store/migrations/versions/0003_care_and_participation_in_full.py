"""care and participation in full"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "backfill",
        sa.Column("team_id", sa.Integer(), nullable=False),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("spans", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["team_id"], ["team.id"], name=op.f("fk_backfill_team_id_team")),
        sa.PrimaryKeyConstraint("team_id", "channel", name=op.f("pk_backfill")),
    )
    op.create_table(
        "moderation_case",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("team_id", sa.Integer(), nullable=False),
        sa.Column("community", sa.String(), nullable=False),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("ts_us", sa.BigInteger(), nullable=False),
        sa.Column("author", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("shown_to", sa.JSON(), nullable=False),
        sa.Column("is_gone", sa.Boolean(), nullable=False),
        sa.Column("reminder", sa.String(), nullable=False),
        sa.Column("opened_us", sa.BigInteger(), nullable=False),
        sa.Column("closed_us", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["team_id"], ["team.id"], name=op.f("fk_moderation_case_team_id_team")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_moderation_case")),
        sa.UniqueConstraint(
            "team_id", "community", "channel", "ts_us", name=op.f("uq_moderation_case_team_id_community_channel_ts_us")
        ),
    )
    with op.batch_alter_table("moderation_case", schema=None) as batch_op:
        batch_op.create_index("ix_moderation_case_author", ["team_id", "community", "author"], unique=False)
        batch_op.create_index("ix_moderation_case_state", ["team_id", "community", "state"], unique=False)

    op.create_table(
        "pulse_round",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("team_id", sa.Integer(), nullable=False),
        sa.Column("community", sa.String(), nullable=False),
        sa.Column("period", sa.String(), nullable=False),
        sa.Column("questions", sa.JSON(), nullable=False),
        sa.Column("opened_us", sa.BigInteger(), nullable=False),
        sa.Column("closes_us", sa.BigInteger(), nullable=False),
        sa.Column("asked", sa.Integer(), nullable=True),
        sa.Column("took_part", sa.Integer(), nullable=False),
        sa.Column("told_us", sa.BigInteger(), nullable=True),
        sa.Column("action", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["team_id"], ["team.id"], name=op.f("fk_pulse_round_team_id_team")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pulse_round")),
        sa.UniqueConstraint("team_id", "community", "period", name=op.f("uq_pulse_round_team_id_community_period")),
    )
    op.create_table(
        "recognition",
        sa.Column("team_id", sa.Integer(), nullable=False),
        sa.Column("community", sa.String(), nullable=False),
        sa.Column("slack_user", sa.String(), nullable=False),
        sa.Column("occasion", sa.String(), nullable=False),
        sa.Column("reached_us", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["team_id"], ["team.id"], name=op.f("fk_recognition_team_id_team")),
        sa.PrimaryKeyConstraint("team_id", "community", "slack_user", "occasion", name=op.f("pk_recognition")),
    )
    with op.batch_alter_table("recognition", schema=None) as batch_op:
        batch_op.create_index("ix_recognition_state", ["team_id", "community", "state"], unique=False)

    op.create_table(
        "recognition_pass",
        sa.Column("team_id", sa.Integer(), nullable=False),
        sa.Column("community", sa.String(), nullable=False),
        sa.Column("begun_us", sa.BigInteger(), nullable=False),
        sa.Column("looked_us", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["team_id"], ["team.id"], name=op.f("fk_recognition_pass_team_id_team")),
        sa.PrimaryKeyConstraint("team_id", "community", name=op.f("pk_recognition_pass")),
    )
    op.create_table(
        "story",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("team_id", sa.Integer(), nullable=False),
        sa.Column("community", sa.String(), nullable=False),
        sa.Column("slack_user", sa.String(), nullable=False),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("ts_us", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("consent", sa.String(), nullable=False),
        sa.Column("asked_us", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["team_id"], ["team.id"], name=op.f("fk_story_team_id_team")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_story")),
        sa.UniqueConstraint("team_id", "channel", "ts_us", name=op.f("uq_story_team_id_channel_ts_us")),
    )
    with op.batch_alter_table("story", schema=None) as batch_op:
        batch_op.create_index("ix_story_asked_us", ["team_id", "community", "asked_us"], unique=False)
        batch_op.create_index("ix_story_slack_user", ["team_id", "slack_user"], unique=False)

    op.create_table(
        "taken_file",
        sa.Column("team_id", sa.Integer(), nullable=False),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("fingerprint", sa.String(), nullable=False),
        sa.Column("messages", sa.Integer(), nullable=False),
        sa.Column("reactions", sa.Integer(), nullable=False),
        sa.Column("bots", sa.Integer(), nullable=False),
        sa.Column("notices", sa.Integer(), nullable=False),
        sa.Column("first_us", sa.BigInteger(), nullable=True),
        sa.Column("last_us", sa.BigInteger(), nullable=True),
        sa.Column("latest_us", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["team_id"], ["team.id"], name=op.f("fk_taken_file_team_id_team")),
        sa.PrimaryKeyConstraint("team_id", "channel", "name", name=op.f("pk_taken_file")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "asked_person",
        sa.Column("card_id", sa.Integer(), nullable=False),
        sa.Column("slack_user", sa.String(), nullable=False),
        sa.Column("team_id", sa.Integer(), nullable=False),
        sa.Column("by_user", sa.String(), nullable=False),
        sa.Column("asked_us", sa.BigInteger(), nullable=False),
        sa.Column("due_us", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("replied_us", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["card_id"], ["card.id"], name=op.f("fk_asked_person_card_id_card")),
        sa.ForeignKeyConstraint(["team_id"], ["team.id"], name=op.f("fk_asked_person_team_id_team")),
        sa.PrimaryKeyConstraint("card_id", "slack_user", name=op.f("pk_asked_person")),
    )
    op.create_table(
        "case_report",
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("reporter", sa.String(), nullable=False),
        sa.Column("team_id", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("line", sa.String(), nullable=False),
        sa.Column("is_named", sa.Boolean(), nullable=False),
        sa.Column("wants_news", sa.Boolean(), nullable=False),
        sa.Column("at_us", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["case_id"], ["moderation_case.id"], name=op.f("fk_case_report_case_id_moderation_case")
        ),
        sa.ForeignKeyConstraint(["team_id"], ["team.id"], name=op.f("fk_case_report_team_id_team")),
        sa.PrimaryKeyConstraint("case_id", "reporter", name=op.f("pk_case_report")),
    )
    op.create_table(
        "case_step",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("team_id", sa.Integer(), nullable=False),
        sa.Column("actor", sa.String(), nullable=False),
        sa.Column("action", sa.String(), nullable=False),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("at_us", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["moderation_case.id"], name=op.f("fk_case_step_case_id_moderation_case")),
        sa.ForeignKeyConstraint(["team_id"], ["team.id"], name=op.f("fk_case_step_team_id_team")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_step")),
    )
    with op.batch_alter_table("case_step", schema=None) as batch_op:
        batch_op.create_index("ix_case_step_case_id", ["case_id"], unique=False)

    op.create_table(
        "day_rollup",
        sa.Column("channel_id", sa.Integer(), nullable=False),
        sa.Column("day", sa.Integer(), nullable=False),
        sa.Column("team_id", sa.Integer(), nullable=False),
        sa.Column("contributions", sa.LargeBinary(), nullable=False),
        sa.Column("roots", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["channel_id"], ["channel.id"], name=op.f("fk_day_rollup_channel_id_channel")),
        sa.ForeignKeyConstraint(["team_id"], ["team.id"], name=op.f("fk_day_rollup_team_id_team")),
        sa.PrimaryKeyConstraint("channel_id", "day", name=op.f("pk_day_rollup")),
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("day_rollup", schema=None) as batch_op:
        batch_op.create_index(
            "ix_day_rollup_emptied",
            ["team_id", "day", "channel_id"],
            unique=False,
            sqlite_where=sa.text("length(contributions) = 0"),
            postgresql_where=sa.text("length(contributions) = 0"),
        )

    op.create_table(
        "kept_text",
        sa.Column("channel_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("team_id", sa.Integer(), nullable=False),
        sa.Column("keep", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["channel_id"], ["channel.id"], name=op.f("fk_kept_text_channel_id_channel")),
        sa.ForeignKeyConstraint(["team_id"], ["team.id"], name=op.f("fk_kept_text_team_id_team")),
        sa.PrimaryKeyConstraint("channel_id", name=op.f("pk_kept_text")),
    )
    op.create_table(
        "pulse_answer",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("team_id", sa.Integer(), nullable=False),
        sa.Column("question", sa.String(), nullable=False),
        sa.Column("value", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["round_id"], ["pulse_round.id"], name=op.f("fk_pulse_answer_round_id_pulse_round")),
        sa.ForeignKeyConstraint(["team_id"], ["team.id"], name=op.f("fk_pulse_answer_team_id_team")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pulse_answer")),
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("pulse_answer", schema=None) as batch_op:
        batch_op.create_index("ix_pulse_answer_round_id", ["round_id"], unique=False)

    op.create_table(
        "pulse_taken",
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("slack_user", sa.String(), nullable=False),
        sa.Column("team_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["round_id"], ["pulse_round.id"], name=op.f("fk_pulse_taken_round_id_pulse_round")),
        sa.ForeignKeyConstraint(["team_id"], ["team.id"], name=op.f("fk_pulse_taken_team_id_team")),
        sa.PrimaryKeyConstraint("round_id", "slack_user", name=op.f("pk_pulse_taken")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "story_told",
        sa.Column("story_id", sa.Integer(), nullable=False),
        sa.Column("step", sa.Integer(), nullable=False),
        sa.Column("team_id", sa.Integer(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("saved", sa.String(), nullable=False),
        sa.Column("consent", sa.String(), nullable=False),
        sa.Column("at_us", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["story_id"], ["story.id"], name=op.f("fk_story_told_story_id_story")),
        sa.ForeignKeyConstraint(["team_id"], ["team.id"], name=op.f("fk_story_told_team_id_team")),
        sa.PrimaryKeyConstraint("story_id", "step", name=op.f("pk_story_told")),
    )
    with op.batch_alter_table("card", schema=None) as batch_op:
        batch_op.add_column(sa.Column("joined_us", sa.JSON(), nullable=True))
        batch_op.add_column(sa.Column("snoozed_until_us", sa.BigInteger(), nullable=True))
        batch_op.add_column(sa.Column("counted_us", sa.BigInteger(), nullable=True))
        batch_op.add_column(sa.Column("duty", sa.String(), nullable=True))
        batch_op.add_column(sa.Column("is_asked", sa.Boolean(), server_default=sa.false(), nullable=False))
        batch_op.add_column(sa.Column("was_freed", sa.Boolean(), server_default=sa.false(), nullable=False))
        batch_op.add_column(sa.Column("marked_by", sa.String(), nullable=True))
        batch_op.add_column(sa.Column("reopened_us", sa.BigInteger(), nullable=True))
        batch_op.add_column(sa.Column("reopened_by", sa.String(), nullable=True))
        batch_op.add_column(sa.Column("answered_by", sa.String(), nullable=True))
        batch_op.add_column(sa.Column("answered_us", sa.BigInteger(), nullable=True))
        batch_op.add_column(sa.Column("settled_by", sa.String(), nullable=True))
        batch_op.add_column(sa.Column("settled_how", sa.String(), server_default="", nullable=False))
        batch_op.add_column(sa.Column("asks_rule", sa.Integer(), nullable=True))
        batch_op.drop_index(batch_op.f("ix_card_state"))
        batch_op.create_index("ix_card_state", ["team_id", "community", "state", "closed_us"], unique=False)

    with op.batch_alter_table("channel", schema=None) as batch_op:
        batch_op.add_column(sa.Column("rolled_until", sa.Integer(), server_default="0", nullable=False))
        batch_op.add_column(sa.Column("unread_us", sa.BigInteger(), nullable=True))
        batch_op.add_column(sa.Column("asks_rule", sa.Integer(), server_default="0", nullable=False))

    with op.batch_alter_table("delivery", schema=None) as batch_op:
        batch_op.add_column(sa.Column("encloses", sa.String(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("delivery", schema=None) as batch_op:
        batch_op.drop_column("encloses")

    with op.batch_alter_table("channel", schema=None) as batch_op:
        batch_op.drop_column("asks_rule")
        batch_op.drop_column("unread_us")
        batch_op.drop_column("rolled_until")

    with op.batch_alter_table("card", schema=None) as batch_op:
        batch_op.drop_index("ix_card_state")
        batch_op.create_index(batch_op.f("ix_card_state"), ["team_id", "community", "state"], unique=False)
        batch_op.drop_column("asks_rule")
        batch_op.drop_column("settled_how")
        batch_op.drop_column("settled_by")
        batch_op.drop_column("answered_us")
        batch_op.drop_column("answered_by")
        batch_op.drop_column("reopened_by")
        batch_op.drop_column("reopened_us")
        batch_op.drop_column("marked_by")
        batch_op.drop_column("was_freed")
        batch_op.drop_column("is_asked")
        batch_op.drop_column("duty")
        batch_op.drop_column("counted_us")
        batch_op.drop_column("snoozed_until_us")
        batch_op.drop_column("joined_us")

    op.drop_table("story_told")
    op.drop_table("pulse_taken")
    with op.batch_alter_table("pulse_answer", schema=None) as batch_op:
        batch_op.drop_index("ix_pulse_answer_round_id")

    op.drop_table("pulse_answer")
    op.drop_table("kept_text")
    with op.batch_alter_table("day_rollup", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_day_rollup_emptied",
            sqlite_where=sa.text("length(contributions) = 0"),
            postgresql_where=sa.text("length(contributions) = 0"),
        )

    op.drop_table("day_rollup")
    with op.batch_alter_table("case_step", schema=None) as batch_op:
        batch_op.drop_index("ix_case_step_case_id")

    op.drop_table("case_step")
    op.drop_table("case_report")
    op.drop_table("asked_person")
    op.drop_table("taken_file")
    with op.batch_alter_table("story", schema=None) as batch_op:
        batch_op.drop_index("ix_story_slack_user")
        batch_op.drop_index("ix_story_asked_us")

    op.drop_table("story")
    op.drop_table("recognition_pass")
    with op.batch_alter_table("recognition", schema=None) as batch_op:
        batch_op.drop_index("ix_recognition_state")

    op.drop_table("recognition")
    op.drop_table("pulse_round")
    with op.batch_alter_table("moderation_case", schema=None) as batch_op:
        batch_op.drop_index("ix_moderation_case_state")
        batch_op.drop_index("ix_moderation_case_author")

    op.drop_table("moderation_case")
    op.drop_table("backfill")
