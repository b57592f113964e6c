"""PDFBox Preflight, the independent judge of PDF/A-1b (Debian: libpdfbox2-java; elsewhere PDFBOX_JARS names a
folder with its jars)."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Mapping
from pathlib import Path
from xml.etree import ElementTree

_JARS = ("pdfbox2", "preflight", "xmpbox", "fontbox2", "jaxb-api", "javax.activation", "commons-logging")


def verdicts(papers: Mapping[str, bytes], folder: Path) -> dict[str, list[str]]:
    """What is wrong with each file; an empty list of a valid PDF/A-1b file. One Java process for all."""
    paths = []
    for name, content in papers.items():
        path = folder / f"{name}.pdf"
        path.write_bytes(content)
        paths.append(path)
    listed = folder / "papers"
    listed.write_text("\n".join(map(str, paths)))
    where = Path(os.environ.get("PDFBOX_JARS", "/usr/share/java"))
    jars = [where / f"{name}.jar" for name in _JARS]
    missing = [jar.name for jar in jars if not jar.is_file()]
    assert not missing, f"PDFBox Preflight is not installed, {missing} not found in {where}: run dev.py setup"
    words = ["java", "-cp", os.pathsep.join(map(str, jars)), "org.apache.pdfbox.preflight.Validator_A1b"]
    subprocess.run([*words, "xml", "group", str(listed)], check=True, capture_output=True, cwd=folder)
    found: dict[str, list[str]] = {}
    for paper in ElementTree.parse(f"{listed}.preflight.xml").getroot():
        valid = paper.findtext("isValid") == "true"
        said = [error.findtext("details") or "" for error in paper.iter("error")]
        found[Path(paper.get("name", "")).stem] = [] if valid else said or ["not valid"]
    return found
