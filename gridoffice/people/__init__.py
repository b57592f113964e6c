"""Natural persons: one record each, whatever hats they wear.

Where things live:

- which person a row means: `match` in `matching.py`, for every ledger with people in it; for those of hats
  (certificates, party, sign-ins) through `hats.py`
- everything one person has: `owning.py`; merging asks it
- a photograph, a scan: `attachments.py`, table `attachment`

Decided:

- Merging people moves whatever refers to a person, found in the tables themselves; not a list of tables: the
  next one would be forgotten
- Import: a wrong sex beside an ID number is an error, a wrong birthday a warning; a masked ID or phone is refused;
  not both errors: personnel files rightly differ in birthdays. Nor the mask ignored: the clerk would believe it
  was taken in
"""
