"""Documents that the office writes, from the command line: begun from a template, written on as a text file,
made into a paper, sent out; templates of the office's own."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from gridoffice.cli.asking import add_purpose, day_of, opened, put_text, text_in
from gridoffice.cli.output import Voice, table
from gridoffice.documents.model import Form
from gridoffice.errors import NotFound, RuleBroken
from gridoffice.grids import service as grids
from gridoffice.leaving import leave, leave_as, of_paper, paper
from gridoffice.listing import Ask
from gridoffice.office import Office
from gridoffice.papers import said
from gridoffice.papers.annexes import ANNEXES
from gridoffice.papers.drafts import (
    DRAFTS,
    Writing,
    as_template,
    begin,
    compose,
    draft,
    remove_drafts,
    save_draft,
    send_out,
)
from gridoffice.papers.numbering import KINDS
from gridoffice.papers.templates import keep_template, remove_template, templates
from gridoffice.report_files import document_file

Taken = Mapping[str, Any]


def _text(field: str) -> Callable[[str, Taken], Taken]:
    return lambda value, _: {field: value.replace("\\n", "\n")}


def _tick(field: str) -> Callable[[str, Taken], Taken]:
    return lambda value, _: {field: value not in ("", "否")}


def _day(field: str) -> Callable[[str, Taken], Taken]:
    return lambda value, _: {field: day_of(value) if value else None}


def _form(value: str, _: Taken) -> Taken:
    known = {one.label: one for one in Form}
    if value not in known:
        raise RuleBroken(f"没有格式“{value}”。现有：{'、'.join(known)}。")
    return {"form": known[value]}


def _annexes(value: str, _: Taken) -> Taken:
    titles = {one.title: key for key, one in ANNEXES.items()}
    wanted = [name for name in value.split("、") if name]
    for name in wanted:
        if name not in titles:
            raise RuleBroken(f"没有附表“{name}”。现有：{'、'.join(titles)}。")
    return {said.ANNEXES: [titles[name] for name in wanted]}


def _came(words: str) -> Callable[[str, Taken], Taken]:
    def take(value: str, known: Taken) -> Taken:
        others = tuple(one for one in known.get("attendance", ()) if one[0] != words)
        return {"attendance": (*others, (words, value)) if value else others}

    return take


FIELDS: Mapping[str, Callable[[str, Taken], Taken]] = {
    "主送": _text("recipients"),
    "署名": _text("signature"),
    "成文日期": _day("day"),
    "附表": _annexes,
    "格式": _form,
    "红头": _text("red_head"),
    "套印": _tick("preprinted"),
    "盖章": _tick("sealed"),
    "份号": _text("copy_number"),
    "密级": _text("secrecy"),
    "紧急程度": _text("urgency"),
    "签发人": lambda value, _: {"signers": tuple(one for one in value.split("、") if one)},
    "附注": _text("remark"),
    "抄送": _text("copies_to"),
    "印发机关": _text("issued_by"),
    "印发日期": _day("issued_on"),
    "出席": _came("出席"),
    "请假": _came("请假"),
    "列席": _came("列席"),
    "行距紧": _tick("compact"),
    "双面装订": _tick("mirrored"),
    "版记在背面": _tick("imprint_on_back"),
    "横表不转": _tick("landscape_sheets"),
}
"""What can be set of a document, in the words of the window, and what a value comes to."""


def add(below: Any) -> None:
    """Say the commands of this file to the parser."""
    command = below.add_parser("draft", help="公文草稿：列出、新拟、改、生成文件、登记出文、模板")
    command.set_defaults(run=listed)
    inner = command.add_subparsers(dest="what")

    one = inner.add_parser("new", help="从模板新拟一份")
    one.add_argument("template", help="模板（draft templates 列出）")
    one.add_argument("--month", metavar="月份", help="按月的模板要说是哪个月")
    one.add_argument("--grid", metavar="编码", help="写哪个网格和它的下级")
    _add_contents(one)
    one.set_defaults(run=new)

    one = inner.add_parser("show", help="一份草稿的标题、要素和正文")
    one.add_argument("number", type=int)
    one.set_defaults(run=show)

    one = inner.add_parser("set", help="改一份草稿")
    one.add_argument("number", type=int)
    _add_contents(one)
    one.set_defaults(run=change)

    one = inner.add_parser("write", help="把正文写成文字文件，好编辑，再用 set --text 读回")
    one.add_argument("number", type=int)
    one.add_argument("file", type=Path)
    one.set_defaults(run=write)

    one = inner.add_parser("make", help="生成 PDF、OFD 或 Word，看文件名的结尾")
    one.add_argument("number", type=int)
    one.add_argument("file", type=Path)
    add_purpose(one)
    one.set_defaults(run=make)

    one = inner.add_parser("send", help="登记出文，给下一个号，不能撤销")
    one.add_argument("number", type=int)
    one.add_argument("series", help="机关代字，如 青网格办")
    one.set_defaults(run=send)

    one = inner.add_parser("remove", help="删去草稿")
    one.add_argument("numbers", type=int, nargs="+")
    one.set_defaults(run=remove)

    inner.add_parser("templates", help="列出模板").set_defaults(run=listed_templates)
    one = inner.add_parser("keep", help="把一份草稿存为本办的模板")
    one.add_argument("number", type=int)
    one.add_argument("title", help="模板名称；名称相同的换掉")
    one.add_argument("--kind", choices=KINDS, default="通知", help="文种")
    one.set_defaults(run=keep)
    one = inner.add_parser("remove-template", help="删去本办的模板")
    one.add_argument("key")
    one.set_defaults(run=away)


def _add_contents(one: argparse.ArgumentParser) -> None:
    one.add_argument("--title", help="标题")
    one.add_argument("--text", type=Path, metavar="文件", help="正文，一行一段的文字文件")
    one.add_argument(
        "--set",
        action="append",
        default=[],
        metavar="要素=值",
        help=f"可多次，空值去掉：{'、'.join(FIELDS)}",
    )


def _with(writing: Writing, asked: argparse.Namespace) -> Writing:
    """The writing with what the call says of it."""
    values: dict[str, Any] = {**said.meant(writing.said), said.ANNEXES: writing.said.get(said.ANNEXES, ())}
    for words in asked.set:
        name, sign, value = words.partition("=")
        if not sign or name not in FIELDS:
            raise RuleBroken(f"“{words}”看不懂，写成“要素=值”。要素有：{'、'.join(FIELDS)}。")
        values.update(FIELDS[name](value.strip(), values))
    return replace(
        writing,
        title=asked.title.replace("\\n", "\n") if asked.title is not None else writing.title,
        text=text_in(asked.text).strip("\n") if asked.text is not None else writing.text,
        said=said.kept(values),
    )


def _lines(office: Office) -> list[Any]:
    return office.read(lambda session: DRAFTS.rows(session, DRAFTS.ids(session, Ask())))


def listed(asked: argparse.Namespace, voice: Voice) -> None:
    found = _lines(opened(asked))
    voice.answer(
        {
            "drafts": [
                {"number": one.id, "title": one.title, "kind": one.kind, "sent_as": one.number}
                for one in found
            ]
        },
        table(
            ("编号", "标题", "文种", "发文字号", "最后修改"),
            [(one.id, one.title, one.kind, one.number, one.changed) for one in found],
        ),
    )


def new(asked: argparse.Namespace, voice: Voice) -> None:
    office = opened(asked)
    grid = office.read(grids.find, asked.grid) if asked.grid else None
    writing = _with(office.read(begin, asked.template, asked.month, grid), asked)
    done = office.write(save_draft, writing)
    voice.answer({"number": done.result, "action": done.action}, [f"已存草稿，编号 {done.result}。"])


def show(asked: argparse.Namespace, voice: Voice) -> None:
    office = opened(asked)
    writing = office.read(draft, asked.number)
    made = office.read(compose, writing)
    lines = [
        made.document.title.replace("\n", ""),
        *(f"{name}：{value}" for name, value in made.facts.items()),
    ]
    voice.answer(
        {
            "number": writing.id,
            "template": writing.template,
            "title": writing.title,
            "text": writing.text,
            "said": dict(writing.said),
            "facts": dict(made.facts),
            "unknown": list(made.unknown),
            "sent_as": writing.number,
        },
        [*lines, "", writing.text],
    )


def change(asked: argparse.Namespace, voice: Voice) -> None:
    office = opened(asked)
    done = office.write(save_draft, _with(office.read(draft, asked.number), asked))
    voice.answer({"number": done.result, "action": done.action}, [f"已改草稿 {done.result}。"])


def write(asked: argparse.Namespace, voice: Voice) -> None:
    office = opened(asked)
    one = office.read(draft, asked.number)
    leave(office, of_paper(f"草稿 {asked.number} 的正文"), asked.file)
    put_text(asked.file, one.text + "\n")
    voice.answer({"number": asked.number, "file": str(asked.file)}, [f"正文已写到“{asked.file}”。"])


def make(asked: argparse.Namespace, voice: Voice) -> None:
    office = opened(asked)
    document = office.read(compose, office.read(draft, asked.number)).document
    title = document.title.replace("\n", "")
    made = paper(office, title, lambda: document_file(document, asked.file.name), reason=asked.reason)
    leave_as(office, of_paper(title, reason=made.reason), asked.file, made.content)
    voice.answer(
        {"number": asked.number, "file": str(asked.file)}, [f"《{document.title}》在“{asked.file}”。"]
    )


def send(asked: argparse.Namespace, voice: Voice) -> None:
    done = opened(asked).write(send_out, asked.number, asked.series)
    voice.answer({"number": asked.number, "sent_as": done.result}, [f"已登记为“{done.result}”。"])


def remove(asked: argparse.Namespace, voice: Voice) -> None:
    office = opened(asked)
    known = {one.id for one in _lines(office)}
    _all_known(asked.numbers, known)
    done = office.write(remove_drafts, asked.numbers)
    voice.answer({"removed": done.result, "action": done.action}, [f"已删去 {done.result} 份草稿。"])


def _all_known(wanted: Sequence[int], known: set[int]) -> None:
    missing = [one for one in wanted if one not in known]
    if missing:
        raise NotFound(f"没有编号 {missing[0]} 的草稿。")


def listed_templates(asked: argparse.Namespace, voice: Voice) -> None:
    found = list(opened(asked).read(templates).values())
    voice.answer(
        {
            "templates": [
                {"key": one.key, "title": one.title, "kind": one.kind, "monthly": one.monthly, "own": one.own}
                for one in found
            ]
        },
        table(
            ("模板", "名称", "文种", "", ""),
            [
                (one.key, one.title, one.kind, "按月" if one.monthly else "", "本办的" if one.own else "")
                for one in found
            ],
        ),
    )


def keep(asked: argparse.Namespace, voice: Voice) -> None:
    office = opened(asked)
    done = office.write(keep_template, as_template(office.read(draft, asked.number), asked.title, asked.kind))
    voice.answer(
        {"key": done.result, "action": done.action}, [f"已存为模板“{asked.title}”（{done.result}）。"]
    )


def away(asked: argparse.Namespace, voice: Voice) -> None:
    done = opened(asked).write(remove_template, asked.key)
    voice.answer({"key": asked.key, "action": done.action}, [f"已删去模板“{asked.key}”。"])
