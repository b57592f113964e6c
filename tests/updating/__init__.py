"""Newer versions without the internet."""
