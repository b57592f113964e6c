"""Newer versions without the internet: found in a folder or share, proved, copied, installed."""
