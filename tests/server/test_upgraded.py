"""A shared office that its server keeps already, brought to the schema of this program: kept before and after."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from db import backup, migrate, server
from db.session import Store
from gridoffice import safekeeping
from gridoffice.accounts.rules import RIGHTS
from gridoffice.office import Office
from gridoffice.serving.upgrading import upgrade_database
from gridoffice.workers.service import save_worker
from tests import postgresql
from tests.offices import Copies, worker

DATABASE = "kept_older"


def test_an_office_that_is_kept_is_kept_after_its_upgrade(small_copies: Copies, tmp_path: Path) -> None:
    with postgresql.running() as cluster:
        address = cluster.create(DATABASE)
        store = Store(address)
        migrate.upgrade(store.engine)
        backup.restore(small_copies.file, store)
        with store.engine.begin() as connection:
            server.enforce(connection, RIGHTS)
        # as the program before the reasons of marks left it: the views that showed them go along
        with store.engine.begin() as connection:
            connection.execute(text("ALTER TABLE sheet DROP COLUMN reasons CASCADE"))
            connection.execute(text("UPDATE alembic_version SET version_num = '0011'"))
        done = upgrade_database(address, tmp_path / "before.dump")
        assert (done.before, done.after) == ("0011", migrate.head()) and done.rows > 10
        with store.engine.connect() as connection:
            assert server.enforced(connection)
            closed = (
                "SELECT count(*) FROM pg_class WHERE relrowsecurity AND relnamespace = 'public'::regnamespace"
            )
            assert connection.execute(text(closed)).scalar_one() > 30
        store.close()
        clerk = address.replace(f"{postgresql.OWNER}@", "clerk@")
        with closing(Office.open(clerk, "clerk")) as office:
            seen = worker(office, "李䶮")
            assert "*" in str(seen.id_number)
            assert office.write(save_worker, seen.id, {"note": "周一值班"}).action is not None
            closed = pytest.raises(DBAPIError, match="whole numbers are closed")
            with office.store.engine.connect() as connection, closed:
                connection.execute(text("SELECT count(*) FROM public.person"))
        with closing(Office.open(address)) as office:
            assert safekeeping.verify(office).findings == ()
