"""Fixtures every room's tests share."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]


@pytest.fixture(scope="session")
def shared() -> Path:
    """The shared corpus beside the repository; a test that asks for it is skipped where it is absent."""
    path = ROOT.parent / "shared"
    if not (path / "corpus").is_dir():
        # CI sets this where the corpus lies beside the repository: there, a skip would hide that nothing ran.
        assert "LICENSECHECK_TESTS_NEED_SHARED" not in os.environ, f"no corpus at {path}"
        pytest.skip("the shared corpus is not here")
    return path
