"""A PDF that opens only with a password (AES-256, PDF 2.0 revision 6): for ledgers with ID numbers in them.

An encrypted file cannot be PDF/A (ISO 19005-2 6.1.3), so it does not say that it is one.
"""

from __future__ import annotations

from io import BytesIO

from gridoffice.errors import RuleBroken

LEAST = 8
"""Characters of a password: shorter ones are tried out in hours."""


def protected(pdf: bytes, password: str) -> bytes:
    """The document encrypted; who has the password may read, print and copy it.

    Raises RuleBroken when the password is too short. Each call gives other bytes: the key is random.
    """
    if len(password) < LEAST:
        raise RuleBroken(f"打开文件的密码至少要 {LEAST} 个字符。")
    import pikepdf

    from gridoffice.documents.archive import without_claim

    target = BytesIO()
    with pikepdf.open(BytesIO(pdf)) as document:
        metadata = document.Root.get("/Metadata")
        if metadata is not None:
            metadata.write(without_claim(metadata.read_bytes()))
        document.save(target, encryption=pikepdf.Encryption(user=password, owner=password, R=6))
    return target.getvalue()
