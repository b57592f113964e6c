"""A mark given by hand can have its reason beside it; sheets that are locked stay as they were sealed, without one."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("sheet", sa.Column("reasons", sa.Text(), nullable=True))
