"""The password of a local office: put on, changed, taken off; what it keeps out; and what is left after a crash."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from db import backup, keyed, migrate
from db.session import Store
from gridoffice import file_password, passwords, rolling, safekeeping, settings, shelf
from gridoffice.__main__ import main
from gridoffice.audit import AuditAsk, Matter, audit_lines
from gridoffice.drill import drill
from gridoffice.errors import Busy, NeedsFilePassword, OfficeError, Refused, RuleBroken, Unreachable
from gridoffice.moving import move
from gridoffice.office import Office
from gridoffice.unlocking import unlock
from gridoffice.updating.keeping import keep
from tests.offices import JOURNAL, PASSWORD, Copies, Opening, content, journal_lines

OTHER = "second password"
ROOT = Path(__file__).parents[2]


ROUNDS = keyed.ROUNDS


@pytest.fixture(autouse=True)
def nothing_known(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Another test's passwords are not this one's; and a key is worked out at once, where no other program has
    to come to the same one."""
    monkeypatch.setattr(keyed, "ROUNDS", 1000)
    keyed._known.clear()
    yield
    keyed._known.clear()


@pytest.fixture
def file(small_copies: Copies, tmp_path: Path) -> Path:
    target = tmp_path / "本办" / "office.db"
    target.parent.mkdir()
    shutil.copyfile(small_copies.file, target)
    return target


@pytest.fixture
def with_password(file: Path) -> Path:
    file_password.put(Office.open(file), PASSWORD)
    return file


def anew(file: Path, password: str, office_at: Opening) -> Office:
    """As another computer opens it, that knows the password alone."""
    keyed._known.clear()
    unlock(file, password)
    return office_at(str(file))


def readable(folder: Path, words: str) -> list[str]:
    """The files below a folder in which anybody reads these words."""
    return [
        one.name for one in folder.rglob("*") if one.is_file() and words.encode("utf-8") in one.read_bytes()
    ]


def test_put_on_changed_and_taken_off_it_is_the_same_office(file: Path, office_at: Opening) -> None:
    office = office_at(str(file))
    before, lines = content(office.store, JOURNAL), journal_lines(office)
    first = safekeeping.back_up(office)
    assert "office.db" in readable(file.parent, "阿依古丽")
    done = file_password.put(office, PASSWORD)
    assert (done.backups, done.left) == (2, ()), "the one by hand, and the one made before"
    assert readable(file.parent, "阿依古丽") == [], "neither the office nor a backup"
    assert sorted(one.name for one in file.parent.iterdir()) == ["office 备份", "office.db"]

    office = anew(file, PASSWORD, office_at)
    assert content(office.store, JOURNAL) == before
    assert journal_lines(office) == lines + 2, "the backup by hand, and the password"
    (last, *_) = office.read(audit_lines, AuditAsk(matter=Matter.OFFICE))[0]
    assert last.title == "给资料库加上密码"
    assert safekeeping.verify(office).findings == ()

    done = file_password.put(office, OTHER)
    with pytest.raises(NeedsFilePassword, match="密码不对"):
        anew(file, PASSWORD, office_at)
    office = anew(file, OTHER, office_at)
    assert content(office.store, JOURNAL) == before
    assert safekeeping.restore(office, first.file).people == 7, "given the new password with the others"

    file_password.put(office, None)
    keyed._known.clear()
    office = office_at(str(file))
    assert content(office.store, JOURNAL) == before
    assert safekeeping.verify(office).findings == ()


def test_without_the_password_nobody_gets_in(with_password: Path) -> None:
    keyed._known.clear()
    with pytest.raises(NeedsFilePassword) as wanted:
        Office.open(with_password)
    assert wanted.value.file == str(with_password)
    for wrong in ("", "青禾 纸船 1998", PASSWORD + " "):
        with pytest.raises(NeedsFilePassword, match="密码不对"):
            unlock(with_password, wrong)
    unlock(with_password, PASSWORD)
    Office.open(with_password).close()


