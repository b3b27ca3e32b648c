"""Every anchor of a record stands in the text of its license, where that text is at hand."""

from __future__ import annotations

import gzip
import json
import re
import tomllib
from collections import defaultdict
from collections.abc import Iterator
from functools import cached_property
from pathlib import Path
from typing import Any

import pytest

from licensecheck.catalog import LicenseRecord, catalog

TABLE: dict[str, dict[str, Any]] = tomllib.loads((Path(__file__).parent / "texts.toml").read_text(encoding="utf-8"))
QUOTES = str.maketrans({"’": "'", "‘": "'", "“": '"', "”": '"', "–": "-", "—": "-", "‐": "-", "‑": "-"})
READ = [record.key for record in catalog() if record.review.basis == "license-text"]


def plain(text: str) -> str:
    """Text without markup, and with one kind of blank, quote and dash."""
    text = re.sub(r"[*`#>\\]|(?<!\w)_+|_+(?!\w)", " ", text.translate(QUOTES).replace("''", "'"))
    return re.sub(r"\s+", " ", text).strip().casefold()


def anchors(part: Any) -> Iterator[str]:
    if isinstance(part, dict):
        if part.get("anchor"):
            yield part["anchor"]
        for value in part.values():
            yield from anchors(value)
    elif isinstance(part, (list, tuple)):
        for value in part:
            yield from anchors(value)


class Corpus:
    """The texts at hand: license files by slug and by Hub id, full texts by SPDX id."""

    def __init__(self, shared: Path) -> None:
        self._corpus = shared / "corpus"

    def texts(self, record: LicenseRecord) -> list[str]:
        """All texts of this license, one copy or variant an item; a table entry is one text."""
        if slugs := TABLE["slugs"].get(record.key):
            return [" ".join(self._read(slug) for slug in slugs)]
        slugs = self._slugs.get(record.key, [])
        return [self._read(slug) for slug in slugs] + self._full_texts[self._spdx_text(record.spdx_id)]

    def _read(self, slug: str) -> str:
        return plain((self._corpus / "licenses" / f"{slug}.txt").read_text(encoding="utf-8", errors="replace"))

    def _spdx_text(self, spdx_id: str) -> str:
        # `only` and `or later` are said beside the text, which is the same; the corpus files it under `only`.
        if not re.match(r"(A|L)?GPL-|GFDL-", spdx_id):
            return spdx_id
        return spdx_id.removesuffix("-only").removesuffix("-or-later") + "-only"

    @cached_property
    def _slugs(self) -> dict[str, list[str]]:
        slugs = defaultdict(list)
        for line in (self._corpus / "licenses" / "INDEX.jsonl").read_text(encoding="utf-8").splitlines():
            row = json.loads(line)
            for key in {row["slug"], row["slug"].partition("~")[0], row["hub_id"]}:
                slugs[key].append(row["slug"])
        return slugs

    @cached_property
    def _full_texts(self) -> defaultdict[str, list[str]]:
        texts = defaultdict(list)
        for name, kind in (("open", "full-text"), ("robust", "plain")):
            with gzip.open(self._corpus / "texts" / f"{name}.jsonl.gz", "rt", encoding="utf-8") as lines:
                for row in map(json.loads, lines):
                    if row["kind"] == kind and len(row["expected_spdx"]) == 1:
                        texts[row["expected_spdx"][0]].append(plain(row["text"]))
        return texts


@pytest.fixture(scope="module")
def corpus(shared: Path) -> Corpus:
    return Corpus(shared)


@pytest.mark.shared
@pytest.mark.parametrize("key", READ)
def test_anchors_stand_in_the_text(corpus: Corpus, key: str) -> None:
    record = catalog().get(key)
    wanted = {anchor: plain(anchor) for anchor in anchors(record.model_dump())}
    texts = corpus.texts(record)

    if not texts:
        assert key in TABLE["absent"], "no text at hand: name it in texts.toml, or do not call it read"
        pytest.skip(f"no text at hand: {TABLE['absent'][key]}")
    # One copy must hold them all: a record is of one text, not of a mixture of its variants.
    missing = min(([anchor for anchor in wanted if wanted[anchor] not in text] for text in texts), key=len)
    assert not missing


@pytest.mark.shared
def test_the_table_is_needed(corpus: Corpus) -> None:
    assert not [key for key in TABLE["absent"] if corpus.texts(catalog().get(key))]
