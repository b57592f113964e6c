"""Who works in this office, and what each may do.

Where things live:

- who may keep accounts, approve them, see nothing of business: `rules.py`, `separation.py`
- what is done to accounts: `keeping.py`, `passwords.py`; somebody leaves: `handing_over.py`
- what an account is and how far it sees, as one value: `rights.py`
"""
