"""What the office writes itself: drafts of documents, and the register of the numbers they go out under.

Where things live:

- a document the office writes: templates in `resources/papers` and, the office's own, `templates.py`; names in
  braces are filled by `facts.py`
- the number it goes out under: `register.py` (发文登记)
- everything it says beside its text, as stored: `said.py`
"""
