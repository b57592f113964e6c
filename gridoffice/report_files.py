"""A report as a file of the kind that its name ends in: PDF, OFD, Word."""

from __future__ import annotations

from pathlib import PurePath

from db.enums import Right
from gridoffice.documents.model import OfficialDocument
from gridoffice.documents.output import Format, written_as
from gridoffice.documents.pdf import official_pdf
from gridoffice.errors import RuleBroken
from gridoffice.leaving import Paper, paper
from gridoffice.office import Office
from gridoffice.reports import Wish, report_called, report_paper

KINDS = {".pdf": "PDF 文件", ".docx": "Word 文档", ".ofd": "OFD 版式文件（不用于电子签章）"}
"""The endings that a paper can have, and what they are called."""


def report_file(office: Office, name: str, wish: Wish, file: str) -> Paper:
    """A report in the format of a file name's ending. Raises `NotFound`, and `RuleBroken` for a Word file
    of one that is no official document."""
    ending = _ending(file)
    if ending == ".ofd":
        with written_as(Format.OFD):
            return report_paper(office, name, wish)
    if ending == ".docx":
        report = report_called(name)
        if report.document is None:
            raise RuleBroken(f"{report.title}不是公文，不能存成 Word。存成 PDF 或者导出 Excel。")
        office.require(Right.READ)
        document = report.document(office, wish)
        return paper(office, report.title, lambda: document_file(document, file), reason=wish.reason)
    return report_paper(office, name, wish)


def document_file(document: OfficialDocument, file: str) -> bytes:
    """An official document in the format of a file name's ending. Raises OfficeError naming a character
    that no font has, in any of them."""
    ending = _ending(file)
    if ending == ".docx":
        from gridoffice.documents.docx_official import official_docx

        official_pdf(document)  # refuses a character that nobody has; Word would show a box
        return official_docx(document)
    with written_as(Format.OFD if ending == ".ofd" else Format.PDF):
        return official_pdf(document)


def _ending(file: str) -> str:
    ending = PurePath(file).suffix.lower()
    if ending not in KINDS:
        raise RuleBroken(f"文件名以 {'、'.join(KINDS)} 结尾，不能是“{ending or file}”。")
    return ending
