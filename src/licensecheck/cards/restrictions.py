"""Lines of a card's body that may take rights away, so that nothing permissive passes while they are unread."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from itertools import chain
from typing import Literal

from licensecheck.cards.frontmatter import FrontMatter, body_lines

_LONGEST_LINE = 5000
_GROUPS = ("neutral", "data", "model")


@dataclass(frozen=True, slots=True)
class Restriction:
    """A line with such a phrase: which restriction it may be, and whether it speaks of the data alone."""

    restriction: str
    scope: Literal["unclear", "data"]
    line: int
    quote: str


def restrictions(card: str, front: FrontMatter) -> Iterator[Restriction]:
    """The first restriction of each line of the body, in its order. Phrases are data/restrictions.toml."""
    patterns = _patterns()
    for number, text in body_lines(card, front):
        line = patterns["neutral"].sub(" ", text[:_LONGEST_LINE])
        kind = next((name for name, each in patterns.items() if name not in _GROUPS and each.search(line)), None)
        if kind:
            about_data = patterns["data"].search(line) and not patterns["model"].search(line)
            yield Restriction(kind, "data" if about_data else "unclear", number, text.strip())


@lru_cache
def _patterns() -> dict[str, re.Pattern[str]]:
    """One expression a group: the three kinds of context, then each restriction in all languages."""
    data = tomllib.loads(files(__package__).joinpath("data", "restrictions.toml").read_text(encoding="utf-8"))
    return {
        name: re.compile("|".join(group if isinstance(group, list) else [*chain(*group.values())]), re.IGNORECASE)
        for name, group in data.items()
    }
