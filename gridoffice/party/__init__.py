"""The party in the grid: organisations, members, who answers for which grid, and the red line.

Where things live:

- the red line: coverage and breaks in `redline.py`, what is drawn in `red_cards.py`
- which grid's organisation: `seats.py`
"""
