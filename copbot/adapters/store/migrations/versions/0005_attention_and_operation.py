"""attention and operation"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "digest_made",
        sa.Column("team_id", sa.Integer(), nullable=False),
        sa.Column("community", sa.String(), nullable=False),
        sa.Column("slack_user", sa.String(), nullable=False),
        sa.Column("period", sa.String(), nullable=False),
        sa.Column("made_us", sa.BigInteger(), nullable=False),
        sa.Column("entries", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["team_id"], ["team.id"], name=op.f("fk_digest_made_team_id_team")),
        sa.PrimaryKeyConstraint("team_id", "community", "slack_user", name=op.f("pk_digest_made")),
    )
    op.create_table(
        "erasure",
        sa.Column("team_id", sa.Integer(), nullable=False),
        sa.Column("slack_user", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("alias", sa.String(), nullable=False),
        sa.Column("begun_us", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["team_id"], ["team.id"], name=op.f("fk_erasure_team_id_team")),
        sa.PrimaryKeyConstraint("team_id", "slack_user", name=op.f("pk_erasure")),
    )
    op.create_table(
        "hidden_person",
        sa.Column("team_id", sa.Integer(), nullable=False),
        sa.Column("mark", sa.String(), nullable=False),
        sa.Column("how", sa.String(), nullable=False),
        sa.Column("at_us", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["team_id"], ["team.id"], name=op.f("fk_hidden_person_team_id_team")),
        sa.PrimaryKeyConstraint("team_id", "mark", name=op.f("pk_hidden_person")),
    )
    op.create_table(
        "lead_lease",
        sa.Column("team_id", sa.Integer(), nullable=False),
        sa.Column("holder", sa.String(), nullable=False),
        sa.Column("term", sa.Integer(), nullable=False),
        sa.Column("until_us", sa.BigInteger(), nullable=False),
        sa.Column("rung", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["team_id"], ["team.id"], name=op.f("fk_lead_lease_team_id_team")),
        sa.PrimaryKeyConstraint("team_id", name=op.f("pk_lead_lease")),
    )
    op.create_table(
        "nightly_run",
        sa.Column("team_id", sa.Integer(), nullable=False),
        sa.Column("task", sa.String(), nullable=False),
        sa.Column("night", sa.String(), nullable=False),
        sa.Column("begun_us", sa.BigInteger(), nullable=False),
        sa.Column("done_us", sa.BigInteger(), nullable=True),
        sa.Column("failure", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["team_id"], ["team.id"], name=op.f("fk_nightly_run_team_id_team")),
        sa.PrimaryKeyConstraint("team_id", "task", name=op.f("pk_nightly_run")),
    )
    op.create_table(
        "opt_out",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("team_id", sa.Integer(), nullable=False),
        sa.Column("community", sa.String(), nullable=True),
        sa.Column("what", sa.String(), nullable=False),
        sa.Column("at_us", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["team_id"], ["team.id"], name=op.f("fk_opt_out_team_id_team")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_opt_out")),
    )
    with op.batch_alter_table("opt_out", schema=None) as batch_op:
        batch_op.create_index("ix_opt_out_at_us", ["team_id", "at_us"], unique=False)

    op.create_table(
        "preference",
        sa.Column("team_id", sa.Integer(), nullable=False),
        sa.Column("slack_user", sa.String(), nullable=False),
        sa.Column("mode", sa.String(), nullable=False),
        sa.Column("turned_off", sa.JSON(), nullable=False),
        sa.Column("quiet", sa.String(), nullable=False),
        sa.Column("paused_until_us", sa.BigInteger(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("changed_us", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["team_id"], ["team.id"], name=op.f("fk_preference_team_id_team")),
        sa.PrimaryKeyConstraint("team_id", "slack_user", name=op.f("pk_preference")),
    )
    op.create_table(
        "privacy_secret",
        sa.Column("team_id", sa.Integer(), nullable=False),
        sa.Column("secret", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["team_id"], ["team.id"], name=op.f("fk_privacy_secret_team_id_team")),
        sa.PrimaryKeyConstraint("team_id", name=op.f("pk_privacy_secret")),
    )
    with op.batch_alter_table("card", schema=None) as batch_op:
        batch_op.create_index("ix_card_place", ["team_id", "channel", "ts_us"], unique=False)

    with op.batch_alter_table("delivery", schema=None) as batch_op:
        batch_op.add_column(sa.Column("wanted_us", sa.BigInteger(), nullable=True))
        batch_op.add_column(sa.Column("outcome", sa.String(), server_default="", nullable=False))
        batch_op.add_column(sa.Column("outcome_why", sa.String(), server_default="", nullable=False))
        batch_op.add_column(sa.Column("decided_us", sa.BigInteger(), nullable=True))
        batch_op.add_column(sa.Column("budget_day", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("budget_week", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("answered_us", sa.BigInteger(), nullable=True))
        batch_op.create_index("ix_delivery_kind_ts_us", ["team_id", "kind", "ts_us"], unique=False)
        batch_op.create_index("ix_delivery_place", ["team_id", "channel", "ts_us"], unique=False)
        batch_op.create_index("ix_delivery_updates", ["team_id", "updates"], unique=False)

    with op.batch_alter_table("slack_user", schema=None) as batch_op:
        batch_op.add_column(sa.Column("is_untracked", sa.Boolean(), server_default=sa.false(), nullable=False))
        batch_op.add_column(sa.Column("left_us", sa.BigInteger(), nullable=True))

    with op.batch_alter_table("team", schema=None) as batch_op:
        batch_op.add_column(sa.Column("url", sa.String(), nullable=True))
        batch_op.add_column(sa.Column("restored_us", sa.BigInteger(), nullable=True))
        batch_op.add_column(sa.Column("restored_from_us", sa.BigInteger(), nullable=True))

    # Where nothing may be kept the reasons quote nothing any more: these channels are looked over once again.
    op.execute("UPDATE kept_text SET keep = '' WHERE keep = 'none'")


def downgrade() -> None:
    with op.batch_alter_table("team", schema=None, recreate="never") as batch_op:
        batch_op.drop_column("restored_from_us")
        batch_op.drop_column("restored_us")
        batch_op.drop_column("url")

    with op.batch_alter_table("slack_user", schema=None, recreate="never") as batch_op:
        batch_op.drop_column("left_us")
        batch_op.drop_column("is_untracked")

    with op.batch_alter_table("delivery", schema=None, recreate="never") as batch_op:
        batch_op.drop_index("ix_delivery_updates")
        batch_op.drop_index("ix_delivery_place")
        batch_op.drop_index("ix_delivery_kind_ts_us")
        batch_op.drop_column("answered_us")
        batch_op.drop_column("budget_week")
        batch_op.drop_column("budget_day")
        batch_op.drop_column("decided_us")
        batch_op.drop_column("outcome_why")
        batch_op.drop_column("outcome")
        batch_op.drop_column("wanted_us")

    with op.batch_alter_table("card", schema=None, recreate="never") as batch_op:
        batch_op.drop_index("ix_card_place")

    op.drop_table("privacy_secret")
    op.drop_table("preference")
    with op.batch_alter_table("opt_out", schema=None, recreate="never") as batch_op:
        batch_op.drop_index("ix_opt_out_at_us")

    op.drop_table("opt_out")
    op.drop_table("nightly_run")
    op.drop_table("lead_lease")
    op.drop_table("hidden_person")
    op.drop_table("erasure")
    op.drop_table("digest_made")
