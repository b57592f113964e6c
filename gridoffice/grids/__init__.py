"""The grid tree: governance packs, places and their dated life, the grid ledger.

Where things live:

- a pack: its schema in `pack.py`, its TOML in `pack_text.py`; the office's own as a form: lines in
  `pack_groups.py`, their notation in `pack_notation.py`, changes in `pack_edits.py`
- what must hold of the tree: `tree_rules.py`, asked by operations, forms, imports and undo
- a dated change of the tree: a value in `operations.py`, drawn on a `Sketch`; `changing.preview` tells it,
  `changing.change_grids` writes it
- one that waits for its day: `waiting.py`, as plain values `operation_text.py`; `changing.carry_out_plan`
  does it
- two who draft changes of the same grids: `both_drafted.py`
- what follows a grid that ends: `belongings.py`
"""
