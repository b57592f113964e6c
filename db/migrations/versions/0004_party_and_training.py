"""Party organisations, members and the grids they answer for; certificates; trainings and attendance."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "training",
        sa.Column("id", KEY, autoincrement=True, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("form", sa.String(length=10), nullable=True),
        sa.Column("theme", sa.Text(), nullable=True),
        sa.Column("place", sa.String(length=120), nullable=True),
        sa.Column("hours", sa.BigInteger(), nullable=True),
        sa.Column("organiser", sa.String(length=120), nullable=True),
        sa.Column("lecturer", sa.String(length=80), nullable=True),
        sa.CheckConstraint(
            "form IN ('lecture', 'discussion', 'visit', 'video', 'other')", name=op.f("ck_training_form_code")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_training")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_training_day_name", "training", ["day", "name"], unique=False)
    op.create_table(
        "attendance",
        sa.Column("id", KEY, autoincrement=True, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("training_id", KEY, nullable=False),
        sa.Column("person_id", KEY, nullable=False),
        sa.Column("presence", sa.String(length=7), nullable=False),
        sa.Column("hours", sa.BigInteger(), nullable=True),
        sa.Column("score", sa.BigInteger(), nullable=True),
        sa.CheckConstraint(
            "presence IN ('present', 'late', 'leave', 'absent', 'made_up')",
            name=op.f("ck_attendance_presence_code"),
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_attendance_person_id")),
        sa.ForeignKeyConstraint(["training_id"], ["training.id"], name=op.f("fk_attendance_training_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attendance")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_attendance_person_id"), "attendance", ["person_id"], unique=False)
    op.create_index(op.f("ix_attendance_training_id"), "attendance", ["training_id"], unique=False)
    op.create_table(
        "certificate",
        sa.Column("id", KEY, autoincrement=True, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("person_id", KEY, nullable=False),
        sa.Column("certificate", sa.String(length=120), nullable=False),
        sa.Column("level", sa.String(length=40), nullable=True),
        sa.Column("number", sa.String(length=80), nullable=True),
        sa.Column("issuer", sa.String(length=120), nullable=True),
        sa.Column("issued", sa.Date(), nullable=True),
        sa.Column("expires", sa.Date(), nullable=True),
        sa.Column("renews_id", KEY, nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_certificate_person_id")),
        sa.ForeignKeyConstraint(["renews_id"], ["certificate.id"], name=op.f("fk_certificate_renews_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_certificate")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_certificate_expires"), "certificate", ["expires"], unique=False)
    op.create_index(op.f("ix_certificate_person_id"), "certificate", ["person_id"], unique=False)
    op.create_index(op.f("ix_certificate_renews_id"), "certificate", ["renews_id"], unique=False)
    op.create_table(
        "party_link",
        sa.Column("id", KEY, autoincrement=True, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("person_id", KEY, nullable=False),
        sa.Column("grid_id", KEY, nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("duty", sa.Text(), nullable=True),
        sa.Column("from_day", sa.Date(), nullable=True),
        sa.Column("to_day", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["grid_id"], ["grid.id"], name=op.f("fk_party_link_grid_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_party_link_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_party_link")),
        sqlite_autoincrement=True,
    )
    op.create_index(
        "ix_party_link_grid_days", "party_link", ["grid_id", "from_day", "to_day", "person_id"], unique=False
    )
    op.create_index(op.f("ix_party_link_person_id"), "party_link", ["person_id"], unique=False)
    op.create_table(
        "party_org",
        sa.Column("id", KEY, autoincrement=True, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("kind", sa.String(length=9), nullable=False),
        sa.Column("parent_id", KEY, nullable=True),
        sa.Column("grid_id", KEY, nullable=True),
        sa.Column("secretary", sa.String(length=80), nullable=True),
        sa.Column("phone", sa.String(length=60), nullable=True),
        sa.Column("from_day", sa.Date(), nullable=True),
        sa.Column("to_day", sa.Date(), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "kind IN ('committee', 'general', 'branch', 'joint', 'group')",
            name=op.f("ck_party_org_kind_code"),
        ),
        sa.ForeignKeyConstraint(["grid_id"], ["grid.id"], name=op.f("fk_party_org_grid_id")),
        sa.ForeignKeyConstraint(["parent_id"], ["party_org.id"], name=op.f("fk_party_org_parent_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_party_org")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_party_org_grid_id"), "party_org", ["grid_id"], unique=False)
    op.create_index(op.f("ix_party_org_name"), "party_org", ["name"], unique=False)
    op.create_index(op.f("ix_party_org_parent_id"), "party_org", ["parent_id"], unique=False)
    op.create_table(
        "party_member",
        sa.Column("id", KEY, autoincrement=True, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("person_id", KEY, nullable=False),
        sa.Column("org_id", KEY, nullable=True),
        sa.Column("kind", sa.String(length=2), nullable=False),
        sa.Column("flow", sa.String(length=6), nullable=False),
        sa.Column("joined", sa.Date(), nullable=True),
        sa.Column("confirmed", sa.Date(), nullable=True),
        sa.Column("from_day", sa.Date(), nullable=True),
        sa.Column("to_day", sa.Date(), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "flow IN ('normal', 'away', 'lost', 'exempt', 'kept')", name=op.f("ck_party_member_flow_code")
        ),
        sa.CheckConstraint("kind IN ('01', '02')", name=op.f("ck_party_member_kind_code")),
        sa.ForeignKeyConstraint(["org_id"], ["party_org.id"], name=op.f("fk_party_member_org_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_party_member_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_party_member")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_party_member_org_id"), "party_member", ["org_id"], unique=False)
    op.create_index(op.f("ix_party_member_person_id"), "party_member", ["person_id"], unique=False)
