"""`licensecheck identify`: files, folders and stdin, for people and for machines."""

from __future__ import annotations

import io
import json
import sys
from pathlib import Path

import pytest

from .conftest import ROOT, Run

APACHE = (ROOT / "LICENSE").read_text(encoding="utf-8")
RIDER = "\nThe Software may not be used for any commercial purpose.\n"


def test_a_license(cli: Run, folder: Path) -> None:
    (folder / "LICENSE").write_text(APACHE)
    result = cli("identify", "LICENSE")
    assert (result.code, result.err) == (0, "")
    assert result.out == "LICENSE  apache-2.0 (Apache-2.0): the text of the license, exact\n"


def test_a_variant_shows_what_differs(cli: Run, folder: Path) -> None:
    (folder / "LICENSE").write_text(APACHE.replace("royalty-free, irrevocable", "royalty-free, revocable") + RIDER)
    result = cli("identify", "LICENSE")
    assert result.code == 0
    assert "not a known license: variant of apache-2.0, 9" in result.out
    assert "~ changed “irrevocable” is now “revocable”" in result.out
    assert "+ inserted “The Software may not be used for any" in result.out
    assert f"line {(APACHE + RIDER).count(chr(10))}" in result.out


def test_json_is_one_object_a_file(cli: Run, folder: Path) -> None:
    (folder / "LICENSE").write_text(APACHE)
    (folder / "COPYING").write_text(APACHE + RIDER)
    license_, copying = json.loads(cli("identify", "-f", "json", "LICENSE", "COPYING").out)
    assert list(license_) == [
        "file", "license", "spdx_id", "expression", "content", "match", "similarity", "nearest", "parts", "differences",
    ]  # fmt: skip
    assert (license_["file"], license_["license"], license_["expression"]) == ("LICENSE", "apache-2.0", "Apache-2.0")
    assert (copying["license"], copying["expression"], copying["match"]) == (None, None, "variant")
    (difference,) = [each for each in copying["differences"] if each["critical"]]
    assert (difference["kind"], difference["words"]) == ("inserted", RIDER.strip().removesuffix("."))
    assert (APACHE + RIDER)[difference["start"] : difference["end"]] == difference["words"]


def test_a_folder_shows_what_has_to_do_with_licenses(cli: Run, folder: Path) -> None:
    tree = folder / "tree"
    (tree / "deep" / ".hidden").mkdir(parents=True)
    (tree / "deep" / "COPYING").write_text(APACHE)
    (tree / "deep" / ".hidden" / "LICENSE").write_text(APACHE)
    (tree / "notes.txt").write_text("Three birds in a tree.")
    (tree / "model.bin").write_bytes(b"\0\1\2")
    (tree / "link").symlink_to(tree / "deep" / "COPYING")
    result = cli("identify", "tree")
    assert result.code == 0
    assert [line.split("  ")[0] for line in result.out.splitlines()] == [str(Path("tree/deep/COPYING"))]


def test_stdin(cli: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(APACHE.encode("utf-16"))))
    assert cli("identify", "-").out.startswith("-  apache-2.0")


def test_what_is_no_text_is_said_and_the_rest_is_answered(cli: Run, folder: Path) -> None:
    (folder / "LICENSE").write_text(APACHE)
    (folder / "model.bin").write_bytes(b"\0\1\2")
    (folder / "pointer").write_text("version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 1\n")
    result = cli("identify", "model.bin", "pointer", "nowhere.txt", "LICENSE")
    assert result.code == 3
    assert "nowhere.txt cannot be read: No such file or directory" in result.err
    assert "model.bin is binary, not text" in result.err
    assert "git lfs pull" in result.err
    assert result.out.startswith("LICENSE  apache-2.0")


def test_a_hostile_text_does_not_reach_the_terminal(cli: Run, folder: Path) -> None:
    (folder / "LICENSE").write_text(APACHE + "\nYou may not \x1b[2J\u202e use this.\n::error::no\n")
    out = cli("identify", "LICENSE").out
    assert "\x1b" not in out
    assert "\u202e" not in out
    assert not [line for line in out.splitlines() if line.startswith("::")]


def test_a_folder_is_never_silent_on_a_file_named_like_a_license(cli: Run, folder: Path) -> None:
    for name, data in (("a", b"All rights are ours."), ("b", b"\0\1\2"), ("c", b"")):
        (folder / "tree" / name).mkdir(parents=True)
        (folder / "tree" / name / "LICENSE").write_bytes(data)
    (folder / "tree" / "c" / "COPYING").symlink_to("nowhere")
    result = cli("identify", "tree")
    assert result.code == 3
    assert [line.split("  ") for line in result.out.splitlines()] == [
        [str(Path("tree/a/LICENSE")), "no known license"],
        [str(Path("tree/c/LICENSE")), "no known license"],
    ]
    binary, link = result.err.splitlines()
    assert "LICENSE is binary" in binary
    assert "COPYING cannot be read" in link
