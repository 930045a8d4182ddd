"""rhythm and onboarding in full"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "audit",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("team_id", sa.Integer(), nullable=False),
        sa.Column("community", sa.String(), nullable=False),
        sa.Column("at_us", sa.BigInteger(), nullable=False),
        sa.Column("actor", sa.String(), nullable=False),
        sa.Column("action", sa.String(), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("detail", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["team_id"], ["team.id"], name=op.f("fk_audit_team_id_team")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit")),
    )
    with op.batch_alter_table("audit", schema=None) as batch_op:
        batch_op.create_index("ix_audit_at_us", ["team_id", "community", "at_us"], unique=False)

    op.create_table(
        "post_control",
        sa.Column("team_id", sa.Integer(), nullable=False),
        sa.Column("community", sa.String(), nullable=False),
        sa.Column("post", sa.String(), nullable=False),
        sa.Column("paused", sa.Boolean(), nullable=False),
        sa.Column("by_user", sa.String(), nullable=False),
        sa.Column("at_us", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["team_id"], ["team.id"], name=op.f("fk_post_control_team_id_team")),
        sa.PrimaryKeyConstraint("team_id", "community", "post", name=op.f("pk_post_control")),
    )
    op.create_table(
        "referral",
        sa.Column("team_id", sa.Integer(), nullable=False),
        sa.Column("community", sa.String(), nullable=False),
        sa.Column("newcomer", sa.String(), nullable=False),
        sa.Column("inviter", sa.String(), nullable=False),
        sa.Column("named_us", sa.BigInteger(), nullable=False),
        sa.Column("credited_us", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["team_id"], ["team.id"], name=op.f("fk_referral_team_id_team")),
        sa.PrimaryKeyConstraint("team_id", "community", "newcomer", name=op.f("pk_referral")),
    )
    with op.batch_alter_table("referral", schema=None) as batch_op:
        batch_op.create_index(
            "ix_referral_credited_us", ["team_id", "community", "credited_us", "named_us"], unique=False
        )
        batch_op.create_index("ix_referral_inviter", ["team_id", "community", "inviter"], unique=False)

    op.create_table(
        "suggestion",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("team_id", sa.Integer(), nullable=False),
        sa.Column("community", sa.String(), nullable=False),
        sa.Column("slack_user", sa.String(), nullable=False),
        sa.Column("question", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("post", sa.String(), nullable=True),
        sa.Column("is_named", sa.Boolean(), nullable=False),
        sa.Column("suggested_us", sa.BigInteger(), nullable=False),
        sa.Column("decided_by", sa.String(), nullable=True),
        sa.Column("decided_us", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["team_id"], ["team.id"], name=op.f("fk_suggestion_team_id_team")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_suggestion")),
    )
    with op.batch_alter_table("suggestion", schema=None) as batch_op:
        batch_op.create_index("ix_suggestion_state", ["team_id", "community", "state"], unique=False)

    op.create_table(
        "template_use",
        sa.Column("team_id", sa.Integer(), nullable=False),
        sa.Column("community", sa.String(), nullable=False),
        sa.Column("post", sa.String(), nullable=False),
        sa.Column("template", sa.String(), nullable=False),
        sa.Column("used_us", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["team_id"], ["team.id"], name=op.f("fk_template_use_team_id_team")),
        sa.PrimaryKeyConstraint("team_id", "community", "post", name=op.f("pk_template_use")),
    )
    op.create_table(
        "outcome",
        sa.Column("journey_id", sa.Integer(), nullable=False),
        sa.Column("team_id", sa.Integer(), nullable=False),
        sa.Column("verdict", sa.String(), nullable=False),
        sa.Column("line", sa.String(), nullable=False),
        sa.Column("at_us", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["journey_id"], ["journey.id"], name=op.f("fk_outcome_journey_id_journey")),
        sa.ForeignKeyConstraint(["team_id"], ["team.id"], name=op.f("fk_outcome_team_id_team")),
        sa.PrimaryKeyConstraint("journey_id", name=op.f("pk_outcome")),
    )
    with op.batch_alter_table("card", schema=None) as batch_op:
        batch_op.add_column(sa.Column("claimed_us", sa.BigInteger(), nullable=True))
        batch_op.add_column(sa.Column("is_first", sa.Boolean(), server_default=sa.false(), nullable=False))

    with op.batch_alter_table("delivery", schema=None) as batch_op:
        batch_op.add_column(sa.Column("why", sa.String(), server_default="", nullable=False))
        batch_op.add_column(sa.Column("pin", sa.String(), server_default="", nullable=False))
        batch_op.add_column(sa.Column("pinned_as", sa.String(), nullable=True))
        batch_op.create_index("ix_delivery_pin", ["team_id", "pin"], unique=False)
        batch_op.create_index("ix_delivery_target", ["team_id", "target", "due_us"], unique=False)

    with op.batch_alter_table("journey", schema=None) as batch_op:
        batch_op.add_column(sa.Column("draft", sa.JSON(), nullable=True))
        batch_op.add_column(sa.Column("closed_us", sa.BigInteger(), nullable=True))
        batch_op.create_index("ix_journey_started_us", ["team_id", "community", "started_us"], unique=False)

    with op.batch_alter_table("membership", schema=None) as batch_op:
        batch_op.add_column(sa.Column("first_us", sa.BigInteger(), nullable=True))

    with op.batch_alter_table("team", schema=None) as batch_op:
        batch_op.add_column(sa.Column("compared_us", sa.BigInteger(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("team", schema=None) as batch_op:
        batch_op.drop_column("compared_us")

    with op.batch_alter_table("membership", schema=None) as batch_op:
        batch_op.drop_column("first_us")

    with op.batch_alter_table("journey", schema=None) as batch_op:
        batch_op.drop_index("ix_journey_started_us")
        batch_op.drop_column("closed_us")
        batch_op.drop_column("draft")

    with op.batch_alter_table("delivery", schema=None) as batch_op:
        batch_op.drop_index("ix_delivery_target")
        batch_op.drop_index("ix_delivery_pin")
        batch_op.drop_column("pinned_as")
        batch_op.drop_column("pin")
        batch_op.drop_column("why")

    with op.batch_alter_table("card", schema=None) as batch_op:
        batch_op.drop_column("is_first")
        batch_op.drop_column("claimed_us")

    op.drop_table("outcome")
    op.drop_table("template_use")
    with op.batch_alter_table("suggestion", schema=None) as batch_op:
        batch_op.drop_index("ix_suggestion_state")

    op.drop_table("suggestion")
    with op.batch_alter_table("referral", schema=None) as batch_op:
        batch_op.drop_index("ix_referral_inviter")
        batch_op.drop_index("ix_referral_credited_us")

    op.drop_table("referral")
    op.drop_table("post_control")
    with op.batch_alter_table("audit", schema=None) as batch_op:
        batch_op.drop_index("ix_audit_at_us")

    op.drop_table("audit")
