"""The course of a month: several schemes in one period, areas and departments beside posts, attendance,
opinions, publicity, appeals, approval, editions. What is locked stays as it was sealed."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
PATH = sa.String(length=80).with_variant(sa.String(length=80, collation="C"), "postgresql")
LOCKED = "gridoffice: locked month"

STATES = "state IN ('collecting', 'scoring', 'review', 'public', 'approved', 'locked')"
TARGETS = "target IN ('post', 'area', 'department')"
EMPLOYMENTS = "employment IN ('full', 'part', 'volunteer')"
AWAY = "away_kind IN ('sick', 'personal', 'maternity', 'seconded', 'study', 'other')"
STANDINGS = "standing IN ('probation', 'absent', 'excluded')"

MONTH_WAS = "id, version, period, scheme_id, state, opened_on, computed_at, locked_at, locked_by, digest"
SHEET_WAS = (
    "id, version, month_id, person_id, post_id, name, id_number, title, employment, grid_path, grid_name, "
    "unit_path, unit_name, inputs, parts, recorded, points, total, grade, rank, unit_rank, trace, seal"
)


def upgrade() -> None:
    create_department()
    if op.get_bind().dialect.name == "sqlite":
        remake_month()
        remake_sheet()
    else:
        alter_month()
        alter_sheet()
    op.create_index(op.f("ix_month_follows"), "month", ["follows"], unique=False)
    for column in ("grid_id", "department_id"):
        where = sa.text(f"{column} IS NOT NULL")
        op.create_index(
            f"ix_sheet_{column}",
            "sheet",
            [column, "month_id"],
            unique=True,
            sqlite_where=where,
            postgresql_where=where,
        )
    create_opinion()
    create_appeal()
    refer("attachment", "appeal_id", "appeal")
    refer("account", "person_id", "person")
    op.add_column("account", sa.Column("scorer", sa.String(length=80), nullable=True))
    guard()


def refer(table: str, column: str, other: str) -> None:
    """A new column that names a record of another table."""
    number = "INTEGER" if op.get_bind().dialect.name == "sqlite" else "BIGINT"
    op.execute(
        f"ALTER TABLE {table} ADD COLUMN {column} {number} "
        f"CONSTRAINT fk_{table}_{column} REFERENCES {other} (id)"
    )
    op.create_index(op.f(f"ix_{table}_{column}"), table, [column], unique=False)


def create_department() -> None:
    op.create_table(
        "department",
        sa.Column("id", KEY, autoincrement=True, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("grid_id", KEY, nullable=True),
        sa.Column("leader", sa.String(length=80), nullable=True),
        sa.Column("phone", sa.String(length=60), nullable=True),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("note", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["grid_id"], ["grid.id"], name=op.f("fk_department_grid_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_department")),
        sa.UniqueConstraint("name", name=op.f("uq_department_name")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_department_grid_id"), "department", ["grid_id"], unique=False)


MONTH_ALSO = (
    ("entered", sa.Text()),
    ("due", sa.Text()),
    ("pulled", sa.Text()),
    ("submitted_by", sa.String(length=64)),
    ("reviewed_by", sa.String(length=64)),
    ("approved_by", sa.String(length=64)),
    ("public_from", sa.Date()),
    ("public_to", sa.Date()),
    ("appeals_until", sa.Date()),
    ("follows", KEY),
    ("reason", sa.Text()),
    ("tally", sa.LargeBinary()),
)
SHEET_ALSO = (
    ("grid_id", KEY),
    ("department_id", KEY),
    ("days", sa.Integer()),
    ("away", sa.Integer()),
    ("away_kind", sa.String(length=9)),
    ("standing", sa.String(length=9)),
    ("standing_reason", sa.Text()),
    ("adjustment", sa.BigInteger()),
    ("granted", sa.String(length=20)),
)


def remake_month() -> None:
    """SQLite drops no UNIQUE: the table is made anew. Its sheets go on naming it meanwhile; that is looked
    at when the transaction ends."""
    op.execute("PRAGMA defer_foreign_keys = ON")
    op.execute("CREATE TEMP TABLE month_was AS SELECT * FROM month")
    op.execute("CREATE TEMP TABLE last_of AS SELECT seq FROM sqlite_sequence WHERE name = 'month'")
    op.execute("DROP TABLE month")
    op.create_table(
        "month",
        sa.Column("id", KEY, autoincrement=True, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("period", sa.String(length=7), nullable=False),
        sa.Column("scheme_key", sa.String(length=64), nullable=False),
        sa.Column("edition", sa.Integer(), nullable=False),
        sa.Column("target", sa.String(length=10), nullable=False),
        sa.Column("scheme_id", KEY, nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("opened_on", sa.Date(), nullable=False),
        sa.Column("computed_at", sa.String(length=26), nullable=True),
        *(sa.Column(name, kind, nullable=True) for name, kind in MONTH_ALSO),
        sa.Column("locked_at", sa.String(length=26), nullable=True),
        sa.Column("locked_by", sa.String(length=64), nullable=True),
        sa.Column("digest", sa.String(length=64), nullable=True),
        sa.CheckConstraint(STATES, name=op.f("ck_month_state_code")),
        sa.CheckConstraint(TARGETS, name=op.f("ck_month_target_code")),
        sa.ForeignKeyConstraint(["scheme_id"], ["scheme.id"], name=op.f("fk_month_scheme_id")),
        sa.ForeignKeyConstraint(["follows"], ["month.id"], name=op.f("fk_month_follows")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_month")),
        sa.UniqueConstraint(
            "period", "scheme_key", "edition", name=op.f("uq_month_period_scheme_key_edition")
        ),
        sqlite_autoincrement=True,
    )
    op.execute(
        f"INSERT INTO month ({MONTH_WAS}, scheme_key, edition, target) SELECT {MONTH_WAS}, "
        "(SELECT key FROM scheme WHERE scheme.id = month_was.scheme_id), 1, 'post' FROM month_was ORDER BY id"
    )
    go_on_numbering("month")
    op.execute("DROP TABLE month_was")
    op.create_index(op.f("ix_month_scheme_id"), "month", ["scheme_id"], unique=False)
    for when in ("UPDATE", "DELETE"):
        trigger(f"month_locked_{when.lower()}", when, "month", "OLD.state = 'locked'")


def go_on_numbering(table: str) -> None:
    """A number that was given once is never given again."""
    op.execute(
        "UPDATE sqlite_sequence SET seq = (SELECT seq FROM last_of) "
        f"WHERE name = '{table}' AND EXISTS (SELECT 1 FROM last_of)"
    )
    op.execute("DROP TABLE last_of")


def remake_sheet() -> None:
    """Nor does SQLite give up a NOT NULL. Nothing names a sheet yet."""
    op.execute("CREATE TEMP TABLE last_of AS SELECT seq FROM sqlite_sequence WHERE name = 'sheet'")
    op.create_table(
        "sheet_new",
        sa.Column("id", KEY, autoincrement=True, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("month_id", KEY, nullable=False),
        sa.Column("person_id", KEY, nullable=True),
        sa.Column("post_id", KEY, nullable=True),
        sa.Column("grid_id", KEY, nullable=True),
        sa.Column("department_id", KEY, nullable=True),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("id_number", sa.String(length=18), nullable=True),
        sa.Column("title", sa.String(length=40), nullable=False),
        sa.Column("employment", sa.String(length=9), nullable=True),
        sa.Column("grid_path", PATH, nullable=False),
        sa.Column("grid_name", sa.String(length=250), nullable=False),
        sa.Column("unit_path", PATH, nullable=False),
        sa.Column("unit_name", sa.String(length=80), nullable=False),
        *(sa.Column(name, kind, nullable=True) for name, kind in SHEET_ALSO[2:]),
        sa.Column("inputs", sa.Text(), nullable=False),
        sa.Column("parts", sa.Text(), nullable=True),
        sa.Column("recorded", sa.LargeBinary(), nullable=True),
        sa.Column("points", sa.LargeBinary(), nullable=True),
        sa.Column("total", sa.BigInteger(), nullable=True),
        sa.Column("grade", sa.String(length=20), nullable=True),
        sa.Column("rank", sa.Integer(), nullable=True),
        sa.Column("unit_rank", sa.Integer(), nullable=True),
        sa.Column("trace", sa.Text(), nullable=True),
        sa.Column("seal", sa.String(length=64), nullable=True),
        sa.CheckConstraint(EMPLOYMENTS, name=op.f("ck_sheet_employment_code")),
        sa.CheckConstraint(AWAY, name=op.f("ck_sheet_away_kind_code")),
        sa.CheckConstraint(STANDINGS, name=op.f("ck_sheet_standing_code")),
        sa.ForeignKeyConstraint(["month_id"], ["month.id"], name=op.f("fk_sheet_month_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_sheet_person_id")),
        sa.ForeignKeyConstraint(["post_id"], ["post.id"], name=op.f("fk_sheet_post_id")),
        sa.ForeignKeyConstraint(["grid_id"], ["grid.id"], name=op.f("fk_sheet_grid_id")),
        sa.ForeignKeyConstraint(["department_id"], ["department.id"], name=op.f("fk_sheet_department_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sheet")),
        sa.UniqueConstraint("month_id", "person_id", name=op.f("uq_sheet_month_id_person_id")),
        sqlite_autoincrement=True,
    )
    op.execute(f"INSERT INTO sheet_new ({SHEET_WAS}) SELECT {SHEET_WAS} FROM sheet ORDER BY id")
    op.execute("DROP TABLE sheet")
    op.execute("ALTER TABLE sheet_new RENAME TO sheet")
    go_on_numbering("sheet")
    op.create_index(op.f("ix_sheet_person_id"), "sheet", ["person_id"], unique=False)
    op.create_index(op.f("ix_sheet_post_id"), "sheet", ["post_id"], unique=False)
    op.create_index("ix_sheet_month_rank", "sheet", ["month_id", "rank", "id"], unique=False)
    op.create_index("ix_sheet_month_path", "sheet", ["month_id", "grid_path", "id"], unique=False)
    guard_sheets("sheet")


def alter_month() -> None:
    for name, kind in (
        ("scheme_key", sa.String(length=64)),
        ("edition", sa.Integer()),
        ("target", sa.String(length=10)),
        *MONTH_ALSO,
    ):
        op.add_column("month", sa.Column(name, kind, nullable=True))
    op.execute("ALTER TABLE month DISABLE TRIGGER month_locked")
    op.execute(
        "UPDATE month SET edition = 1, target = 'post', "
        "scheme_key = (SELECT key FROM scheme WHERE scheme.id = month.scheme_id)"
    )
    # a pending look at a foreign key forbids altering the table
    op.execute("SET CONSTRAINTS ALL IMMEDIATE")
    op.execute("ALTER TABLE month ENABLE TRIGGER month_locked")
    for name in ("scheme_key", "edition", "target"):
        op.alter_column("month", name, nullable=False)
    op.drop_constraint("ck_month_state_code", "month")
    op.create_check_constraint(op.f("ck_month_state_code"), "month", STATES)
    op.create_check_constraint(op.f("ck_month_target_code"), "month", TARGETS)
    op.drop_constraint("uq_month_period", "month")
    op.create_unique_constraint(
        op.f("uq_month_period_scheme_key_edition"), "month", ["period", "scheme_key", "edition"]
    )
    op.create_foreign_key(op.f("fk_month_follows"), "month", "month", ["follows"], ["id"])


def alter_sheet() -> None:
    for name in ("person_id", "post_id", "employment"):
        op.alter_column("sheet", name, nullable=True)
    for name, kind in SHEET_ALSO:
        op.add_column("sheet", sa.Column(name, kind, nullable=True))
    op.create_check_constraint(op.f("ck_sheet_away_kind_code"), "sheet", AWAY)
    op.create_check_constraint(op.f("ck_sheet_standing_code"), "sheet", STANDINGS)
    for name, other in (("grid_id", "grid"), ("department_id", "department")):
        op.create_foreign_key(op.f(f"fk_sheet_{name}"), "sheet", other, [name], ["id"])


def create_opinion() -> None:
    op.create_table(
        "opinion",
        sa.Column("id", KEY, autoincrement=True, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("sheet_id", KEY, nullable=False),
        sa.Column("stage", sa.String(length=11), nullable=False),
        sa.Column("points", sa.BigInteger(), nullable=True),
        sa.Column("change", sa.BigInteger(), nullable=True),
        sa.Column("grade", sa.String(length=20), nullable=True),
        sa.Column("text", sa.Text(), nullable=True),
        sa.Column("given_by", sa.String(length=64), nullable=False),
        sa.Column("given_on", sa.Date(), nullable=False),
        sa.CheckConstraint(
            "stage IN ('self', 'first', 'calibration', 'appeal')", name=op.f("ck_opinion_stage_code")
        ),
        sa.ForeignKeyConstraint(["sheet_id"], ["sheet.id"], name=op.f("fk_opinion_sheet_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_opinion")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_opinion_sheet_id"), "opinion", ["sheet_id"], unique=False)


def create_appeal() -> None:
    op.create_table(
        "appeal",
        sa.Column("id", KEY, autoincrement=True, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("month_id", KEY, nullable=False),
        sa.Column("sheet_id", KEY, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("raised_on", sa.Date(), nullable=False),
        sa.Column("what", sa.Text(), nullable=False),
        sa.Column("wanted", sa.Text(), nullable=True),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("decision", sa.String(length=9), nullable=True),
        sa.Column("decided_on", sa.Date(), nullable=True),
        sa.Column("decided_by", sa.String(length=64), nullable=True),
        sa.Column("answer", sa.Text(), nullable=True),
        sa.Column("changes", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "decision IN ('kept', 'changed', 'withdrawn')", name=op.f("ck_appeal_decision_code")
        ),
        sa.ForeignKeyConstraint(["month_id"], ["month.id"], name=op.f("fk_appeal_month_id")),
        sa.ForeignKeyConstraint(["sheet_id"], ["sheet.id"], name=op.f("fk_appeal_sheet_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_appeal")),
        sa.UniqueConstraint("month_id", "number", name=op.f("uq_appeal_month_id_number")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_appeal_sheet_id"), "appeal", ["sheet_id"], unique=False)


# What was said of the sheets of a locked month, and what was appealed, stays as it was too.


def trigger(name: str, when: str, table: str, condition: str) -> None:
    op.execute(
        f"CREATE TRIGGER {name} BEFORE {when} ON {table} WHEN {condition} "
        f"BEGIN SELECT RAISE(ABORT, '{LOCKED}'); END"
    )


def locked(month: str) -> str:
    return f"EXISTS (SELECT 1 FROM month WHERE id = {month} AND state = 'locked')"


def guard_sheets(table: str) -> None:
    for when, row in (("UPDATE", "OLD"), ("DELETE", "OLD"), ("INSERT", "NEW")):
        trigger(f"{table}_locked_{when.lower()}", when, table, locked(f"{row}.month_id"))
    trigger(f"{table}_into_locked", "UPDATE", table, locked("NEW.month_id"))


def guard() -> None:
    of_sheet = (
        "EXISTS (SELECT 1 FROM sheet JOIN month ON month.id = sheet.month_id "
        "WHERE sheet.id = {0}.sheet_id AND month.state = 'locked')"
    )
    if op.get_bind().dialect.name == "sqlite":
        guard_sheets("appeal")
        for when, row in (("UPDATE", "OLD"), ("DELETE", "OLD"), ("INSERT", "NEW")):
            trigger(f"opinion_locked_{when.lower()}", when, "opinion", of_sheet.format(row))
        trigger("opinion_into_locked", "UPDATE", "opinion", of_sheet.format("NEW"))
        return
    op.execute(
        "CREATE FUNCTION refuse_locked_opinion() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        f"IF (TG_OP <> 'INSERT' AND {of_sheet.format('OLD')}) "
        f"OR (TG_OP <> 'DELETE' AND {of_sheet.format('NEW')}) THEN RAISE EXCEPTION '{LOCKED}'; END IF; "
        "IF TG_OP = 'DELETE' THEN RETURN OLD; END IF; RETURN NEW; END $$"
    )
    for table, called in (("appeal", "refuse_locked_sheet"), ("opinion", "refuse_locked_opinion")):
        op.execute(
            f"CREATE TRIGGER {table}_locked BEFORE INSERT OR UPDATE OR DELETE ON {table} "
            f"FOR EACH ROW EXECUTE FUNCTION {called}()"
        )
