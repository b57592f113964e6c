"""上报 in the window: keys and cards, a package sent, one taken in with a look at its rows, undone, taken in
again."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QLineEdit, QWidget

from gridoffice.establish import establish
from gridoffice.grids.own_packs import copy_pack, pack_called, save_pack, text_of
from gridoffice.history import undo
from gridoffice.office import Office
from gridoffice.packages import keys
from gridoffice.packages.partners import add_partner, partner_called
from gridoffice.packages.preparing import Sending
from gridoffice.packages.receiving import receive, take_in
from gridoffice.packages.sending import send
from gridoffice.workers.service import save_worker
from tests.offices import grid_id, worker
from ui import dialogs
from ui.app import receive as bring_in
from ui.app import settle
from ui.main_window import MainWindow
from ui.pages.text_meeting import TextMeeting
from ui.widgets.parts import Button, Label

Open = Callable[..., MainWindow]
PASSWORD = "青禾2026上报"


@pytest.fixture
def page(small: Path, opened: Open):
    window = opened(small)
    window.go("packages")
    settle(window, quiet_ms=60)
    return window.page


@pytest.fixture
def community(tmp_path: Path) -> Iterator[Office]:
    file = tmp_path / "社区.db"
    establish(file, name="梧桐社区", organisation="梧桐社区居委会").close()
    office = Office.open(file)
    office.write(keys.make_keys, PASSWORD)
    yield office
    office.close()


def words(part: QWidget) -> str:
    return "　".join(one.whole() for one in part.findChildren(Label))


def press(part: QWidget, name: str) -> None:
    next(one for one in part.findChildren(Button) if one.text().strip() == name).click()


def introduced(page, community: Office, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Both know each other, as the window does it."""
    page.offer_sending()
    settle(page.desk, quiet_ms=100)
    assert page.side is page.knowing and "还没有密钥" in words(page.knowing)
    page.knowing.first.setText(PASSWORD)
    page.knowing.second.setText("别的")
    told: list[str] = []
    monkeypatch.setattr(page.desk, "complain", lambda error: told.append(error.message))
    page._make_keys()
    assert told == ["两遍密码不一样，重新输。"]
    page.knowing.second.setText(PASSWORD)
    page._make_keys()
    settle(page.desk, quiet_ms=200)
    assert page.knowing.own_card is not None and page.knowing.own_card.fingerprint in words(page.knowing)
    toast = page.desk.toast
    assert toast.words().startswith("设置上报密码") and not toast.offers_undo(), "keys stay"
    file = folder / "社区.gridcard"
    file.write_text(keys.card_text(community.read(keys.own_card)), encoding="utf-8")
    page.read_card(file)
    page.knowing.place.choose(grid_id(page.desk.office, "519921001001"), "梧桐社区")
    page._add()
    settle(page.desk, quiet_ms=200)
    assert "还没核对，不能收发" in words(page.knowing)
    monkeypatch.setattr(dialogs, "decide", lambda *_: True)
    press(page.knowing, "指纹一致")
    settle(page.desk, quiet_ms=200)
    assert "还没核对" not in words(page.knowing)
    own = folder / "街道.gridcard"
    monkeypatch.setattr(dialogs, "save_file", lambda *_: own)
    page._save_card()
    community.write(add_partner, keys.read_card(own), True)


