"""A shared office on a server: setting it up, and bringing it to the schema of a newer program."""
