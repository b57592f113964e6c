"""What readers make of the corpus of dirty workbooks: found, silently wrong, refused.

The peers are what an office would have instead: a careful pandas script (every cell as text, the
header looked for, headings mapped by a dictionary, numbers and telephones checked), and
django-import-export as its documentation has it. Compared are the columns that all can hold: name,
ID number, telephone, day. The figures that count are the notes, not the seconds.
"""

# the peers are not among the locked dependencies: who runs this bench installs them
# pyright: reportMissingImports=false, reportMissingModuleSource=false

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from benchmarks.measure import Watch
from tests.spreadsheet import corpus
from tests.spreadsheet.corpus import Answer, Score, score
from tests.spreadsheet.corpus.ours import ours as read_by_us

TITLE = "脏表语料：读到的人、找到的错、没吭声的错"
REPEAT = 1
COMPARED = ("name", "id_number", "phone", "since")
HEADINGS = {
    "name": ("姓名", "网格员姓名", "名字"),
    "id_number": ("身份证号", "身份证号码", "公民身份号码", "公民身份证号"),
    "phone": ("联系电话", "手机号码", "手机", "电话"),
    "since": ("任职日期", "任职时间", "上岗时间"),
}
_ID = re.compile(r"[1-9][0-9]{16}[0-9X]")
_PHONE = re.compile(r"1[3-9][0-9]{9}")


def prepare(folder: Path) -> None:
    for case in corpus.CASES:
        case.write(folder)


def scored(folder: Path, watch: Watch, reader: Callable[[Path], Answer]) -> None:
    """Let a reader read the whole corpus, and note what it made of it."""
    whole = Score()
    refused_wrongly = 0
    paths = [(case, case.write(folder)) for case in corpus.CASES]
    with watch:
        answers = [(case, reader(path)) for case, path in paths]
    for case, answer in answers:
        one = score(case, answer, COMPARED)
        refused_wrongly += answer.refused and not case.refused
        whole += one
    watch.note("文件", len(corpus.CASES))
    watch.note("错拒的文件", refused_wrongly)
    watch.note("读到的人", whole.people, f"/{whole.persons}")
    watch.note("找到的错", whole.found, f"/{whole.planted}")
    watch.note("没吭声的错", len(whole.silent))
    watch.note("错拒的格", len(whole.refused_clean))


def ours(folder: Path, watch: Watch) -> None:
    scored(folder, watch, read_by_us)


# ---- a careful script ----------------------------------------------------------------------------


def _pandas(path: Path) -> Answer:
    import pandas as pd

    try:
        if path.suffix == ".csv":
            frame = _csv(path)
            sheet = path.stem
        else:
            book = pd.ExcelFile(path)
            sheet = str(book.sheet_names[0])
            frame = book.parse(sheet, header=None, dtype=str)
    except Exception:
        return Answer(refused=True)  # a script that stops has refused the file, whatever it says
    return _from_frame(frame, sheet)


def _csv(path: Path) -> Any:
    import pandas as pd

    for encoding in ("utf-8-sig", "gb18030", "utf-16"):
        try:
            return pd.read_csv(path, header=None, dtype=str, encoding=encoding, sep=None, engine="python",
                               names=range(20))  # fmt: skip
        except UnicodeError:
            continue
    raise ValueError(path)


def _from_frame(frame: Any, sheet: str) -> Answer:
    import pandas as pd

    header: Mapping[str, int] = {}
    start = 0
    for number in range(min(30, len(frame))):
        texts = ["".join(str(cell).split()) for cell in frame.iloc[number]]
        header = {
            name: texts.index(head) for name, heads in HEADINGS.items() for head in heads if head in texts
        }
        if "name" in header and "id_number" in header:
            start = number + 1
            break
    if not start:
        return Answer(refused=True)
    answer = Answer()
    for number in range(start, len(frame)):
        row = frame.iloc[number]
        name = row.iloc[header["name"]]
        if pd.isna(name) or not str(name).strip():
            continue
        values: dict[str, Any] = {"name": str(name).strip()}
        for key, index in header.items():
            cell = row.iloc[index]
            text = None if pd.isna(cell) else str(cell).strip()
            letter = chr(65 + index)
            value, good = _checked(key, text)
            if key != "name":
                values[key] = value
            if not good:
                answer.wrong.add((sheet, number + 1, letter))
        answer.people[sheet, number + 1, 0] = values
    return answer


