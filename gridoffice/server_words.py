"""What a PostgreSQL server, or the way to it, answers to somebody who connects, as what a clerk can act on."""

from __future__ import annotations

import re
from enum import Enum


class Answer(Enum):
    """Why there is no connection."""

    PASSWORD = "账号或密码不对，或者输错多了正锁着。看看大小写，过一会儿再试；忘了就找管理员重设。"
    LOGIN = "这个账号停用了，不能登录。找管理员。"
    DATABASE = "服务器上没有这个资料库，看看名字有没有写错。"
    DOOR = "服务器不让这台电脑用这个账号连。让管理员在 pg_hba.conf 里加上。"
    PLAIN = "服务器只收加密的连接，把加密改成“核对证书和主机名”。"
    NO_TLS = "服务器没有开加密（TLS）。让管理员打开；不加密只能用在本机。"
    HOST_NAME = "证书不是发给这个主机名的。按证书上的名字写主机，或者让管理员换证书。"
    EXPIRED = "服务器的证书过期了，或者还没到日期。看看这台电脑的日期；不是日期的事就让管理员换证书。"
    CERTIFICATE = "服务器的证书核对不上，可能不是真的服务器。向管理员要证书文件（CA），填在下面。"
    CA_FILE = "证书文件打不开，或者不是证书。重新选管理员给的那个文件。"
    HOST = "找不到这台主机。看看名字有没有写错，本机连上单位的网没有。"
    PORT = "主机在，但这个端口上没有资料库。看看端口（一般是 5432），或者服务器没开。"
    TIMEOUT = "主机没有回应。本机可能没连上单位的网，或者被防火墙挡住了。"
    FULL = "服务器的连接用满了，过一会儿再试。"
    STARTING = "服务器正在启动或关闭，过一会儿再试。"


_SAID = (
    (Answer.PASSWORD, r"password authentication failed|no password supplied|密码认证失败|Password 认证失败"),
    (Answer.PASSWORD, r'role "[^"]*" does not exist|角色 "[^"]*" 不存在|角色"[^"]*"不存在|SASL'),
    (Answer.LOGIN, r"not permitted to log in|不允许登录|不允许登陆"),
    (Answer.DATABASE, r'database "[^"]*" does not exist|数据库 "[^"]*" 不存在|数据库"[^"]*"不存在'),
    (Answer.PLAIN, r"no pg_hba\.conf entry.*(no encryption|SSL off|没有加密)"),
    (Answer.DOOR, r"pg_hba\.conf|permission denied for database|CONNECT privilege"),
    (Answer.NO_TLS, r"server does not support SSL|不支持 ?SSL"),
    (Answer.HOST_NAME, r"does not match host name|hostname mismatch|IP address mismatch"),
    (Answer.EXPIRED, r"certificate has expired|not yet valid"),
    (Answer.CA_FILE, r"root certificate file|could not read root certificate|no certificate or crl found"),
    (Answer.CERTIFICATE, r"certificate verify failed|self.signed certificate|unable to get .*issuer"),
    (
        Answer.HOST,
        r"could not translate host name|Name or service not known|getaddrinfo failed|failed to resolve host"
        r"|Temporary failure in name resolution|No address associated|nodename nor servname",
    ),
    (Answer.PORT, r"Connection refused|actively refused|积极拒绝|No such file or directory"),
    (Answer.TIMEOUT, r"timeout|timed out|No route to host|Network is unreachable|Host is down"),
    (Answer.FULL, r"too many (clients|connections)|remaining connection slots|连接太多"),
    (Answer.STARTING, r"(starting up|shutting down|recovery mode)|正在启动|正在关闭"),
)


def answer_in(said: str) -> Answer | None:
    """What the words of libpq, of OpenSSL or of the server (English or Chinese) mean; None for others."""
    return next((answer for answer, words in _SAID if re.search(words, said, re.IGNORECASE)), None)
