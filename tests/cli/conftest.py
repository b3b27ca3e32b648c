"""A working folder of its own for each test, and a way to run the command line in it."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from licensecheck.cli.app import run

ROOT = Path(__file__).parents[2]
MODELS = {"allowed": "mit", "review": "llama3.1", "denied": "cc-by-nc-4.0"}
"""Folders below the working folder, by what the policy says of them, and their licenses."""
_OURS = ("LICENSECHECK_", "HF_")
_NAMES = {"CI", "NO_COLOR", "FORCE_COLOR", "SOURCE_DATE_EPOCH"}


@dataclass(frozen=True)
class Result:
    """How a command ended."""

    code: int
    out: str
    err: str


Run = Callable[..., Result]


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The working folder: three models and the policy; none of the machine's settings reach the test."""
    for name in list(os.environ):
        if name.startswith(_OURS) or name in _NAMES:
            monkeypatch.delenv(name)
    monkeypatch.setenv("HF_HOME", str(tmp_path / "hf-home"))
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.setenv("PYTHONPATH", str(ROOT / "src"))
    monkeypatch.chdir(tmp_path)
    shutil.copyfile(ROOT / "policies" / "commercial-hosted.toml", tmp_path / "license-policy.toml")
    for name, license_id in MODELS.items():
        (tmp_path / name).mkdir()
        (tmp_path / name / "README.md").write_text(f"---\nlicense: {license_id}\n---\n\n# Foo 7B\n", encoding="utf-8")
    return tmp_path


@pytest.fixture
def cli(capsys: pytest.CaptureFixture[str]) -> Run:
    """Run the command line in this process; it never shows a traceback."""

    def call(*arguments: str) -> Result:
        code = run(list(arguments))
        out, err = capsys.readouterr()
        assert "Traceback" not in out + err
        return Result(code, out, err)

    return call
