"""上报包: what one office sends to another on a stick where there is no network.

Where things live:

- what goes: `sending.py`; what comes: `receiving.py`; bytes: `sealing.py`; keys and cards: `keys.py`
- where one stands follows from the imports: `standing.py`
"""
