"""Panels of accounts: one account's rights, a password, handing over, the rules of the door."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from PySide6.QtWidgets import QCheckBox

from db.enums import Reach, Role
from db.listening import Spot
from gridoffice.accounts import keeping, passwords
from gridoffice.accounts.handing_over import hand_over, unseen
from gridoffice.accounts.listed import AccountLine, Standing
from gridoffice.accounts.policy import BOUNDS, Policy
from gridoffice.accounts.rights import Rights
from gridoffice.accounts.rules import KEEPERS
from gridoffice.both_changed import BothChanged
from gridoffice.entering import renew
from gridoffice.errors import OfficeError
from ui.pages.text_meeting import ask_both
from ui.sign_in import secret_line
from ui.widgets.badges import note
from ui.widgets.grid_picker import GridPicker
from ui.widgets.parts import Box, Child, Choice, Input, button, column, label, row
from ui.widgets.side_panel import SidePanel

if TYPE_CHECKING:
    from ui.main_window import MainWindow

UNIT = (Reach.BELOW, Reach.UNIT)


def line(name: str, what: Child) -> Box:
    """A line of a panel, its name above it."""
    return column(label(name, "hint"), what, gap=4)


class Panel(SidePanel):
    """One action: what is filled in, one button, what was refused above it."""

    def __init__(self, desk: MainWindow, title: str, words: str):
        super().__init__(title)
        self.desk = desk
        self.button = button(words, kind="primary", on_click=self.do)
        self.act(self.button)

    def do(self) -> None:
        raise NotImplementedError

    def write(
        self,
        service: Callable[..., Any],
        *args: Any,
        after: Callable[[], None] | None = None,
        **keywords: Any,
    ) -> None:
        """Carry it out; the panel goes when it is done."""

        def done(_: object) -> None:
            if after is not None:
                after()
            self.closed.emit()

        self.desk.write(self, service, *args, then=done, wrong=self.refused, **keywords)

    def settle(self, chosen: Any, now: Any) -> None:
        """Carry it out with what was chosen when `now` stood."""
        raise NotImplementedError

    def refused(self, error: Exception) -> None:
        if isinstance(error, BothChanged):
            ask_both(self.desk.page, error, self.settle, self)
        elif isinstance(error, OfficeError):
            self.judge(note("err", error.message))
        else:
            self.desk.complain(error)


class RightsPanel(Panel):
    """A new account, or what an account is and how far it sees."""

    def __init__(self, desk: MainWindow, account: AccountLine | None, asks: bool, waits: bool):
        verb = "申请" if waits else ("新增账号" if account is None else "保存")
        super().__init__(desk, "新增账号" if account is None else f"改“{account.display}”", verb)
        self.account = account
        self.spot = Spot("accounts", account.id, True) if account is not None else None
        self.name, self.display = Input("字母、数字或汉字", name="账号名"), Input(name="名字")
        self.password = Input(name="首次登录的密码")
        self.role = Choice([(role, role.label) for role in Role], name="角色")
        self.reach = Choice(name="范围")
        self.unit = GridPicker(desk.runner, desk.find_grids, "单位")
        self.more = GridPicker(desk.runner, desk.find_grids, "再加一个网格")
        self.grids: list[tuple[int, str]] = list(account.grids) if account is not None else []
        self._listed = column(gap=2)
        self._unit_line, self._grids_line = line("单位", self.unit), line("指定的网格", self._listed)
        self._grids_line.put(self.more)
        if account is None:
            self.inside.put(line("账号名", self.name))
            self.role.setCurrentIndex(list(Role).index(Role.CLERK))
        else:
            self.name.setText(account.name)
            self.display.setText(account.display)
            self.role.setCurrentIndex(list(Role).index(account.role))
            if account.grid_id is not None:
                self.unit.choose(account.grid_id, account.unit)
        self.inside.put_all(
            [line("名字", self.display), line("角色", self.role), line("看多少、改多少", self.reach)]
        )
        self._told = label("", "hint", wrap=True)
        self.inside.put_all([self._unit_line, self._grids_line, self._told])
        if account is None and asks:
            self.password.setText(fresh_password())
            self.inside.put(line("首次登录的密码，本人登录时要换", self.password))
        self.inside.put(None)
        if waits:
            self.judge(note("info", "等安全保密管理员批准后生效。"))
        self._role_changed()
        if account is not None:
            self.reach.setCurrentIndex(max(0, self.reach.findData(account.reach)))
        self.role.currentIndexChanged.connect(lambda _: self._role_changed())
        self.reach.currentIndexChanged.connect(lambda _: self._reach_changed())
        self.more.changed.connect(self._add_grid)
        self._reach_changed()
        self.setFocusProxy(self.name if account is None else self.display)

    @property
    def wanted_role(self) -> Role:
        # Qt gives back the bare code
        return Role(self.role.currentData())

    @property
    def wanted_reach(self) -> Reach:
        return Reach(self.reach.currentData())

    def _role_changed(self) -> None:
        """The three see no business; whoever works in it sees some of it."""
        keeps = self.wanted_role in KEEPERS
        self.reach.blockSignals(True)
        self.reach.fill([(one, one.label) for one in Reach if (one is Reach.NONE) == keeps])
        self.reach.blockSignals(False)
        self._reach_changed()

    def _reach_changed(self) -> None:
        reach = self.wanted_reach
        self._unit_line.setVisible(reach in UNIT)
        self._grids_line.setVisible(reach is Reach.CUSTOM)
        self._told.setText(TOLD[reach])
        self._show_grids()

    def _show_grids(self) -> None:
        self._listed.clear()
        for number, name in self.grids:
            away = button("", "x", "quiet", tip=f"去掉“{name}”", on_click=lambda one=number: self._drop(one))
            self._listed.put(row((label(name, elide=True), 1), away, gap=4, height=28))

    def _drop(self, number: int) -> None:
        self.grids = [one for one in self.grids if one[0] != number]
        self._show_grids()

    def _add_grid(self) -> None:
        number = self.more.picked
        if number is not None:
            if number not in dict(self.grids):
                self.grids.append((number, self.more.line.text()))
            self._show_grids()
            self.more.choose(None, "")

    def do(self) -> None:
        reach = self.wanted_reach
        wish: dict[str, Any] = {
            "reach": reach,
            "grids": [number for number, _ in self.grids] if reach is Reach.CUSTOM else (),
        }
        unit = self.unit.picked if reach in UNIT else None
        display, role = self.display.text().strip(), self.wanted_role
        if self.account is None:
            name = self.name.text().strip()
            password = self.password.text()
            self.write(keeping.add_account, name, display or name, role, unit, password=password, **wish)
        else:
            seen = {"display": self.account.display, "rights": self.account.wanted}
            self._change(display, Rights(role, reach, unit, tuple(wish["grids"])), seen)

    def _change(self, display: str, rights: Rights, seen: Any) -> None:
        assert self.account is not None
        self.write(
            keeping.change_account,
            self.account.name,
            display=display,
            role=rights.role,
            reach=rights.reach,
            grid_id=rights.grid_id,
            grids=rights.grids,
            seen=seen,
        )

    def settle(self, chosen: Any, now: Any) -> None:
        self._change(chosen["display"], chosen["rights"], now)


TOLD = {
    Reach.ALL: "看全办的资料。",
    Reach.BELOW: "看单位和它的下级；没有单位就什么也看不到。",
    Reach.UNIT: "只看单位本身，不看下级。",
    Reach.CUSTOM: "看这些网格和它们的下级。",
    Reach.OWN: "只看本人的任职、证书和考核。要在账号上绑定本人。",
    Reach.NONE: "管账号、备份和审计，不看业务资料。",
}


def fresh_password() -> str:
    """A password to hand to somebody: good for one sign-in, easy to read out."""
    signs = "abcdefghjkmnpqrstuvwxyz"
    return (
        "".join(secrets.choice(signs) for _ in range(5)).capitalize() + f"-{secrets.randbelow(9000) + 1000}"
    )


class ResetPanel(Panel):
    """Another's password."""

    def __init__(self, desk: MainWindow, account: AccountLine):
        super().__init__(desk, f"重设“{account.display}”的密码", "重设密码")
        self.account = account
        self.password = Input(name="新密码")
        self.password.setText(fresh_password())
        self.inside.put_all(
            [
                label("把这个密码当面告诉本人。只够登录一次，登录时要换。", "fact", wrap=True),
                line("新密码", self.password),
                None,
            ]
        )
        self.setFocusProxy(self.password)

    def do(self) -> None:
        self.write(passwords.reset_password, self.account.name, self.password.text())


