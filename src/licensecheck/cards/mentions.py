"""Sentences of a card's body that put something under a license the catalog knows: "released under CC BY-NC 4.0"."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from licensecheck.cards.frontmatter import Lines
from licensecheck.catalog import catalog

_Scope = Literal["unclear", "code", "data", "base"]
_UNDER = re.compile(
    r"\b(?:licen[cs]ed|released|distributed|published|governed|covered|shared|available|provided|subject)\b"
    r"[^.;:!?]{0,30}?\b(?:under|by|to|as)\s+(?P<rest>[^\n]{2,120})",
    re.IGNORECASE,
)
_LINK = re.compile(r"\[(?P<text>[^\][]*)\]\([^()\s]*\)")
_SCOPES: tuple[tuple[_Scope, re.Pattern[str]], ...] = (
    ("unclear", re.compile(r"\b(?:this model|the models?|weights?|checkpoints?)\b", re.IGNORECASE)),
    ("code", re.compile(r"\b(?:code|codebase|scripts?|library|toolkit|repo(?:sitory)?)\b", re.IGNORECASE)),
    ("data", re.compile(r"\b(?:data ?sets?|corpus|corpora|data)\b", re.IGNORECASE)),
    ("base", re.compile(r"\b(?:base|original|underlying|pre-?trained) model\b", re.IGNORECASE)),
)
_MOST_WORDS = 8
_LONGEST_LINE = 5000


@dataclass(frozen=True, slots=True)
class Mention:
    """One such sentence: the SPDX id of the license, what it may speak of, the 1-based line, the line as it stands."""

    license: str
    scope: _Scope
    line: int
    quote: str


def mentions(body: Lines) -> Iterator[Mention]:
    """The first known license of each line of the body that something is put under.

    A line that names the weights or the model is `unclear` (another model may be meant); one that names only code,
    data or a base model has that scope.
    """
    for number, text in body:
        match = _UNDER.search(_LINK.sub(lambda link: link["text"], text[:_LONGEST_LINE]))
        name = _known(match["rest"]) if match else None
        if name:
            scope: _Scope = next((scope for scope, words in _SCOPES if words.search(text)), "unclear")
            yield Mention(name, scope, number, text.strip())


def _known(rest: str) -> str | None:
    """The license that the words begin with, the longest spelling first; family names count."""
    words = rest.replace("*", "").replace("_", "-").replace("`", "").split()[:_MOST_WORDS]
    if words and words[0].lower() in {"the", "a", "an"}:
        words = words[1:]
    for count in range(len(words), 0, -1):
        record = catalog().find(" ".join(words[:count]).strip(".,;:()\"'"))
        if record:
            return record.spdx_id
    return None