def test_a_community_without_a_network(
    page, community: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    window = page.desk
    introduced(page, community, tmp_path, monkeypatch)
    page.offer_sending()
    settle(window, quiet_ms=300)
    assert page.side is page.sending and "网格员花名册" in words(page.sending)
    assert page.sending.password.echoMode() is QLineEdit.EchoMode.Password
    down = tmp_path / "下发.gridpack"
    monkeypatch.setattr(dialogs, "save_file", lambda *_: down)
    page.sending.password.setText(PASSWORD)
    page.send()
    settle(window, quiet_ms=300)
    assert down.exists() and page.table.model.rowCount() == 1
    assert not any(one.stopped for one in take_in(community, receive(community, down, PASSWORD)))

    community.write(save_worker, worker(community, "李䶮").id, {"phone": "13800000099"})
    street = community.read(partner_called, "青禾街道办事处").id
    up = tmp_path / "上报.gridpack"
    send(community, Sending(street), PASSWORD, up)
    page.receive(up)
    page.receiving.password.setText(PASSWORD)
    page.open_file()
    settle(window, quiet_ms=400)
    folder = page._folder
    assert page.seen.parts[1].key == "workers" and "更新 1" in page.seen.parts[1].words
    assert page.receiving.password.text() == "" and folder is not None and any(folder.iterdir())

    page.look_at(page.seen.parts[1])
    settle(window, quiet_ms=400)
    assert window.page.key == "import" and window.page.file.now.counts["updated"] == 1
    window.page.write(False)
    settle(window, quiet_ms=400)
    assert worker(window.office, "李䶮").phone == "13800000099"
    window.go("packages")
    settle(window, quiet_ms=400)
    assert [part.key for part in page.seen.parts if part.done] == ["workers"]
    page.take()
    settle(window, quiet_ms=500)
    assert all(part.done for part in page.seen.parts) and "这个包已经收完" in words(page.receiving)
    press(page.receiving, "全部撤销")
    settle(window, quiet_ms=500)
    assert worker(window.office, "李䶮").phone != "13800000099"
    assert not any(part.undoable for part in page.seen.parts) and "这个包已经收完" not in words(
        page.receiving
    )
    page.take()
    settle(window, quiet_ms=500)
    assert worker(window.office, "李䶮").phone == "13800000099" and "这个包已经收完" in words(page.receiving)
    page.receiving.closed.emit()
    assert not folder.exists(), "whole numbers stay nowhere"

    page.receive(up)
    page.receiving.password.setText(PASSWORD)
    page.open_file()
    settle(window, quiet_ms=300)
    assert "已经收过" in words(page.receiving), "why stays beside the package"

    action = next(line for line in window.office.read(lambda s: _imports(s)))
    window.office.write(undo, action)
    page.receiving.password.setText("别的密码")
    page.open_file()
    settle(window, quiet_ms=300)
    assert "上报密码不对" in words(page.receiving)
    page.receiving.password.setText(PASSWORD)
    page.open_file()
    settle(window, quiet_ms=400)
    assert [part.key for part in page.seen.parts if not part.done] == ["workers"]


def test_rules_of_the_office_above_where_both_changed_the_same_line(
    page, community: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    window, street, told = page.desk, page.desk.office, []
    introduced(page, community, tmp_path, monkeypatch)
    above = community.read(partner_called, "青禾街道办事处").id
    community.write(copy_pack, "chengdu-3+1", "qinghe", "青禾模式")

    def arrives(number: int) -> None:
        file = tmp_path / f"{number}.gridpack"
        send(community, Sending(above, rules=True), PASSWORD, file)
        page.receive(file)
        page.receiving.password.setText(PASSWORD)
        page.open_file()
        settle(window, quiet_ms=400)

    arrives(1)
    assert "上级的规定" in words(page.receiving) and "这里还没有" in words(page.receiving)
    press(page.receiving, "采用")
    settle(window, quiet_ms=300)
    assert street.read(pack_called, "qinghe").name == "青禾模式" and "和这里一样" in words(page.receiving)
    for office, name in ((community, "上级起的"), (street, "本办起的")):
        office.write(save_pack, office.read(text_of, "qinghe").replace("青禾模式", name, 1))
    settle(window, quiet_ms=300)
    arrives(2)
    monkeypatch.setattr(window, "complain", lambda error: told.append(error))
    press(page.receiving, "采用")
    settle(window, quiet_ms=300)
    assert isinstance(page.side, TextMeeting) and "上级和本办都改了" in words(page.side) and not told
    assert street.read(pack_called, "qinghe").name == "本办起的", "nothing is taken before somebody chose"
    press(page.side, "都用上级的")
    settle(window, quiet_ms=400)
    assert page.side is page.receiving and street.read(pack_called, "qinghe").name == "上级起的"


def _imports(session) -> list[int]:
    from gridoffice.earlier import files_taken_in

    return [one.action for one in files_taken_in(session)]


def test_a_package_that_was_double_clicked(page, tmp_path: Path) -> None:
    window, file = page.desk, tmp_path / "上报.gridpack"
    window.go("home")
    bring_in(window, str(file))
    settle(window, quiet_ms=60)
    assert window.page is page and page.side is page.receiving and page.receiving.file == file
