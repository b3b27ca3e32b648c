"""Real texts: what is identified is right, and no rider passes."""

from __future__ import annotations

import gzip
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from licensecheck.catalog import catalog
from licensecheck.texts import build
from licensecheck.texts.index import identify_exact

pytestmark = pytest.mark.shared

ENDINGS = re.compile(r"(-(no-)?(invariants|RFN))?(-(only|or-later))?\Z")
# Rows whose expected name is ScanCode's or a group's, or missing, and the name that their words have.
OTHER_NAMES = {
    "licensee/00795": "cc-by-nc-sa-4.0",  # a license that licensee does not know
    "licensee/00824": "Pixar",  # SPDX has this modified Apache License under its own id
    "glc-assets/01083": "spencer-94",  # filed under the name of an older relative
}


def _rows(path: Path) -> Iterator[dict[str, Any]]:
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        yield from map(json.loads, lines)


def _expected(row: dict[str, Any]) -> set[str]:
    return {ENDINGS.sub("", name).lower() for name in (*row["expected_spdx"], *row["expected_keys"])}


def _agrees(key: str, row: dict[str, Any]) -> bool:
    record = catalog().find(key)
    names = {key, *((record.spdx_id, *record.aliases) if record else ())}
    return bool({ENDINGS.sub("", name).lower() for name in names} & _expected(row)) or OTHER_NAMES.get(row["id"]) == key


def test_texts_of_licenses_for_models(shared: Path) -> None:
    folder = shared / "corpus" / "licenses"
    entries = [json.loads(line) for line in (folder / "INDEX.jsonl").read_text(encoding="utf-8").splitlines()]
    named, wrong = 0, []
    for entry in entries:
        found = identify_exact((folder / f"{entry['slug']}.txt").read_text(encoding="utf-8", errors="replace"))
        if not found:
            continue
        named += 1
        base = entry["slug"].partition("~")[0]
        record = catalog().find(base)
        # An edition of a license has the license's name and a version or date behind it.
        same = found.key in {base, entry["hub_id"], record and record.key}
        same = same or found.key.startswith((f"{base}-", f"{entry['hub_id']}-"))
        policy = base.endswith(("aup", "prohibited-use", "-policy", "-usage", "-ethics"))
        if not same or policy != (found.kind == "policy"):
            wrong.append(entry["slug"])
    # Two have the words of NVIDIA's OneWay license, one is the license of the repository and not of the agreement, one
    # is the first edition of FLUX.1 [dev] and one a copy of NVIDIA's license, whose records are named otherwise.
    known = {"nvidia-license-nc~2", "c-uda-repo-licence", "nvidia-oneway-nc-docx", "flux1-dev-nc~2"}
    assert set(wrong) <= known | {"nvidia-scl-nc-segformer"}
    assert named >= 0.9 * len(entries)


def test_texts_of_the_detectors_tests(shared: Path) -> None:
    full = named = 0
    wrong = []
    for row in _rows(shared / "corpus" / "texts" / "open.jsonl.gz"):
        found = identify_exact(row["text"])
        full += row["kind"] == "full-text"
        named += row["kind"] == "full-text" and found is not None
        unnamed = not row["expected_spdx"] or row["expected_spdx"][0].startswith("LicenseRef-scancode-")
        if found and not _agrees(found.key, row) and not (unnamed and row["kind"] == "full-text"):
            wrong.append((row["id"], row["name"], row["expected_spdx"], found.key))
    assert not wrong
    assert named >= 0.5 * full


def test_no_part_of_a_text_is_named(shared: Path) -> None:
    rows = [row for row in _rows(shared / "corpus" / "texts" / "open.jsonl.gz") if row["kind"] in {"mixed", "none"}]
    assert len(rows) > 300
    assert not [row["id"] for row in rows if identify_exact(row["text"])]


def test_cosmetic_changes_pass_and_riders_do_not(shared: Path) -> None:
    missed, passed = [], []
    for row in _rows(shared / "corpus" / "texts" / "robust.jsonl.gz"):
        found = identify_exact(row["text"])
        if row["kind"] in {"plain", "rewrap", "comment", "markdown", "html"}:
            if not found or not _agrees(found.key, row):
                missed.append(row["id"])
        elif row["kind"].startswith(("rider", "meaning", "concat", "truncated")) and found:
            passed.append(row["id"])
    assert not missed
    assert not passed


def test_the_shipped_digests_are_those_of_the_corpus(shared: Path, tmp_path: Path) -> None:
    target = tmp_path / "digests.tsv"
    target.write_bytes(build.DIGESTS.read_bytes())
    build.build(shared / "corpus", target)
    digests = {row.digest for row in build.read(target)}
    assert digests == {row.digest for row in build.read(build.DIGESTS)}
