"""Single values: identity numbers, days, names, codes."""
