"""The first schema: grids, people, posts, assessment, accounts, journal."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
PATH = sa.String(length=80).with_variant(sa.String(length=80, collation="C"), "postgresql")


def upgrade() -> None:
    create_tables()
    op.execute("INSERT INTO journal_head (id, count, digest) VALUES (1, 0, '" + "0" * 64 + "')")
    if op.get_bind().dialect.name == "sqlite":
        guard_sqlite()
    else:
        guard_postgresql()


def create_tables() -> None:
    op.create_table(
        "action",
        sa.Column("id", KEY, autoincrement=False, nullable=False),
        sa.Column("at", sa.String(length=26), nullable=False),
        sa.Column("who", sa.String(length=64), nullable=False),
        sa.Column("terminal", sa.String(length=120), nullable=False),
        sa.Column("deed", sa.String(length=4), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("service", sa.String(length=120), nullable=False),
        sa.Column("target", KEY, nullable=True),
        sa.Column("undoable", sa.Boolean(), nullable=False),
        sa.Column("detail", sa.Text(), nullable=True),
        sa.Column("previous", sa.String(length=64), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.CheckConstraint("deed IN ('do', 'undo', 'redo', 'note')", name=op.f("ck_action_deed_code")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_action")),
    )
    op.create_index(op.f("ix_action_target"), "action", ["target"], unique=False)
    op.create_table(
        "grid",
        sa.Column("id", KEY, autoincrement=True, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("parent_id", KEY, nullable=True),
        sa.Column("path", PATH, nullable=False),
        sa.Column("households", sa.Integer(), nullable=True),
        sa.Column("merchants", sa.Integer(), nullable=True),
        sa.Column("population", sa.Integer(), nullable=True),
        sa.Column("area", sa.BigInteger(), nullable=True, comment="square metres"),
        sa.Column("extent", sa.Text(), nullable=True),
        sa.Column("valid_from", sa.Date(), nullable=True),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["parent_id"], ["grid.id"], name=op.f("fk_grid_parent_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_grid")),
        sa.UniqueConstraint("code", name=op.f("uq_grid_code")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_grid_name"), "grid", ["name"], unique=False)
    op.create_index(op.f("ix_grid_parent_id"), "grid", ["parent_id"], unique=False)
    op.create_index("ix_grid_path", "grid", ["path"], unique=False)
    op.create_table(
        "journal_head",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("count", KEY, nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_journal_head")),
    )
    op.create_table(
        "person",
        sa.Column("id", KEY, autoincrement=True, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("id_number", sa.String(length=18), nullable=True),
        sa.Column("sex", sa.String(length=1), nullable=True),
        sa.Column("ethnicity", sa.String(length=2), nullable=True),
        sa.Column("birth", sa.Date(), nullable=True),
        sa.Column("political", sa.String(length=2), nullable=True),
        sa.Column("education", sa.String(length=2), nullable=True),
        sa.Column("phone", sa.String(length=60), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("pinyin", sa.String(length=200), nullable=False),
        sa.Column("search", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "education IN ('11', '14', '10', '20', '30', '40', '60', '70', '80', '90')",
            name=op.f("ck_person_education_code"),
        ),
        sa.CheckConstraint(
            "ethnicity IN ('01', '02', '03', '04', '05', '06', '07', '08', '09', '10', '11', '12', '13', '14', '15', '16', '17', '18', '19', '20', '21', '22', '23', '24', '25', '26', '27', '28', '29', '30', '31', '32', '33', '34', '35', '36', '37', '38', '39', '40', '41', '42', '43', '44', '45', '46', '47', '48', '49', '50', '51', '52', '53', '54', '55', '56')",
            name=op.f("ck_person_ethnicity_code"),
        ),
        sa.CheckConstraint(
            "political IN ('01', '02', '03', '04', '05', '06', '07', '08', '09', '10', '11', '12', '13')",
            name=op.f("ck_person_political_code"),
        ),
        sa.CheckConstraint("sex IN ('1', '2')", name=op.f("ck_person_sex_code")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person")),
        sa.UniqueConstraint("id_number", name=op.f("uq_person_id_number")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_person_name"), "person", ["name"], unique=False)
    op.create_table(
        "scheme",
        sa.Column("id", KEY, autoincrement=True, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("edition", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_scheme")),
        sa.UniqueConstraint("key", "edition", name=op.f("uq_scheme_key_edition")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "setting",
        sa.Column("id", KEY, autoincrement=True, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_setting")),
        sa.UniqueConstraint("key", name=op.f("uq_setting_key")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "account",
        sa.Column("id", KEY, autoincrement=True, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.Column("display", sa.String(length=64), nullable=False),
        sa.Column("role", sa.String(length=13), nullable=False),
        sa.Column("grid_id", KEY, nullable=True),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.CheckConstraint(
            "role IN ('administrator', 'clerk', 'reviewer', 'leader', 'reader')",
            name=op.f("ck_account_role_code"),
        ),
        sa.ForeignKeyConstraint(["grid_id"], ["grid.id"], name=op.f("fk_account_grid_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_account")),
        sa.UniqueConstraint("name", name=op.f("uq_account_name")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_account_grid_id"), "account", ["grid_id"], unique=False)
    op.create_table(
        "action_part",
        sa.Column("action_id", KEY, nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("of_table", sa.String(length=40), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["action_id"], ["action.id"], name=op.f("fk_action_part_action_id")),
        sa.PrimaryKeyConstraint("action_id", "number", name=op.f("pk_action_part")),
    )
    op.create_table(
        "month",
        sa.Column("id", KEY, autoincrement=True, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("period", sa.String(length=7), nullable=False),
        sa.Column("scheme_id", KEY, nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("opened_on", sa.Date(), nullable=False),
        sa.Column("computed_at", sa.String(length=26), nullable=True),
        sa.Column("locked_at", sa.String(length=26), nullable=True),
        sa.Column("locked_by", sa.String(length=64), nullable=True),
        sa.Column("digest", sa.String(length=64), nullable=True),
        sa.CheckConstraint(
            "state IN ('collecting', 'scoring', 'review', 'public', 'locked')",
            name=op.f("ck_month_state_code"),
        ),
        sa.ForeignKeyConstraint(["scheme_id"], ["scheme.id"], name=op.f("fk_month_scheme_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_month")),
        sa.UniqueConstraint("period", name=op.f("uq_month_period")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_month_scheme_id"), "month", ["scheme_id"], unique=False)
    op.create_table(
        "post",
        sa.Column("id", KEY, autoincrement=True, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("person_id", KEY, nullable=False),
        sa.Column("grid_id", KEY, nullable=False),
        sa.Column("grid_path", PATH, nullable=False),
        sa.Column("title", sa.String(length=40), nullable=False),
        sa.Column("employment", sa.String(length=9), nullable=False),
        sa.Column("concurrent", sa.Boolean(), nullable=False),
        sa.Column("from_day", sa.Date(), nullable=True),
        sa.Column("to_day", sa.Date(), nullable=True),
        sa.Column("contract_end", sa.Date(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "employment IN ('full', 'part', 'volunteer')", name=op.f("ck_post_employment_code")
        ),
        sa.ForeignKeyConstraint(["grid_id"], ["grid.id"], name=op.f("fk_post_grid_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_post_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_post")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_post_grid_id"), "post", ["grid_id"], unique=False)
    op.create_index(
        "ix_post_grid_path", "post", ["grid_path", "from_day", "to_day", "person_id", "id"], unique=False
    )
    op.create_index(op.f("ix_post_person_id"), "post", ["person_id"], unique=False)
    op.create_table(
        "sheet",
        sa.Column("id", KEY, autoincrement=True, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("month_id", KEY, nullable=False),
        sa.Column("person_id", KEY, nullable=False),
        sa.Column("post_id", KEY, nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("id_number", sa.String(length=18), nullable=True),
        sa.Column("title", sa.String(length=40), nullable=False),
        sa.Column("employment", sa.String(length=9), nullable=False),
        sa.Column("grid_path", PATH, nullable=False),
        sa.Column("grid_name", sa.String(length=250), nullable=False),
        sa.Column("unit_path", PATH, nullable=False),
        sa.Column("unit_name", sa.String(length=80), nullable=False),
        sa.Column("inputs", sa.Text(), nullable=False),
        sa.Column("parts", sa.Text(), nullable=True),
        sa.Column("total", sa.BigInteger(), nullable=True),
        sa.Column("grade", sa.String(length=20), nullable=True),
        sa.Column("rank", sa.Integer(), nullable=True),
        sa.Column("unit_rank", sa.Integer(), nullable=True),
        sa.Column("trace", sa.Text(), nullable=True),
        sa.Column("seal", sa.String(length=64), nullable=True),
        sa.CheckConstraint(
            "employment IN ('full', 'part', 'volunteer')", name=op.f("ck_sheet_employment_code")
        ),
        sa.ForeignKeyConstraint(["month_id"], ["month.id"], name=op.f("fk_sheet_month_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_sheet_person_id")),
        sa.ForeignKeyConstraint(["post_id"], ["post.id"], name=op.f("fk_sheet_post_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sheet")),
        sa.UniqueConstraint("month_id", "person_id", name=op.f("uq_sheet_month_id_person_id")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_sheet_month_path", "sheet", ["month_id", "grid_path", "id"], unique=False)
    op.create_index("ix_sheet_month_rank", "sheet", ["month_id", "rank", "id"], unique=False)
    op.create_index(op.f("ix_sheet_person_id"), "sheet", ["person_id"], unique=False)
    op.create_index(op.f("ix_sheet_post_id"), "sheet", ["post_id"], unique=False)


# A locked month, its sheets and the scheme it used, and every line of the journal, are refused any
# further change by the database itself, whatever program asks.

LOCKED = "gridoffice: locked month"
APPEND_ONLY = "gridoffice: journal is append-only"


def guard_sqlite() -> None:
    def trigger(name: str, when: str, table: str, condition: str, message: str) -> None:
        op.execute(
            f"CREATE TRIGGER {name} BEFORE {when} ON {table} WHEN {condition} "
            f"BEGIN SELECT RAISE(ABORT, '{message}'); END"
        )

    def locked(month: str) -> str:
        return f"EXISTS (SELECT 1 FROM month WHERE id = {month} AND state = 'locked')"

    def used(scheme: str) -> str:
        return f"EXISTS (SELECT 1 FROM month WHERE scheme_id = {scheme} AND state = 'locked')"

    for when, row in (("UPDATE", "OLD"), ("DELETE", "OLD"), ("INSERT", "NEW")):
        trigger(f"sheet_locked_{when.lower()}", when, "sheet", locked(f"{row}.month_id"), LOCKED)
    trigger("sheet_into_locked", "UPDATE", "sheet", locked("NEW.month_id"), LOCKED)
    for when in ("UPDATE", "DELETE"):
        trigger(f"month_locked_{when.lower()}", when, "month", "OLD.state = 'locked'", LOCKED)
        trigger(f"scheme_locked_{when.lower()}", when, "scheme", used("OLD.id"), LOCKED)
        for table in ("action", "action_part"):
            trigger(f"{table}_{when.lower()}", when, table, "1", APPEND_ONLY)
    trigger("journal_head_delete", "DELETE", "journal_head", "1", APPEND_ONLY)


def guard_postgresql() -> None:
    def function(name: str, condition: str, message: str) -> None:
        op.execute(
            f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
            f"IF {condition} THEN RAISE EXCEPTION '{message}'; END IF; "
            "IF TG_OP = 'DELETE' THEN RETURN OLD; END IF; RETURN NEW; END $$"
        )

    def trigger(name: str, when: str, table: str, called: str) -> None:
        op.execute(f"CREATE TRIGGER {name} BEFORE {when} ON {table} FOR EACH ROW EXECUTE FUNCTION {called}()")

    locked = "EXISTS (SELECT 1 FROM month WHERE id = {0}.month_id AND state = 'locked')"
    function(
        "refuse_locked_sheet",
        f"(TG_OP <> 'INSERT' AND {locked.format('OLD')}) OR (TG_OP <> 'DELETE' AND {locked.format('NEW')})",
        LOCKED,
    )
    function("refuse_locked_month", "OLD.state = 'locked'", LOCKED)
    function(
        "refuse_locked_scheme",
        "EXISTS (SELECT 1 FROM month WHERE scheme_id = OLD.id AND state = 'locked')",
        LOCKED,
    )
    function("refuse_journal_change", "TRUE", APPEND_ONLY)
    trigger("sheet_locked", "INSERT OR UPDATE OR DELETE", "sheet", "refuse_locked_sheet")
    trigger("month_locked", "UPDATE OR DELETE", "month", "refuse_locked_month")
    trigger("scheme_locked", "UPDATE OR DELETE", "scheme", "refuse_locked_scheme")
    trigger("action_locked", "UPDATE OR DELETE", "action", "refuse_journal_change")
    trigger("action_part_locked", "UPDATE OR DELETE", "action_part", "refuse_journal_change")
    trigger("journal_head_locked", "DELETE", "journal_head", "refuse_journal_change")
