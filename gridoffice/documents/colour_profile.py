"""The sRGB colour profile that a PDF/A file carries, made from the numbers of IEC 61966-2-1.

An ICC profile of version 2.1 (ICC.1:2001-04), which PDF/A-1 wants: three primaries adapted to D50, the curve
of sRGB as a table. Made here so that no file of somebody else's has to be shipped, and always the same bytes.
"""

from __future__ import annotations

import struct
from functools import cache

_NAME = b"sRGB IEC61966-2.1"
_RIGHTS = b"No copyright, use freely."
_WHITE = (0.9642, 1.0, 0.8249)  # D50, the white of every profile's connection space
# Red, green and blue of sRGB, adapted from D65 to D50 by Bradford's method.
_PRIMARIES = {
    b"rXYZ": (0.43607, 0.22249, 0.01392),
    b"gXYZ": (0.38515, 0.71687, 0.09708),
    b"bXYZ": (0.14307, 0.06061, 0.71410),
}
_STEPS = 1024


@cache
def srgb() -> bytes:
    """The profile as a file."""
    curve = struct.pack(">4sxxxxI", b"curv", _STEPS) + struct.pack(
        f">{_STEPS}H", *(round(_linear(step / (_STEPS - 1)) * 65535) for step in range(_STEPS))
    )
    description = struct.pack(">4sxxxxI", b"desc", len(_NAME) + 1) + _NAME + b"\0" + bytes(4 + 4 + 2 + 1 + 67)
    rights = struct.pack(">4sxxxx", b"text") + _RIGHTS + b"\0"
    tags = [(b"desc", description), (b"cprt", rights), (b"wtpt", _xyz(_WHITE))]
    tags += [(tag, _xyz(colour)) for tag, colour in _PRIMARIES.items()]
    tags += [(tag, curve) for tag in (b"rTRC", b"gTRC", b"bTRC")]
    table = struct.pack(">I", len(tags))
    body = b""
    places: dict[bytes, int] = {}
    start = 128 + 4 + 12 * len(tags)
    for tag, data in tags:
        if data not in places:  # the three curves are one
            places[data] = start + len(body)
            body += data + bytes(-len(data) % 4)
        table += struct.pack(">4sII", tag, places[data], len(data))
    size = start + len(body)
    return _header(size) + table + body


def _linear(value: float) -> float:
    return value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4


def _xyz(colour: tuple[float, float, float]) -> bytes:
    return struct.pack(">4sxxxx3i", b"XYZ ", *(round(part * 65536) for part in colour))


def _header(size: int) -> bytes:
    white = _xyz(_WHITE)[8:]
    made = struct.pack(">6H", 2026, 1, 1, 0, 0, 0)
    head = struct.pack(">I4sI4s4s4s", size, bytes(4), 0x02100000, b"mntr", b"RGB ", b"XYZ ") + made
    # Signature; no platform, flags, device; perceptual intent; the white of the connection space.
    return (head + b"acsp" + bytes(28) + white).ljust(128, b"\0")
