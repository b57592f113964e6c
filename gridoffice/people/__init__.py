"""Natural persons: one record each, whatever hats they wear."""
