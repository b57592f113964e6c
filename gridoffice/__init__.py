"""What the office does: every subject's rules, services, ledgers and documents, without a window.

Where things live:

- the rows of a plan: `planned.py`, as columns; a row is made when somebody looks at it
- what only the clerk can tell: an `Asked` in a planned row, its answers in `questions.py`; rows with equal
  values share it, the office remembers
- a list that is worked out (skills, hours, vacancies, findings): its rows stay in the process that made them
  until the journal grows; of a large office tables ask the worker (`beside=desk.read`)
- somebody else's form: `filling.py`; what it asks of people: `person_facts.py`
- who may go for which skill level, how many hours of training: TOML in `resources/skills`,
  `resources/training`, or the office's own in its settings, by `own_tables.py` (`SKILLS.of(session)`,
  `HOURS.of(session)`)
- a paper's file as somebody asks for it: `report_files.py`
- what tells of persons, what it leaves for, its mark and the journal line of whatever leaves: `leaving.py`
- named ways of looking at a list: `views.py`; those a clerk keeps alone lie on the own computer (`ui/views.py`)
- the journal as an inspection reads it, its alarms: `audit.py`
- backups, where, how many, what is known of each: `shelf.py`; made by `rolling.py`, tried by `drill.py`
- the password of a local file: said in `unlocking.py`; put on, changed, taken off by `file_password.py`
- a whole office from one database to another: `moving.py`
- the way to a shared office: `connection.py`; its password: `passwords.py`; what a server's refusal means:
  `server_words.py`
- which build this is, who made its parts: `build.py`, written down by `installer/`
"""

__version__ = "0.1.0"
