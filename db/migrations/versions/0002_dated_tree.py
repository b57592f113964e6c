"""The dated tree: changes of grids, what they were before, codes given up; grids found by pinyin.

Nothing that is there changes: a grid without `since` is what it always was.
"""

from __future__ import annotations

import re
from functools import cache

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
PORTION = 2000


def upgrade() -> None:
    op.add_column("grid", sa.Column("search", sa.Text(), nullable=True))
    op.add_column("grid", sa.Column("since", sa.Date(), nullable=True))
    op.drop_index("ix_grid_path", "grid")
    op.create_index("ix_grid_path", "grid", ["path", "valid_from", "valid_to", "kind", "households"])
    create_tables()
    fill_search()


def create_tables() -> None:
    op.create_table(
        "grid_change",
        sa.Column("id", KEY, autoincrement=True, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=9), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column(
            "approval", sa.String(length=120), nullable=True, comment="number of the approving document"
        ),
        sa.CheckConstraint(
            "kind IN ('establish', 'rename', 'recode', 'move', 'split', 'merge', 'convert', 'revise', 'close')",
            name=op.f("ck_grid_change_kind_code"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_grid_change")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_grid_change_day"), "grid_change", ["day"], unique=False)
    op.create_table(
        "grid_link",
        sa.Column("id", KEY, autoincrement=True, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("change_id", KEY, nullable=False),
        sa.Column("grid_id", KEY, nullable=False),
        sa.Column("part", sa.String(length=7), nullable=False),
        sa.CheckConstraint(
            "part IN ('subject', 'before', 'after', 'carried')", name=op.f("ck_grid_link_part_code")
        ),
        sa.ForeignKeyConstraint(["change_id"], ["grid_change.id"], name=op.f("fk_grid_link_change_id")),
        sa.ForeignKeyConstraint(["grid_id"], ["grid.id"], name=op.f("fk_grid_link_grid_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_grid_link")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_grid_link_change_id"), "grid_link", ["change_id"], unique=False)
    op.create_index(op.f("ix_grid_link_grid_id"), "grid_link", ["grid_id"], unique=False)
    op.create_table(
        "grid_period",
        sa.Column("id", KEY, autoincrement=True, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("grid_id", KEY, nullable=False),
        sa.Column("change_id", KEY, nullable=False),
        sa.Column("from_day", sa.Date(), nullable=True),
        sa.Column("to_day", sa.Date(), nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("search", sa.Text(), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("parent_id", KEY, nullable=True),
        sa.Column("households", sa.Integer(), nullable=True),
        sa.Column("merchants", sa.Integer(), nullable=True),
        sa.Column("population", sa.Integer(), nullable=True),
        sa.Column("area", sa.BigInteger(), nullable=True, comment="square metres"),
        sa.Column("extent", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["change_id"], ["grid_change.id"], name=op.f("fk_grid_period_change_id")),
        sa.ForeignKeyConstraint(["grid_id"], ["grid.id"], name=op.f("fk_grid_period_grid_id")),
        sa.ForeignKeyConstraint(["parent_id"], ["grid.id"], name=op.f("fk_grid_period_parent_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_grid_period")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_grid_period_days", "grid_period", ["to_day", "from_day"], unique=False)
    op.create_index(op.f("ix_grid_period_change_id"), "grid_period", ["change_id"], unique=False)
    op.create_index(op.f("ix_grid_period_grid_id"), "grid_period", ["grid_id"], unique=False)
    op.create_index(op.f("ix_grid_period_parent_id"), "grid_period", ["parent_id"], unique=False)
    op.create_table(
        "grid_code",
        sa.Column("id", KEY, autoincrement=True, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("grid_id", KEY, nullable=False),
        sa.Column("change_id", KEY, nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["change_id"], ["grid_change.id"], name=op.f("fk_grid_code_change_id")),
        sa.ForeignKeyConstraint(["grid_id"], ["grid.id"], name=op.f("fk_grid_code_grid_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_grid_code")),
        sa.UniqueConstraint("code", name=op.f("uq_grid_code_code")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_grid_code_change_id"), "grid_code", ["change_id"], unique=False)
    op.create_index(op.f("ix_grid_code_grid_id"), "grid_code", ["grid_id"], unique=False)


def fill_search() -> None:
    """Grids that are there already are found by pinyin too."""
    connection = op.get_bind()
    grid = sa.table("grid", sa.column("id"), sa.column("code"), sa.column("name"), sa.column("search"))
    update = grid.update().where(grid.c.id == sa.bindparam("number")).values(search=sa.bindparam("text"))
    rows = connection.execute(sa.select(grid.c.id, grid.c.code, grid.c.name)).all()
    for start in range(0, len(rows), PORTION):
        connection.execute(
            update,
            [
                {"number": number, "text": search_text(code, name)}
                for number, code, name in rows[start : start + PORTION]
            ],
        )


@cache
def readings(name: str) -> list[str]:
    from pypinyin import Style, lazy_pinyin

    said = lazy_pinyin(name, style=Style.NORMAL)
    return [word for text in said for word in re.findall(r"[a-z0-9]+", text.lower())]


def search_text(code: str, name: str) -> str:
    syllables = readings(name)
    whole, initials = "".join(syllables), "".join(word if word.isdigit() else word[0] for word in syllables)
    return " ".join((name, whole, initials, code)).lower()
