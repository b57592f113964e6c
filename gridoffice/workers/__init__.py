"""The roster: who serves in which grid, in which post, from when to when."""
