"""Paper: official documents (GB/T 9704) and ledgers as PDF. Knows no subject of the office."""
