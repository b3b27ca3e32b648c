"""Real cards: the parse agrees with the index of the corpus, and no card is too odd to read."""

from __future__ import annotations

import json
import tarfile
from collections import Counter
from typing import TYPE_CHECKING, Any

import pytest

from licensecheck.cards.frontmatter import parse
from licensecheck.cards.metadata import base_models, license_fields

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.shared

# The index calls this card unterminated; its fence `--- ` is none for the Hub, which finds no block at all.
KNOWN = {("aasem/wav2vec2-xls-r-300m-Urdu", "front_matter")}
INDEXED = ("declared_license", "license_name", "license_link", "base_model")


def test_index_agrees(shared: Path) -> None:
    cards = shared / "corpus" / "cards"
    rows = [json.loads(line) for line in (cards / "INDEX.jsonl").read_text(encoding="utf-8").splitlines()]
    differing = set()
    for row in rows:
        front = parse(_decoded((cards / row["file"]).read_bytes()))
        actual: dict[str, Any] = {"declared_license": front.data.get("license"), "front_matter": front.status}
        actual.update({key: front.data.get(key) for key in INDEXED[1:]})
        differing |= {(row["model_id"], key) for key, value in actual.items() if value != row[key]}
    assert len(rows) > 1000
    assert differing == KNOWN


@pytest.mark.parametrize("folder", ["cards", "cards-modern"])
def test_every_field_points_to_its_line(shared: Path, folder: str) -> None:
    checked = 0
    for path in sorted((shared / "corpus" / folder).glob("*.md")):
        card = _decoded(path.read_bytes())
        lines = card.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n").split("\n")
        front = parse(card)
        stated = [(field.value, field.line) for field in license_fields(front)]
        stated += [(base.value, base.line) for base in base_models(front)]
        for value, line in stated:
            checked += 1
            assert value.split(" ")[0] in " ".join(lines[line - 1 : line + 1]), (path.name, value, line)
    assert checked > 10


def test_bulk_cards_are_read(shared: Path) -> None:
    statuses: Counter[str] = Counter()
    with tarfile.open(shared / "corpus" / "bulk" / "cards-2023.tar.gz") as archive:
        for member in archive:
            file = archive.extractfile(member)
            if file:
                front = parse(_decoded(file.read()))
                license_fields(front)
                statuses[front.status] += 1
    assert statuses == {"ok": 13053, "none": 398, "unterminated": 10}


def _decoded(raw: bytes) -> str:
    return raw.decode("utf-8", "replace")
