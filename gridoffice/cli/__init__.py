"""The same office without a window: every action as a command."""
