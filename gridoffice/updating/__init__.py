"""Newer versions without the internet: found in a folder or share, proved, copied, installed.

Decided:

- The newer program backs the data up by copying the file before it takes the older one's place; not the older
  one: a fault in its backup blocks the upgrade for ever, and a silent setup cannot type a password
"""
