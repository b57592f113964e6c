"""The packed code: what Python reads out of it is what was put in."""

from __future__ import annotations

import lzma
import marshal
import subprocess
import sys
from pathlib import Path
from types import CodeType

import gridoffice
import resources
from gridoffice.updating import release
from installer import later, packing
from installer.payload import HERE

MODULE = '''"""What it is for."""

from importlib import resources

TOLD = __doc__


class Thing:
    """Only words."""

    def value(self):
        """More words."""
        assert self is not None
        return resources.files(__package__).joinpath("words.txt").read_text("utf-8")
'''


def put(root: Path) -> None:
    package = root / "lib" / "thing" / "inner"
    package.mkdir(parents=True)
    (package.parent / "__init__.py").write_text("")
    (package.parent / "loose.txt").write_text("x")
    (package / "__init__.py").write_text("from thing.inner.made import Thing\n")
    (package / "made.py").write_text(MODULE, "utf-8")
    (package / "words.txt").write_text("𠮷 of the package", "utf-8")
    (root / "lib" / "shared" / "one").mkdir(parents=True)
    (root / "lib" / "shared" / "one" / "__init__.py").write_text("value = 1\n")
    steps = root / "app" / "db" / "migrations"
    steps.mkdir(parents=True)
    (steps / "0001_first.py").write_text("x = 1\n")
    (root / "lib" / "not-a-module.py").write_text("x = 1\n")


def packed(root: Path) -> Path:
    put(root)
    words = [sys.executable, "-m", "installer.packing", str(root)]
    subprocess.run(words, check=True, env={"PYTHONHASHSEED": "0", "PYTHONPATH": str(HERE.parent)})
    return root / packing.PACK


def test_a_packed_package_loads_with_its_data_and_its_loose_modules(tmp_path: Path) -> None:
    root = tmp_path / "程序 𠮷"
    packed(root)
    assert sorted(path.name for path in root.rglob("*.py")) == ["0001_first.py", "not-a-module.py"]
    (root / "lib" / "thing" / "beside.py").write_text("value = 7\n")
    (root / "sitecustomize.pyc").write_bytes(
        packing.module_file((HERE / "shipped" / "sitecustomize.py").read_bytes(), "sitecustomize.py")
    )
    say = (
        "import thing.inner, thing.beside, shared.one, runpy, sys; made = thing.inner.made;"
        "print(made.TOLD, made.Thing.__doc__, made.Thing().value(), thing.beside.value, made.__file__)"
    )
    told = subprocess.run(
        [sys.executable, "-X", "utf8", "-B", "-c", say],
        capture_output=True,
        text=True,
        encoding="utf-8",
        env={"PYTHONPATH": f"{root}:{root / 'lib'}"},
        check=False,
    )
    assert told.stderr == ""
    assert told.stdout.split("\n")[0] == (
        f". . 𠮷 of the package 7 {root / 'lib' / 'thing' / 'inner' / 'made.py'}"
    )


def test_the_same_code_gives_the_same_bytes(tmp_path: Path) -> None:
    assert packed(tmp_path / "a").read_bytes() == packed(tmp_path / "b").read_bytes()


def test_the_trials_next_version_is_this_one_with_another_number(tmp_path: Path) -> None:
    for folder in ("lib", "app/gridoffice"):
        (tmp_path / folder).mkdir(parents=True)
    (tmp_path / "app" / "gridoffice" / "__init__.py").write_text(
        f'__version__ = "{gridoffice.__version__}"\n'
    )
    (tmp_path / "app" / "gridoffice" / "beside.py").write_text("from gridoffice import __version__ as told\n")
    packing.pack(tmp_path)
    version = later.following(gridoffice.__version__)
    assert release.numbers(version) > release.numbers(gridoffice.__version__)
    file = tmp_path / packing.PACK
    file.write_bytes(later.renumbered(file.read_bytes(), version))
    (tmp_path / "sitecustomize.py").write_bytes((HERE / "shipped" / "sitecustomize.py").read_bytes())
    said = subprocess.run(
        [sys.executable, "-B", "-c", "import gridoffice.beside as b; print(b.told, b.__file__)"],
        capture_output=True,
        text=True,
        env={"PYTHONPATH": str(tmp_path)},
        check=False,
    )
    place = tmp_path / "app" / "gridoffice" / "beside.py"
    assert (said.stdout, said.stderr) == (f"{version} {place}\n", "")


def test_assertions_stay_and_an_empty_body_still_compiles() -> None:
    code = packing.compiled(b'def f():\n    """words"""\n\nassert f() is None\nassert 1 == 2\n', "x.py")
    try:
        exec(code, {})
    except AssertionError:
        return
    raise RuntimeError("the assertion went with the docstrings")


def lines(code: CodeType) -> list[list[int | None]]:
    """Of a code and of all within it, the line of each instruction."""
    own = [line for line, *_ in code.co_positions()]
    return [own, *(one for inner in code.co_consts if isinstance(inner, CodeType) for one in lines(inner))]


def test_shipped_code_knows_its_lines_and_no_columns() -> None:
    source = (HERE.parent / "gridoffice" / "listing.py").read_text("utf-8")
    source += "\n" * 9000 + "def far():\n    return [1 / 0\n" + "\n" * 70 + "        for one in (1,)]\n"
    whole = compile(source, "x.py", "exec", dont_inherit=True)
    lean = packing.lean(whole)
    assert lines(lean) == lines(whole)
    assert len(marshal.dumps(lean)) < 0.9 * len(marshal.dumps(whole))
    assert {(start, end) for _, _, start, end in lean.co_positions()} == {(None, None)}


def test_what_is_shipped_compressed_reads_as_before(tmp_path: Path) -> None:
    (tmp_path / "a.ttf").write_bytes(b"plain")
    assert resources.content(tmp_path / "a.ttf") == b"plain"
    (tmp_path / "b.ttf.xz").write_bytes(lzma.compress(b"packed"))
    assert resources.content(tmp_path / "b.ttf") == b"packed"
