"""上报包: what one office sends to another on a stick where there is no network.

Where things live:

- what goes: `sending.py`; what comes: `receiving.py`; bytes: `sealing.py`; keys and cards: `keys.py`
- what the other office has, so that changes and losses can be told: `had.py`; what is gone over there: `gone.py`;
  photographs and scans: `attached.py`
- where one stands follows from the imports: `standing.py`

Decided:

- A package holds ledgers as workbooks that an import reads; rows to be sent are found by marks of what was
  sent; private keys lie behind a password in the settings; not parts of the journal: a second preview,
  conflict and undo over there. Rows found by the journal: an undone or corrected one would travel, or be
  missed. The system's keyring: a backup opened elsewhere could not read its packages
- What the other office has is kept sealed in the register of packages, by record; not marks alone: gone and
  changed rows look alike. Plain rows: ID numbers would lie there
"""
