"""Paper: official documents (GB/T 9704) and ledgers as PDF. Knows no subject of the office.

Where things live:

- an official document's head and its body with signatures: `official_heads.py`, `official_body.py`; bytes:
  `official_pdf`, judged by PDFBox Preflight, measured, kept as golden pictures
- a character that no font has: `fonts.py`: `within` (the words around it), `naming` (the row), `whose` (the person)
- what makes a PDF last: `archive.py`; AES-256: `protection.py`
- what a printed ledger adds up: `sums.py` (`TableAnnex.sums`, layout `community` of a report); which lists and
  columns: `gridoffice/report_sums.py`
- a paper's format (PDF, OFD, Word), the mark of pages that list persons (`marked`), its first pages early
  (`beginning`, for lists and batches): `output.py`; the mark on a file of somebody else's: `stamping.py`
- the sheets of signs and badges: `sign.py`, `badge.py`

Decided:

- WenKai is cut to daily characters under a name of its own; rare ones in 楷体 come from the serif; not whole: a
  setup above 80 MB
"""
