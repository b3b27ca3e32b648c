"""The directory source: folders as they are, and as they should not be."""

from __future__ import annotations

import json
import os
import struct
import sys
from pathlib import Path

import pytest

from licensecheck.sources import directory, select
from licensecheck.sources.blobs import blob_id
from licensecheck.types import ModelRef, Snapshot

CARD = "---\nlicense: mit\n---\n# A synthetic card\n"
needs_links = pytest.mark.skipif(sys.platform == "win32", reason="links need rights there")


def write(folder: Path, files: dict[str, str | bytes]) -> Path:
    for path, data in files.items():
        file = folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(data if isinstance(data, bytes) else data.encode())
    return folder


def fetch(folder: Path, name: str = "./model") -> Snapshot:
    return directory.fetch(ModelRef.parse(name), root=folder)


def told(snapshot: Snapshot) -> list[str]:
    return [
        problem.kind + "!" * problem.fatal + (f" {problem.path}" if problem.path else "")
        for problem in snapshot.problems
    ]


def test_a_model(tmp_path: Path) -> None:
    header = json.dumps({"__metadata__": {"license": "mit"}}).encode()
    write(
        tmp_path / "model",
        {
            "Readme.md": CARD,
            "LICENSE": "\ufeffA synthetic license.\n",
            "original/USE_POLICY.md": "A synthetic policy.\n",
            "LICENSE.pdf": b"%PDF",
            "config.json": '{"_name_or_path": "acme/base", "vocab_size": 3}',
            "model.safetensors": struct.pack("<Q", len(header)) + header,
            "weights.bin": b"\0",
            ".git/LICENSE": "not of the model",
            "a/b/c/LICENSE": "too deep",
        },
    )
    snapshot = fetch(tmp_path)
    assert (snapshot.source, snapshot.name, snapshot.revision, snapshot.metadata) == (
        "directory",
        "./model",
        None,
        None,
    )
    assert snapshot.card is not None
    assert (snapshot.card.path, snapshot.card.text) == ("Readme.md", CARD)
    assert snapshot.card.blob_id == blob_id(CARD.encode())
    assert {file.path: file.text for file in snapshot.files} == {
        "LICENSE": "A synthetic license.\n",
        "LICENSE.pdf": None,
        "original/USE_POLICY.md": "A synthetic policy.\n",
    }
    assert {each.path: dict(each.values) for each in snapshot.embedded} == {
        "config.json": {"_name_or_path": "acme/base"},
        "model.safetensors": {"license": "mit"},
    }
    assert snapshot.siblings == (
        "LICENSE", "LICENSE.pdf", "Readme.md", "config.json", "model.safetensors", "original/USE_POLICY.md",
        "weights.bin",
    )  # fmt: skip
    assert told(snapshot) == ["unreadable LICENSE.pdf"]


def test_names_of_folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("USERPROFILE", str(tmp_path))
    write(tmp_path / "model", {"README.md": CARD})
    for name in (".", "./", "../model", str(tmp_path / "model"), "~/model"):
        assert fetch(tmp_path / "model", name).card is not None, name


def test_an_empty_folder_is_an_answer(tmp_path: Path) -> None:
    (tmp_path / "model").mkdir()
    snapshot = fetch(tmp_path)
    assert (snapshot.card, snapshot.files, snapshot.siblings, snapshot.problems) == (None, (), (), ())


@pytest.mark.parametrize("name", ["./absent", "./file", "./nu\0ll", "~no-such-user-here/x", "./" + "x" * 5000])
def test_no_folder(tmp_path: Path, name: str) -> None:
    (tmp_path / "file").write_text("")
    snapshot = directory.fetch(ModelRef(source="directory", name=name), root=tmp_path)
    assert told(snapshot) == ["not-found!"]


@pytest.mark.parametrize("name", ["README.md", "LICENSE"])
def test_a_large_text(tmp_path: Path, name: str) -> None:
    write(tmp_path / "model", {name: b"x" * (select.MAX_TEXT + 1)})
    snapshot = fetch(tmp_path)
    assert told(snapshot) == [f"too-large {name}"]
    assert [file.text for file in (snapshot.card, *snapshot.files) if file] == [None]


def test_a_large_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(directory, "MAX_ENTRIES", 10)
    write(tmp_path / "model", {f"{number:02}/LICENSE": "A synthetic text.\n" for number in range(20)})
    snapshot = fetch(tmp_path)
    assert told(snapshot) == ["too-large"]
    assert len(snapshot.files) == 5


def test_many_shards(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(directory, "MAX_HEADERS", 2)
    write(tmp_path / "model", {f"{number}/config.json": '{"license": "mit"}' for number in range(4)})
    snapshot = fetch(tmp_path)
    assert len(snapshot.embedded) == 2
    assert told(snapshot) == ["too-large"]


@needs_links
def test_links(tmp_path: Path) -> None:
    write(tmp_path, {"secret": "outside", "folder/LICENSE": "outside"})
    model = write(tmp_path / "model", {"README.md": CARD})
    (model / "NOTICE").symlink_to("README.md")
    (model / "LICENSE").symlink_to(tmp_path / "secret")
    (model / "LICENSE-B").symlink_to("no-such-file")
    (model / "LICENSE-C").symlink_to("LICENSE-C")
    (model / "legal").symlink_to(tmp_path / "folder")
    (model / "self").symlink_to(".")
    snapshot = fetch(tmp_path)
    assert {file.path: file.text for file in snapshot.files} == {"NOTICE": CARD}
    assert sorted(told(snapshot)) == [
        "unreadable LICENSE", "unreadable LICENSE-B", "unreadable LICENSE-C", "unreadable legal", "unreadable self",
    ]  # fmt: skip


@needs_links
def test_a_pipe_is_not_opened(tmp_path: Path) -> None:
    (tmp_path / "model").mkdir()
    os.mkfifo(tmp_path / "model" / "LICENSE")
    assert told(fetch(tmp_path)) == ["unreadable LICENSE"]


@pytest.mark.skipif(sys.platform != "linux", reason="other systems refuse such names")
def test_a_name_that_is_no_unicode(tmp_path: Path) -> None:
    (tmp_path / "model").mkdir()
    Path(os.fsdecode(os.fsencode(tmp_path / "model") + b"/LICENSE-\xff.txt")).write_text("A synthetic text.\n")
    snapshot = fetch(tmp_path)
    assert [(file.path, file.text) for file in snapshot.files] == [("LICENSE-\ufffd.txt", "A synthetic text.\n")]
    assert snapshot.model_dump_json().encode()
