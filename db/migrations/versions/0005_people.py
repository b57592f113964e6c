"""People and their grids: photographs, seats of organisations, 双报到, reserves, plans of trainings, lists of
resources, problems and households; changes of the tree that wait for their day."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "grid_plan",
        sa.Column("id", KEY, autoincrement=True, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=9), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("draft", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("approval", sa.String(length=120), nullable=True),
        sa.CheckConstraint(
            "kind IN ('establish', 'rename', 'recode', 'move', 'split', 'merge', 'convert', 'revise', 'close')",
            name=op.f("ck_grid_plan_kind_code"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_grid_plan")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_grid_plan_day"), "grid_plan", ["day"], unique=False)
    op.create_table(
        "household",
        sa.Column("id", KEY, autoincrement=True, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("grid_id", KEY, nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("phone", sa.String(length=60), nullable=True),
        sa.Column("address", sa.Text(), nullable=True),
        sa.Column("people", sa.Integer(), nullable=True),
        sa.Column("caller_id", KEY, nullable=True),
        sa.Column("member_id", KEY, nullable=True),
        sa.Column("from_day", sa.Date(), nullable=True),
        sa.Column("to_day", sa.Date(), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["caller_id"], ["person.id"], name=op.f("fk_household_caller_id")),
        sa.ForeignKeyConstraint(["grid_id"], ["grid.id"], name=op.f("fk_household_grid_id")),
        sa.ForeignKeyConstraint(["member_id"], ["person.id"], name=op.f("fk_household_member_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_household")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_household_caller_id"), "household", ["caller_id"], unique=False)
    op.create_index(op.f("ix_household_grid_id"), "household", ["grid_id"], unique=False)
    op.create_index(op.f("ix_household_member_id"), "household", ["member_id"], unique=False)
    op.create_table(
        "issue",
        sa.Column("id", KEY, autoincrement=True, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("grid_id", KEY, nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=True),
        sa.Column("what", sa.Text(), nullable=False),
        sa.Column("source", sa.String(length=40), nullable=True),
        sa.Column("reporter", sa.String(length=80), nullable=True),
        sa.Column("person_id", KEY, nullable=True),
        sa.Column("department", sa.String(length=120), nullable=True),
        sa.Column("state", sa.String(length=7), nullable=False),
        sa.Column("due", sa.Date(), nullable=True),
        sa.Column("closed", sa.Date(), nullable=True),
        sa.Column("result", sa.Text(), nullable=True),
        sa.Column("satisfied", sa.Boolean(), nullable=True),
        sa.CheckConstraint(
            "state IN ('open', 'passed', 'done', 'dropped')", name=op.f("ck_issue_state_code")
        ),
        sa.ForeignKeyConstraint(["grid_id"], ["grid.id"], name=op.f("fk_issue_grid_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_issue_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_issue")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_issue_day"), "issue", ["day"], unique=False)
    op.create_index("ix_issue_grid_day", "issue", ["grid_id", "day", "closed", "state"], unique=False)
    op.create_index(op.f("ix_issue_person_id"), "issue", ["person_id"], unique=False)
    op.create_table(
        "not_twins",
        sa.Column("id", KEY, autoincrement=True, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("person_id", KEY, nullable=False),
        sa.Column("other_id", KEY, nullable=False),
        sa.ForeignKeyConstraint(["other_id"], ["person.id"], name=op.f("fk_not_twins_other_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_not_twins_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_not_twins")),
        sa.UniqueConstraint("person_id", "other_id", name=op.f("uq_not_twins_person_id_other_id")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_not_twins_other_id"), "not_twins", ["other_id"], unique=False)
    op.create_table(
        "party_report",
        sa.Column("id", KEY, autoincrement=True, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("person_id", KEY, nullable=False),
        sa.Column("grid_id", KEY, nullable=False),
        sa.Column("side", sa.String(length=9), nullable=False),
        sa.Column("unit", sa.String(length=120), nullable=True),
        sa.Column("from_day", sa.Date(), nullable=True),
        sa.Column("to_day", sa.Date(), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.CheckConstraint("side IN ('unit', 'residence')", name=op.f("ck_party_report_side_code")),
        sa.ForeignKeyConstraint(["grid_id"], ["grid.id"], name=op.f("fk_party_report_grid_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_party_report_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_party_report")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_party_report_grid_id"), "party_report", ["grid_id"], unique=False)
    op.create_index(op.f("ix_party_report_person_id"), "party_report", ["person_id"], unique=False)
    op.create_table(
        "party_service",
        sa.Column("id", KEY, autoincrement=True, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("person_id", KEY, nullable=False),
        sa.Column("grid_id", KEY, nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("what", sa.Text(), nullable=False),
        sa.Column("hours", sa.BigInteger(), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["grid_id"], ["grid.id"], name=op.f("fk_party_service_grid_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_party_service_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_party_service")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_party_service_day"), "party_service", ["day"], unique=False)
    op.create_index(op.f("ix_party_service_grid_id"), "party_service", ["grid_id"], unique=False)
    op.create_index(op.f("ix_party_service_person_id"), "party_service", ["person_id"], unique=False)
    op.create_table(
        "reserve",
        sa.Column("id", KEY, autoincrement=True, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("person_id", KEY, nullable=False),
        sa.Column("grid_id", KEY, nullable=True),
        sa.Column("title", sa.String(length=40), nullable=True),
        sa.Column("source", sa.String(length=120), nullable=True),
        sa.Column("state", sa.String(length=7), nullable=False),
        sa.Column("since", sa.Date(), nullable=True),
        sa.Column("to_day", sa.Date(), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.CheckConstraint("state IN ('waiting', 'placed', 'left')", name=op.f("ck_reserve_state_code")),
        sa.ForeignKeyConstraint(["grid_id"], ["grid.id"], name=op.f("fk_reserve_grid_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_reserve_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reserve")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_reserve_grid_id"), "reserve", ["grid_id"], unique=False)
    op.create_index(op.f("ix_reserve_person_id"), "reserve", ["person_id"], unique=False)
    op.create_table(
        "resource",
        sa.Column("id", KEY, autoincrement=True, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("grid_id", KEY, nullable=False),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("contact", sa.String(length=80), nullable=True),
        sa.Column("phone", sa.String(length=60), nullable=True),
        sa.Column("address", sa.Text(), nullable=True),
        sa.Column("quantity", sa.String(length=60), nullable=True),
        sa.Column("from_day", sa.Date(), nullable=True),
        sa.Column("to_day", sa.Date(), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "kind IN ('place', 'unit', 'merchant', 'team', 'expert', 'supplies', 'other')",
            name=op.f("ck_resource_kind_code"),
        ),
        sa.ForeignKeyConstraint(["grid_id"], ["grid.id"], name=op.f("fk_resource_grid_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_resource")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_resource_grid_id"), "resource", ["grid_id"], unique=False)
    op.create_table(
        "training_plan",
        sa.Column("id", KEY, autoincrement=True, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("from_day", sa.Date(), nullable=False),
        sa.Column("to_day", sa.Date(), nullable=False),
        sa.Column("grid_id", KEY, nullable=True),
        sa.Column("form", sa.String(length=10), nullable=True),
        sa.Column("theme", sa.Text(), nullable=True),
        sa.Column("sessions", sa.Integer(), nullable=True),
        sa.Column("hours", sa.BigInteger(), nullable=True),
        sa.Column("posts", sa.Text(), nullable=True),
        sa.Column("organiser", sa.String(length=120), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "form IN ('lecture', 'discussion', 'visit', 'video', 'other')",
            name=op.f("ck_training_plan_form_code"),
        ),
        sa.ForeignKeyConstraint(["grid_id"], ["grid.id"], name=op.f("fk_training_plan_grid_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_training_plan")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_training_plan_grid_id"), "training_plan", ["grid_id"], unique=False)
    op.create_table(
        "org_seat",
        sa.Column("id", KEY, autoincrement=True, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("org_id", KEY, nullable=False),
        sa.Column("grid_id", KEY, nullable=False),
        sa.Column("from_day", sa.Date(), nullable=True),
        sa.Column("to_day", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["grid_id"], ["grid.id"], name=op.f("fk_org_seat_grid_id")),
        sa.ForeignKeyConstraint(["org_id"], ["party_org.id"], name=op.f("fk_org_seat_org_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_org_seat")),
        sqlite_autoincrement=True,
    )
    op.create_index(
        "ix_org_seat_grid_days", "org_seat", ["grid_id", "from_day", "to_day", "org_id"], unique=False
    )
    op.create_index(op.f("ix_org_seat_org_id"), "org_seat", ["org_id"], unique=False)
    op.create_table(
        "attachment",
        sa.Column("id", KEY, autoincrement=True, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("person_id", KEY, nullable=True),
        sa.Column("certificate_id", KEY, nullable=True),
        sa.Column("training_id", KEY, nullable=True),
        sa.Column("kind", sa.String(length=5), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("media", sa.String(length=40), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.CheckConstraint("kind IN ('photo', 'scan')", name=op.f("ck_attachment_kind_code")),
        sa.ForeignKeyConstraint(
            ["certificate_id"], ["certificate.id"], name=op.f("fk_attachment_certificate_id")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_attachment_person_id")),
        sa.ForeignKeyConstraint(["training_id"], ["training.id"], name=op.f("fk_attachment_training_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attachment")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_attachment_certificate_id"), "attachment", ["certificate_id"], unique=False)
    op.create_index(op.f("ix_attachment_person_id"), "attachment", ["person_id"], unique=False)
    op.create_index(op.f("ix_attachment_training_id"), "attachment", ["training_id"], unique=False)
    op.create_table(
        "completion",
        sa.Column("id", KEY, autoincrement=True, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("attendance_id", KEY, nullable=False),
        sa.Column("number", sa.String(length=40), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(
            ["attendance_id"], ["attendance.id"], name=op.f("fk_completion_attendance_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_completion")),
        sa.UniqueConstraint("attendance_id", name=op.f("uq_completion_attendance_id")),
        sa.UniqueConstraint("number", name=op.f("uq_completion_number")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "invitation",
        sa.Column("id", KEY, autoincrement=True, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("training_id", KEY, nullable=False),
        sa.Column("person_id", KEY, nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_invitation_person_id")),
        sa.ForeignKeyConstraint(["training_id"], ["training.id"], name=op.f("fk_invitation_training_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invitation")),
        sa.UniqueConstraint("training_id", "person_id", name=op.f("uq_invitation_training_id_person_id")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_invitation_person_id"), "invitation", ["person_id"], unique=False)
    op.add_column("grid_period", sa.Column("note", sa.Text(), nullable=True))
    op.add_column("person", sa.Column("address", sa.Text(), nullable=True))
    op.add_column("post", sa.Column("employer", sa.String(length=120), nullable=True))
    op.add_column("post", sa.Column("leave_reason", sa.Text(), nullable=True))
    op.add_column("training", sa.Column("posts", sa.Text(), nullable=True))
    number = "BIGINT" if op.get_bind().dialect.name == "postgresql" else "INTEGER"
    for table, column, other in (
        ("party_org", "secretary_id", "person"),
        ("training", "plan_id", "training_plan"),
        ("training", "grid_id", "grid"),
    ):
        op.execute(
            f"ALTER TABLE {table} ADD COLUMN {column} {number} "
            f"CONSTRAINT fk_{table}_{column} REFERENCES {other} (id)"
        )
    op.execute(
        "ALTER TABLE grid_period ADD COLUMN zone VARCHAR(5) "
        "CONSTRAINT ck_grid_period_zone_code CHECK (zone IN ('core', 'busy', 'plain'))"
    )
    op.execute(
        "ALTER TABLE training ADD COLUMN state VARCHAR(9) "
        "CONSTRAINT ck_training_state_code CHECK (state IN ('planned', 'held', 'cancelled'))"
    )
    _seat_organisations()
    op.create_index(op.f("ix_party_org_secretary_id"), "party_org", ["secretary_id"], unique=False)
    op.create_index(op.f("ix_training_grid_id"), "training", ["grid_id"], unique=False)
    op.create_index(op.f("ix_training_plan_id"), "training", ["plan_id"], unique=False)


def _seat_organisations() -> None:
    """An organisation's grid becomes its first seat."""
    op.execute(
        "INSERT INTO org_seat (version, org_id, grid_id, from_day, to_day) "
        "SELECT 1, id, grid_id, from_day, to_day FROM party_org WHERE grid_id IS NOT NULL ORDER BY id"
    )
    if op.get_bind().dialect.name == "postgresql":
        op.execute("ALTER TABLE party_org DROP COLUMN grid_id")
        return
    # SQLite drops no column that a foreign key names: the table is made anew, and while it is away
    # nothing refers to it
    for statement in (
        "CREATE TEMP TABLE members_of AS SELECT id, org_id FROM party_member WHERE org_id IS NOT NULL",
        "CREATE TEMP TABLE seats_of AS SELECT * FROM org_seat",
        "CREATE TEMP TABLE last_of AS SELECT seq FROM sqlite_sequence WHERE name = 'party_org'",
        "DELETE FROM org_seat",
        "UPDATE party_member SET org_id = NULL",
        "DROP INDEX ix_party_org_grid_id",
        "DROP INDEX ix_party_org_name",
        "DROP INDEX ix_party_org_parent_id",
        """CREATE TABLE party_org_new (
            id INTEGER NOT NULL CONSTRAINT pk_party_org PRIMARY KEY AUTOINCREMENT,
            version INTEGER NOT NULL,
            name VARCHAR(120) NOT NULL,
            kind VARCHAR(9) NOT NULL,
            parent_id INTEGER,
            secretary VARCHAR(80),
            secretary_id INTEGER,
            phone VARCHAR(60),
            from_day DATE,
            to_day DATE,
            note TEXT,
            CONSTRAINT ck_party_org_kind_code
                CHECK (kind IN ('committee', 'general', 'branch', 'joint', 'group')),
            CONSTRAINT fk_party_org_parent_id FOREIGN KEY(parent_id) REFERENCES party_org_new (id),
            CONSTRAINT fk_party_org_secretary_id FOREIGN KEY(secretary_id) REFERENCES person (id)
        )""",
        """INSERT INTO party_org_new
            (id, version, name, kind, parent_id, secretary, secretary_id, phone, from_day, to_day, note)
            SELECT id, version, name, kind, parent_id, secretary, secretary_id, phone, from_day, to_day, note
            FROM party_org""",
        "DROP TABLE party_org",
        "ALTER TABLE party_org_new RENAME TO party_org",
        "CREATE INDEX ix_party_org_name ON party_org (name)",
        "CREATE INDEX ix_party_org_parent_id ON party_org (parent_id)",
        "UPDATE party_member SET org_id = "
        "(SELECT org_id FROM members_of WHERE members_of.id = party_member.id)",
        "INSERT INTO org_seat SELECT * FROM seats_of",
        "UPDATE sqlite_sequence SET seq = (SELECT seq FROM last_of) "
        "WHERE name = 'party_org' AND EXISTS (SELECT 1 FROM last_of)",
        "DROP TABLE members_of",
        "DROP TABLE seats_of",
        "DROP TABLE last_of",
    ):
        op.execute(statement)
