"""Inside the installed program: what stands in an office's file, as one number; the same for a true copy of it."""

import hashlib
import sqlite3
import sys

office = sqlite3.connect(f"file:{sys.argv[2]}?mode=ro", uri=True)
told = hashlib.sha256()
for line in office.iterdump():
    told.update(line.encode())
sys.stdout.write(f"content {told.hexdigest()}\n")
