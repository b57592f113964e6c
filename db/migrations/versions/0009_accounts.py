"""How far an account reaches, what waits for approval, what it signs in with, and the roles that keep an
office's accounts without seeing its business."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")

ROLES = (
    "role IN ('administrator', 'clerk', 'reviewer', 'leader', 'reader', "
    "'system_admin', 'security_admin', 'auditor')"
)
REACHES = "reach IN ('all', 'below', 'unit', 'custom', 'own', 'none')"
WAS = "id, version, name, display, role, grid_id, active, person_id, scorer"
REACHED = "CASE WHEN grid_id IS NULL THEN 'all' ELSE 'below' END"


def upgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        remake_account()
    else:
        alter_account()
    op.create_table(
        "account_grid",
        sa.Column("id", KEY, autoincrement=True, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("account_id", KEY, nullable=False),
        sa.Column("grid_id", KEY, nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_account_grid_account_id")),
        sa.ForeignKeyConstraint(["grid_id"], ["grid.id"], name=op.f("fk_account_grid_grid_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_account_grid")),
        sa.UniqueConstraint("account_id", "grid_id", name=op.f("uq_account_grid_account_id_grid_id")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_account_grid_grid_id"), "account_grid", ["grid_id"], unique=False)
    op.create_table(
        "credential",
        sa.Column("id", KEY, autoincrement=True, nullable=False),
        sa.Column("account_id", KEY, nullable=False),
        sa.Column("secret", sa.String(length=200), nullable=True),
        sa.Column("since", sa.String(length=26), nullable=True),
        sa.Column("must_change", sa.Boolean(), nullable=False),
        sa.Column("former", sa.Text(), nullable=True),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("failed_at", sa.String(length=26), nullable=True),
        sa.Column("failed_from", sa.String(length=120), nullable=True),
        sa.Column("locked_until", sa.String(length=26), nullable=True),
        sa.Column("seen_at", sa.String(length=26), nullable=True),
        sa.Column("seen_from", sa.String(length=120), nullable=True),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_credential_account_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_credential")),
        sa.UniqueConstraint("account_id", name=op.f("uq_credential_account_id")),
    )


def alter_account() -> None:
    op.alter_column("account", "role", type_=sa.String(length=14), existing_nullable=False)
    op.drop_constraint("ck_account_role_code", "account")
    op.create_check_constraint(op.f("ck_account_role_code"), "account", ROLES)
    op.add_column("account", sa.Column("reach", sa.String(length=6), nullable=True))
    op.execute(f"UPDATE account SET reach = {REACHED}")
    op.alter_column("account", "reach", nullable=False)
    op.create_check_constraint(op.f("ck_account_reach_code"), "account", REACHES)
    op.add_column("account", sa.Column("pending", sa.Text(), nullable=True))


def remake_account() -> None:
    """SQLite alters no CHECK: the table is made anew. Nothing names an account yet."""
    op.execute("CREATE TEMP TABLE last_of AS SELECT seq FROM sqlite_sequence WHERE name = 'account'")
    op.create_table(
        "account_new",
        sa.Column("id", KEY, autoincrement=True, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.Column("display", sa.String(length=64), nullable=False),
        sa.Column("role", sa.String(length=14), nullable=False),
        sa.Column("reach", sa.String(length=6), nullable=False),
        sa.Column("grid_id", KEY, nullable=True),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("person_id", KEY, nullable=True),
        sa.Column("scorer", sa.String(length=80), nullable=True),
        sa.Column("pending", sa.Text(), nullable=True),
        sa.CheckConstraint(ROLES, name=op.f("ck_account_role_code")),
        sa.CheckConstraint(REACHES, name=op.f("ck_account_reach_code")),
        sa.ForeignKeyConstraint(["grid_id"], ["grid.id"], name=op.f("fk_account_grid_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_account_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_account")),
        sa.UniqueConstraint("name", name=op.f("uq_account_name")),
        sqlite_autoincrement=True,
    )
    op.execute(f"INSERT INTO account_new ({WAS}, reach) SELECT {WAS}, {REACHED} FROM account ORDER BY id")
    op.drop_table("account")
    op.rename_table("account_new", "account")
    # a number that was given once is never given again
    op.execute(
        "UPDATE sqlite_sequence SET seq = (SELECT seq FROM last_of) "
        "WHERE name = 'account' AND EXISTS (SELECT 1 FROM last_of)"
    )
    op.execute("DROP TABLE last_of")
    for column in ("grid_id", "person_id"):
        op.create_index(op.f(f"ix_account_{column}"), "account", [column], unique=False)
