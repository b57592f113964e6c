"""Tests of paper: fonts, lines, official documents, ledgers."""
