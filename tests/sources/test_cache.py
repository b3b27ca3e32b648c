"""The cache source on cache folders built here, in the layouts of huggingface_hub 1 and 2."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import Literal

import pytest

from licensecheck.errors import UsageError
from licensecheck.sources import cache, directory
from licensecheck.sources.blobs import blob_id
from licensecheck.types import ModelRef, Snapshot

CARD = "---\nlicense: mit\n---\n# A synthetic card\n"
A, B = "a" * 40, "b" * 40
Layout = Literal["plain", "linked", "shared"]

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="links need rights there")


def write(
    cache_dir: Path, repository: str, files: dict[str, str], *, commit: str = A, layout: Layout = "linked"
) -> Path:
    """One snapshot: files in it (Windows), links to the repository's blobs (1.x), those links to shared blobs (2.x)."""
    folder = cache_dir / repository / "snapshots" / commit
    for path, text in files.items():
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        blob = cache_dir / repository / "blobs" / blob_id(text.encode())
        blob.parent.mkdir(parents=True, exist_ok=True)
        if layout == "plain":
            target.write_text(text, encoding="utf-8")
            continue
        if layout == "shared":
            real = cache_dir / "blobs" / "ab" / ("ab" + blob.name)
            real.parent.mkdir(parents=True, exist_ok=True)
            real.write_text(text, encoding="utf-8")
            blob.symlink_to(os.path.relpath(real, blob.parent))
        else:
            blob.write_text(text, encoding="utf-8")
        target.symlink_to(os.path.relpath(blob, target.parent))
    return folder


def refer(cache_dir: Path, repository: str, revision: str, commit: str) -> None:
    file = cache_dir / repository / "refs" / revision
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(commit, encoding="utf-8")


def fetch(cache_dir: Path, text: str = "acme/case") -> Snapshot | None:
    return cache.fetch(ModelRef.parse(text), cache_dir=cache_dir)


@pytest.mark.parametrize("layout", ["plain", "linked", "shared"])
def test_layouts(tmp_path: Path, layout: Layout) -> None:
    write(tmp_path, "models--acme--case", {"README.md": CARD, "legal/LICENSE": "A synthetic license.\n"}, layout=layout)
    snapshot = fetch(tmp_path)
    assert snapshot is not None
    assert (snapshot.source, snapshot.name, snapshot.revision, snapshot.problems) == ("cache", "acme/case", A, ())
    assert snapshot.card is not None
    assert (snapshot.card.text, snapshot.card.blob_id) == (CARD, blob_id(CARD.encode()))
    assert [(file.path, file.text) for file in snapshot.files] == [("legal/LICENSE", "A synthetic license.\n")]


def test_a_snapshot_given_as_a_folder(tmp_path: Path) -> None:
    folder = write(tmp_path, "models--acme--case", {"README.md": CARD}, layout="shared")
    snapshot = directory.fetch(ModelRef.parse(str(folder)), root=tmp_path)
    assert snapshot.card is not None
    assert (snapshot.card.text, snapshot.problems) == (CARD, ())


