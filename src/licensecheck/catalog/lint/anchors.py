"""Whether the anchors of a record stand in the text of its license."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Iterator
from typing import Any

from pydantic import BaseModel

from licensecheck.catalog.schema import LicenseRecord, Term

_QUOTES = str.maketrans({"’": "'", "‘": "'", "“": '"', "”": '"', "–": "-", "—": "-", "‐": "-", "‑": "-"})


def plain(text: str) -> str:
    """Text without markup, and with one kind of blank, quote and dash, in small letters."""
    text = re.sub(r"[*`#>\\]|(?<!\w)_+|_+(?!\w)", " ", text.translate(_QUOTES).replace("''", "'"))
    return re.sub(r"\s+", " ", text).strip().casefold()


def terms_of(part: object, place: str = "terms") -> Iterator[tuple[str, Term]]:
    """Every term of a record with its place (`terms.grants.2.conditions.0`), the outer one first."""
    if isinstance(part, Term):
        yield place, part
    if isinstance(part, BaseModel):
        for name in type(part).model_fields:
            yield from terms_of(getattr(part, name), f"{place}.{name}")
    elif isinstance(part, tuple):
        for number, each in enumerate(part):
            yield from terms_of(each, f"{place}.{number}")


def missing_anchors(record: LicenseRecord, texts: Iterable[str]) -> list[str]:
    """The anchors that stand in none of the copies of a license (texts in the form of `plain`).

    One copy must hold them all: a record is of one text, not of a mixture of its variants. So the answer is for the
    copy that holds most of them. No copy, no answer: an empty list.
    """
    wanted = {term.anchor: plain(term.anchor) for _, term in terms_of(record.terms) if term.anchor}
    return min(([anchor for anchor in wanted if wanted[anchor] not in text] for text in texts), key=len, default=[])


def answers_digest(records: Iterable[LicenseRecord]) -> str:
    """The first twelve digits of a sha256 over all answers: another digest, and something is answered differently.

    Anchors, notes and reviews do not count: they explain an answer, and change none.
    """
    explaining = {"anchor", "note", "review", "text_urls", "aliases"}
    total = hashlib.sha256()
    for record in records:
        total.update(json.dumps(_without(record.model_dump(mode="json"), explaining), sort_keys=True).encode())
    return total.hexdigest()[:12]


def _without(part: Any, names: set[str]) -> Any:
    if isinstance(part, dict):
        return {name: _without(value, names) for name, value in part.items() if name not in names and value is not None}
    return [_without(each, names) for each in part] if isinstance(part, list) else part
