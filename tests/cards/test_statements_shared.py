"""Statements in real cards: lines that bear a license are found, and all cards of the corpus can be read."""

from __future__ import annotations

import json
import tarfile
from pathlib import Path

from licensecheck.cards import frontmatter
from licensecheck.cards.statements import statements


def test_lines_that_bear_a_license(shared: Path) -> None:
    right = found = labelled = 0
    for line in (shared / "corpus" / "gold" / "open.jsonl").read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        text = (shared / "corpus" / "cards" / row["file"]).read_text(encoding="utf-8", errors="replace")
        front = frontmatter.parse(text)
        lines = {each.line for each in statements(frontmatter.body_lines(text, front), row["model_id"])}
        labels = {each["line"] for each in row["prose"] if each["line"] >= front.body_line}
        right += len(lines & labels)
        found += len(lines)
        labelled += len(labels)
    assert right / found >= 0.9
    assert right / labelled >= 0.9


def test_every_card_of_the_archive_can_be_read(shared: Path) -> None:
    cards = stated = 0
    with tarfile.open(shared / "corpus" / "bulk" / "cards-2023.tar.gz") as archive:
        for member in archive:
            file = archive.extractfile(member) if member.name.endswith(".md") else None
            if file:
                text = file.read().decode("utf-8", "replace")
                stated += bool(statements(frontmatter.body_lines(text, frontmatter.parse(text)), "org/model"))
                cards += 1
    assert cards == 13_461
    assert stated > 300