class OwnPasswordPanel(Panel):
    """One's own password."""

    def __init__(self, desk: MainWindow, has_one: bool):
        super().__init__(desk, "改自己的密码" if has_one else "设一个密码", "改密码" if has_one else "设密码")
        self.old, self.new, self.again = (secret_line(name) for name in ("现在的密码", "新密码", "再输一次"))
        if has_one:
            self.inside.put(line("现在的密码", self.old))
        else:
            words = "设了密码，以后打开程序都要登录；别人的账号也要有密码才进得来。"
            self.inside.put(label(words, "fact", wrap=True))
        self.inside.put_all([line("新密码", self.new), line("再输一次", self.again), None])
        self.setFocusProxy(self.old if has_one else self.new)

    def do(self) -> None:
        if self.new.text() != self.again.text():
            self.judge(note("err", "两次输的新密码不一样。"))
            return
        new = self.new.text()
        self.write(
            passwords.change_own_password, self.old.text(), new, after=lambda: renew(self.desk.office, new)
        )


class HandOverPanel(Panel):
    """Somebody leaves: who takes over."""

    def __init__(self, desk: MainWindow, account: AccountLine, others: Sequence[AccountLine]):
        super().__init__(desk, f"“{account.display}”离岗", "交接并停用")
        self.account = account
        heirs = [
            one
            for one in others
            if one.standing is Standing.ACTIVE and one.name != account.name and one.role not in KEEPERS
        ]
        self.heir = Choice([(one.name, one.display) for one in heirs], name="谁接手")
        self.inside.put_all(
            [
                label(
                    "没出文的草稿和评分单位交给接手的人，账号停用。变动记录里的名字不变。", "fact", wrap=True
                ),
                line("谁接手", self.heir),
            ]
        )
        self.grids = QCheckBox()
        self.grids.setChecked(True)
        self._unseen = label("", "hint", wrap=True)
        self._more = column(self.grids, self._unseen, gap=2)
        self._more.hide()
        self.inside.put_all([self._more, None])
        self.heir.currentIndexChanged.connect(lambda _: self._look())
        self._look()
        self.setFocusProxy(self.heir)

    def _look(self) -> None:
        heir = self.heir.currentData()
        if heir:
            self.desk.read(self, unseen, self.account.name, heir, then=self._told, topic="unseen")

    def _told(self, lacking: Mapping[int, str]) -> None:
        """Grids that the heir does not see are his from then on, unless somebody thinks otherwise."""
        self.grids.setText(f"{self.heir.currentText()}以后也看这些网格")
        self._unseen.setText("、".join(lacking.values()))
        self._more.setVisible(bool(lacking))

    def do(self) -> None:
        grids = not self._more.isHidden() and self.grids.isChecked()
        self.write(hand_over, self.account.name, self.heir.currentData(), grids)


