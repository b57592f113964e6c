"""Documents written, made and sent out from the command line; templates of the office's own."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any

from docx import Document

from gridoffice.documents.render import page_text
from gridoffice.office import Office

Call = Callable[..., tuple[int, Any, str]]


def test_a_document_goes_its_way(on: Call, small_office: Office, tmp_path: Path) -> None:
    text = tmp_path / "正文.txt"
    text.write_text("一、总体情况\n本办有网格{网格数}个，王𠮷到会。\n", encoding="utf-8")
    words = (
        "--title",
        "关于例会情况的通报",
        "--text",
        text,
        "--set",
        "主送=各村",
        "--set",
        "红头=青禾街道办事处文件",
    )
    status, said, _ = on("draft", "new", "blank", *words)
    assert status == 0
    number = said["number"]
    more = ("--set", "密级=秘密★1年", "--set", "格式=公文", "--set", "签发人=李䶮、王芳", "--set", "附表=")
    assert on("draft", "set", number, *more)[0] == 0
    status, said, _ = on("draft", "show", number)
    assert said["unknown"] == [] and said["facts"]["网格数"]
    assert said["said"]["signers"] == ["李䶮", "王芳"] and said["said"]["recipients"] == "各村"
    pdf, word = tmp_path / "通报.pdf", tmp_path / "通报.docx"
    assert on("draft", "make", number, pdf)[0] == 0
    flat = "".join(page_text(pdf.read_bytes(), 0).split())
    for wanted in (
        "秘密★1年",
        "青禾街道办事处文件",
        "签发人：李䶮",
        "各村：",
        f"网格{said['facts']['网格数']}个",
    ):
        assert wanted in flat, wanted
    assert on("draft", "make", number, word)[0] == 0
    assert any("王𠮷到会" in one.text for one in Document(BytesIO(word.read_bytes())).paragraphs)
    status, said, _ = on("draft", "send", number, "青网格办")
    assert status == 0 and said["sent_as"].startswith("青网格办〔")
    status, said, _ = on("draft", "set", number, "--title", "别的")
    assert status == 1 and "已登记出文" in said["error"]


def test_templates_of_the_offices_own(on: Call, small_office: Office, tmp_path: Path) -> None:
    _, said, _ = on("draft", "new", "staffing", "--set", "红头=青禾街道办事处文件", "--set", "份号=000001")
    first = said["number"]
    status, said, _ = on("draft", "keep", first, "配备月报", "--kind", "通报")
    assert status == 0
    key = said["key"]
    _, said, _ = on("draft", "templates")
    assert {"key": key, "title": "配备月报", "kind": "通报", "monthly": False, "own": True} in said[
        "templates"
    ]
    _, said, _ = on("draft", "new", key)
    _, said, _ = on("draft", "show", said["number"])
    assert said["said"]["red_head"] == "青禾街道办事处文件" and "copy_number" not in said["said"]
    assert "{配备率}" in said["text"] and said["unknown"] == []
    _, said, _ = on("draft", "keep", first, "配备月报", "--kind", "报告")
    assert said["key"] == key, "the same title is the same template"
    status, said, _ = on("draft", "keep", first, "空白公文")
    assert status == 1 and "随程序的模板" in said["error"]
    status, said, _ = on("draft", "remove-template", "staffing")
    assert status == 1 and "不能删" in said["error"]
    assert on("draft", "remove-template", key)[0] == 0
    assert key not in {one["key"] for one in on("draft", "templates")[1]["templates"]}
    assert on("undo")[0] == 0
    assert key in {one["key"] for one in on("draft", "templates")[1]["templates"]}


def test_what_a_call_gets_wrong_is_said(on: Call, small_office: Office, tmp_path: Path) -> None:
    for words, wanted in (
        (("new", "nothing"), "没有模板“nothing”"),
        (("new", "blank", "--set", "颜色=红"), "要素有"),
        (("new", "blank", "--set", "格式=信"), "没有格式“信”"),
        (("new", "blank", "--set", "附表=没有的表"), "没有附表“没有的表”"),
        (("remove", "9"), "没有编号 9 的草稿"),
        (("show", "9"), "这份草稿已不在"),
    ):
        status, said, _ = on("draft", *words)
        assert status == 1 and wanted in said["error"], said
    assert on("draft")[1]["drafts"] == []
