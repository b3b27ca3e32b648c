"""The test hub as a fixture."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from .server import HubServer, Repo

CASES = Path(__file__).parent / "cases"


@pytest.fixture
def hub() -> Iterator[HubServer]:
    """A running hub with the repositories of `cases/`; it logs every request."""
    with HubServer() as server:
        for folder in sorted(CASES.iterdir()):
            server.add(Repo.read(folder))
        yield server