class RejectPanel(Panel):
    """Why what was asked for is not approved."""

    def __init__(self, desk: MainWindow, account: AccountLine):
        super().__init__(desk, f"不批准“{account.display}”", "不批准")
        self.account = account
        self.reason = Input("写一句", name="为什么")
        self.inside.put_all([line("为什么不批准", self.reason), None])
        self.setFocusProxy(self.reason)

    def do(self) -> None:
        self.write(keeping.reject_account, self.account.name, self.reason.text())


class PolicyPanel(Panel):
    """The rules of the door, number by number."""

    def __init__(self, desk: MainWindow, policy: Policy, may_change: bool):
        super().__init__(desk, "密码和锁屏的规矩", "保存")
        self.seen = asdict(policy)
        self.spot = Spot("security policy", 0, may_change)
        self.numbers: dict[str, Input] = {}
        for key, bounds in BOUNDS.items():
            made = Input(name=bounds.label, width=88)
            made.setText(str(getattr(policy, key)))
            made.setReadOnly(not may_change)
            self.numbers[key] = made
            said = label(f"{bounds.unit}（{bounds.least} 到 {bounds.most}）", "hint")
            self.inside.put(line(bounds.label, row(made, said, None, gap=8)))
        self.inside.put(None)
        if not may_change:
            self.act()
            self.foot.hide()
        self.setFocusProxy(self.numbers["length"])

    def do(self) -> None:
        values: dict[str, Any] = {}
        for key, made in self.numbers.items():
            text = made.text().strip()
            values[key] = int(text) if text.isdecimal() else text
        self.settle(values, self.seen)

    def settle(self, chosen: Any, now: Any) -> None:
        self.write(passwords.set_policy, chosen, now)
