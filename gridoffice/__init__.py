"""What the office does: every subject's rules, services, ledgers and documents, without a window."""

__version__ = "0.1.0"
