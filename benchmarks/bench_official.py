"""A notice of more than six pages with a wide table, cold (fonts opened) and warm."""

from __future__ import annotations

import time
from datetime import date
from pathlib import Path

from benchmarks.measure import Watch

TITLE = "公文成文：红头、正文、横排附表（PDF/A-2b）"
REPEAT = 3
WARM = 10


def ours(_folder: Path, watch: Watch) -> None:
    from gridoffice.documents.model import Heading, OfficialDocument, Paragraph, TableAnnex
    from gridoffice.documents.pdf import official_pdf
    from gridoffice.documents.render import page_rgb, pages

    text = "全月共走访居民12,486户次，完成率98.2%；其中独居老人、残疾人等重点户走访1,072户次。" * 5
    rows = [
        (str(place), f"王𠮷{place}", f"永宁社区第{place}网格", f"{99 - place * 0.4:.2f}", "合格", "")
        for place in range(1, 61)
    ]
    heads = ("名次", "姓名", "所在网格", "总分", "等次", "备注")
    document = OfficialDocument(
        organisation="青禾街道网格办",
        title="关于2026年6月网格员月度考核结果的通报",
        body=tuple(
            block for place in "一二三四" for block in (Heading(1, f"{place}、走访任务"), Paragraph(text))
        ),
        signature="青禾街道网格办",
        day=date(2026, 7, 3),
        number="青街办〔2026〕14号",
        red_head="青禾街道办事处文件",
        attachments=(TableAnnex("网格员考核得分表", heads, rows, landscape=True),),
    )
    with watch:
        made = official_pdf(document)
    watch.note("页", pages(made))
    start = time.process_time()
    for _ in range(WARM):
        official_pdf(document)
    watch.note("热", (time.process_time() - start) / WARM * 1000, " 毫秒")
    start = time.process_time()
    page_rgb(made, 0, 1.5)
    watch.note("首页成像", (time.process_time() - start) * 1000, " 毫秒")


CASES = {"网格办": ours}
