"""What the caller did wrong ends with 2, on stderr, with the place and the fix; nothing is printed or written."""

from __future__ import annotations

from pathlib import Path

import pytest

from .conftest import Run

MISTAKES: dict[str, tuple[list[str], list[str]]] = {
    "no models": (["audit"], ["no models given", "-r FILE"]),
    "bad reference": (["audit", "foo bar"], ["`foo bar` is not a model reference", "valid forms: org/name"]),
    "missing list": (["audit", "-r", "nowhere.txt"], ["nowhere.txt", "cannot be read"]),
    "all bad lines": (
        ["audit", "-r", "bad.txt"],
        ["bad.txt:1:5", "bad.txt:2:11", "`--uze`", "did you mean --use?", "bad.txt:4:1"],
    ),
    "twice with two revisions": (["audit", "a/b@v1", "a/b@v2"], ["stands twice with different revisions"]),
    "missing policy": (["audit", "./allowed", "-p", "nowhere.toml"], ["nowhere.toml", "licensecheck policy init"]),
    "misspelt policy key": (
        ["audit", "./allowed", "-p", "misspelt.toml"],
        ["misspelt.toml", "attribution.notise", "did you mean", "notice"],
    ),
    "unknown license in the policy": (
        ["audit", "./allowed", "-p", "unknown-license.toml"],
        ["unknown-license.toml", "`Apache-3.0` is not a known license", "apache-2.0"],
    ),
    "policy is not TOML": (["audit", "./allowed", "-p", "bad.txt"], ["bad.txt", "not valid TOML"]),
    "unknown use": (["audit", "./allowed", "--use", "saas"], ["no use `saas`", "named uses: none"]),
    "fact without a value": (["audit", "./allowed", "--fact", "domicile"], ["--fact", "KEY=VALUE"]),
    "fact with an unknown key": (["audit", "./allowed", "--fact", "domicil=DE"], ["--fact", "domicil", "domicile"]),
    "fact that is no figure": (
        ["audit", "./allowed", "--fact", "monthly-active-users=many"],
        ["--fact", "monthly-active-users"],
    ),
    "output without a path": (["audit", "./allowed", "-o", "report.json"], ["FORMAT:PATH", "json:report.json"]),
    "output in an unknown format": (["audit", "./allowed", "-o", "jsn:report.json"], ["jsn:report.json", "markdown"]),
    "output into no folder": (
        ["audit", "./allowed", "-o", "markdown:a.md", "-o", "json:none/report.json"],
        ["none", "no folder"],
    ),
    "unknown format": (["audit", "./allowed", "-f", "yaml"], ["yaml", "table"]),
    "unknown option": (["audit", "./allowed", "--strict"], ["--strict"]),
    "unknown command": (["audti"], ["audti"]),
    "endpoint that is none": (["audit", "a/b", "--endpoint", "ftp://x"], ["--endpoint", "ftp://x"]),
    "no cache there": (["audit", "--hf-cache", "nowhere"], ["no Hugging Face cache at nowhere"]),
    "unknown license": (["licenses", "show", "aapche-2.0"], ["no license `aapche-2.0`", "did you mean `apache-2.0`?"]),
    "no text to identify": (["identify"], ["no files given", "- for stdin"]),
    "unknown preset": (["policy", "init", "--preset", "comercial-hosted"], ["did you mean `commercial-hosted`?"]),
    "policy exists": (["policy", "init", "-o", "license-policy.toml"], ["license-policy.toml", "exists already"]),
    "sbom into no folder": (["sbom", "./allowed", "-o", "none/sbom.json"], ["none/sbom.json"]),
}


@pytest.fixture
def bad_files(folder: Path) -> None:
    policy = (folder / "license-policy.toml").read_text("utf-8")
    misspelt = policy.replace('\nnotice = "allow"', '\nnotise = "allow"')
    unknown = policy.replace("\nallow = []", '\nallow = ["Apache-3.0"]')
    assert policy not in {misspelt, unknown}
    (folder / "misspelt.toml").write_text(misspelt, encoding="utf-8")
    (folder / "unknown-license.toml").write_text(unknown, encoding="utf-8")
    (folder / "bad.txt").write_text("foo bar\n./allowed --uze=x\n./allowed\n@@\n", encoding="utf-8")


@pytest.mark.usefixtures("bad_files")
@pytest.mark.parametrize("name", MISTAKES)
def test_mistake(cli: Run, folder: Path, name: str) -> None:
    arguments, parts = MISTAKES[name]
    before = sorted(folder.rglob("*"))
    result = cli(*arguments, *(["--offline"] if arguments[0] in {"audit", "sbom"} and "a/b" not in arguments else []))
    assert (result.code, result.out) == (2, "")
    assert [part for part in parts if part not in result.err] == [], result.err
    assert "internal error" not in result.err
    assert sorted(folder.rglob("*")) == before


def test_no_policy_is_no_opinion(cli: Run, folder: Path) -> None:
    (folder / "license-policy.toml").unlink()
    result = cli("audit", "--offline", "./allowed")
    assert (result.code, result.out) == (2, "")
    assert "no policy found" in result.err
    assert "licensecheck policy init" in result.err
