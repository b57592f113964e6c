"""The packages that offices install."""
