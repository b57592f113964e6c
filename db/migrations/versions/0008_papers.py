"""Documents that the office writes itself, and the register of the numbers that they go out under."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "paper_number",
        sa.Column("id", KEY, autoincrement=True, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("series", sa.String(length=40), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("serial", sa.Integer(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=True),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("recipients", sa.Text(), nullable=True),
        sa.Column("secrecy", sa.String(length=20), nullable=True),
        sa.Column("urgency", sa.String(length=20), nullable=True),
        sa.Column("drafter", sa.String(length=80), nullable=True),
        sa.Column("signer", sa.String(length=80), nullable=True),
        sa.Column("copies", sa.Integer(), nullable=True),
        sa.Column("void", sa.Boolean(), nullable=False),
        sa.Column("note", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_paper_number")),
        sa.UniqueConstraint("series", "year", "serial", name=op.f("uq_paper_number_series_year_serial")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "draft",
        sa.Column("id", KEY, autoincrement=True, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("template", sa.String(length=40), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("said", sa.Text(), nullable=False),
        sa.Column("month", sa.String(length=80), nullable=True),
        sa.Column("grid_id", KEY, nullable=True),
        sa.Column("number_id", KEY, nullable=True),
        sa.Column("writer", sa.String(length=64), nullable=False),
        sa.Column("changed", sa.String(length=26), nullable=False),
        sa.ForeignKeyConstraint(["grid_id"], ["grid.id"], name=op.f("fk_draft_grid_id")),
        sa.ForeignKeyConstraint(["number_id"], ["paper_number.id"], name=op.f("fk_draft_number_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_draft")),
        sa.UniqueConstraint("number_id", name=op.f("uq_draft_number_id")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_draft_grid_id"), "draft", ["grid_id"], unique=False)
