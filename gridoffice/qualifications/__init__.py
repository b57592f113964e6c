"""Certificates: who holds which, until when, and who may go for the next level."""
