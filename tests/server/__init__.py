"""What a shared server itself keeps: rows, rights, the journal, accounts."""
