"""The roster: who serves in which grid, in which post, from when to when.

Where things live:

- a row of the roster's plan: those of which nothing is to be said are found by `plain_rows.py`, all others
  one by one in `row_planning.py`
- what only somebody else's form asks for: `for_forms.py` (of grids: `grids/counts.py`)
"""
