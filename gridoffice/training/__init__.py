"""Trainings, who attended them, and who is short of hours."""
