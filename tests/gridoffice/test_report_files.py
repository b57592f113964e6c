"""Every report leaves as what its file's name ends in."""

from __future__ import annotations

import re
from io import BytesIO

import pypdfium2 as pdfium
import pypdfium2.raw as raw
import pytest
from docx import Document

import resources
from gridoffice.documents.model import Paragraph
from gridoffice.documents.output import PORTIONS, first_pages
from gridoffice.documents.render import page_text, pages
from gridoffice.errors import OfficeError, RuleBroken
from gridoffice.office import Office
from gridoffice.report_files import document_file, report_file
from gridoffice.reports import REPORTS, Wish, report_pdf
from tests.documents.ofd_reader import Reader
from tests.documents.paper import notice

OFFICIAL = [report.key for report in REPORTS.values() if report.document is not None and not report.monthly]


def test_a_paper_is_pdf_ofd_or_word(street_office: Office) -> None:
    pdf = report_file(street_office, "roster", Wish(), "花名册.pdf").content
    ofd = Reader(report_file(street_office, "roster", Wish(), "花名册.OFD").content)
    assert pages(pdf) == len(ofd.pages)
    first = "".join(page_text(pdf, 0).split())
    assert sorted(first) == sorted(
        "".join(one.char for one in ofd.pages[0].letters if not one.char.isspace())
    )
    with pytest.raises(RuleBroken, match="不是公文"):
        report_file(street_office, "roster", Wish(), "花名册.docx")
    with pytest.raises(RuleBroken, match=r"不能是“\.txt”"):
        report_file(street_office, "roster", Wish(), "花名册.txt")


@pytest.mark.parametrize("file", ["通报.pdf", "通报.ofd", "通报.docx"])
def test_a_character_nobody_has_leaves_in_no_format(file: str) -> None:
    with pytest.raises(OfficeError, match=r"张\ue123明.*U\+E123"):
        document_file(notice(body=(Paragraph("本月表扬网格员张\ue123明。"),)), file)


@pytest.mark.parametrize("key", OFFICIAL)
def test_a_written_report_says_the_same_on_paper_and_in_word(street_office: Office, key: str) -> None:
    pdf = report_file(street_office, key, Wish(), "a.pdf").content
    word = Document(BytesIO(report_file(street_office, key, Wish(), "a.docx").content))
    paper = "".join("".join(page_text(pdf, page) for page in range(pages(pdf))).split())
    paper = re.sub(r"—\d+—", "", paper)  # a paragraph may go on on the next page
    assert "{" not in paper
    for paragraph in word.paragraphs[3:12]:
        words = "".join(paragraph.text.split())
        assert words in paper, words


def test_charts_of_the_quarterly_report_are_drawn_not_pasted(street_office: Office) -> None:
    pdf = report_pdf(street_office, "quarter", Wish())
    with pdfium.PdfDocument(pdf) as document:
        pasted = [list(page.get_objects(filter=[raw.FPDF_PAGEOBJ_IMAGE])) for page in document]
        drawn = [len(list(page.get_objects(filter=[raw.FPDF_PAGEOBJ_PATH]))) for page in document]
        texts = [page.get_textpage().get_text_bounded() for page in document]
    assert not any(pasted)
    for caption, least in (("各村（社区）应配和实有人数", 24), ("近一年各月新增和离岗人数", 24)):
        (page,) = [count for count, text in zip(drawn, texts, strict=True) if caption in text]
        assert page >= least, f"a bar for each of its numbers: {caption}"


def test_first_pages_are_there_before_the_last(street_office: Office) -> None:
    seen: list[tuple[int, bytes]] = []
    with first_pages(lambda pdf, count: seen.append((count, pdf))):
        whole = report_pdf(street_office, "roster", Wish())
    count = pages(whole)
    (_, begun), *seen = seen
    assert pages(begun) == 1 and "共" not in page_text(begun, 0).split("第 1 页")[1], "before it is counted"
    (first, facts), early = page_text(whole, 0).split("\n")[:2], page_text(begun, 0)
    assert early.split("\n")[:2] == [first, facts] and "共 641 人" in facts, "whose rows, and how many"
    assert early.count("·") > 10, "its columns may be a little wider or narrower than at last"
    assert [one for one, _ in seen] == [one for one in PORTIONS if one < count]
    for many, part in seen:
        assert pages(part) == many
        for page in range(min(many, 3)):
            assert page_text(part, page) == page_text(whole, page)
    assert report_pdf(street_office, "roster", Wish()) == whole, "watching changes nothing"


def test_the_first_notice_is_there_before_the_others_are_worked_out(street_office: Office) -> None:
    seen: list[bytes] = []
    with first_pages(lambda pdf, _: seen.append(pdf)):
        whole = report_pdf(street_office, "notices", Wish(month="2026-06"))
    assert page_text(seen[0], 0) == page_text(whole, 0)


def test_every_report_has_a_sample() -> None:
    """`python -m gridoffice.demo.samples` makes those that are missing."""
    folder = resources.path("help", "reports")
    samples = {file.stem: file.stat().st_size for file in folder.glob("*.png")}
    assert set(samples) == set(REPORTS)
    assert max(samples.values()) < 60_000 and sum(samples.values()) < 1_500_000
