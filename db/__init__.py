"""What the office remembers: tables, transactions, the journal, migrations and backups."""
