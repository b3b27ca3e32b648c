"""Which license, or which policy, a text is word for word, by the digest of its normalized words."""

from __future__ import annotations

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
    return Exact(key=found[1], kind=found[0], digest=digest) if found else None


@lru_cache
def known() -> Mapping[str, tuple[Kind, str]]:
    """All known texts: digest -> (kind, key). Read from data/digests.tsv, which build.py makes."""
    table: dict[str, tuple[Kind, str]] = {}
    for line in files(__package__).joinpath("data", "digests.tsv").read_text(encoding="utf-8").splitlines():
        digest, kind, key, _source = line.split("\t")
        table[digest] = ("policy" if kind == "policy" else "license", key)
    return table
