"""The schema's history, one self-contained step a file."""
