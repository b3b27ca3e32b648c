"""Licenses and rules of the ScanCode LicenseDB, as PyPI's `licensedcode-data` ships them (CC-BY-4.0)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from licensecheck.errors import CatalogError
from licensecheck.texts.build.names import Names
from licensecheck.texts.build.references import Reference, marked, read_marked
from licensecheck.texts.index import Kind
from licensecheck.texts.normalize import tokens

_KINDS: dict[str, Kind] = {
    "is_license_text": "text", "is_license_notice": "notice", "is_license_reference": "reference",
    "is_license_tag": "reference", "is_license_intro": "intro", "is_license_clue": "clue",
    "is_false_positive": "false-positive",
}  # fmt: skip
_FILE = re.compile(r"\s*---[ \t]*\n(?P<head>.*?)^---[ \t]*\n?(?P<text>.*)", re.DOTALL | re.MULTILINE)
_LINK_TARGET = re.compile(r"\]\((?:https?://|www\.)")
_WORD_FOR_WORD = 100


@dataclass(frozen=True)
class Entry:
    """One file: its front matter and its text."""

    name: str
    head: Mapping[str, Any]
    text: str


def licenses(folder: Path) -> list[Entry]:
    """All licenses of a `licensedcode/data` folder that are not deprecated, by key."""
    return [entry for entry in _entries(folder / "licenses", "*.LICENSE") if not entry.head.get("is_deprecated")]


def references(folder: Path, names: Names) -> Iterator[Reference]:
    """The texts of licenses and of rules."""
    for entry in licenses(folder):
        kind: Kind = "policy" if names.is_policy(entry.name) else "text"
        words = tuple(tokens(entry.text))
        coverage = int(entry.head.get("minimum_coverage") or 0)
        yield Reference(words, kind, names.of_text(entry.name), f"scancode/{entry.name}", coverage)
    for entry in _entries(folder / "rules", "*.RULE"):
        # A rule that is a Markdown link says what it says by the address, which is no word of a text here.
        if not entry.head.get("is_deprecated") and not _LINK_TARGET.search(entry.text):
            yield _rule(entry, names)


def _rule(entry: Entry, names: Names) -> Reference:
    kind = next(kind for flag, kind in _KINDS.items() if entry.head.get(flag))
    expression = entry.head.get("license_expression")
    if kind == "text" and expression and names.is_policy(expression):
        kind = "policy"
    texts = re.split(r"\{\{(.*?)\}\}", entry.text, flags=re.DOTALL)
    required: tuple[tuple[int, int], ...] = ()
    if len(texts) > 1:
        words, marks = read_marked("".join(marked(each, i) if i % 2 else each for i, each in enumerate(texts)))
        required = tuple((mark.start, mark.end) for mark in marks if mark.end > mark.start)
    else:
        words = tuple(tokens(entry.text))
    coverage = _WORD_FOR_WORD if entry.head.get("is_continuous") else int(entry.head.get("minimum_coverage") or 0)
    name = names.of_expression(expression) if expression else ""
    return Reference(words, kind, name, f"scancode/{entry.name}", coverage, required)


def _entries(folder: Path, pattern: str) -> Iterator[Entry]:
    for path in sorted(folder.glob(pattern)):
        match = _FILE.match(path.read_text(encoding="utf-8").lstrip("\ufeff"))
        if not match:
            raise CatalogError("no front matter between two lines of ---", place=str(path))
        yield Entry(path.stem, yaml.load(match["head"], Loader=yaml.CSafeLoader), match["text"])
