"""Which license, or which policy, a text is word for word, by the digest of its normalized words."""

from __future__ import annotations

import html
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import Literal

from licensecheck.texts import normalize

Kind = Literal["license", "policy"]


@dataclass(frozen=True)
class Exact:
    """A text that is known word for word.

    `key` is a name of the license in the catalog, if that holds it; with `kind` "policy" it names an acceptable use
    policy, which belongs to a license and is none. `digest` is that of the normalized text, not of the bytes.
    """

    key: str
    kind: Kind
    digest: str


def identify_exact(text: str) -> Exact | None:
    """The one license or policy that this whole text is; None for a text with a word more, less or changed."""
    digest = normalize.digest(text)
    found = known().get(digest)
    return Exact(key=found[1], kind=found[0], digest=digest) if found and not _hides_words(text) else None


_MARKUP = re.compile(
    r"<(?:style|meta|script|template)\b|~~|[\U0001F100-\U0001F1FF]"
    r"|<[a-z]+\s(?:[^<>]*\s)?(?!href|src|class|id|rel|style)[a-z-]+\s*=\s*[\"'][^\"'<>]{30,}",
    re.IGNORECASE,
)
_NOTICE = re.compile(
    r"^\W*(?:copyright\s*(?:\(c\)|©|(?=[^.\n]{0,30}\b(?:19|20)\d\d\b))|©|\(c\)\s*(?=(?:19|20)\d\d\b)).*$",
    re.IGNORECASE | re.MULTILINE,
)
_NO_NAME = re.compile(r"\S+@\S+|\S*://\S+|www\.\S+|\(c\)|©|</?[a-z]+[1-6]?>", re.IGNORECASE)
_SENTENCE = re.compile(r"\.\s+[A-Z][^.]{40,}.*$")
"""A whole sentence behind the name, on the same line where a text is not wrapped: it is no part of the notice."""
_AFTER_THE_NAME = re.compile(r"[,;(\[–—]|\s-\s")
_LICENSE_NAME = re.compile(r"\bCC\b|\bNC\b|\bBY-")
_SMALL_WORDS = {
    "affiliates", "al", "all", "and", "are", "as", "at", "author", "authors", "by", "c", "co", "contributor",
    "contributors", "copyright", "corp", "de", "der", "developers", "et", "for", "fullname", "gmbh",
    "holder", "holders", "in", "inc", "individual", "is", "its", "llc", "ltd", "name", "names", "of",
    "others", "owner", "portions", "present", "project", "reserved", "respective", "rights", "team", "the",
    "university", "van", "von", "year", "years", "yyyy",
}  # fmt: skip


def _hides_words(text: str) -> bool:
    """Whether a reader of the plain text sees words that the normalizer drops: markup, or a rider behind a name."""
    if _MARKUP.search(text):
        return True
    for notice in _NOTICE.findall(text):
        line = _SENTENCE.sub(".", _NO_NAME.sub(" ", html.unescape(notice)))
        rider = _AFTER_THE_NAME.split(line, maxsplit=1)[1:]
        small = {word for word in re.findall(r"[^\W\d_]+", " ".join(rider)) if word == word.lower() != word.upper()}
        if small - _SMALL_WORDS or _LICENSE_NAME.search(line):
            return True
    return False


@lru_cache
def known() -> Mapping[str, tuple[Kind, str]]:
    """All known texts: digest -> (kind, key). Read from data/digests.tsv, which build.py makes."""
    table: dict[str, tuple[Kind, str]] = {}
    for line in files(__package__).joinpath("data", "digests.tsv").read_text(encoding="utf-8").splitlines():
        digest, kind, key, _source = line.split("\t")
        table[digest] = ("policy" if kind == "policy" else "license", key)
    return table
