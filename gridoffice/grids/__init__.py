"""The grid tree: governance packs, places and their dated life, the grid ledger."""
