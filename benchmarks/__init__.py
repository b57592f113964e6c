"""What the office's speed is measured with; run by hand (`dev.py bench`), never a timed test."""
