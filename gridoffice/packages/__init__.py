"""上报包: what one office sends to another on a stick where there is no network.

Where things live:

- what goes: `preparing.py` finds it, `sending.py` writes it; what comes: `receiving.py`; bytes: `sealing.py`; keys and
  cards: `keys.py`
- parts that are no ledgers, by key: `beside.py`, each a `Sort` that is looked at and taken in (`seen.py`)
- days past: the words they travel in `told.py`, read from the own books by `telling.py`; grids as they were: `tree.py`
  after the comparison of `tree_seen.py`; posts, memberships, seats that ended: `tenures.py`
- what the other office has, so that changes and losses can be told: `had.py`; what is gone over there: `gone.py`,
  what becomes of it here: `endings.py`; photographs and scans: `attached.py`
- packs, schemes and tables of the office above, and both sides' changes of them: `given.py`
- what a sender does not answer for: `outside.py`
- where one stands follows from the imports: `standing.py`

Order: grids as they were, ledgers, photographs, what is gone, who was what. Whoever is in a ledger is in a grid of
today; of whom days past tell is there by then.

Decided:

- A package holds ledgers as workbooks that an import reads; rows to be sent are found by marks of what was
  sent; private keys lie behind a password in the settings; not parts of the journal: a second preview,
  conflict and undo over there. Rows found by the journal: an undone or corrected one would travel, or be
  missed. The system's keyring: a backup opened elsewhere could not read its packages
- What the other office has is kept sealed in the register of packages, by record; not marks alone: gone and
  changed rows look alike. Plain rows: ID numbers would lie there
- Days past travel as what stands in the books (periods, changes, codes given up, tenures), grids by code; the longer
  past wins where one begins with the other, else the clerk is told. Not the operations done again: they would be
  judged by another tree. What changed together is taken together, and undone whole
- Of tenures nothing that goes on here is ended: that somebody left is told as a row that is gone, and decided there
- The last text of a rule that was taken over is kept, so that both sides' changes of it meet line by line
- A package with rows outside of what its sender answers for is refused whole; rows that would change nothing are let
  be, and people who serve elsewhere too, as they move from one community to another
"""
