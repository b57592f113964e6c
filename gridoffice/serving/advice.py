"""What a server's settings say about safety, in sentences that whoever looks after it can act on."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError

from gridoffice.serving.connecting import shown

_LOCAL = ("127.0.0.1", "::1", "localhost", "samehost")


def advice(connection: Connection) -> list[str]:
    """What should be put right on the server, the gravest first; empty when nothing is found."""
    return [*_doors(connection), *_settings(connection)]


def _settings(connection: Connection) -> Iterator[str]:
    if shown(connection, "ssl") != "on":
        yield (
            "连接没有加密：在 postgresql.conf 写 ssl = on，配上证书（ssl_cert_file、ssl_key_file），重启；"
            "再把 pg_hba.conf 里的 host 改成 hostssl。"
        )
    if shown(connection, "password_encryption") != "scram-sha-256":
        yield "密码存法太旧：在 postgresql.conf 写 password_encryption = 'scram-sha-256'。"
    if shown(connection, "fsync") != "on" or shown(connection, "full_page_writes") != "on":
        yield "断电会丢资料：在 postgresql.conf 写 fsync = on、full_page_writes = on。"
    if shown(connection, "logging_collector") != "on" or "csvlog" not in shown(connection, "log_destination"):
        yield (
            "登录失败记不进变动记录，输错密码的锁不住：写 logging_collector = on、log_destination = 'stderr,csvlog'，"
            "重启；或做 server-setup 时加 --log-sign-ins。"
        )
    elif not _may_read_log(connection):
        yield "读不到服务器日志，输错密码的锁不住：用超级用户再做一次 server-setup。"
    if shown(connection, "log_connections") in ("off", ""):
        yield "登录没有记在服务器日志里：写 log_connections = on、log_disconnections = on，日志留 6 个月以上。"


def _may_read_log(connection: Connection) -> bool:
    reader = "SELECT to_regprocedure('gridoffice.log_portion(text,bigint,timestamptz)') IS NOT NULL"
    return connection.execute(text(reader)).scalar_one()


def _doors(connection: Connection) -> Iterator[str]:
    """The lines of pg_hba.conf that let somebody in from outside who should not be."""
    try:
        with connection.begin_nested():
            rules = connection.execute(
                text(
                    "SELECT line_number, type, address, auth_method FROM pg_hba_file_rules WHERE error IS NULL"
                )
            ).all()
    except DBAPIError:
        return  # only a superuser may look
    for line, kind, address, method in rules:
        outside = kind != "local" and address not in _LOCAL
        if method == "trust" and kind != "local":
            yield f"pg_hba.conf 第 {line} 行是 trust：不要密码就能进。改成 scram-sha-256。"
        elif outside and method in ("md5", "password"):
            yield f"pg_hba.conf 第 {line} 行是 {method}：密码认证太弱。改成 scram-sha-256。"
        elif outside and kind == "host":
            yield f"pg_hba.conf 第 {line} 行是 host：允许不加密的连接。改成 hostssl。"
