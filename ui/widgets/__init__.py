"""The parts that pages are made of.

Where things live:

- somebody or some grid named in a form: `picker.py`
- everything an official document says beside its text: `paper_options.py`
- what something leaves for, as one line: `purpose.py`
- the data behind a chart (看数据): `chart_data.py`
"""
