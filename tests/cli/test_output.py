"""Where the report goes: formats, files, colours, quietness; all of them tell the same."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from licensecheck.reports import FORMATS

from .conftest import Run

ALL = ["./allowed", "./review", "./denied", "./missing"]
OUTCOMES = ["allow", "review", "deny", "incomplete"]
ESCAPE = "\x1b["


def test_several_files_at_once(cli: Run, folder: Path) -> None:
    specs = [word for name in FORMATS for word in ("-o", f"{name}:report.{name}")]
    result = cli("audit", "--offline", "-f", "json", *ALL, *specs)
    assert (folder / "report.json").read_text("utf-8") == result.out
    assert {path.name for path in folder.iterdir() if path.is_file()} == {
        "license-policy.toml",
        *(f"report.{name}" for name in FORMATS),
    }
    assert [each["outcome"] for each in json.loads(result.out)["verdicts"]] == OUTCOMES
    for name in FORMATS:
        text = (folder / f"report.{name}").read_text("utf-8")
        assert text.endswith("\n")
        assert [model for model in ALL[1:] if model not in text] == [], name


@pytest.mark.parametrize("name", FORMATS)
def test_every_format_has_the_same_exit_code_and_findings(cli: Run, name: str) -> None:
    codes = {
        (each["outcome"], each["code"])
        for verdict in json.loads(cli("audit", "--offline", "-f", "json", *ALL).out)["verdicts"]
        for each in verdict["findings"]
    }
    assert {code for _, code in codes} >= {"LC101", "LC302", "LC701"}
    result = cli("audit", "--offline", "-f", name, *ALL)
    assert result.code == 1
    if name != "spdx":  # SPDX has no place for findings
        assert [code for _, code in codes if code not in result.out] == []


def test_a_file_is_written_whole_or_not_at_all(cli: Run, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (folder / "report.json").write_text("the old report\n", encoding="utf-8")

    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fdopen", full)
    before = sorted(folder.iterdir())
    result = cli("audit", "--offline", "./allowed", "-o", "json:report.json")
    monkeypatch.undo()
    assert result.code == 2
    assert "No space left on device" in result.err
    assert (folder / "report.json").read_text("utf-8") == "the old report\n"
    assert sorted(folder.iterdir()) == before


def test_only_failing(cli: Run) -> None:
    result = cli("audit", "--offline", "--only-failing", *ALL)
    assert "./allowed" not in result.out
    assert [model for model in ALL[1:] if model not in result.out] == []
    assert "4 models" in result.out


def test_quiet(cli: Run, folder: Path) -> None:
    result = cli("audit", "--offline", "-q", *ALL, "-o", "json:report.json")
    assert (result.code, result.out, result.err) == (1, "", "")
    assert json.loads((folder / "report.json").read_text("utf-8"))["exit_code"] == 1


def test_verbose_speaks_on_stderr(cli: Run) -> None:
    plain, verbose = cli("audit", "--offline", *ALL), cli("audit", "--offline", "-v", *ALL)
    assert verbose.out == plain.out
    assert "Commercial hosted product" in verbose.err
    assert plain.err == ""


@pytest.mark.parametrize(
    ("environment", "arguments", "colored"),
    [
        ({}, [], False),
        ({"FORCE_COLOR": "1"}, [], True),
        ({"FORCE_COLOR": "1", "CI": "true"}, [], True),
        ({"NO_COLOR": "1", "FORCE_COLOR": "1"}, [], False),
        ({"NO_COLOR": "1"}, ["--color"], True),
        ({"FORCE_COLOR": "1"}, ["--no-color"], False),
        ({"LICENSECHECK_COLOR": "1"}, [], True),
    ],
)
def test_color(
    cli: Run, monkeypatch: pytest.MonkeyPatch, environment: dict[str, str], arguments: list[str], colored: bool
) -> None:
    plain = cli("audit", "--offline", "--no-color", *ALL).out
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    out = cli("audit", "--offline", *arguments, *ALL).out
    assert (ESCAPE in out) == colored
    assert re.sub(r"\x1b\[[0-9;]*m", "", out) == plain


def test_color_never_reaches_a_file_or_a_machine_format(
    cli: Run, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FORCE_COLOR", "1")
    result = cli("audit", "--offline", "-f", "json", *ALL, "-o", "table:report.txt")
    assert ESCAPE not in result.out + (folder / "report.txt").read_text("utf-8")


def test_progress_is_on_stderr_and_off_without_a_terminal(cli: Run) -> None:
    assert cli("audit", "--offline", *ALL).err == ""
    shown = cli("audit", "--offline", "--progress", *ALL)
    assert "models" in shown.err
    assert shown.out == cli("audit", "--offline", *ALL).out
