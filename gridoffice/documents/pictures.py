"""Photographs as a PDF holds them: in grey or in red, green and blue, nothing transparent."""

from __future__ import annotations

from io import BytesIO

from PIL import Image
from reportlab.pdfbase.pdfdoc import PDFDictionary, PDFName

from gridoffice.documents.embedding import Stream, stream


def picture(content: bytes) -> tuple[Stream, int, int]:
    """A picture with its width and height in pixels; a JPEG stays as it is, others are packed anew."""
    with Image.open(BytesIO(content)) as opened:
        wide, tall = opened.size
        mode = opened.mode
        entries = {
            "Type": PDFName("XObject"),
            "Subtype": PDFName("Image"),
            "Width": wide,
            "Height": tall,
            "BitsPerComponent": 8,
        }
        if opened.format == "JPEG" and mode in ("L", "RGB"):
            entries["ColorSpace"] = PDFName("DeviceGray" if mode == "L" else "DeviceRGB")
            entries["Filter"] = PDFName("DCTDecode")
            return Stream(PDFDictionary(entries), content), wide, tall
        # PDF/A-1 knows no transparency, and the file's colours are those of a screen, not of ink.
        flat = Image.new("RGB", opened.size, "white")
        layer = opened.convert("RGBA")
        flat.paste(layer, mask=layer.getchannel("A"))
    entries["ColorSpace"] = PDFName("DeviceRGB")
    return stream(flat.tobytes(), **entries), wide, tall
