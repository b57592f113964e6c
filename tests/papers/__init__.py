"""Drafts of documents and the register of their numbers."""
