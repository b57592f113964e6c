"""Whatever names persons says at its edge who took it out, when and what for; what names nobody stays clean.

What is looked at is what is made, page by page and sheet by sheet, with the names of the people there: a new report,
list or workbook is held to it without being told here."""

from __future__ import annotations

import html
import io
import re
import zipfile
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pikepdf
import pytest
import python_calamine
from docx import Document
from PIL import Image
from sqlalchemy import select

from db.tables import Person
from gridoffice.demo import samples
from gridoffice.demo.build import build
from gridoffice.documents.model import OfficialDocument, Paragraph, TableAnnex
from gridoffice.documents.output import marked
from gridoffice.documents.pdf import ledger_pdf, official_pdf, red_line_pdf
from gridoffice.documents.red_sheet import RedSheet
from gridoffice.documents.render import page_text, pages
from gridoffice.documents.stamping import stamped
from gridoffice.drawings import save_red_line
from gridoffice.errors import OfficeError, RuleBroken
from gridoffice.exports import export, template
from gridoffice.fields import of_persons
from gridoffice.filling import fill
from gridoffice.grids.service import find
from gridoffice.intake import Options
from gridoffice.leaving import Leaving, Out, for_purpose, mark_of, paper
from gridoffice.ledgers import LEDGERS
from gridoffice.listing import Ask
from gridoffice.office import Office
from gridoffice.planned import Outcome
from gridoffice.report_files import report_file
from gridoffice.report_kinds import Wish
from gridoffice.reports import REPORTS, report_book, report_pdf
from gridoffice.review import Review
from gridoffice.spreadsheet.page_marks import MOST, page_head
from gridoffice.workers.listing import WORKERS

POSTED = {"sign", "publicity"}
"""Made to be read by everybody: 公示牌 names who serves with the office's phones, 公示 is posted by rule."""
NOBODY = {
    "areas", "scheme", "quarter", "staffing-notice", "calibration", "grids", "training", "training-plans",
    "packages", "staffing", "vacancies", "turnover", "duties",
}  # fmt: skip
"""Sums, norms and official documents without a list of persons."""
COMMUNITY = "519921001001"
MARK = re.compile(r"（\w+）\d{4}-\d\d-\d\d( \d\d:\d\d)? (打印|导出|套表|另存)\s+用途：\S")


def names_of(office: Office) -> frozenset[str]:
    """The people of the office, by names that cannot be part of another word."""
    return frozenset(
        name
        for name in office.read(lambda session: session.scalars(select(Person.name)).all())
        if len(name) > 2
    )


def flat(text: str) -> str:
    return "".join(text.split())


def named_in(text: str, names: frozenset[str]) -> list[str]:
    run = flat(text)
    return [name for name in names if name in run]


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Office, int, int]]:
    """A street office in which every report has something to say; somebody in it, and that one's grid."""
    built = build(tmp_path_factory.mktemp("demo"), today=samples.DAY)
    office = Office.open(built.database)
    yield office, *samples.furnish(office)
    office.close()


def test_every_report_that_names_persons_is_marked(demo: tuple[Office, int, int]) -> None:
    office, person, grid = demo
    names, place = names_of(office), office.read(find, COMMUNITY)
    unmarked, faults = set(), []
    for report in REPORTS.values():
        pdf = samples.made(office, report, person, grid, place)
        texts = [page_text(pdf, page) for page in range(pages(pdf))]
        marks = [bool(MARK.search(text)) for text in texts]
        if not any(marks):
            unmarked.add(report.key)
        begun = report.document is None  # what a document says in its text, and who signs it, stays clean
        for text, mark in zip(texts, marks, strict=True):
            begun = begun or flat(text).startswith("附件")
            found = named_in(text, names) if begun and not mark and report.key not in POSTED else []
            faults += [(report.key, found[:3])] if found else []
    assert faults == []
    assert unmarked == POSTED | NOBODY


def test_every_workbook_that_names_persons_is_marked(demo: tuple[Office, int, int], tmp_path: Path) -> None:
    office, person, _ = demo
    names, place = names_of(office), office.read(find, COMMUNITY)
    month = samples.PAID
    faults, seen = [], 0
    for report in REPORTS.values():
        if report.book is None and report.listing is None:
            continue
        target = tmp_path / f"{report.key}.xlsx"
        training = 1 if report.of is not None else None
        wish = Wish(month if report.monthly else None, place, samples.DAY, person=person, training=training)
        report_book(office, report.key, wish, target)
        for sheet in openpyxl.load_workbook(target).worksheets:
            text = "".join(str(cell) for row in sheet.iter_rows(values_only=True) for cell in row if cell)
            head = str(sheet.oddHeader.right.text or "") if sheet.oddHeader is not None else ""
            seen += 1
            if named_in(text, names) and not MARK.search(head):
                faults.append((report.key, sheet.title))
    assert faults == [] and seen > 30


