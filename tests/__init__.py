"""The tests: real files, real databases, real documents read back."""
