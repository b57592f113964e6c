"""The way to a shared office: where it is, how it is encrypted, and a trial that says at each step what is wrong."""

from __future__ import annotations

import socket
import ssl
import struct
import sys
from collections.abc import Iterator
from contextlib import closing
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from enum import Enum
from pathlib import Path
from typing import Any, Self

from sqlalchemy import URL
from sqlalchemy.exc import DBAPIError

from db import migrate
from db.session import Store, url_of
from gridoffice import settings
from gridoffice.errors import OfficeError, Problem, RuleBroken
from gridoffice.office import Office, sentences
from gridoffice.progress import report
from gridoffice.server_words import Answer, answer_in

PORT = 5432
PATIENCE = 8.0
"""Seconds for each answer of the network."""
REMEMBERED = "connection"
_WANTS_TLS = struct.pack("!II", 8, 80877103)
"""PostgreSQL's SSLRequest (protocol documentation, “SSL Session Encryption”)."""


class Tls(Enum):
    """How a connection is encrypted, as libpq's `sslmode` calls it."""

    FULL = "verify-full"
    CA = "verify-ca"
    REQUIRE = "require"
    OFF = "disable"

    @property
    def label(self) -> str:
        return _TLS[self][0]

    @property
    def meaning(self) -> str:
        """What it protects from, in a sentence."""
        return _TLS[self][1]

    @property
    def verifies(self) -> bool:
        return self in (Tls.FULL, Tls.CA)


_TLS = {
    Tls.FULL: ("核对证书和主机名", "加密，并且核对对方就是这台服务器。别人冒充不了，密码骗不走。"),
    Tls.CA: ("只核对证书", "加密，证书要是认得的机构发的，但不看发给了谁。证书上的名字对不上时才用。"),
    Tls.REQUIRE: ("加密，不核对", "路上看不见内容，但不知道对面是不是真的服务器，密码可能被骗走。"),
    Tls.OFF: ("不加密", "密码以外的内容谁都能看到。只用在本机连本机。"),
}


@dataclass(frozen=True, slots=True)
class Address:
    """Where a shared office is. The password is not part of it."""

    host: str
    database: str = "gridoffice"
    user: str = ""
    port: int = PORT
    tls: Tls = Tls.FULL
    ca: str = ""
    """A file with the certificates of who vouches for the server; empty: those this computer trusts."""

    @property
    def near(self) -> bool:
        """The server is this computer."""
        return self.host in ("localhost", "127.0.0.1", "::1") or self.host.startswith("/")

    def url(self) -> URL:
        """As SQLAlchemy and libpq want it."""
        query: dict[str, str] = {"sslmode": self.tls.value}
        if self.tls.verifies:
            query["sslrootcert"] = self.ca or _roots()
        return URL.create(
            "postgresql+psycopg", self.user, None, self.host, self.port, self.database, query=query
        )

    def in_words(self) -> str:
        return f"{self.user}@{self.host}:{self.port}/{self.database}"

    @classmethod
    def of(cls, database: str) -> Self | None:
        """What stands in an address; None when it is not one of a server."""
        if "://" not in database:
            return None
        url = url_of(database)
        if url.get_backend_name() != "postgresql":
            return None
        said, root = url.query.get("sslmode"), url.query.get("sslrootcert", "")
        modes = {one.value: one for one in Tls}
        tls = modes.get(str(said), Tls.REQUIRE if said in ("prefer", "allow") else Tls.FULL)
        ca = "" if root in ("system", _roots()) else str(root)
        host = url.host or "localhost"
        found = cls(host, url.database or "", url.username or "", url.port or PORT, tls, ca)
        return replace(found, tls=Tls.OFF) if said is None and found.near else found


def _roots() -> str:
    """Where libpq finds whom this computer trusts. On Windows its OpenSSL does not look into the system's
    store, so what stands there is written to a file."""
    if sys.platform != "win32":
        return "system"
    file = settings.data_folder() / "roots.pem"
    found = ssl.create_default_context().get_ca_certs(binary_form=True)
    text = "".join(ssl.DER_cert_to_PEM_cert(one) for one in found)
    if not file.exists() or file.read_text("ascii") != text:
        file.write_text(text, "ascii")
    return str(file)


def checked(host: str, port: str, database: str, user: str, tls: Tls, ca: str) -> Address:
    """An address from what was typed. Raises `RuleBroken` with the field that is wrong."""
    wrong = [
        Problem(f"没写{label}。", field=label)
        for label, said in (("主机", host), ("资料库名", database), ("账号", user))
        if not said.strip()
    ]
    number = int(port) if port.strip().isascii() and port.strip().isdecimal() else 0
    if not 1 <= number <= 65535:
        wrong.append(Problem(f"“{port}”不是端口，应为 1 到 65535 的数，一般是 {PORT}。", field="端口"))
    if any(sign in host.strip() for sign in "/ @?#") and not host.startswith("/"):
        wrong.append(Problem("主机只写名字或 IP，如 db.qinghe.gov 或 10.0.0.7。", field="主机"))
    if ca.strip() and not Path(ca.strip()).is_file():
        wrong.append(Problem(f"没有找到证书文件“{ca.strip()}”。", field="证书文件"))
    if wrong:
        raise RuleBroken(wrong[0].message, wrong)
    return Address(host.strip(), database.strip(), user.strip(), number, tls, ca.strip())


# remembered


def remember(address: Address) -> None:
    """Offer this one next time. Nothing secret is in it."""
    settings.remember(REMEMBERED, {**asdict(address), "tls": address.tls.value})


