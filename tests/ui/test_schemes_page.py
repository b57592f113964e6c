"""Assessment schemes in the window: looked through, copied, written in, tried on a month."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtWidgets import QLabel, QPlainTextEdit

from gridoffice.assessment.schemes import save_scheme, scheme_called, scheme_keys, text_of
from gridoffice.both_changed import MINE
from gridoffice.office import Office
from gridoffice.scoring.shapes import Manual, Reason, Shape, Shown
from tests.ui.seen import click
from ui.app import settle
from ui.main_window import MainWindow
from ui.pages.scheme_form import RuleForm
from ui.pages.text_meeting import TextMeeting
from ui.widgets.parts import Button

Open = Callable[..., MainWindow]


@pytest.fixture
def page(full: Path, opened: Open):
    window = opened(full)
    window.go("schemes")
    settle(window, quiet_ms=60)
    return window.page


def words(part) -> str:
    return "\n".join(one.text() for one in part.findChildren(QLabel) if not one.isHidden())


def test_a_scheme_tells_its_rules_and_what_speaks_against_it(page) -> None:
    assert [page.choice.itemData(place) for place in range(page.choice.count())] == scheme_keys()
    page.show_scheme("k-city")
    settle(page.desk, quiet_ms=60)
    assert len(page.table.model.ids) == 21
    assert "数量类 26 分，质量类 13 分" in words(page.said)
    assert "数量重于质量" in words(page.said)
    assert page.remove_button.isHidden(), "what ships cannot be given up"


def test_a_copy_is_written_in_and_saved(page) -> None:
    window = page.desk
    page.show_scheme("street-default")
    page.ask_copy()
    page.copy("本街道", "本街道考核办法")
    settle(window, quiet_ms=60)
    assert page.shown.scheme.key == "本街道"
    text = page.panel.findChild(QPlainTextEdit)
    assert not text.isReadOnly()
    text.setPlainText(text.toPlainText().replace("minimum = 90", "minimum = 85"))
    window.command("save")
    settle(window, quiet_ms=60)
    assert window.office.read(scheme_called, "本街道").grades[0].minimum == 85
    assert "85 分起" in words(page.said)
    before = window.office.read(text_of, "本街道")
    text.setPlainText(before.replace("full = 100", "full = 90", 1))
    window.command("save")
    settle(window, quiet_ms=60)
    assert "应为 90.00 分，多 10 分" in words(page.panel.verdict)
    assert window.office.read(text_of, "本街道") == before
    page.remove()
    settle(window, quiet_ms=60)
    assert page.choice.findData("本街道") == -1
    window.undo()
    settle(window, quiet_ms=60)
    assert page.choice.findData("本街道") >= 0


def test_what_ships_is_only_read(page) -> None:
    page.show_scheme("hecun")
    page._ask_text()
    settle(page.desk, quiet_ms=60)
    assert page.panel.findChild(QPlainTextEdit).isReadOnly()
    assert "另存一份来改" in [one.text().strip() for one in page.panel.foot.findChildren(Button)]
    page.desk.command("close")
    assert page.side is None


def test_a_scheme_is_tried_on_the_month(page) -> None:
    page.show_scheme("street-default")
    page.ask_trial()
    settle(page.desk, quiet_ms=60)
    assert "人里 0 人等次会变，0 人得分或名次会变" in words(page.panel)
    page.show_scheme("hecun")
    page.ask_trial()
    settle(page.desk, quiet_ms=60)
    assert "当月没有记“网格运作成效分”" in words(page.panel)
    assert "没有总分了" in words(page.panel)


def test_an_office_without_months_says_so(empty: Path, opened: Open) -> None:
    window = opened(empty)
    window.go("schemes")
    settle(window, quiet_ms=60)
    window.page.ask_trial()
    settle(window, quiet_ms=60)
    assert "没有可以试算的月份" in words(window.page.panel)


@pytest.fixture
def own(page):
    """A copy that the office may change."""
    page.show_scheme("street-default")
    page.copy("本街道", "本街道考核办法")
    settle(page.desk, quiet_ms=60)
    page.desk.command("close")
    return page


def column(page, name: str) -> int:
    return [what.name for what in page.table.model.columns].index(name)


def test_weights_are_typed_and_the_checks_follow(own) -> None:
    window, entry = own.desk, own.rules.entry
    before = window.office.read(text_of, "本街道")
    held = own.rules.draft.scheme.indicators
    first, second = [place for place, one in enumerate(held) if one.full > 1][:2]
    full = column(own, "full")
    entry.put_texts(first, full, [[str(held[first].full + 1)]])
    assert "多 1 分" in words(own.said), "the sum is told while it is wrong"
    window.command("save")
    settle(window, quiet_ms=60)
    assert window.office.read(text_of, "本街道") == before and "多 1 分" in window.banner.words()
    entry.put_texts(second, full, [[str(held[second].full - 1)]])
    assert "正好 100 分" in words(own.said)
    window.command("save")
    settle(window, quiet_ms=60)
    kept = window.office.read(scheme_called, "本街道").indicators
    assert kept[first].full == held[first].full + 1 and kept[second].full == held[second].full - 1
    assert not own.rules.draft.changed


def test_a_rule_is_another_shape(own) -> None:
    window = own.desk
    own.ask_rule(0)
    form = own.panel.findChild(RuleForm)
    form.shape.setCurrentIndex(form.shape.findData(Shape.BANDS))
    form.shape.activated.emit(form.shape.currentIndex())
    form.form.fields["bands"].input.setText("90=10、75")
    window.command("save")
    assert "“75”要写成“90=10”" in words(own.panel.verdict)
    form.form.fields["bands"].input.setText("90=10、75=8")
    form.form.fields["below"].input.setText("0")
    window.command("save")
    assert own.panel is None and "达到 90" in own.table.model.values(0).rule
    window.command("save")
    settle(window, quiet_ms=60)
    bands = window.office.read(scheme_called, "本街道").indicators[0].rule
    assert [(one.at, one.points) for one in bands.bands] == [(75, 8), (90, 10)]


def test_a_figure_may_be_shown_and_not_scored(own) -> None:
    window = own.desk
    own.add()
    settle(window, quiet_ms=60)
    place = len(own.rules.draft.scheme.indicators) - 1
    own.ask_rule(place)
    form = own.panel.findChild(RuleForm)
    form.shape.setCurrentIndex(form.shape.findData(Shape.SHOWN))
    form.shape.activated.emit(form.shape.currentIndex())
    form.form.fields["of"].input.setText("甲数、乙数、总数")
    window.command("save")
    settle(window, quiet_ms=60)
    row = own.table.model.values(place)
    assert (row.full, row.rule, row.missing) == (None, "（甲数 + 乙数）÷ 总数，只列出，不计分", "空着")
    assert "正好 100 分" in words(own.said)
    window.command("save")
    settle(window, quiet_ms=60)
    assert window.office.read(scheme_called, "本街道").indicators[place].rule == Shown(
        ("甲数", "乙数", "总数")
    )


def test_marks_by_hand_may_want_a_reason(own) -> None:
    window = own.desk
    place = next(at for at, one in enumerate(own.rules.draft.scheme.indicators) if one.key == "review")
    own.ask_rule(place)
    form = own.panel.findChild(RuleForm)
    assert "0 分到满分" in words(form)
    choice = form.form.fields["reason"].input
    assert choice.currentText() == "不用写说明"
    choice.setCurrentIndex(choice.findText("扣了分的要写说明"))
    window.command("save")
    assert "手动评分，0 至 10 分，扣了分的要写说明" in own.table.model.values(place).rule
    window.command("save")
    settle(window, quiet_ms=60)
    assert window.office.read(scheme_called, "本街道").indicators[place].rule == Manual(Reason.LOSS)


def test_indicators_come_and_go_and_nothing_is_written_before_saving(own) -> None:
    window = own.desk
    count = len(own.table.model.ids)
    own.add()
    settle(window, quiet_ms=60)
    assert len(own.table.model.ids) == count + 1 and own.rules.draft.changed
    entry = own.rules.entry
    entry.put_texts(count, column(own, "name"), [["学习时长"]])
    assert "学习时长" in words(own.said) and "国办" in words(own.said), "the rule of 2026 is named at once"
    own._give_up()
    settle(window, quiet_ms=60)
    assert len(own.table.model.ids) == count and not own.rules.draft.changed


def test_two_write_the_same_scheme(page) -> None:
    window = page.desk
    page.show_scheme("street-default")
    page.ask_copy()
    page.copy("本街道", "本街道考核办法")
    settle(window, quiet_ms=60)
    seen = window.office.read(text_of, "本街道")
    text = page.panel.findChild(QPlainTextEdit)
    text.setPlainText(text.toPlainText().replace("minimum = 90", "minimum = 85"))
    other = Office.open(window.office.store.file)
    other.write(save_scheme, seen.replace("minimum = 90", "minimum = 88"), seen)
    other.close()
    window.command("save")
    settle(window, quiet_ms=100)
    meeting = page.side
    assert isinstance(meeting, TextMeeting) and "1 处和你改的不一样" in words(meeting)
    click(meeting, "照选的存")
    assert "还没选留哪个：第 1 处" in words(meeting)
    assert window.office.read(scheme_called, "本街道").grades[0].minimum == 88
    meeting.closed.emit()
    assert page.side is page.panel, "what was typed is still there"
    window.command("save")
    settle(window, quiet_ms=100)
    page.side.pick(0, MINE)
    click(page.side, "照选的存")
    settle(window, quiet_ms=100)
    assert window.office.read(scheme_called, "本街道").grades[0].minimum == 85
    assert not isinstance(page.side, TextMeeting)
