"""The answer to "which license is this text?"."""

from __future__ import annotations

from typing import Literal

from licensecheck.types import Noun

Agreement = Literal["exact", "equivalent", "variant", "partial", "unknown"]
"""How far a text agrees with a known one: the same words; words that differ only where they may; words that matter
added, removed or changed; only a part of it; or not at all."""
Content = Literal["license", "exception", "policy", "notice"]
"""What a text is: the text of a license, of an exception to one, or of an acceptable use policy (which is no license);
or a notice, that is words that put something under a license or point to one."""


class Difference(Noun):
    """Words by which a text differs from the known one.

    `words` are the inserted or new words as written, or the deleted ones in normalized form; `was` what stood in their
    place. `start` and `end` are the characters of the text, the same for a deletion. `critical` words matter: numbers,
    dates, names, territories, whole sentences, words that grant or take away.
    """

    kind: Literal["inserted", "deleted", "changed"]
    words: str
    was: str | None = None
    critical: bool
    start: int
    end: int


class Part(Noun):
    """Characters [start, end) of a text that come from a known license, and how far they agree with it.

    Only `exact` and `equivalent` parts are that license; of a `variant`, some words that matter differ.
    """

    license: str
    match: Agreement
    content: Content
    start: int
    end: int
    similarity: float


class Identification(Noun):
    """Which license a text is.

    `license` is a key of the catalog, only where the whole text is that license and nothing that matters differs;
    `expression` says the same in SPDX ids, and joins several licenses of one text with AND. `nearest` is the known
    text that is most alike. A policy is named by `nearest` alone. `similarity` is the share of words that both have
    (0 to 1).
    """

    license: str | None = None
    spdx_id: str | None = None
    expression: str | None = None
    content: Content | None = None
    match: Agreement
    similarity: float = 0.0
    nearest: str | None = None
    parts: tuple[Part, ...] = ()
    differences: tuple[Difference, ...] = ()
