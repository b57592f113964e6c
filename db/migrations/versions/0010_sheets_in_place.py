"""Sheets on PostgreSQL are written in place: a computed month writes a new copy of each of its sheets, and each
copy had an entry in every index of the table as long as one index held the rank."""

from __future__ import annotations

from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

LOCKED = "gridoffice: locked month"


def upgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        return
    op.drop_index("ix_sheet_month_rank", "sheet")
    # room for the new copy of a sheet on the page of the old one
    op.execute("ALTER TABLE sheet SET (fillfactor = 50)")
    op.execute("DROP TRIGGER sheet_locked ON sheet")

    op.execute(
        "CREATE FUNCTION refuse_locked_sheets() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        "IF EXISTS (SELECT 1 FROM was JOIN month ON month.id = was.month_id WHERE month.state = 'locked') "
        f"THEN RAISE EXCEPTION '{LOCKED}'; END IF; RETURN NULL; END $$"
    )
    # once a statement, over all of its rows: asking at each row took as long as writing it
    for when in ("UPDATE", "DELETE"):
        op.execute(
            f"CREATE TRIGGER sheet_locked_{when.lower()} AFTER {when} ON sheet REFERENCING OLD TABLE AS was "
            "FOR EACH STATEMENT EXECUTE FUNCTION refuse_locked_sheets()"
        )
    for name, when in (
        ("insert", "INSERT ON sheet FOR EACH ROW"),
        ("moved", "UPDATE ON sheet FOR EACH ROW WHEN (OLD.month_id <> NEW.month_id)"),
    ):
        op.execute(f"CREATE TRIGGER sheet_locked_{name} BEFORE {when} EXECUTE FUNCTION refuse_locked_sheet()")
