"""Workbooks in and out: reading, matching headings, taking rows, writing. Knows no subject.

Where things live:

- the cells of an .xlsx: `scanning.py` (where each stands), `condensing.py` (each different one once, told by the
  parser); `reading.read` gives the parser whole whatever is written otherwise
- a large part of an .xlsx, inflated: `inflating.py` (ISA-L, never more than the archive says, CRC checked)
- a file written whole or not at all, and the sentence for one that cannot be: `replacing.py` (`replacing`, `put`)
- the mark at the head of printed pages: `page_marks.py`

Decided:

- Sheet rows are streamed into a skeleton that XlsxWriter makes, ISA-L packs and inflates; not XlsxWriter for all:
  five times slower at 150,000 rows. Not zlib: with json for the journal, over half a second of a city's import;
  either reads the bytes
"""