def remembered() -> Address | None:
    """The shared office last connected to from this computer."""
    said: Any = settings.recall(REMEMBERED)
    try:
        tls, ca = Tls(said["tls"]), said["ca"]
        found = checked(said["host"], str(said["port"]), said["database"], said["user"], tls, "")
    except (TypeError, KeyError, ValueError, AttributeError, OfficeError):
        return None
    return replace(found, ca=ca) if isinstance(ca, str) else found


# trying


@dataclass(frozen=True, slots=True)
class Tried:
    """One step of a trial: what was looked at, whether it is well, and what was found, in a sentence."""

    name: str
    ok: bool
    words: str


STEPS = ("找到主机", "连上端口", "加密", "登录", "资料库", "版本", "账号")


def try_out(address: Address, password: str | None) -> tuple[Tried, ...]:
    """Every step to the office until one is wrong."""
    found: list[Tried] = []
    for step in _steps(address, password):
        found.append(step)
        if not step.ok:
            break
        if len(found) < len(STEPS):
            report(f"试{STEPS[len(found)]}", len(found), len(STEPS))
    return tuple(found)


def _steps(address: Address, password: str | None) -> Iterator[Tried]:
    report(f"试{STEPS[0]}", 0, len(STEPS))
    try:
        places = socket.getaddrinfo(address.host, address.port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        yield Tried("找到主机", False, Answer.HOST.value)
        return
    yield Tried("找到主机", True, f"“{address.host}”是 {places[0][4][0]}。")
    try:
        reached = socket.create_connection((address.host, address.port), PATIENCE)
    except OSError as error:
        refused = isinstance(error, ConnectionRefusedError)
        yield Tried("连上端口", False, (Answer.PORT if refused else Answer.TIMEOUT).value)
        return
    with closing(reached):
        yield Tried("连上端口", True, f"端口 {address.port} 通。")
        yield _encrypted(address, reached)
    store = Store(address.url().set(password=password))
    try:
        yield from _inside(address, store)
    finally:
        store.close()


def _encrypted(address: Address, reached: socket.socket) -> Tried:
    """Speak TLS as libpq will, to say what is wrong with a certificate more exactly than it does."""
    if address.tls is Tls.OFF:
        if address.near:
            return Tried("加密", True, "没有加密，本机连本机不出这台电脑。")
        return Tried("加密", True, "没有加密，路上谁都能看到内容。能加密就加密。")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = address.tls is Tls.FULL
    context.verify_mode = ssl.CERT_REQUIRED if address.tls.verifies else ssl.CERT_NONE
    try:
        if address.tls.verifies and address.ca:
            context.load_verify_locations(address.ca)
        elif address.tls.verifies:
            context.load_default_certs()
    except (OSError, ssl.SSLError):
        return Tried("加密", False, Answer.CA_FILE.value)
    try:
        reached.settimeout(PATIENCE)
        reached.sendall(_WANTS_TLS)
        said = reached.recv(1)
        if said == b"N":
            return Tried("加密", False, Answer.NO_TLS.value)
        if said != b"S":
            return Tried("加密", False, "这个端口上不是 PostgreSQL。看看端口有没有写错。")
        with context.wrap_socket(reached, server_hostname=address.host) as safe:
            ends = (safe.getpeercert() or {}).get("notAfter")
            version = safe.version() or "TLS"
    except ssl.SSLCertVerificationError as error:
        answer = answer_in(error.verify_message) or answer_in(str(error)) or Answer.CERTIFICATE
        return Tried("加密", False, answer.value)
    except (OSError, ssl.SSLError):
        return Tried("加密", False, "加密没有谈成，服务器的 TLS 可能太旧。让管理员看看。")
    if not address.tls.verifies:
        return Tried("加密", True, f"{version}，证书没有核对。")
    until = ""
    if isinstance(ends, str):
        day = datetime.fromtimestamp(ssl.cert_time_to_seconds(ends)).astimezone()
        until = f"，证书到 {day:%Y-%m-%d}"
    return Tried("加密", True, f"{version}，证书核对过{until}。")


def _inside(address: Address, store: Store) -> Iterator[Tried]:
    try:
        with store.engine.connect() as connection:
            version = connection.exec_driver_sql("SHOW server_version").scalar_one()
            number = int(connection.exec_driver_sql("SHOW server_version_num").scalar_one())
    except DBAPIError as error:
        answer = answer_in(str(error.orig))
        yield Tried("登录", False, answer.value if answer else f"登录不了：{str(error.orig).strip()}")
        return
    if number < 130000:
        yield Tried("登录", False, f"服务器是 PostgreSQL {version}，要 13 或更新的。让管理员升级。")
        return
    yield Tried("登录", True, f"账号“{address.user}”登录了，PostgreSQL {version}。")
    try:
        with sentences(store):
            at = migrate.current(store.engine)
        if at is None:
            yield Tried(
                "资料库",
                False,
                "这个库里还没有网格办的资料。由管理员运行 server-setup，或把本机资料库搬上去。",
            )
            return
        yield Tried("资料库", True, "里面是网格办的资料。")
        if at not in migrate.known():
            yield Tried("版本", False, "资料库比这个程序新，先升级这台电脑上的程序。")
            return
        if at != migrate.head():
            yield Tried("版本", False, "资料库比这个程序旧，由管理员先升级资料库（upgrade-database）。")
            return
        yield Tried("版本", True, "资料库和程序的版本一致。")
        office = Office.open(store.url.render_as_string(hide_password=False))
        office.close()
        yield Tried("账号", True, f"进去是“{office.who.display}”，{office.who.role.label}。")
    except OfficeError as error:
        yield Tried("账号", False, error.message)
