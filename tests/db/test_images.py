"""What the journal keeps of records: one text and one mark, whichever way they come; older journals too."""

from __future__ import annotations

import zlib
from hashlib import blake2b
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from db import images, proof
from db.bulk import bulk_insert, reserve
from db.enums import Sex
from db.images import Part, mark_of, marks, shape, texts, unpack
from db.tables import Person
from db.types import canonical, compact
from gridoffice import history
from gridoffice.errors import OfficeError
from gridoffice.office import Office
from gridoffice.people.service import keys
from tests.db.test_journal import PERSON, act
from tests.offices import number, records

held = st.integers(-(2**63), 2**63 - 1)  # what a database can hold
plain_values = st.none() | st.booleans() | held | st.text() | st.lists(held | st.text())


@given(st.lists(st.fixed_dictionaries({name: plain_values for name in ("乙", "name", '"', "a")}), min_size=1))
def test_the_text_of_a_record_is_its_canonical_one_without_what_is_empty(found: list[dict[str, Any]]) -> None:
    columns = {name: [one[name] for one in found] for name in found[0]}
    said = texts(columns)
    filled = [{name: value for name, value in one.items() if value is not None} for one in found]
    assert said == [canonical(one) for one in filled]
    digests = [blake2b(canonical(one).encode(), digest_size=8).hexdigest() for one in filled]
    assert marks(said) == [mark_of(one) for one in found] == digests
    numbers = list(range(len(found)))
    made, removed = Part.made("person", numbers, columns), Part.removed("person", numbers, columns)
    lines = zip(numbers, filled, digests, strict=True)
    assert unpack(made.body()) == [(n, None, one, mark) for n, one, mark in lines]
    assert unpack(removed.body()) == [(n, one, None, None) for n, one in zip(numbers, filled, strict=True)]


def test_a_mark_is_what_it_was_in_journals_of_earlier_versions() -> None:
    image = {
        "name": "李䶮", "id_number": None, "sex": "1", "birth": "1990-03-07", "note": '引号"与\n换行\\',
        "born_here": True, "count": 3, "more": {"b": [1, None], "a": "𬭎"},
    }  # fmt: skip
    assert mark_of(image) == "c1a42dcf377f5aa1"


def test_a_journal_that_names_empty_columns_is_read_undone_and_verified(
    small_office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As versions before 2026-11-22 wrote them."""

    def with_what_is_empty(table: str, ids: Any, plain: Any) -> Part:
        rows = [dict(zip(plain, values, strict=True)) for values in zip(*plain.values(), strict=True)]
        assert rows[0].keys() == set(shape(table).kept)
        entries = [[one, None, row, mark_of(row)] for one, row in zip(ids, rows, strict=True)]
        return Part(table, ids, None, zlib.compress(compact(entries), 1))

    before = records(small_office)

    def insert(session: Session) -> None:
        numbers = reserve(session, Person, 3)
        known = {**PERSON, **keys("张三", None, None), "name": "张三"}
        bulk_insert(session, Person, [{**known, "id": n} for n in numbers])

    with monkeypatch.context() as old:
        old.setattr(images.Part, "made", staticmethod(with_what_is_empty))
        done = small_office.write(act, insert)
    assert done.action is not None
    noted = small_office.read(history.touched, done.action)
    assert all(what.after is not None and what.after["phone"] is None for what in noted)
    assert small_office.read(proof.verify) == []
    after = records(small_office)
    small_office.write(history.undo, done.action)
    assert records(small_office) == before
    small_office.write(history.redo, done.action)
    assert records(small_office) == after
    assert small_office.read(proof.verify) == []


@pytest.mark.parametrize("values", [{"sex": "9"}, {"political": Sex.MALE}, {"education": "小学"}])
def test_a_code_that_the_list_does_not_have_is_refused_in_bulk_too(
    small_office: Office, values: dict[str, Any]
) -> None:
    before = records(small_office)

    def insert(session: Session) -> None:
        one = reserve(session, Person, 1)[0]
        bulk_insert(session, Person, [{**PERSON, "name": "错码", "id": one, **values}])

    with pytest.raises((ValueError, OfficeError)):
        small_office.write(act, insert)
    assert records(small_office) == before


def test_the_database_refuses_unknown_codes_again_after_a_bulk_insert(small_office: Office) -> None:
    def insert(session: Session) -> None:
        one = reserve(session, Person, 1)[0]
        bulk_insert(session, Person, [{**PERSON, "name": "对码", "id": one, "sex": Sex.FEMALE}])
        session.connection().exec_driver_sql(f"UPDATE person SET political = 'x' WHERE id = {one}")

    before = records(small_office)
    with pytest.raises(OfficeError):
        small_office.write(act, insert)
    assert records(small_office) == before


def test_a_number_given_twice_is_refused_in_bulk_too(small_office: Office) -> None:
    before = records(small_office)

    def insert(session: Session) -> None:
        numbers = reserve(session, Person, 2)
        rows = [{**PERSON, "name": "同号", "id": n, "id_number": number(7)} for n in numbers]
        bulk_insert(session, Person, rows)

    with pytest.raises(OfficeError, match="冲突"):
        small_office.write(act, insert)
    assert records(small_office) == before
