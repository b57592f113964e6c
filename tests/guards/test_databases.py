"""The ground of all tests: PostgreSQL sorts and reads as the office needs, and each test starts empty."""

from __future__ import annotations

from sqlalchemy import inspect

from db.session import Store
from tests import postgresql


def test_each_test_starts_with_an_empty_database(database_url: str) -> None:
    store = Store(database_url)
    try:
        assert inspect(store.engine).get_table_names() == []
    finally:
        store.close()


def test_postgresql_sorts_by_bytes_and_knows_chinese_letters(postgres_server: postgresql.Server) -> None:
    with postgres_server.connect() as connection:
        row = connection.execute(
            "SELECT datcollate, datctype, pg_encoding_to_char(encoding) FROM pg_database"
            " WHERE datname = current_database()"
        ).fetchone()
        # with LC_CTYPE C, trigram indexes would hold nothing of a Chinese name
        word = connection.execute("SELECT '王' ~ '[[:alpha:]]'").fetchone()
    assert row == ("C", "C.UTF-8", "UTF8")
    assert word == (True,)