def test_a_link_out_of_the_cache(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("outside")
    folder = write(tmp_path / "cache", "models--acme--case", {"README.md": CARD})
    (folder / "LICENSE").symlink_to(tmp_path / "secret")
    snapshot = fetch(tmp_path / "cache")
    assert snapshot is not None
    assert snapshot.files == ()
    assert [(problem.kind, problem.path) for problem in snapshot.problems] == [("unreadable", "LICENSE")]


@pytest.mark.parametrize(
    ("reference", "commit"),
    [
        ("acme/case", A),
        ("acme/case@main", A),
        ("acme/case@v1.0", B),
        ("acme/case@refs/pr/1", B),
        (f"acme/case@{B}", B),
        ("acme/case@" + "c" * 40, None),
        ("acme/case@gone", None),
        ("acme/case@broken", None),
        ("acme/case@absent", None),
        ("acme/case@../../secret", None),
        ("acme/other", None),
        ("datasets/acme/case", None),
        ("./acme/case", None),
    ],
)
def test_revisions(tmp_path: Path, reference: str, commit: str | None) -> None:
    refs = {"main": A, "v1.0": B, "refs/pr/1": B, "gone": "c" * 40, "broken": "../../secret"}
    for name in (A, B):
        write(tmp_path, "models--acme--case", {"README.md": CARD}, commit=name)
    for revision, name in refs.items():
        refer(tmp_path, "models--acme--case", revision, name)
    (tmp_path / "secret").write_text(A)
    snapshot = fetch(tmp_path, reference)
    assert (snapshot.revision if snapshot else None) == commit


def test_without_main(tmp_path: Path) -> None:
    write(tmp_path, "models--acme--case", {"README.md": CARD}, commit=B)
    one = fetch(tmp_path)
    write(tmp_path, "models--acme--case", {"NOTICE": "A synthetic notice.\n"}, commit=A)
    assert one is not None
    assert one.revision == B
    assert fetch(tmp_path) is None, "two snapshots, and nothing says which is meant"


def test_data_sets_and_old_names(tmp_path: Path) -> None:
    write(tmp_path, "datasets--acme--case", {"README.md": CARD})
    write(tmp_path, "models--gpt9", {"README.md": CARD})
    for reference in ("datasets/acme/case", "gpt9"):
        snapshot = fetch(tmp_path, reference)
        assert snapshot is not None
        assert snapshot.card is not None


def test_texts_the_cache_knows_of_and_does_not_hold(tmp_path: Path) -> None:
    write(tmp_path, "models--acme--case", {"config.json": "{}"})
    files = {path: {"size": 9, "blob_id": B} for path in ("README.md", "LICENSE", "config.json", "model.gguf")}
    tree = tmp_path / "models--acme--case" / "trees" / f"{A}.json"
    tree.parent.mkdir()
    tree.write_text(json.dumps({"format_version": 1, "files": files}))
    snapshot = fetch(tmp_path)
    assert snapshot is not None
    assert snapshot.card is not None
    assert (snapshot.card.text, snapshot.card.blob_id) == (None, B)
    assert [(file.path, file.text) for file in snapshot.files] == [("LICENSE", None)]
    assert [(problem.kind, problem.path, problem.fatal) for problem in snapshot.problems] == [
        ("unreadable", "README.md", False),
        ("unreadable", "LICENSE", False),
    ]
    assert snapshot.siblings == ("LICENSE", "README.md", "config.json", "model.gguf")


@pytest.mark.parametrize("tree", ["", "[]", '{"files": []}', '{"files": {"LICENSE": 7}}', '{"files": 7}'])
def test_a_broken_tree_listing(tmp_path: Path, tree: str) -> None:
    write(tmp_path, "models--acme--case", {"README.md": CARD})
    file = tmp_path / "models--acme--case" / "trees" / f"{A}.json"
    file.parent.mkdir()
    file.write_text(tree)
    snapshot = fetch(tmp_path)
    assert snapshot is not None
    assert snapshot.files == ()
    assert [(problem.kind, problem.fatal) for problem in snapshot.problems] == [("unreadable", False)]


def test_weights_alone_are_no_answer(tmp_path: Path) -> None:
    write(tmp_path, "models--acme--case", {"config.json": "{}"})
    snapshot = fetch(tmp_path)
    assert snapshot is not None
    assert [(problem.kind, problem.fatal) for problem in snapshot.problems] == [("not-found", True)]


def test_models(tmp_path: Path) -> None:
    write(tmp_path, "models--acme--case", {"README.md": CARD}, commit=A)
    write(tmp_path, "models--acme--case", {"README.md": CARD}, commit=B)
    write(tmp_path, "models--gpt9", {"README.md": CARD}, layout="shared")
    write(tmp_path, "datasets--acme--case", {"README.md": CARD})
    write(tmp_path, "models--acme--case", {"README.md": CARD}, commit="not-a-commit", layout="plain")
    write(tmp_path, "models--a b--c", {"README.md": CARD})
    (tmp_path / "version.txt").write_text("1")
    assert [str(ref) for ref in cache.models(tmp_path)] == [f"acme/case@{A}", f"acme/case@{B}", f"gpt9@{A}"]
    assert all(fetch(tmp_path, str(ref)) for ref in cache.models(tmp_path))


def test_no_cache(tmp_path: Path) -> None:
    assert fetch(tmp_path / "absent") is None
    with pytest.raises(UsageError):
        cache.models(tmp_path / "absent")


def test_default_cache_dir(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_CACHE", str(tmp_path))
    assert cache.default_cache_dir() == tmp_path
