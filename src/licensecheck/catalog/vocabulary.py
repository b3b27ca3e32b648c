"""The closed vocabulary of license terms, read from data/terms.toml."""

from __future__ import annotations

import difflib
import tomllib
from collections.abc import Callable, Mapping
from functools import lru_cache
from importlib.resources import files

from pydantic import AfterValidator


@lru_cache
def words() -> Mapping[str, Mapping[str, str]]:
    """All groups of words: group -> word -> its meaning in one sentence."""
    return tomllib.loads(files(__package__).joinpath("data", "terms.toml").read_text(encoding="utf-8"))


@lru_cache
def territories() -> Mapping[str, list[str]]:
    """The territories that license texts name, with the ISO 3166-1 codes of their countries."""
    return tomllib.loads(files(__package__).joinpath("data", "regions.toml").read_text(encoding="utf-8"))


def word(group: str) -> AfterValidator:
    """A pydantic validator: the value is a word of this group; the error names the nearest one."""
    return AfterValidator(_checker(group))


def _checker(group: str) -> Callable[[str], str]:
    def check(value: str) -> str:
        known = words()[group]
        if value not in known:
            near = difflib.get_close_matches(value, known, n=1)
            hint = f"did you mean `{near[0]}`?" if near else f"known words: {', '.join(known)}"
            raise ValueError(f"`{value}` is not a word of [{group}]; {hint}")
        return value

    return check
