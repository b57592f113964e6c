"""Packages between offices without a network: whom they are exchanged with, and the register of them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "partner",
        sa.Column("id", KEY, autoincrement=True, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("sign_key", sa.String(length=64), nullable=False),
        sa.Column("seal_key", sa.String(length=64), nullable=False),
        sa.Column("confirmed", sa.Boolean(), nullable=False),
        sa.Column("grid_id", KEY, nullable=True),
        sa.ForeignKeyConstraint(["grid_id"], ["grid.id"], name=op.f("fk_partner_grid_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_partner")),
        sa.UniqueConstraint("sign_key", name=op.f("uq_partner_sign_key")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_partner_grid_id"), "partner", ["grid_id"], unique=False)
    op.create_table(
        "package",
        sa.Column("id", KEY, autoincrement=True, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("way", sa.String(length=8), nullable=False),
        sa.Column("partner_id", KEY, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("identity", sa.String(length=32), nullable=False),
        sa.Column("made", sa.String(length=26), nullable=False),
        sa.Column("month", sa.String(length=80), nullable=True),
        sa.Column("whole", sa.Boolean(), nullable=False),
        sa.Column("contents", sa.Text(), nullable=False),
        sa.Column("marks", sa.Text(), nullable=True),
        sa.Column("settled", sa.Text(), nullable=False),
        sa.Column("answered", sa.Text(), nullable=True),
        sa.CheckConstraint("way IN ('sent', 'received')", name=op.f("ck_package_way_code")),
        sa.ForeignKeyConstraint(["partner_id"], ["partner.id"], name=op.f("fk_package_partner_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_package")),
        sa.UniqueConstraint("way", "identity", name=op.f("uq_package_way_identity")),
        sa.UniqueConstraint("partner_id", "way", "number", name=op.f("uq_package_partner_id_way_number")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_package_partner_id"), "package", ["partner_id"], unique=False)
