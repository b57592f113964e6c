"""Inside the installed program: numpy's products, which run on our own few loops, against plain Python."""

import itertools
import sys

import numpy as np


def plain(left: list, right: list) -> list:
    return [
        [sum(a * b for a, b in zip(row, column, strict=True)) for column in zip(*right, strict=True)]
        for row in left
    ]


wrong, done = [], 0
for kind in (np.float32, np.float64, np.complex64, np.complex128):
    chance = (
        np.arange(1, 41) % 7
        - 3
        + (1j * (np.arange(1, 41) % 5 - 2) if kind in (np.complex64, np.complex128) else 0)
    )
    for m, k, n in ((1, 1, 1), (2, 3, 4), (4, 5, 3), (1, 6, 4), (5, 4, 1)):
        a, b = np.resize(chance, (m, k)).astype(kind), np.resize(chance[::-1], (k, n)).astype(kind)
        expected = np.array(plain(a.tolist(), b.tolist()))
        ways = [
            np.ascontiguousarray,
            np.asfortranarray,
            lambda x: np.repeat(np.repeat(x, 2, 0), 2, 1)[::2, ::2],
            lambda x: x[::-1][::-1],
        ]
        for one, other in itertools.product(ways, ways):
            for made in (one(a) @ other(b), np.dot(one(a), other(b)), (other(b).T @ one(a).T).T):
                done += 1
                if made.dtype != kind or not np.allclose(made, expected):
                    wrong.append(f"{kind.__name__} {m}x{k}x{n}")
        for one in ways:
            done += 4
            x = one(a)
            row = x[0]
            checks = (
                (np.dot(row, row), sum(v * v for v in row.tolist())),
                (
                    np.vdot(row, row[::-1]),
                    sum(v.conjugate() * w for v, w in zip(row.tolist(), row.tolist()[::-1], strict=True)),
                ),
                (x @ x.T, np.array(plain(a.tolist(), a.T.tolist()))),
                (x @ b[:, 0], expected[:, 0]),
            )
            wrong += [f"{kind.__name__} {m}x{k}" for made, right in checks if not np.allclose(made, right)]
sys.stdout.write(f"products: {done} tried, {len(wrong)} wrong {sorted(set(wrong))}\n")
sys.exit(1 if wrong else 0)
