"""What the clerk sees: the window over the services of `gridoffice`."""
