"""What a scheme is and what values are worth under it: pure, without a month, a database or a window.

Where things live:

- a scheme as frozen values: `scheme.py`, its choices in `policies.py`, the shapes of rules in `shapes.py`; as
  text in `notation.py`; what must hold of a rule in `rule_checks.py`
- the columns that a scheme asks for, words beside marks included: `columns.py`
- a score: a row alone in `arithmetic.py`, then all together in `engine.py` (both on NumPy); from decimals or
  packed values in `scores.py`; of a part month in `proration.py`
- a score in words: `trace.py`, a line an indicator in `sentences.py`; the way to the next grade: `reaching.py`
- what a result pays: `pay.py`
"""
