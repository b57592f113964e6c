"""What the clerk sees: the window over the services of `gridoffice`.

Where things live:

- the keys of the window: `keys.py`; what a page can do with one is in its `commands`
- what an import shows of a `Review`: `review_jobs.py`; a printer: `printing.py`
- a way into an office, its password asked for: `connecting.py`; backups behind the window: `keeper.py`
- what is done with an office that nobody may have open: `between.py`
- taking a list out: `exporting.py`; its named views: `views.py`
- searches for garbage, which stay in the window's thread: `garbage.py`
"""
