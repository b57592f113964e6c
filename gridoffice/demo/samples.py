"""A picture of the first page of every report, as it comes out of a made-up street: what a clerk sees of a paper
before there is anything to print. `python -m gridoffice.demo.samples` makes them anew.
"""

from __future__ import annotations

import os
import sys
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory

from nacl.public import PrivateKey
from nacl.signing import SigningKey
from sqlalchemy import select

import resources
from db.enums import MonthState
from db.tables import Post
from gridoffice.accounts.service import sign_in
from gridoffice.assessment.month import months
from gridoffice.assessment.schemes import shipped_scheme
from gridoffice.assessment.service import compute, move_month, open_month
from gridoffice.demo import make
from gridoffice.demo.build import build
from gridoffice.demo.bulk import fill_values
from gridoffice.demo.data import Size
from gridoffice.demo.indicators import indicators
from gridoffice.demo.values import indicator_values
from gridoffice.documents.fonts import BUNDLED_ONLY
from gridoffice.documents.render import page_png
from gridoffice.errors import OfficeError
from gridoffice.ledgers import LEDGERS
from gridoffice.listing import Ask
from gridoffice.office import Office
from gridoffice.overview.signs import save_sign_phones
from gridoffice.packages import keys
from gridoffice.packages.contents import Contents, Part
from gridoffice.packages.partners import add_partner
from gridoffice.packages.receiving import note_received
from gridoffice.packages.sending import note_sent
from gridoffice.reports import REPORTS, Report, Wish, report_pdf
from gridoffice.training.listing import TRAININGS
from gridoffice.workers.listing import WORKERS

FOLDER = ("help", "reports")
DAY = date(2026, 7, 3)
PAID, PAYING = "2026-07", "assistants"
REVIEWER = "lizhiyuan"
COMMUNITY = "梧桐社区居委会"
"""The month of which there is a payroll, and the scheme that says what is paid."""

DPI, GREYS = 66, 12
"""Enough to see how a paper looks, and small files."""


def picture(pdf: bytes) -> bytes:
    """The first page as a small PNG; red stays red."""
    from PIL import Image

    with Image.open(BytesIO(page_png(pdf, 0, DPI))) as page:
        target = BytesIO()
        page.convert("RGB").quantize(GREYS, dither=Image.Dither.NONE).save(target, "PNG", optimize=True)
        return target.getvalue()


def furnish(office: Office) -> tuple[int, int]:
    """What a few papers need beside the office: phones of a public sign, a month that is paid by. Answers a
    person and that one's grid."""
    one = office.read(lambda session: WORKERS.rows(session, WORKERS.ids(session, Ask())[:1]))[0]
    post = select(Post.grid_id).where(Post.person_id == one.person_id, Post.to_day.is_(None))
    grid: int = office.read(lambda session: session.scalars(post).one())
    office.write(save_sign_phones, grid, "028-88880000", "12345")
    office.write(open_month, PAID, PAYING)
    scheme = indicators(shipped_scheme(PAYING))
    street = make(Size.STREET, DAY)
    rows = indicator_values(street, scheme, date(DAY.year, DAY.month, 1))
    office.write(fill_values, PAID, {worker.id_number: row for worker, row in rows})
    office.write(compute, PAID)
    for state in (MonthState.SCORING, MonthState.REVIEW):
        office.write(move_month, PAID, state)
    reviewer = Office(office.store, office.read(sign_in, REVIEWER))
    reviewer.write(move_month, PAID, MonthState.PUBLIC)
    return one.person_id, grid


def exchange(office: Office) -> None:
    """A package that was sent to a community, and one that came from it."""
    office.write(keys.make_keys, "样张用的上报密码")
    sign, seal = bytes(SigningKey.generate().verify_key), bytes(PrivateKey.generate().public_key)
    to = office.write(add_partner, keys.Card(COMMUNITY, sign.hex(), seal.hex()), True).result
    made = datetime.combine(DAY, time(9, 30)).astimezone()
    parts = tuple(
        Part(key, LEDGERS[key].title, f"{key}.xlsx", rows, "0" * 64)
        for key, rows in (("grids", 49), ("workers", 54), ("qualifications", 9), ("households", 21))
    )
    down = Contents("0" * 32, 1, None, made, COMMUNITY, None, True, parts)
    up = replace(down, identity="1" * 32, made=made + timedelta(days=30), whole=False, parts=parts[1:3])
    office.write(note_sent, to, down, "")
    office.write(note_received, to, up)


def made(office: Office, report: Report, person: int, grid: int, scope: int | None = None) -> bytes:
    """A report of the made-up office, below a grid where `scope` says so; one of a training of the latest that has
    it. Raises what making it raises."""
    known = office.read(months)
    month = next(line.address for line in known if (line.scheme_key == PAYING) == (report.key == "payroll"))
    wish = Wish(
        month=month if report.monthly else None,
        scope=grid if report.key == "sign" else scope,
        day=DAY,
        person=person if report.key == "handover" else None,
    )
    if report.of is None:
        return report_pdf(office, report.key, wish)
    wrong: OfficeError | None = None
    for training in reversed(office.read(TRAININGS.ids, Ask())):
        try:
            return report_pdf(office, report.key, replace(wish, training=training))
        except OfficeError as error:
            wrong = error
    assert wrong is not None
    raise wrong


def main(folder: Path) -> int:
    """Write every sample; answers how many could not be made, having said why."""
    os.environ[BUNDLED_ONLY] = "1"
    folder.mkdir(parents=True, exist_ok=True)
    missing = 0
    with TemporaryDirectory() as place:
        built = build(Path(place), today=DAY)
        office = Office.open(built.database)
        someone = furnish(office)
        exchange(office)
        for report in REPORTS.values():
            try:
                content = picture(made(office, report, *someone))
            except OfficeError as error:
                missing += 1
                sys.stderr.write(f"{report.key}: {error.message}\n")
                continue
            (folder / f"{report.key}.png").write_bytes(content)
        office.close()
    return missing


if __name__ == "__main__":
    sys.exit(main(Path(resources.FOLDER, *FOLDER)))
