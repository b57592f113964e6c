"""The monthly assessment: the office's schemes, the month with what is recorded and computed, its papers. What a
scheme is and what values are worth under it: the room `gridoffice.scoring`.

Where things live:

- a month: `month_record(session, number or "2026-06/scheme/edition")` in `month.py`
- who is assessed: `subjects.py`; who may take a step, score whom or answer an appeal: `duties.py`;
  how far values and opinions have come in: `collection.py`
- a month while it is typed: `live.py`; the words beside marks: `reasons.py`
- an indicator our own ledgers know: one record function in `evidence.py` or `evidence_of_places.py`, one line
  in `sources.py`; `pulling.py` pulls it with its day
- what is given or taken with a reason: `calibration.py` (`preview`, `foretell` before it is done),
  `appeals.py`
- a month's results: `results.py`, packed numbers that follow from what is recorded, explained when looked at
- locking and proving a month: `locking.py`; a locked month taken up again (a new edition follows it, diff):
  `reopening.py`; what ledgers say of it today: `since_locked.py`
- what speaks against a scheme or a value: `checking.py`; the office's own schemes: `schemes.py`, while one is
  changed `scheme_draft.py`; a trial of one: `simulation.py`
- departments that are assessed: `departments.py`; as Excel knows them: `department_ledger.py`
- what of a month's course is due: `dues.py`
- what somebody says of a sheet, from Excel: `opinion_ledger.py`; ledgers of a month are `ledgers.MONTHLY`
- what follows from months in a row: `consequences.py` (pure), `in_a_row.py` (as kept)
- months beside each other: `comparing.py`; who rose and why: `moving.py`; sums by place, kept with a locked
  month: `tally.py`
- a month on paper and as workbooks: `printed.py` (one table, both ways), `notices.py`, `publicity.py`,
  `payroll.py`, `course_tables.py`; areas and departments under the published head: `evaluation.py`
"""
