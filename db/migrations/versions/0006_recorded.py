"""What is recorded on a month's sheets, and the points that follow, as packed numbers: a city's month is
scored in seconds. Months that are locked stay as they were sealed."""

from __future__ import annotations

import json
import struct
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

ABSENT = -(2**63)
PORTION = 2000


def upgrade() -> None:
    op.add_column("sheet", sa.Column("recorded", sa.LargeBinary(), nullable=True))
    op.add_column("sheet", sa.Column("points", sa.LargeBinary(), nullable=True))
    connection = op.get_bind()
    months = connection.execute(
        sa.text(
            "SELECT month.id, scheme.body FROM month JOIN scheme ON scheme.id = month.scheme_id "
            "WHERE month.state <> 'locked' ORDER BY month.id"
        )
    ).all()
    for month_id, body in months:
        pack(connection, month_id, json.loads(body))


def pack(connection: sa.Connection, month_id: int, scheme: dict[str, Any]) -> None:
    """The sheets of an open month."""
    keys = columns(scheme)
    indicators = [one["key"] for one in scheme["indicators"]]
    places = scheme.get("places", 2)
    rows = connection.execute(
        sa.text("SELECT id, inputs, parts FROM sheet WHERE month_id = :month ORDER BY id"),
        {"month": month_id},
    ).all()
    change = sa.text(
        "UPDATE sheet SET recorded = :recorded, points = :points, inputs = '{}', parts = NULL WHERE id = :id"
    )
    for start in range(0, len(rows), PORTION):
        connection.execute(
            change,
            [
                {
                    "id": number,
                    "recorded": packed(keys, json.loads(inputs), 4),
                    "points": None if parts is None else packed(indicators, json.loads(parts), places),
                }
                for number, inputs, parts in rows[start : start + PORTION]
            ],
        )


def columns(scheme: dict[str, Any]) -> list[str]:
    """The columns that a scheme asks for, in its order; a shared one stands once."""
    found: dict[str, None] = {}
    for indicator in scheme["indicators"]:
        rule = indicator["rule"]
        match rule["shape"]:
            case "rate" | "inverse_rate" if rule.get("of"):
                names = rule["of"]
            case "tally":
                names = [term["name"] for term in rule["terms"]]
            case "normalised":
                names = [indicator["key"], *rule["by"]]
            case _:
                names = [indicator["key"]]
        found |= dict.fromkeys(names)
    return list(found)


def packed(keys: list[str], values: dict[str, Any], places: int) -> bytes:
    """Values as little-endian int64 of their last place, the smallest for what is not there."""
    if not values:
        return b""
    return struct.pack(f"<{len(keys)}q", *(cell(values.get(key), places) for key in keys))


def cell(value: Any, places: int) -> int:
    if value is None:
        return ABSENT
    exact = Decimal(int(value) if isinstance(value, bool) else str(value))
    return int((exact * 10**places).quantize(Decimal(1), ROUND_HALF_UP))
