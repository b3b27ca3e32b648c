"""Where the lint finds the texts of licenses: a folder of files, or the official addresses."""

from __future__ import annotations

import json
import re
import tomllib
import urllib.request
from collections import defaultdict
from collections.abc import Mapping
from functools import cached_property
from html.parser import HTMLParser
from pathlib import Path

from licensecheck.catalog.lint.anchors import plain
from licensecheck.catalog.schema import LicenseRecord

_TIMEOUT = 30.0  # seconds for one page


class FolderTexts:
    """License texts as files `<key>.txt`, further copies as `<key>~2.txt`, in one folder.

    An INDEX.jsonl beside them may say which Hub id a file belongs to (`slug`, `hub_id`); a table (TOML,
    `[slugs] key = ["file", "file-aup"]`) names files that are one text together.
    """

    def __init__(self, folder: Path, table: Path | None = None) -> None:
        self._folder = folder
        self._table: Mapping[str, list[str]] = {}
        if table:
            self._table = tomllib.loads(table.read_text(encoding="utf-8")).get("slugs", {})

    def __call__(self, record: LicenseRecord) -> list[str]:
        """The copies of a record's text, in the form of `plain`; an empty list where none is at hand."""
        if slugs := self._table.get(record.key):
            return [" ".join(map(self._read, slugs))]
        return [self._read(slug) for slug in self._slugs.get(record.key, ())]

    def _read(self, slug: str) -> str:
        return plain((self._folder / f"{slug}.txt").read_text(encoding="utf-8", errors="replace"))

    @cached_property
    def _slugs(self) -> Mapping[str, list[str]]:
        slugs: defaultdict[str, list[str]] = defaultdict(list)
        for path in sorted(self._folder.glob("*.txt")):
            for key in {path.stem, path.stem.partition("~")[0], self._hub_ids.get(path.stem) or path.stem}:
                slugs[key].append(path.stem)
        return slugs

    @cached_property
    def _hub_ids(self) -> Mapping[str, str | None]:
        index = self._folder / "INDEX.jsonl"
        lines = index.read_text(encoding="utf-8").splitlines() if index.exists() else []
        return {row["slug"]: row.get("hub_id") for row in map(json.loads, lines)}


def fetched(record: LicenseRecord) -> list[str]:
    """The text that each of a record's addresses shows; raises OSError where one does not answer."""
    return [plain(_words(_page(url))) for url in record.text_urls]


def _page(url: str) -> str:
    """The raw file behind a page of the Hub or GitHub, else the page."""
    url = re.sub(r"^https://github\.com/([^/]+/[^/]+)/blob/", r"https://raw.githubusercontent.com/\1/", url)
    url = url.replace("/blob/", "/raw/", 1) if url.startswith("https://huggingface.co/") else url
    request = urllib.request.Request(url, headers={"User-Agent": "licensecheck catalog lint"})  # noqa: S310
    with urllib.request.urlopen(request, timeout=_TIMEOUT) as answer:  # noqa: S310  addresses of our own records
        return str(answer.read().decode("utf-8", errors="replace"))


class _Words(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.words: list[str] = []

    def handle_data(self, data: str) -> None:
        self.words.append(data)


def _words(page: str) -> str:
    """The words of a page; a text that is no HTML stays as it is."""
    if "<html" not in page[:1000].lower():
        return page
    parser = _Words()
    parser.feed(page)
    return " ".join(parser.words)
