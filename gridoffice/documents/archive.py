"""What makes a PDF an archival one (PDF/A): its metadata as XMP, the meaning of its colours, nothing else inside.

Files are PDF/A-2b (ISO 19005-2, level B). Part 1 is written for checks only: its rules are stricter wherever
the two differ, and there is a validator for it.
"""

from __future__ import annotations

from datetime import date
from typing import Any
from xml.sax.saxutils import escape

from reportlab.pdfbase.pdfdoc import (
    PDFArray,
    PDFDictionary,
    PDFInfo,
    PDFName,
    PDFString,
)

from gridoffice.documents.colour_profile import srgb
from gridoffice.documents.embedding import Stream, stream

PRODUCER = "网格办 GridOffice"
_CLAIM = (
    '<rdf:Description rdf:about="" xmlns:pdfaid="http://www.aiim.org/pdfa/ns/id/">'
    "<pdfaid:part>{part}</pdfaid:part><pdfaid:conformance>B</pdfaid:conformance></rdf:Description>\n"
)
_PACKET = (
    '<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>\n'
    '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">\n'
    "{claim}"
    '<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/">'
    "<dc:format>application/pdf</dc:format>"
    '<dc:title><rdf:Alt><rdf:li xml:lang="x-default">{title}</rdf:li></rdf:Alt></dc:title>'
    "{creator}</rdf:Description>\n"
    '<rdf:Description rdf:about="" xmlns:pdf="http://ns.adobe.com/pdf/1.3/">'
    "<pdf:Producer>{producer}</pdf:Producer></rdf:Description>\n"
    '<rdf:Description rdf:about="" xmlns:xmp="http://ns.adobe.com/xap/1.0/">'
    "<xmp:CreatorTool>{producer}</xmp:CreatorTool>{dates}</rdf:Description>\n"
    '</rdf:RDF></x:xmpmeta>\n<?xpacket end="w"?>'
)


class Information(PDFInfo):
    """The information dictionary, saying what the XMP packet says; a file without a day has no dates."""

    def __init__(self, title: str, author: str, day: date | None):
        super().__init__()
        self.title, self.author, self.day = title, author, day
        self.subject = self.keywords = ""

    def format(self, document: Any) -> bytes:
        entries: dict[str, Any] = {
            "Title": PDFString(self.title),
            "Producer": PDFString(PRODUCER),
            "Creator": PDFString(PRODUCER),
        }
        if self.author:
            entries["Author"] = PDFString(self.author)
        if self.day:
            entries["CreationDate"] = entries["ModDate"] = PDFString(f"D:{self.day:%Y%m%d}")
        return PDFDictionary(entries).format(document)


def make_archival(document: Any, title: str, author: str, day: date | None, part: int = 2) -> None:
    """Give a reportlab document its metadata and output intent. `part` is that of ISO 19005."""
    catalog = document.Catalog
    document.info = Information(title, author, day)
    catalog.Metadata = _metadata(packet(title, author, day, part))
    profile = stream(srgb(), N=3)
    intent = PDFDictionary(
        {
            "Type": PDFName("OutputIntent"),
            "S": PDFName("GTS_PDFA1"),
            "OutputConditionIdentifier": PDFString("sRGB IEC61966-2.1"),
            "Info": PDFString("sRGB IEC61966-2.1"),
            "DestOutputProfile": document.Reference(profile),
        }
    )
    # reportlab's catalog writes only the entries it knows.
    catalog.__NoDefault__ = [*catalog.__NoDefault__, "OutputIntents"]
    catalog.OutputIntents = PDFArray([document.Reference(intent)])
    document.cid_sets = part == 1


def packet(title: str, author: str, day: date | None, part: int) -> str:
    """The XMP packet; the same words as in `Information`, or the file is no PDF/A."""
    dates = f"<xmp:CreateDate>{day}</xmp:CreateDate><xmp:ModifyDate>{day}</xmp:ModifyDate>" if day else ""
    creator = (
        f"<dc:creator><rdf:Seq><rdf:li>{escape(author)}</rdf:li></rdf:Seq></dc:creator>" if author else ""
    )
    return _PACKET.format(
        claim=_CLAIM.format(part=part), title=escape(title), creator=creator, producer=PRODUCER, dates=dates
    )


def without_claim(metadata: bytes) -> bytes:
    """A packet that no longer says that its file is PDF/A: an encrypted one is none."""
    return metadata.replace(_CLAIM.format(part=2).encode(), b"")


def _metadata(text: str) -> Stream:
    entries = {"Type": PDFName("Metadata"), "Subtype": PDFName("XML")}
    return Stream(PDFDictionary(entries), text.encode("utf-8"))
