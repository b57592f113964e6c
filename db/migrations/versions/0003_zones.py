"""Grids lie in a class of zones (核心区, 繁华区, 一般区), which norms may differ by."""

from __future__ import annotations

from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute(
        "ALTER TABLE grid ADD COLUMN zone VARCHAR(5) "
        "CONSTRAINT ck_grid_zone_code CHECK (zone IN ('core', 'busy', 'plain'))"
    )
