"""words of stored texts

The index is no table of the models: ``words_index`` makes it, and fills it from the texts that are stored.
"""

from alembic import op

from copbot.adapters.store import words_index

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    words_index.create(op.get_bind())
    words_index.rebuild(op.get_bind())


def downgrade() -> None:
    op.execute(f"DROP TABLE {words_index.NAME}")
