"""The papers that go with a release: one page for whoever installs, a sheet for whoever looks after computers.

Their words stand in `papers/`; the program's own documents set them.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path

from gridoffice.documents.fonts import FontSet
from gridoffice.documents.model import Block, Heading, OfficialDocument, Paragraph
from gridoffice.documents.pdf import official_pdf
from installer.payload import HERE, Build

PAPERS = {"leaflet": "安装说明.pdf", "it-sheet": "部署手册.pdf"}


def write(out: Path, build: Build) -> list[Path]:
    """Every paper as a PDF, the same bytes on every computer."""
    made = []
    for name, file in PAPERS.items():
        document = paper((HERE / "papers" / f"{name}.md").read_text("utf-8"), build)
        target = out / f"网格办 {build.version} {file}"
        target.write_bytes(official_pdf(document, FontSet.bundled()))
        made.append(target)
    return made


def paper(words: str, build: Build) -> OfficialDocument:
    """A title (`# `, and the line below it), headings (`## `), and paragraphs between empty lines."""
    title, *rest = re.split(r"\n{2,}", words.strip())
    body: list[Block] = [
        Heading(1, one.removeprefix("## ")) if one.startswith("## ") else Paragraph(one) for one in rest
    ]
    day = datetime.fromtimestamp(build.moment, UTC).date()
    return OfficialDocument(
        organisation="网格办",
        title=title.removeprefix("# "),
        body=tuple(body),
        signature=f"网格办 {build.version}",
        day=day,
        compact=True,
    )
