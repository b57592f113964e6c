"""Who works in this office, and what each may do."""
