"""The word lists in data/: which words tell licenses apart, which are harmless, which grant or take away; spellings."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import lru_cache
from importlib.resources import files
from typing import Any


@lru_cache
def table(name: str) -> Mapping[str, Any]:
    """The TOML file of this name in data/, read once."""
    return tomllib.loads(files("licensecheck.texts").joinpath("data", f"{name}.toml").read_text(encoding="utf-8"))


@lru_cache
def critical_words() -> Mapping[str, frozenset[str]]:
    """List -> its words; one that ends in `*` stands for all that begin so."""
    return {name: frozenset(words) for name, words in table("critical").items()}


def are_harmless(words: set[str]) -> bool:
    """Whether all these words are harmless wherever they stand in a license."""
    return critical_words()["harmless"].issuperset(words)


@lru_cache(maxsize=1 << 16)
def grants(word: str) -> bool:
    """Whether a word is one of those that grant or take away rights."""
    exact, stems, inner = _granting()
    return word in exact or word.startswith(stems) or any(part in word for part in inner)


@lru_cache
def _granting() -> tuple[frozenset[str], tuple[str, ...], tuple[str, ...]]:
    """Whole words, beginnings, and parts."""
    words = sorted(critical_words()["granting"])
    inner = tuple(word.strip("*") for word in words if word.startswith("*"))
    stems = tuple(word.rstrip("*") for word in words if word.endswith("*") and not word.startswith("*"))
    return frozenset(word for word in words if "*" not in word), stems, inner