def _checked(key: str, text: str | None) -> tuple[Any, bool]:
    import pandas as pd

    if text is None or key == "name":
        return text, True
    if key == "id_number":
        return (text.upper(), True) if _ID.fullmatch(text.upper()) else (None, False)
    if key == "phone":
        return (text, True) if _PHONE.fullmatch(text) else (None, False)
    day = pd.to_datetime(text, errors="coerce")
    return (None, False) if pd.isna(day) else (day.date(), True)


def pandas_script(folder: Path, watch: Watch) -> None:
    import pandas  # noqa: F401 - its second of importing is not what is compared

    scored(folder, watch, _pandas)


# ---- django-import-export ------------------------------------------------------------------------


def django_import_export(folder: Path, watch: Watch) -> None:
    scored(folder, watch, _resource_reader())


def _resource_reader() -> Callable[[Path], Answer]:
    import django
    from django.conf import settings

    settings.configure(
        INSTALLED_APPS=["django.contrib.contenttypes"],
        DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}},
        USE_TZ=False,
        DATE_INPUT_FORMATS=["%Y-%m-%d", "%Y/%m/%d", "%Y.%m.%d", "%Y%m%d"],
    )
    django.setup()
    import tablib
    from django.db import connection, models
    from import_export import fields, resources, widgets

    class Member(models.Model):
        name = models.CharField(max_length=50)
        id_number = models.CharField(max_length=18)
        phone = models.CharField(max_length=11, null=True)
        since = models.DateField(null=True)

        class Meta:
            app_label = "contenttypes"  # any app that is installed

    with connection.schema_editor() as editor:
        editor.create_model(Member)

    class Matching(widgets.CharWidget):
        """The check that a project adds to a text: a pattern it has to fit."""

        def __init__(self, pattern: re.Pattern[str]):
            super().__init__()
            self.pattern = pattern

        def clean(self, value: Any, row: Any = None, **how: Any) -> Any:
            text = super().clean(value, row, **how)
            if text and not self.pattern.fullmatch(text):
                raise ValueError(f"{text} does not fit")
            return text or None

    class Roster(resources.ModelResource):
        name = fields.Field("name", HEADINGS["name"][0])
        id_number = fields.Field("id_number", HEADINGS["id_number"][0], widget=Matching(_ID))
        phone = fields.Field("phone", HEADINGS["phone"][0], widget=Matching(_PHONE))
        since = fields.Field("since", HEADINGS["since"][0], widget=widgets.DateWidget())

        class Meta:
            model = Member
            fields = COMPARED
            import_id_fields = ("id_number",)
            store_instance = True

    def read(path: Path) -> Answer:
        kind = path.suffix[1:]
        try:
            content: Any = path.read_text("utf-8-sig") if kind == "csv" else path.read_bytes()
            data = tablib.Dataset().load(content, format=kind, headers=False)
            start, trimmed = _trimmed(data, tablib.Dataset())
            result = Roster().import_data(trimmed, dry_run=True)
        except Exception:
            return Answer(refused=True)  # its user sees a trace and no import
        if result.base_errors or not len(result.rows):
            return Answer(refused=True)
        sheet = path.stem if kind == "csv" else str(data.title)
        heads = list(trimmed.headers or ())
        answer = Answer()
        for place, row in enumerate(result.rows):
            number = start + place + 1
            instance = row.instance
            if row.errors:
                answer.wrong.add((sheet, number, ""))
            if row.validation_error is not None:
                for name in row.validation_error.message_dict:
                    letter = chr(65 + heads.index(HEADINGS[name][0])) if name in HEADINGS else ""
                    answer.wrong.add((sheet, number, letter))
            elif instance is not None:
                values = {name: getattr(instance, name) or None for name in COMPARED}
                if isinstance(values["since"], datetime):
                    values["since"] = values["since"].date()
                answer.people[sheet, number, 0] = values
        return answer

    return read


def _trimmed(data: Any, made: Any) -> tuple[int, Any]:
    """The rows from the header on, and its number: a favour that a clerk does by hand, for it takes
    the first row for the header."""
    for number, row in enumerate(data[:30], 1):
        heads = [str(cell or "").strip() for cell in row]
        if HEADINGS["name"][0] in heads:
            made.headers = [head or f"-{place}" for place, head in enumerate(heads)]
            for line in data[number:]:
                made.append(line)
            return number, made
    raise ValueError("no header")


CASES = {"网格办": ours, "pandas 脚本": pandas_script, "django-import-export": django_import_export}
