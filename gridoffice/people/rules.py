"""What must be true of a person, whichever ledger says it."""

from __future__ import annotations

from datetime import date

from db.enums import Sex
from gridoffice import idcard
from gridoffice.errors import Problem, Severity


def check_identity(id_number: str | None, sex: Sex | None, birth: date | None) -> list[Problem]:
    """The ID number against the sex and birth written beside it (GB 11643). A wrong sex is a slip
    of the pen; a birthday may rightly differ, where the personnel file is followed."""
    found = []
    if birth is not None and birth > date.today():
        found.append(Problem(f"出生日期 {birth} 还没有到。", field="出生日期", value=str(birth)))
    if not id_number:
        no_number = "没有身份证号，只能按姓名和电话认人。"
        return [*found, Problem(no_number, Severity.WARNING, field="身份证号码")]
    says = idcard.sex_of(id_number)
    if sex is not None and sex is not says:
        found.append(
            Problem(f"身份证号表明是{says.label}，这里写的是{sex.label}。", field="性别", value=sex.label)
        )
    born = idcard.birth_of(id_number)
    if birth is not None and born is not None and birth != born and birth != born.replace(day=1):
        found.append(
            Problem(
                f"身份证号里的出生日期是 {born}，这里写的是 {birth}。",
                Severity.WARNING,
                field="出生日期",
                value=str(birth),
            )
        )
    return found
