"""账号: who works in this office, as what, how far he sees, and how he signs in."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from db.enums import Right, Role
from gridoffice.accounts import keeping, passwords
from gridoffice.accounts.credentials import FOR_GOOD, asks_for_passwords
from gridoffice.accounts.listed import AccountLine, Standing, account_lines
from gridoffice.accounts.logins import kept_by_server, unwatched
from gridoffice.accounts.policy import Policy, policy_of
from gridoffice.accounts.rules import may
from gridoffice.accounts.separation import separated
from ui.pages.account_panels import (
    HandOverPanel,
    Panel,
    PolicyPanel,
    RejectPanel,
    ResetPanel,
    RightsPanel,
)
from ui.pages.lines_page import LinesPage
from ui.widgets.badges import note
from ui.widgets.cells import Cell
from ui.widgets.drawer import body
from ui.widgets.form import fact
from ui.widgets.head import Heading
from ui.widgets.parts import Button, Input, button, column, row, rule
from ui.widgets.side_panel import SidePanel

if TYPE_CHECKING:
    from ui.main_window import MainWindow

BADGES = {
    Standing.NEW: "warn",
    Standing.ACTIVE: "ok",
    Standing.LOCKED: "err",
    Standing.DISABLED: "mute",
}
Said = tuple[list[AccountLine], Policy, bool, bool, str]


class AccountsPage(LinesPage):
    """All accounts, what waits first; one of them in the drawer with what can be done with it."""

    reached_from = "settings"
    key, words, icon, title = "accounts", "账号", "users", "账号"
    scoped = False

    def __init__(self, desk: MainWindow):
        super().__init__(desk)
        role = desk.office.who.role
        self.keeps, self.approves = (may(role, one) for one in (Right.KEEP_ACCOUNTS, Right.APPROVE_ACCOUNTS))
        self.lines: list[AccountLine] = []
        self.policy = Policy()
        self.asks = self.waits = False
        self.put_head()
        self.finder = Input("找名字、账号、网格", "search", 240)
        self.finder.textChanged.connect(lambda _: self._show_lines())
        self.new_button = button("新增账号", "user-plus", "primary", keys="Ctrl+N", on_click=self._new)
        if not self.keeps:
            self.new_button.setEnabled(False)
            self.new_button.setToolTip(f"账号“{desk.office.who.display}”不能维护账号。")
        self.put_bar(
            self.new_button,
            button("密码和锁屏的规矩", "lock", on_click=self._rules),
            rule(vertical=True, length=20),
            self.finder,
            None,
            height=48,
        )
        self.unwatched = column(gap=8, margins=(16, 0, 16, 8))
        self.unwatched.hide()
        self.main.put(self.unwatched)
        headings = ("名字", "状态", "角色", "看多少", "等批准的", "账号", "上次登录")
        self.put_lines("账号", [Heading(words) for words in headings], [120, 112, 120, 200, 240, 110, 150])
        self.commands = {
            "find": self.finder.setFocus,
            "new": self._new,
            "close": self._close,
            "refresh": self.opened,
        }

    def opened(self) -> None:
        self.desk.read(self, _read, then=self._here, topic="accounts")

    def told(self, changes: Mapping[str, frozenset[int]]) -> None:
        if self.desk.page is self:
            self.opened()

    def arrive(self, where: Mapping[str, Any]) -> None:
        """`find`: what is looked for; the one line found is opened."""
        self.finder.setText(str(where.get("find", "")))

    def _here(self, said: Said) -> None:
        self.lines, self.policy, self.asks, self.waits, unwatched = said
        self.unwatched.clear()
        self.unwatched.put_all([note("warn", unwatched)] if unwatched else [])
        self.unwatched.setVisible(bool(unwatched))
        waiting = sum(bool(line.asked) for line in self.lines)
        told = [f"共 {len(self.lines)} 个"]
        told += [f"等批准 {waiting} 个"] if waiting else []
        told += [] if self.asks else ["不用密码"]
        self.head_facts.setText("·".join(told))
        self._show_lines()
        if self._shown is not None and self.side is self.drawer:
            self._show(next((one for one in self.lines if one.name == self._shown), None))

    def _show_lines(self) -> None:
        text = self.finder.text().strip()
        shown = [
            line for line in self.lines if any(text in one for one in (line.display, line.name, line.where))
        ]
        self.model.take([(line.id, self._cells(line)) for line in shown])
        self.show_facts([f"{len(shown)} 个账号"])

    @staticmethod
    def _cells(line: AccountLine) -> list[Cell]:
        seen = f"{line.seen_at.astimezone():%Y-%m-%d %H:%M}" if line.seen_at else ""
        if line.asked and line.standing is not Standing.NEW:
            standing = Cell("改权限待批", badge="warn")
        elif line.standing is Standing.ACTIVE:
            standing = Cell(line.standing.label, tone="text2")
        else:
            standing = Cell(line.standing.label, badge=BADGES[line.standing])
        return [
            Cell(line.display, weight=500),
            standing,
            Cell(line.role.label),
            Cell(line.where, tone="text2"),
            Cell(line.asked),
            Cell(line.name, tone="text2"),
            Cell(seen, tone="text2"),
        ]

    # one account

    def _open(self, number: int) -> None:
        self._show(next((one for one in self.lines if one.id == number), None))

    def _show(self, line: AccountLine | None) -> None:
        if line is None:
            return
        self._shown = line.name
        self.model.mark(line.id)
        self.drawer.name(line.display, line.name, (BADGES[line.standing], line.standing.label))
        made = body()
        if line.asked:
            made.put(note("warn", f"{line.asked_by or '有人'}申请：{line.asked}。"))
        if line.locked_until is not None:
            for_good = line.locked_until.year == FOR_GOOD.year
            told = (
                "像是有人在猜密码，重设密码后才能登录"
                if for_good
                else f"锁到 {line.locked_until.astimezone():%H:%M}"
            )
            made.put(note("err", f"连着输错 {line.failures} 次，{told}。"))
        facts = [
            fact("角色", line.role.label),
            fact("看多少", line.where),
            fact("本人", line.person or "没有绑定"),
            fact("评分单位", line.scorer or "不限"),
            fact("密码", self._password(line)),
        ]
        if line.seen_at is not None:
            facts.append(fact("上次登录", f"{line.seen_at.astimezone():%Y-%m-%d %H:%M}"))
            facts.append(fact("在哪台电脑", line.seen_from))
        made.put(column(*facts, gap=0))
        acts = self._acts(line)
        if acts:
            made.put(rule())
            made.put(column(*(row(one, None) for one in acts), gap=4))
        made.put(None)
        self.drawer.fill(made)
        self.drawer.act(*self._main_acts(line), None)
        self.set_side(self.drawer)

    def _password(self, line: AccountLine) -> str:
        if not line.has_password:
            return "没有，登录不了" if self.asks else "不用密码"
        if line.must_change:
            return "下次登录要换"
        return f"用到 {line.ends.astimezone():%Y-%m-%d}" if line.ends is not None else "有"

    def _main_acts(self, line: AccountLine) -> list[Button]:
        """What is done with it first: approving, where something waits, else changing."""
        if line.asked and self.approves:
            return [
                button("批准", "check", "primary", on_click=lambda: self._approve(line)),
                button("不批准", on_click=lambda: self._panel(RejectPanel(self.desk, line))),
            ]
        if self.keeps:
            return [button("改", "edit", keys="F2", on_click=lambda: self._change(line))]
        return [button("关上", on_click=self._close)]

    def _acts(self, line: AccountLine) -> list[Button]:
        mine = line.name == self.desk.office.who.name
        found: list[Button] = []
        if not mine and (self.keeps or (self.approves and line.role in (Role.SYSTEM_ADMIN, Role.AUDITOR))):
            found.append(
                button("重设密码", "lock", "link", on_click=lambda: self._panel(ResetPanel(self.desk, line)))
            )
        if not self.keeps:
            return found
        if line.standing is Standing.LOCKED:
            found.append(
                button("解锁", "refresh", "link", on_click=lambda: self._do(passwords.unlock_account, line))
            )
        if line.standing is Standing.DISABLED:
            found.append(
                button("重新启用", "user", "link", on_click=lambda: self._do(keeping.enable_account, line))
            )
        elif not mine and line.standing is not Standing.NEW:
            over = HandOverPanel
            found.append(
                button(
                    "离岗交接",
                    "arrows-exchange",
                    "link",
                    on_click=lambda: self._panel(over(self.desk, line, self.lines)),
                )
            )
            found.append(
                button("停用", "user-off", "link", on_click=lambda: self._do(keeping.disable_account, line))
            )
        return found

    def _approve(self, line: AccountLine) -> None:
        """What is looked at, and nothing that was asked for since."""
        self.desk.write(self, keeping.approve_account, line.name, line.wanted)

    def _do(self, service: Any, line: AccountLine) -> None:
        self.desk.write(self, service, line.name)

    # panels

    def _new(self) -> None:
        if self.keeps:
            self._panel(RightsPanel(self.desk, None, self.asks, self.waits))

    def _change(self, line: AccountLine) -> None:
        self._panel(RightsPanel(self.desk, line, self.asks, self.waits))

    def _rules(self) -> None:
        self._panel(PolicyPanel(self.desk, self.policy, self.approves))

    def _panel(self, panel: Panel) -> None:
        panel.closed.connect(lambda: self._back(panel))
        self.set_side(panel)
        panel.setFocus()

    def _back(self, panel: Panel) -> None:
        """From a panel to the account it was opened from, if there was one."""
        self.table.setFocus()
        self.set_side(self.drawer if self._shown is not None else None)
        panel.deleteLater()
        self.opened()

    def _number(self) -> int | None:
        return next((line.id for line in self.lines if line.name == self._shown), None)

    def _close(self) -> None:
        side = self.side
        if isinstance(side, SidePanel):
            side.closed.emit()
        elif side is not None:
            self._leave()


def _read(session: Any) -> Said:
    asks = asks_for_passwords(session) or kept_by_server(session)
    return account_lines(session), policy_of(session), asks, separated(session), unwatched(session)
