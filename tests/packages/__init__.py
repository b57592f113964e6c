"""Packages between offices."""
