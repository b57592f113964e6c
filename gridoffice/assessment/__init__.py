"""The monthly assessment: schemes, exact scores with their trace, the month and its papers."""