def test_every_ledger_that_tells_of_persons_is_marked(small_office: Office, tmp_path: Path) -> None:
    for ledger in LEDGERS.values():
        if ledger.listing is None:
            continue
        target = tmp_path / f"{ledger.key}.xlsx"
        export(small_office, ledger.listing, target, Ask(), reason="报送区民政局")
        head = openpyxl.load_workbook(target).worksheets[0].oddHeader
        said = str(head.right.text or "") if head is not None else ""
        assert bool(MARK.search(said)) == of_persons(ledger.listing.columns), ledger.key
        template(small_office, ledger.key, tmp_path / "空.xlsx", Options())
        blank = openpyxl.load_workbook(tmp_path / "空.xlsx").worksheets[0].oddHeader
        assert blank is None or not blank.right.text, "an empty form leaves nobody"


def test_a_marked_roster_is_read_in_again_as_it_is(small_office: Office, tmp_path: Path) -> None:
    file = tmp_path / "花名册.xlsx"
    rows = export(small_office, WORKERS, file, Ask(), reveal=True, reason="1&1 报送𬭎街道")
    review = Review(small_office, "workers", file, Options())
    assert review.plan.count(Outcome.UNCHANGED) == rows
    assert not review.plan.blocked
    read = python_calamine.CalamineWorkbook.from_path(str(file)).get_sheet_by_index(0).to_python()
    assert not any("用途" in str(cell) for row in read for cell in row), "no cell is touched"
    with zipfile.ZipFile(file) as parts:
        xml = html.unescape(parts.read("xl/worksheets/sheet1.xml").decode())
    assert "1&&1 报送𬭎街道</oddHeader>" in xml, "Excel reads a single & as a command"


def test_preview_file_and_printer_have_the_same_bytes(small_office: Office) -> None:
    shown = report_pdf(small_office, "roster", Wish())
    assert shown == report_file(small_office, "roster", Wish(), "花名册.pdf").content
    assert report_file(small_office, "grids", Wish(), "网格.pdf").reason is None


def document(persons: bool, landscape: bool = False) -> OfficialDocument:
    annex = TableAnnex(
        "任职名单", ("姓名", "职务"), [("李䶮", "网格长")], persons=persons, landscape=landscape
    )
    counts = TableAnnex("人数表", ("职务", "人数"), [("网格长", "3")])
    return OfficialDocument(
        "青禾街道办事处", "关于李䶮任职的通知", (Paragraph("任命李䶮为网格长。"),), "青禾街道办事处",
        date(2026, 11, 22), attachments=(annex, counts),
    )  # fmt: skip


@pytest.mark.parametrize("landscape", [False, True])
def test_of_an_official_document_only_the_list_of_persons_is_marked(landscape: bool) -> None:
    words = "王𠮷（wang）2026-11-22 打印　用途：组织部备案"
    plain = official_pdf(document(True, landscape))
    with marked(words) as mark:
        pdf = official_pdf(document(True, landscape))
    assert mark.used
    assert [flat(words) in flat(page_text(pdf, page)) for page in range(pages(pdf))] == [False, True, False]
    assert [page_text(pdf, page) for page in (0, 2)] == [page_text(plain, page) for page in (0, 2)]
    with marked(words) as mark:
        assert official_pdf(document(False, landscape)) == official_pdf(document(False, landscape))
    assert not mark.used


def test_in_word_the_list_of_persons_has_a_head_of_its_own() -> None:
    from gridoffice.documents.docx_official import official_docx

    words = "王𠮷（wang）2026-11-22 打印　用途：组织部备案"
    with marked(words):
        file = Document(io.BytesIO(official_docx(document(True))))
    heads = ["".join(one.text for one in section.header.paragraphs) for section in file.sections]
    assert heads == ["", words.replace("　", "　"), ""]
    with marked(words):
        clean = Document(io.BytesIO(official_docx(document(False))))
    assert not any(one.text for section in clean.sections for one in section.header.paragraphs)


