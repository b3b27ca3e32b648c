"""Settings: a flag goes before the environment, that before pyproject.toml, that before the default."""

from __future__ import annotations

from pathlib import Path

import pytest

from .conftest import Run


def write(folder: Path, text: str) -> None:
    (folder / "pyproject.toml").write_text(f"[tool.licensecheck]\n{text}\n", encoding="utf-8")


def test_flag_before_environment_before_pyproject(cli: Run, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert cli("audit", "--offline", "./allowed").out.startswith("./allowed  allowed")
    write(folder, 'format = "json"')
    assert cli("audit", "--offline", "./allowed").out.startswith("{")
    monkeypatch.setenv("LICENSECHECK_FORMAT", "markdown")
    assert cli("audit", "--offline", "./allowed").out.startswith("## ")
    assert cli("audit", "--offline", "./allowed", "-f", "github").out.startswith("1 model: 1 allowed")


def test_settings_reach_options_of_every_kind(cli: Run, folder: Path) -> None:
    (folder / "models.txt").write_text("./denied\n", encoding="utf-8")
    (folder / "license-policy.toml").rename(folder / "rules.toml")
    write(
        folder,
        'offline = true\nrequirement = "models.txt"\npolicy = "rules.toml"\nexit-zero = true\nmax-workers = 2\n'
        'fact = ["domicile=DE"]\noutput = "json:report.json"\nquiet = true\n',
    )
    result = cli("audit")
    assert (result.code, result.out, result.err) == (0, "", "")
    assert '"domicile": "DE"' in (folder / "report.json").read_text("utf-8")


def test_a_value_counts_for_the_commands_that_take_it(cli: Run, folder: Path) -> None:
    write(folder, 'offline = true\nformat = "markdown"')
    assert cli("audit", "./allowed").out.startswith("## ")
    assert cli("inspect", "./allowed").out.startswith("./allowed")
    assert cli("licenses", "list").out.startswith("0bsd")


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("requirements = ['models.txt']", ["unknown key `requirements`", "did you mean `requirement`?"]),
        ("exit_zero = true", ["unknown key `exit_zero`", "did you mean `exit-zero`?"]),
        ("xyz = 1", ["unknown key `xyz`", "valid keys: "]),
        ("format = 'yaml'", ["`format`", "'yaml' is not one of"]),
        ("timeout = 'soon'", ["`timeout`", "soon"]),
        ("timeout = true", ["`timeout`"]),
        ("quiet = 3", ["`quiet`", "boolean"]),
        ("max-workers = 1000", ["`max-workers`", "1<=x<=64"]),
        ("offline = [true]", ["`offline`", "is not one value"]),
        ("format = { audit = 'json' }", ["`format`", "is not one value"]),
        ("offline = tru", ["cannot read the settings"]),
    ],
)
def test_a_mistake_in_the_settings(cli: Run, folder: Path, text: str, parts: list[str]) -> None:
    write(folder, text)
    for command in (["audit", "--offline", "./allowed"], ["inspect", "--offline", "./allowed"], ["policy", "init"]):
        result = cli(*command)
        assert (result.code, result.out) == (2, "")
        assert "pyproject.toml" in result.err
        assert [part for part in parts if part not in result.err] == [], result.err


@pytest.mark.parametrize("text", ["tool = 1\n", "[tool]\nlicensecheck = 1\n", "[tool]\nlicensecheck = []\n"])
def test_a_table_that_is_none_is_never_a_bug_of_ours(cli: Run, folder: Path, text: str) -> None:
    (folder / "pyproject.toml").write_text(text, encoding="utf-8")
    assert "internal error" not in cli("audit", "--offline", "./allowed").err


def test_a_bad_value_in_the_environment(cli: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LICENSECHECK_TIMEOUT", "soon")
    result = cli("audit", "--offline", "./allowed")
    assert (result.code, result.out) == (2, "")
    assert "soon" in result.err


def test_help_needs_no_settings(cli: Run, folder: Path) -> None:
    write(folder, "xyz = 1")
    assert cli("--help").code == 0
    assert cli("--version").code == 0
