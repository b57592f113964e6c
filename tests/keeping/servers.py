"""PostgreSQL servers that speak TLS and want passwords, and certificates of every kind for them."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from gridoffice.connection import Address, Tls
from tests import postgresql

CLERK, PASSWORD = "li", "青禾-2026 'x\\"


@dataclass(frozen=True, slots=True)
class Secure:
    """A server with TLS and SCRAM, and who vouches for it."""

    server: postgresql.Server
    folder: Path
    data: Path

    def address(self, database: str, ca: str = "ca.pem") -> Address:
        file = str(self.folder / ca) if ca else ""
        return Address("localhost", database, CLERK, self.server.port, Tls.FULL, file)

    def show(self, certificate: str) -> None:
        """Have the server come with another certificate."""
        for ending in ("crt", "key"):
            target = self.data / f"server.{ending}"
            shutil.copyfile(self.folder / f"{certificate}.{ending}", target)
            if postgresql.as_root():
                shutil.chown(target, "postgres", "postgres")
            target.chmod(0o600)
        self.server.execute("SELECT pg_reload_conf()")


@contextmanager
def secure_server(folder: Path) -> Iterator[Secure]:
    """A cluster of its own on localhost: TLS for the clerk, who needs a password; trust for its owner."""
    vouching = _certificate(folder, "ca", None, days=(-1, 30))
    for name, by, days, names in (
        ("good", vouching, (-1, 30), ["localhost"]),
        ("expired", vouching, (-30, -1), ["localhost"]),
        ("other", vouching, (-1, 30), ["db.example"]),
        ("stranger", None, (-1, 30), ["localhost"]),
    ):
        _certificate(folder, name, by, days, names)
    _certificate(folder, "other-ca", None, days=(-1, 30))
    with postgresql.running() as server:
        with server.connect() as connection:
            (found,) = connection.execute("SHOW data_directory").fetchone() or ("",)
        data = Path(found)
        secure = Secure(server, folder, data)
        hba = data / "pg_hba.conf"
        hba.write_text(
            f"host all {postgresql.OWNER} 127.0.0.1/32 trust\n"
            f"hostssl all all 127.0.0.1/32 scram-sha-256\nhostssl all all ::1/128 scram-sha-256\n",
            encoding="utf-8",
        )
        server.execute(
            f"CREATE ROLE {CLERK} LOGIN SUPERUSER PASSWORD '{PASSWORD.replace(chr(39), chr(39) * 2)}'"
        )
        secure.show("good")
        server.execute("ALTER SYSTEM SET ssl = on")
        server.execute("SELECT pg_reload_conf()")
        yield secure


Pair = tuple[x509.Certificate, ec.EllipticCurvePrivateKey]


def _certificate(
    folder: Path, name: str, by: Pair | None, days: tuple[int, int], names: list[str] | None = None
) -> Pair:
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, f"test {name}")])
    issuer, signing = (by[0].subject, by[1]) if by else (subject, key)
    now = datetime.now(UTC)
    built = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now + timedelta(days=days[0]))
        .not_valid_after(now + timedelta(days=days[1]))
        .add_extension(x509.BasicConstraints(ca=names is None, path_length=None), critical=True)
    )
    if names is not None:
        built = built.add_extension(x509.SubjectAlternativeName([x509.DNSName(one) for one in names]), False)
    made = built.sign(signing, hashes.SHA256())
    pem = made.public_bytes(serialization.Encoding.PEM)
    (folder / f"{name}.crt").write_bytes(pem)
    (folder / f"{name}.pem").write_bytes(pem)
    (folder / f"{name}.key").write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    return made, key
