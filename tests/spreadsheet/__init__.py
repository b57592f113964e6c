"""Workbooks in and out, all of them real files."""