def test_a_long_purpose_stays_on_its_edge() -> None:
    words = "欧阳𫍯·买买提（ouyang）2026-11-22 12:00 打印　用途：" + "报送区委组织部和区民政局备案" * 4
    with marked(words):
        pdf = ledger_pdf("名单", ["共 1 人"], ["姓名"], [["李䶮"]])
    import pypdfium2 as pdfium

    with pdfium.PdfDocument(pdf) as opened:
        page = opened[0]
        wide, tall = page.get_size()
        boxes = [one.get_bounds() for one in page.get_objects()]
    said = flat(page_text(pdf, 0))
    assert said.count(flat(words)) == 1, "whole at the side"
    assert "…" in said and said.count("ouyang") == 2, "cut below, where the page number is"
    assert all(left >= 0 and low >= 0 and right <= wide and high <= tall for left, low, right, high in boxes)


def test_a_filled_form_keeps_its_own_head(small_office: Office, tmp_path: Path) -> None:
    form = tmp_path / "上级的表.xlsx"
    book = openpyxl.Workbook()
    sheet: Any = book.active
    sheet.append(["姓名", "联系电话"])
    sheet.append([None, None])
    sheet.oddHeader.left.text, sheet.oddHeader.right.text = "区民政局", "附件 2"
    book.save(form)
    fill(small_office, "workers", form, tmp_path / "填好.xlsx", Ask(), reason="区里要的")
    head = openpyxl.load_workbook(tmp_path / "填好.xlsx").worksheets[0].oddHeader
    assert head is not None and head.left.text == "区民政局"
    assert str(head.right.text).startswith("附件 2") and "用途：区里要的" in str(head.right.text)


def test_a_head_is_never_longer_than_excel_takes() -> None:
    for mark in ("&" * 300, "长" * 300, "一"):
        head = page_head(mark, "&L" + "区" * 100)
        assert len(head) <= MOST and head.startswith("&L")
        assert head.count("&") - head.count("&&") * 2 in (4, 3), "no half of a doubled sign is left over"
    twice = page_head("第二次", page_head("第一次", "&R附件"))
    assert "第一次" not in twice and twice.endswith("第二次") and "附件" in twice


def test_a_receipt_is_marked_once(small_office: Office, tmp_path: Path) -> None:
    file, back = tmp_path / "来的.xlsx", tmp_path / "回执.xlsx"
    export(small_office, WORKERS, file, Ask())
    Review(small_office, "workers", file, Options()).receipt(back)
    sheet: Any = openpyxl.load_workbook(back).worksheets[0]
    head = str(sheet.oddHeader.right.text)
    assert head.count("用途：") == 1 and "退回填报单位更正" in head


def test_a_drawing_with_secretaries_is_marked(small_office: Office, tmp_path: Path) -> None:
    target = tmp_path / "红线.pdf"
    sheet = RedSheet("一根红线", "2026-11-22", True, (60, 14), 20, 40, (), (), ())
    save_red_line(small_office, sheet, date(2026, 11, 22), None, target)
    assert "用途：党建工作" in page_text(target.read_bytes(), 0)
    assert "用途" not in page_text(red_line_pdf(sheet), 0)


def test_a_scan_is_marked_and_nothing_on_it_is_covered() -> None:
    words = "王𠮷（wang）2026-11-22 12:00 另存　用途：核对原件"
    picture = io.BytesIO()
    Image.new("RGB", (900, 1200), (200, 30, 30)).save(picture, "JPEG")
    with Image.open(io.BytesIO(stamped(picture.getvalue(), words))) as made:
        assert made.format == "JPEG" and made.width == 900 and made.height > 1200
        assert made.getpixel((450, 1190))[0] > 150, "the picture is as it was"  # type: ignore[index]
        strip = made.crop((0, 1201, 900, made.height)).convert("L")
        assert strip.getextrema()[0] < 160 < strip.getextrema()[1], "grey words on white"  # type: ignore[operator]
    turned = pikepdf.open(io.BytesIO(ledger_pdf("原件", [], ["姓名"], [["李䶮"]])))
    turned.pages[0].Rotate = 90
    written = io.BytesIO()
    turned.save(written)
    said = page_text(stamped(written.getvalue(), words), 0)
    assert flat(words) in flat(said) and "李䶮" in said
    assert stamped(b"%PDF-1.4 broken", words) == b"%PDF-1.4 broken"


def test_what_it_is_for_is_asked_before_anything_is_made(small_office: Office) -> None:
    def never() -> bytes:
        raise AssertionError("made before it was allowed")

    with pytest.raises(RuleBroken):
        paper(small_office, "花名册", never, reveal=True)
    with pytest.raises(OfficeError, match="不超过 60 个字"):
        paper(small_office, "花名册", never, reason="长" * 61)
    nobody = for_purpose(small_office, Leaving(Out.EXPORT, "网格台账", reason="看看"))
    assert nobody.reason is None and mark_of(small_office.who, nobody) == ""
