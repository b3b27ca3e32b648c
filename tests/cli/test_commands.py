"""The commands beside `audit`: inspect, licenses, policy, sbom; and how each explains itself."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from spdx_tools.spdx.parser.parse_anything import parse_file
from spdx_tools.spdx.validation.document_validator import validate_full_spdx_document
from syrupy.assertion import SnapshotAssertion

from licensecheck.catalog import catalog
from licensecheck.policy.schema import Policy

from .conftest import ROOT, Run

COMMANDS = [
    [], ["audit"], ["identify"], ["inspect"], ["licenses"], ["licenses", "list"], ["licenses", "search"],
    ["licenses", "show"], ["policy"], ["policy", "init"], ["sbom"],
]  # fmt: skip


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: " ".join(command) or "licensecheck")
def test_help(cli: Run, command: list[str], snapshot: SnapshotAssertion) -> None:
    result = cli(*command, "--help")
    assert (result.code, result.err) == (0, "")
    assert result.out == snapshot


def test_inspect(cli: Run) -> None:
    result = cli("inspect", "--offline", "./denied", "Qwen/Qwen3-8B")
    assert result.code == 0
    assert "CC-BY-NC-4.0" in result.out
    assert "README.md:2" in result.out
    shown = json.loads(cli("inspect", "--offline", "-f", "json", "./denied", "Qwen/Qwen3-8B").out)
    assert [each["concluded"] for each in shown] == ["CC-BY-NC-4.0", "Apache-2.0"]


def test_inspect_of_what_could_not_be_read(cli: Run) -> None:
    result = cli("inspect", "--offline", "./allowed", "./missing")
    assert result.code == 3
    assert "./allowed" in result.out


def test_licenses_as_data(cli: Run) -> None:
    rows = json.loads(cli("licenses", "list", "-f", "json").out)
    assert [row["key"] for row in rows] == [record.key for record in catalog()]
    assert all(row.keys() >= {"key", "spdx_id", "name", "aliases", "terms"} for row in rows)
    (row,) = json.loads(cli("licenses", "show", "Apache License 2.0", "-f", "json").out)
    assert (row["key"], row["spdx_id"]) == ("apache-2.0", "Apache-2.0")


def test_licenses_for_people(cli: Run) -> None:
    assert "\napache-2.0 " in cli("licenses", "list").out
    found = cli("licenses", "search", "llama 3.1")
    assert found.code == 0
    assert "LicenseRef-llama3.1" in found.out
    page = cli("licenses", "show", "llama3.1").out
    assert "700,000,000" in page
    assert "Built with Llama" in page
    nothing = cli("licenses", "search", "no-such-license")
    assert (nothing.code, nothing.out) == (1, "no license\n")


@pytest.mark.parametrize("path", sorted((ROOT / "policies").glob("*.toml")), ids=lambda path: path.stem)
def test_policy_init_gives_the_policies_of_the_repository(cli: Run, folder: Path, path: Path) -> None:
    shown = cli("policy", "init", "--preset", path.stem)
    assert shown.out == path.read_text("utf-8")
    written = cli("policy", "init", "--preset", path.stem, "-o", "mine.toml")
    assert (written.code, written.out) == (0, "")
    assert "mine.toml" in written.err
    assert Policy.load(folder / "mine.toml").sha256 == Policy.load(path).sha256
    assert path.stem in cli("policy", "init", "--list").out


def test_sbom_is_valid_spdx(cli: Run, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1760000000")
    arguments = ["sbom", "--offline", "./review", "./denied", "Qwen/Qwen3-8B"]
    result = cli(*arguments, "-o", "sbom.spdx.json")
    assert (result.code, result.out) == (0, "")
    document = parse_file(str(folder / "sbom.spdx.json"))
    assert validate_full_spdx_document(document) == []
    assert {str(package.license_concluded) for package in document.packages} >= {"CC-BY-NC-4.0", "Apache-2.0"}
    assert document.creation_info.created.isoformat() == "2025-10-09T08:53:20"
    text = (folder / "sbom.spdx.json").read_text("utf-8")
    assert cli(*arguments).out == text, "the same inputs and date give the same bytes"


def test_sbom_with_what_could_not_be_read(cli: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    result = cli("sbom", "--offline", "./allowed", "./missing")
    assert result.code == 3
    assert len(json.loads(result.out)["packages"]) == 2
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "yesterday")
    assert cli("sbom", "--offline", "./allowed").code == 2
