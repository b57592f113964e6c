"""What a made-up office has written: a register of numbers since the year began, a notice that went out, a
report that is still being written."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from gridoffice.office import Office
from gridoffice.papers import said
from gridoffice.papers.drafts import begin, save_draft, send_out
from gridoffice.papers.register import save_number

SERIES = "青网格办"
_BEFORE = (
    ("关于印发网格员考核办法的通知", "通知", "各社区（村）"),
    ("关于开展网格员岗前培训的通知", "通知", "各社区（村）"),
    ("关于调整网格划分的请示", "请示", "区委社会工作部"),
    ("关于上半年网格化服务管理工作情况的报告", "报告", "区委社会工作部"),
)


def add_papers(office: Office, today: date) -> None:
    """Numbers given out since the year began, the fourth in vain; drafts by the account at work."""
    start = date(today.year, 1, 1)
    for place, (title, kind, recipients) in enumerate(_BEFORE):
        values = {
            "number": f"{SERIES}〔{today.year}〕{place + 1}号",
            "title": title,
            "kind": kind,
            "day": start + timedelta(days=(today - start).days * place // len(_BEFORE)),
            "recipients": recipients,
            "drafter": "王敏",
            "signer": "李志远",
            "copies": 20,
            "void": place == 3,
            "note": "改由街道发文" if place == 3 else "",
        }
        office.write(save_number, None, values)
    notice = office.read(begin, "staffing")
    given = {"day": today, "sealed": True, "red_head": "青禾街道网格化服务管理办公室文件"}
    number = office.write(save_draft, replace(notice, said={**notice.said, **said.kept(given)})).result
    office.write(send_out, number, SERIES)
    office.write(save_draft, office.read(begin, "quarter"))
