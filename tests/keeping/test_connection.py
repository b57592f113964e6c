"""The way to a shared office: each step that can fail says which and what to do; passwords stay in the keyring."""

from __future__ import annotations

import json
import os
import socket
import sys
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from db import migrate
from gridoffice import connection, passwords, settings
from gridoffice.connection import Address, Tls, Tried, checked, try_out
from gridoffice.errors import NeedsPassword, RuleBroken, Unreachable
from gridoffice.establish import establish
from gridoffice.office import Office
from gridoffice.server_words import Answer, answer_in
from tests.keeping.calm import CALM
from tests.keeping.servers import PASSWORD, Secure, secure_server


class Ring:
    """A keyring in memory."""

    def __init__(self) -> None:
        self.held: dict[tuple[str, str], str] = {}

    def get_password(self, service: str, username: str) -> str | None:
        return self.held.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self.held[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        del self.held[service, username]


@pytest.fixture
def ring(monkeypatch: pytest.MonkeyPatch) -> Ring:
    made = Ring()
    monkeypatch.setattr(passwords, "keyring", lambda: made)
    return made


@pytest.fixture
def no_ring(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(passwords, "keyring", lambda: None)


@pytest.fixture(scope="module")
def secure(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Secure]:
    with secure_server(tmp_path_factory.mktemp("secure")) as made:
        url = made.server.create("office")
        establish(url).close()
        made.server.create("nothing")
        yield made


def last(address: Address, password: str | None = PASSWORD) -> Tried:
    return try_out(address, password)[-1]


def test_every_step_is_well(secure: Secure) -> None:
    found = try_out(secure.address("office"), PASSWORD)
    assert [step.name for step in found] == list(connection.STEPS)
    assert all(step.ok for step in found), found
    assert "证书核对过，证书到 20" in found[2].words
    assert "管理员" in found[-1].words
    assert all(PASSWORD not in step.words for step in found)


@pytest.mark.parametrize(
    ("certificate", "ca", "tls", "answer"),
    [
        ("expired", "ca.pem", Tls.FULL, Answer.EXPIRED),
        ("other", "ca.pem", Tls.FULL, Answer.HOST_NAME),
        ("other", "ca.pem", Tls.CA, None),
        ("stranger", "ca.pem", Tls.FULL, Answer.CERTIFICATE),
        ("stranger", "ca.pem", Tls.REQUIRE, None),
        ("good", "other-ca.pem", Tls.FULL, Answer.CERTIFICATE),
        ("good", "", Tls.FULL, Answer.CERTIFICATE),
        ("good", "ca.key", Tls.FULL, Answer.CA_FILE),
        ("good", "ca.pem", Tls.OFF, Answer.PLAIN),
    ],
)
def test_certificates(secure: Secure, certificate: str, ca: str, tls: Tls, answer: Answer | None) -> None:
    """A false server is refused by what is tried and by the driver alike; before that no password is sent."""
    secure.show(certificate)
    try:
        address = replace(secure.address("office", ca), tls=tls)
        _wait_for(secure, certificate)
        step = last(address)
        if answer is None:
            assert step.ok and step.name == "账号", step
            return
        assert (step.ok, step.words) == (False, answer.value)
        with pytest.raises(Unreachable):
            Office.open(address.url().set(password=PASSWORD).render_as_string(hide_password=False))
    finally:
        secure.show("good")
        _wait_for(secure, "good")


def _wait_for(secure: Secure, certificate: str) -> None:
    """A reload is asked for, not waited for: until new connections get the certificate."""
    import ssl
    import struct

    wanted = ssl.PEM_cert_to_DER_cert((secure.folder / f"{certificate}.crt").read_text("ascii"))
    context = ssl._create_unverified_context()
    for _ in range(200):
        with closing(socket.create_connection(("localhost", secure.server.port))) as plain:
            plain.sendall(struct.pack("!II", 8, 80877103))
            assert plain.recv(1) == b"S"
            with context.wrap_socket(plain, server_hostname="localhost") as safe:
                if safe.getpeercert(binary_form=True) == wanted:
                    return
    raise AssertionError("the server did not take the certificate")


def test_who_is_let_in(secure: Secure) -> None:
    address = secure.address("office")
    assert last(address, "falsch").words == Answer.PASSWORD.value
    assert last(address, None).words == Answer.PASSWORD.value
    assert last(replace(address, user="nobody")).words == Answer.PASSWORD.value
    assert last(replace(address, database="nowhere")).words == Answer.DATABASE.value
    step = last(replace(address, database="nothing"))
    assert step.name == "资料库" and "server-setup" in step.words


def test_versions(secure: Secure, monkeypatch: pytest.MonkeyPatch) -> None:
    address, head = secure.address("office"), migrate.head()
    monkeypatch.setattr(migrate, "head", lambda: "9999")
    assert "旧" in last(address).words
    monkeypatch.setattr(migrate, "known", lambda: frozenset({"0001"}))
    monkeypatch.setattr(migrate, "head", lambda: head)
    assert "新" in last(address).words


def test_what_is_not_there() -> None:
    assert last(Address("no-such-host.invalid", user="li")).words == Answer.HOST.value
    with closing(socket.socket()) as held:
        held.bind(("127.0.0.1", 0))
        port = held.getsockname()[1]
        assert last(Address("127.0.0.1", user="li", port=port)).words == Answer.PORT.value


@contextmanager
def answering(said: bytes) -> Iterator[int]:
    """Something that is no PostgreSQL and answers anything with the same bytes."""
    with closing(socket.socket()) as door:
        door.bind(("127.0.0.1", 0))
        door.listen()

        def serve() -> None:
            guest, _ = door.accept()
            with closing(guest):
                guest.recv(100)
                guest.sendall(said)

        thread = threading.Thread(target=serve)
        thread.start()
        yield door.getsockname()[1]
        thread.join()


@pytest.mark.parametrize(
    ("said", "words"),
    [(b"N", Answer.NO_TLS.value), (b"HTTP/1.1 400", "不是 PostgreSQL"), (b"", "不是 PostgreSQL")],
)
def test_servers_of_another_kind(said: bytes, words: str) -> None:
    with answering(said) as port:
        assert words in last(Address("127.0.0.1", user="li", port=port)).words


def test_a_remembered_password_opens_the_office_and_is_in_no_file(
    secure: Secure, ring: Ring, monkeypatch: pytest.MonkeyPatch
) -> None:
    address = secure.address("office")
    url = address.url().render_as_string()
    with pytest.raises(NeedsPassword):
        Office.open(url)
    assert passwords.keep(address.url(), PASSWORD)
    connection.remember(address)
    office = Office.open(url)
    try:
        assert office.store.url.password == PASSWORD
        settings.remember("database", url)
        written = "".join(
            file.read_text("utf-8", "replace") for file in settings.data_folder().rglob("*") if file.is_file()
        )
        assert "青禾-2026" not in written and address.host in written
        lines = office.read(
            lambda session: session.connection().exec_driver_sql("SELECT action::text FROM action").all()
        )
        assert "青禾-2026" not in str(lines)
        if sys.platform == "linux":
            told = Path(f"/proc/{os.getpid()}/cmdline").read_bytes().decode("utf-8", "replace")
            assert "青禾-2026" not in told
    finally:
        office.close()
        settings.remember("database", None)
    assert connection.remembered() == address
    passwords.forget(address.url())
    assert ring.held == {}


def test_without_a_keyring_nothing_is_kept(secure: Secure, no_ring: None) -> None:
    url = secure.address("office").url()
    assert passwords.kept_by() == ""
    assert not passwords.keep(url, PASSWORD)
    assert passwords.recall(url) is None
    with pytest.raises(NeedsPassword):
        Office.open(url.render_as_string())


def test_a_keyring_that_fails_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    class Broken(Ring):
        def get_password(self, service: str, username: str) -> str | None:
            raise RuntimeError("locked")

    passwords.keyring.cache_clear()
    monkeypatch.setattr(passwords, "_known", lambda: [Broken])
    assert passwords.keyring() is None
    passwords.keyring.cache_clear()
    monkeypatch.setattr(passwords, "_known", lambda: [Broken, Ring])
    assert isinstance(passwords.keyring(), Ring)
    passwords.keyring.cache_clear()


def test_what_is_typed_is_checked(tmp_path: Path) -> None:
    assert checked(" db ", "5433", "office", "li", Tls.FULL, "") == Address("db", "office", "li", 5433)
    for wrong, field in (
        (("", "5432", "o", "li", Tls.FULL, ""), "主机"),
        (("db", "0", "o", "li", Tls.FULL, ""), "端口"),
        (("db", "٣", "o", "li", Tls.FULL, ""), "端口"),
        (("db", "5432", " ", "li", Tls.FULL, ""), "资料库名"),
        (("db", "5432", "o", "", Tls.FULL, ""), "账号"),
        (("postgresql://db", "5432", "o", "li", Tls.FULL, ""), "主机"),
        (("db", "5432", "o", "li", Tls.FULL, str(tmp_path / "no.pem")), "证书文件"),
    ):
        with pytest.raises(RuleBroken) as caught:
            checked(*wrong)
        assert [one.field for one in caught.value.problems] == [field]


def test_an_address_says_itself_again() -> None:
    for tls in Tls:
        address = Address(
            "db.example", "office", "王𠮷", 6432, tls, "/etc/网格 ca.pem" if tls.verifies else ""
        )
        assert Address.of(address.url().render_as_string()) == address
    assert Address.of("postgresql://li@db.example/office") == Address("db.example", "office", "li")
    assert Address.of("postgresql://li@localhost/office") == Address("localhost", "office", "li", tls=Tls.OFF)
    assert Address.of("office.db") is None
    assert Address("db.example").tls is Tls.FULL


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)


@given(
    st.dictionaries(
        st.sampled_from(["host", "port", "database", "user", "tls", "ca"]), JSON | st.just("verify-ca")
    )
    | JSON
)
@CALM
def test_a_settings_file_that_makes_no_sense_is_no_address(said: object) -> None:
    settings.remember(connection.REMEMBERED, said)
    found = connection.remembered()
    assert found is None or isinstance(found, Address)
    settings.remember(connection.REMEMBERED, None)


@given(st.binary(max_size=80) | JSON.map(lambda said: json.dumps(said).encode()))
@CALM
def test_a_settings_file_of_any_bytes_is_read_and_replaced(said: bytes) -> None:
    file = settings.data_folder() / "window.json"
    file.write_bytes(said)
    settings.recall("scale", 1.0)
    assert isinstance(settings.default_database(), str)
    settings.remember("scale", 1.25)
    assert settings.recall("scale") == 1.25
    file.unlink()


@pytest.mark.parametrize(
    ("said", "answer"),
    [
        ('FATAL:  password authentication failed for user "li"', Answer.PASSWORD),
        ('致命错误:  用户 "li" Password 认证失败', Answer.PASSWORD),
        ("fe_sendauth: no password supplied", Answer.PASSWORD),
        (
            'FATAL:  no pg_hba.conf entry for host "10.0.0.1", user "li", database "o", no encryption',
            Answer.PLAIN,
        ),
        (
            'FATAL:  no pg_hba.conf entry for host "10.0.0.1", user "li", database "o", SSL encryption',
            Answer.DOOR,
        ),
        ('FATAL:  role "li" is not permitted to log in', Answer.LOGIN),
        ("FATAL:  sorry, too many clients already", Answer.FULL),
        ("FATAL:  the database system is starting up", Answer.STARTING),
        ("connection timeout expired", Answer.TIMEOUT),
        ("something else", None),
    ],
)
def test_what_servers_say(said: str, answer: Answer | None) -> None:
    assert answer_in(said) is answer
