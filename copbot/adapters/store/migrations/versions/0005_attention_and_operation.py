"""attention and operation"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
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


def downgrade() -> None:
    op.drop_table("preference")
