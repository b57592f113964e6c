"""上报包: what one office sends to another on a stick where there is no network."""
