"""What the office remembers: tables, transactions, the journal, migrations and backups.

Where things live:

- many new rows: `bulk_insert`, `insert_columns`; `inserting.py` gives whole columns to the driver, what is the
  same in all rows stands in the statement
- what a search text is found by: `texts.holds`
- what an upgrade does to records: `reshaping.py`, one line of the journal; asked by `migrate.upgrade`
- all rows of an office in another database: `copying.py`; compared: `comparing.py`; pg_dump: `dumping.py`
- a local file with a password, which driver opens which file: `keyed.py`
- where a local file may lie: `places.py`, asked by `gridoffice.office.store_at`
"""
