"""The metadata keys of a card that speak about licenses or base models, with the spellings seen on real cards."""

from __future__ import annotations

import re
from typing import Literal

Meaning = Literal["license", "license_name", "license_link", "license_details", "base_model"]
"""What a key states, whatever its spelling; the Hub reads these five and no other spelling."""

SPELLINGS: dict[Meaning, tuple[str, ...]] = {
    "license": (
        "license", "licence", "licenses", "licences", "license_id", "license_type", "model_license", "model_licence",
    ),
    "license_name": ("license_name", "licence_name"),
    "license_link": ("license_link", "licence_link", "license_url", "licence_url", "license_file", "licence_file"),
    "license_details": ("license_details", "licence_details"),
    "base_model": ("base_model", "base_models"),
}  # fmt: skip
PLACEHOLDER_IDS = frozenset({"other", "unknown"})
"""Values of `license` that name no license: the Hub's ids for one of its own and for one nobody knows."""
_MEANINGS = {spelling: meaning for meaning, spellings in SPELLINGS.items() for spelling in spellings}
_BLANK = re.compile(r"[\s_-]+")


def meaning_of(key: str) -> Meaning | None:
    """Tell what a key states; letter case, `-`, `_`, blanks and leading dashes aside (`-license`, `License Name`)."""
    return _MEANINGS.get(key) or _MEANINGS.get(_BLANK.sub("_", key.casefold()).strip("_"))