def test_any_tool_of_sqlcipher_opens_it_by_the_password(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The file is SQLCipher 4's own: nobody depends on this program to read what is his."""
    monkeypatch.setattr(keyed, "ROUNDS", ROUNDS)
    file_password.put(Office.open(file), PASSWORD)
    connection = keyed.knowing().connect(str(file))
    connection.execute(f"PRAGMA key = '{PASSWORD}'")
    assert connection.execute("SELECT count(*) FROM person").fetchone() == (7,)
    assert connection.execute("PRAGMA cipher_integrity_check").fetchall() == []
    connection.close()


def test_the_worker_process_is_told_the_key_and_no_file_is(with_password: Path, office_at: Opening) -> None:
    office = anew(with_password, PASSWORD, office_at)
    key, address = office.store.key, office.store.address
    assert key is not None and key.said() in address and key.said() not in repr(key) + repr(office.store.url)
    keyed._known.clear()
    office.close()
    again = office_at(address)
    assert again.store.key == key
    settings.remember("database", str(again.store.file))
    told = [key.said(), key.secret.hex(), PASSWORD]
    for folder in (settings.data_folder(), with_password.parent):
        assert not any(readable(folder, words) for words in told)


@pytest.mark.parametrize("password", ["", "短", "1234567", "aaaaaaaaaaaa"])
def test_what_is_no_password_is_refused(file: Path, office_at: Opening, password: str) -> None:
    office = office_at(str(file))
    with pytest.raises(RuleBroken, match="密码"):
        file_password.put(office, password)
    assert keyed.salt_of(file) is None
    with pytest.raises(RuleBroken, match="没有密码"):
        file_password.put(office, None)


def test_the_present_password_is_asked(with_password: Path, office_at: Opening) -> None:
    office = anew(with_password, PASSWORD, office_at)
    file_password.proves(office, PASSWORD)
    with pytest.raises(Refused, match="现在的密码不对"):
        file_password.proves(office, OTHER)


def test_who_may_not_maintain_puts_none_on(file: Path, office_at: Opening) -> None:
    with pytest.raises(Refused):
        file_password.put(office_at(str(file), "clerk"), PASSWORD)
    assert keyed.salt_of(file) is None


BESIDE = """
import sys
from gridoffice.office import Office
from gridoffice.grids.service import find
office = Office.open(sys.argv[1])
office.read(find, "519921001")
print("open", flush=True)
sys.stdin.read()
"""


def program(source: str, *words: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-B", "-c", source, *words],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )


def test_while_another_program_has_it_open_nothing_is_done(file: Path, office_at: Opening) -> None:
    other = program(BESIDE, str(file))
    assert other.stdout is not None and other.stdout.readline() == "open\n"
    with pytest.raises(Busy, match="都关掉再来"):
        file_password.put(office_at(str(file)), PASSWORD)
    other.communicate("")
    assert other.returncode == 0
    assert keyed.salt_of(file) is None
    assert not (file.parent / "office.db.new").exists()
    office = office_at(str(file))
    assert safekeeping.verify(office).findings == ()
    file_password.put(office, PASSWORD)
    assert keyed.salt_of(file) is not None


KILLED = """
import os, signal, sys
from gridoffice import file_password
from gridoffice.office import Office
from gridoffice.progress import watched
moment = left = int(sys.argv[2])
real = file_password._put_in_place
def step(_):
    global left
    left -= 1
    if left == 0:
        os.kill(os.getpid(), signal.SIGKILL)
    return True
def put_in_place(*given):
    if moment == 1001:
        real(*given)
    if moment >= 1000:
        os.kill(os.getpid(), signal.SIGKILL)
    real(*given)
file_password._put_in_place = put_in_place
with watched(step):
    file_password.put(Office.open(sys.argv[1]), "青禾 纸船 1999")
"""


@pytest.mark.parametrize("moment", [1, 5, 40, 1000, 1001])
def test_killed_at_any_moment_it_is_whole(
    file: Path, office_at: Opening, moment: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """While it is backed up, written, compared; just before and just after the new file takes its place."""
    monkeypatch.setattr(keyed, "ROUNDS", ROUNDS)
    office = office_at(str(file))
    before = content(office.store, JOURNAL)
    office.close()
    done = program(KILLED, str(file), str(moment))
    done.communicate("")
    assert done.returncode == -signal.SIGKILL
    assert (keyed.salt_of(file) is not None) == (moment == 1001)
    if moment == 1001:
        unlock(file, PASSWORD)
    office = office_at(str(file))
    assert content(office.store, JOURNAL) == before
    assert safekeeping.verify(office).findings == ()
    file_password.put(office, OTHER)
    assert content(anew(file, OTHER, office_at).store, JOURNAL) == before


def test_no_room_changes_nothing(file: Path, office_at: Opening, monkeypatch: pytest.MonkeyPatch) -> None:
    office = office_at(str(file))
    real = backup.refuse_too_full

    def full(folder: Path, needed: int) -> None:
        if folder == file.parent:
            raise backup.BadBackup("那块盘满了。")
        real(folder, needed)

    monkeypatch.setattr(backup, "refuse_too_full", full)
    with pytest.raises(OfficeError, match="那块盘满了"):
        file_password.put(office, PASSWORD)
    assert keyed.salt_of(file) is None and not (file.parent / "office.db.new").exists()
    assert safekeeping.verify(office_at(str(file))).findings == ()


def test_a_backup_of_another_password_asks_for_it(with_password: Path, office_at: Opening) -> None:
    office = anew(with_password, PASSWORD, office_at)
    taken = with_password.parent / "优盘.backup"
    safekeeping.back_up(office, taken)
    file_password.put(office, OTHER, backups=False)
    office = anew(with_password, OTHER, office_at)
    for want in (
        lambda: safekeeping.look_into(office, taken),
        lambda: rolling.loss(office, str(taken)),
        lambda: drill(office, taken),
        lambda: safekeeping.restore(office, taken),
    ):
        with pytest.raises(NeedsFilePassword, match="另外一个密码") as wanted:
            want()
        assert wanted.value.file == str(taken)
    with pytest.raises(NeedsFilePassword, match="密码不对"):
        unlock(taken, OTHER)
    unlock(taken, PASSWORD)
    assert "演练通过" in drill(office, taken).in_words()
    assert safekeeping.restore(office, taken).people == 7
    assert keyed.salt_of(with_password) != keyed.salt_of(taken), "the office keeps its own password"
    assert safekeeping.verify(anew(with_password, OTHER, office_at)).findings == ()


def test_backups_of_an_office_with_a_password_have_it(with_password: Path, office_at: Opening) -> None:
    office = anew(with_password, PASSWORD, office_at)
    made = rolling.roll(office, anyway=True).made
    assert made is not None
    assert readable(with_password.parent, "阿依古丽") == []
    elsewhere = with_password.parent.parent / "另一台电脑.backup"
    shutil.copyfile(made.file, elsewhere)
    keyed._known.clear()
    with pytest.raises(keyed.NoKey):
        backup.check(elsewhere)
    other = anew(elsewhere, PASSWORD, office_at)
    assert safekeeping.verify(other).findings == ()
    standing = rolling.standing(office)
    assert rolling.SEALED in standing.advice and standing.wrong == ()


def test_backups_left_without_one_are_told(file: Path, office_at: Opening) -> None:
    office = office_at(str(file))
    safekeeping.back_up(office)
    file_password.put(office, PASSWORD, backups=False)
    standing = rolling.standing(anew(file, PASSWORD, office_at))
    assert "有 2 份备份没有密码" in standing.wrong[0]


def test_a_copy_that_leaves_may_have_a_password_of_its_own(small_office: Office, tmp_path: Path) -> None:
    """Of a shared office too, which itself has none."""
    before = content(small_office.store, JOURNAL)
    stick = tmp_path / "优盘"
    taken = stick / "带走.backup"
    safekeeping.back_up(small_office, taken, PASSWORD)
    assert keyed.salt_of(taken) is not None and readable(stick, "阿依古丽") == []
    assert small_office.store.key is None
    keyed._known.clear()
    with pytest.raises(NeedsFilePassword):
        safekeeping.restore(small_office, taken)
    unlock(taken, PASSWORD)
    safekeeping.restore(small_office, taken)
    assert content(small_office.store, JOURNAL) == before
    with pytest.raises(RuleBroken, match="至少 8 个字"):
        safekeeping.back_up(small_office, stick / "二.backup", "短")


def test_moved_to_another_file_the_password_goes_along(
    with_password: Path, office_at: Opening, tmp_path: Path
) -> None:
    office = anew(with_password, PASSWORD, office_at)
    move(office, tmp_path / "新.db")
    assert content(anew(tmp_path / "新.db", PASSWORD, office_at).store, JOURNAL) == content(
        office.store, JOURNAL
    )


@pytest.mark.parametrize("place", [16, 2000, 4096 + 100, 40_000])
def test_a_damaged_file_is_not_a_wrong_password(with_password: Path, office_at: Opening, place: int) -> None:
    anew(with_password, PASSWORD, office_at).close()
    keyed._known.clear()
    with with_password.open("r+b") as opened:
        opened.seek(place)
        opened.write(bytes(64))
    unlock(with_password, PASSWORD)
    with pytest.raises(Unreachable, match="已损坏"):
        office = office_at(str(with_password))
        findings = safekeeping.verify(office).findings
        raise Unreachable(f"已损坏：{findings[0]}" if findings else "nothing was found")


@pytest.mark.parametrize("keep_bytes", [0.3, 0.7])
def test_half_a_file_is_damaged(with_password: Path, keep_bytes: float) -> None:
    os.truncate(with_password, int(with_password.stat().st_size * keep_bytes))
    keyed._known.clear()
    with pytest.raises(OfficeError, match=r"已损坏|不是网格办"):
        Office.open(with_password)


def test_what_is_no_office_wants_no_password(tmp_path: Path) -> None:
    for name, said in (("a.pdf", b"%PDF-1.7\n" * 3000), ("b.db", bytes(8192)), ("c.db", b"")):
        (tmp_path / name).write_bytes(said)
        assert keyed.salt_of(tmp_path / name) is None, name


class Ring:
    def __init__(self) -> None:
        self.held: dict[tuple[str, str], str] = {}

    def get_password(self, service: str, name: str) -> str | None:
        return self.held.get((service, name))

    def set_password(self, service: str, name: str, password: str) -> None:
        self.held[service, name] = password

    def delete_password(self, service: str, name: str) -> None:
        del self.held[service, name]


def test_the_keyring_opens_it_and_follows_a_change(
    file: Path, office_at: Opening, monkeypatch: pytest.MonkeyPatch
) -> None:
    ring = Ring()
    monkeypatch.setattr(passwords, "keyring", lambda: ring)
    file_password.put(office_at(str(file)), PASSWORD, remember=True)
    keyed._known.clear()
    office = office_at(str(file))
    file_password.put(office, OTHER)
    assert list(ring.held.values()) == [OTHER]
    keyed._known.clear()
    office = office_at(str(file))
    file_password.put(office, None)
    assert ring.held == {}


def test_setup_backs_up_what_it_cannot_open(with_password: Path, office_at: Opening) -> None:
    settings.remember("database", str(with_password))
    keyed._known.clear()
    kept = keep("9.9.9")
    assert kept is not None
    assert safekeeping.verify(anew(kept, PASSWORD, office_at)).findings == ()


def test_an_older_office_is_backed_up_under_its_password_before_it_is_upgraded(
    with_password: Path, office_at: Opening, monkeypatch: pytest.MonkeyPatch
) -> None:
    at = migrate.head()
    monkeypatch.setattr(migrate, "head", lambda: "9999")
    office = anew(with_password, PASSWORD, office_at)
    kept = with_password.with_suffix(f".{at}.backup")
    assert backup.check(kept)["person"] == 7
    assert office.store.key is not None and keyed.salt_of(kept) == office.store.key.salt


def test_by_command(file: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(sys.stdin, "isatty", lambda: False)

    def said(*words: str) -> tuple[int, str]:
        keyed._known.clear()
        status = main(["--database", str(file), *words])
        told = capsys.readouterr()
        return status, told.out + told.err

    assert said("file-password", "--set") == (1, "新密码写在环境变量 GRIDOFFICE_NEW_FILE_PASSWORD 里。\n")
    monkeypatch.setenv("GRIDOFFICE_NEW_FILE_PASSWORD", PASSWORD)
    status, told = said("file-password", "--set")
    assert status == 0 and "已给资料库加上密码，7 人" in told and "信封" in told
    assert said("journal")[0] == 1 and "GRIDOFFICE_FILE_PASSWORD" in said("journal")[1]
    monkeypatch.setenv("GRIDOFFICE_FILE_PASSWORD", "falsch 12")
    assert said("journal") == (1, "密码不对。肯定没输错的话，是文件坏了。\n")
    monkeypatch.setenv("GRIDOFFICE_FILE_PASSWORD", PASSWORD)
    assert said("verify")[0] == 0
    monkeypatch.setenv("GRIDOFFICE_NEW_FILE_PASSWORD", OTHER)
    taken = file.parent / "带走.backup"
    assert said("backup", str(taken), "--password")[0] == 0
    assert "GRIDOFFICE_BACKUP_PASSWORD" in said("verify", "--drill", str(taken))[1]
    monkeypatch.setenv("GRIDOFFICE_BACKUP_PASSWORD", OTHER)
    assert said("verify", "--drill", str(taken))[0] == 0
    assert said("restore", str(taken))[0] == 0
    assert said("file-password", "--remove")[0] == 0
    monkeypatch.delenv("GRIDOFFICE_FILE_PASSWORD")
    assert said("verify")[0] == 0


def test_two_stores_of_one_file_do_not_look_past_sqlite(with_password: Path, office_at: Opening) -> None:
    """The file at work is not opened beside SQLite, which would take its locks from it: the answer is known."""
    office = anew(with_password, PASSWORD, office_at)
    keyed._known.clear()
    second = Store(with_password)
    assert second.key == office.store.key
    second.close()
    assert shelf.shelf_of(office.store).folder.parent == with_password.parent
