"""Workbooks in and out: reading, matching headings, taking rows, writing. Knows no subject."""
