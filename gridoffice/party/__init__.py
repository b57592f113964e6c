"""The party in the grid: organisations, members, who answers for which grid, and the red line.

Where things live:

- the red line: coverage and breaks in `redline.py`, what is drawn in `red_cards.py`
- which grid's organisation: `seats.py`

Decided:

- An organisation's grids are seats with days; the kind of a party link is the pack's own words, like a post's
  title; not one column: a joint branch has several, and a grid of the past had another. A code list: kinds of
  members differ from place to place
"""
