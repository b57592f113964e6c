"""Certificates: who holds which, until when, and who may go for the next level.

Decided:

- A renewed certificate is a record of its own that names the one it renews; not overwriting the dates: nobody
  can tell who was certified on a day past
"""
