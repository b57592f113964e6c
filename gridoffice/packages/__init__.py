"""上报包: what one office sends to another on a stick where there is no network.

Where things live:

- what goes: `sending.py`; what comes: `receiving.py`; bytes: `sealing.py`; keys and cards: `keys.py`
- what the other office has, so that changes and losses can be told: `had.py`; what is gone over there: `gone.py`;
  photographs and scans: `attached.py`
- where one stands follows from the imports: `standing.py`
"""
