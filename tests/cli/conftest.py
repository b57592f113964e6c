"""Command lines run in this process, on an office or on none."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from gridoffice.__main__ import main
from gridoffice.office import Office

Call = Callable[..., tuple[int, Any, str]]


@pytest.fixture
def call(capsys: pytest.CaptureFixture[str]) -> Call:
    """Run a command line; answers the status, the one JSON object (or the text), and stderr."""

    def run(*words: object) -> tuple[int, Any, str]:
        status = main([str(word) for word in words])
        said = capsys.readouterr()
        if "--json" not in words:
            return status, said.out, said.err
        assert said.out.count("\n") == 1, said.out
        answer = json.loads(said.out)
        assert isinstance(answer, dict)
        return status, answer, said.err

    return run


@pytest.fixture
def on(small_office: Office, call: Call) -> Call:
    """The same, on the small office."""
    return lambda *words: call("--database", small_office.store.address, "--json", *words)


@pytest.fixture
def street(street_office: Office, call: Call) -> Call:
    return lambda *words: call("--database", street_office.store.address, "--json", *words)
