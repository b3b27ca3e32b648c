"""Every anchor of a record stands in the text of its license, where that text is at hand."""

from __future__ import annotations

import gzip
import json
import re
import tomllib
from collections import defaultdict
from functools import cached_property
from pathlib import Path
from typing import Any

import pytest

from licensecheck.catalog import LicenseRecord, catalog
from licensecheck.catalog.lint import missing_anchors, plain
from licensecheck.catalog.lint.texts import FolderTexts

HERE = Path(__file__).parent
TABLE: dict[str, dict[str, Any]] = tomllib.loads((HERE / "texts.toml").read_text(encoding="utf-8"))
READ = [record.key for record in catalog() if record.review.basis == "license-text"]


class Corpus:
    """The texts at hand: license files by the table, slug and Hub id, full texts by SPDX id."""

    def __init__(self, shared: Path) -> None:
        self._corpus = shared / "corpus"
        self._files = FolderTexts(self._corpus / "licenses", HERE / "texts.toml")

    def texts(self, record: LicenseRecord) -> list[str]:
        """All texts of this license, one copy or variant an item; a table entry is one text."""
        if record.key in TABLE["slugs"]:
            return self._files(record)
        return [*self._files(record), *self._full_texts[self._spdx_text(record.spdx_id)]]

    def _spdx_text(self, spdx_id: str) -> str:
        # `only` and `or later` are said beside the text, which is the same; the corpus files it under `only`.
        if not re.match(r"(A|L)?GPL-|GFDL-", spdx_id):
            return spdx_id
        return spdx_id.removesuffix("-only").removesuffix("-or-later") + "-only"

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
    texts = corpus.texts(record)

    if not texts:
        assert key in TABLE["absent"], "no text at hand: name it in texts.toml, or do not call it read"
        pytest.skip(f"no text at hand: {TABLE['absent'][key]}")
    assert not missing_anchors(record, texts)


@pytest.mark.shared
def test_the_table_is_needed(corpus: Corpus) -> None:
    assert not [key for key in TABLE["absent"] if corpus.texts(catalog().get(key))]
