"""The whole office at a glance: findings, to-do, and the numbers of the home page.

Where things live:

- what hangs in public of a grid: `signs.py`; phones are recorded for it, never taken from people
- what a grid's drawer tells (team, party, scores, findings): `grid_facts.py`, one question a tab; its lists:
  `registers/lists.py`
- what a person's drawer tells: `person_record.py`; everybody, listed: `everybody.py`
- what a post ending leaves to others: `handover.py`
- a badge and its mark: `badges.py`; `badge verify` and quick search read it
- who calls whom, as a tree: `contacts.py`; the households themselves are a subject of their own
"""
