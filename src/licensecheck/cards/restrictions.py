"""Lines of a text that may take rights away, so that nothing permissive passes while they are unread."""

from __future__ import annotations

import html
import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from itertools import chain
from typing import Literal

from licensecheck.cards.frontmatter import Lines

_LONGEST_LINE = 20_000
_DASHES = re.compile("[\\u2010-\\u2015\\u2212]")
_INVISIBLE = re.compile("[*_`\\u00ad\\u200b-\\u200f\\u2060\\ufeff]")
_GROUPS = ("neutral", "data", "model")


@dataclass(frozen=True, slots=True)
class Restriction:
    """A line with such a phrase: which restriction it may be, and whether it speaks of the data alone."""

    restriction: str
    scope: Literal["unclear", "data"]
    line: int
    quote: str


def restrictions(text_lines: Lines) -> Iterator[Restriction]:
    """The first restriction of each line, in their order. Phrases are data/restrictions.toml.

    A phrase may run on into the next line; emphasis, entities, invisible characters and kinds of dashes do not hide it.
    """
    patterns = _patterns()
    lines = [(number, text, _plain(text)) for number, text in text_lines]
    # Most texts hold no such phrase at all: one look at the whole is a fraction of two looks at each line.
    whole_text = " ".join(plain for _, _, plain in lines)
    present = {name: each for name, each in patterns.items() if name not in _GROUPS and each.search(whole_text)}
    if not present:
        return
    for (number, text, plain), following in zip(lines, [*(each[2] for each in lines[1:]), ""], strict=True):
        whole = patterns["neutral"].sub(lambda match: " " * len(match[0]), f"{plain} {following}")
        found = ((name, each.search(whole)) for name, each in present.items())
        kind = next((name for name, match in found if match and match.start() < len(plain)), None)
        if kind:
            about_data = patterns["data"].search(plain) and not patterns["model"].search(plain)
            yield Restriction(kind, "data" if about_data else "unclear", number, text.strip())


def _plain(text: str) -> str:
    text = html.unescape(text[:_LONGEST_LINE]) if "&" in text else text[:_LONGEST_LINE]
    return _INVISIBLE.sub("", _DASHES.sub("-", text)).rstrip()


@lru_cache
def _patterns() -> dict[str, re.Pattern[str]]:
    """One expression a group: the three kinds of context, then each restriction in all languages."""
    data = tomllib.loads(files(__package__).joinpath("data", "restrictions.toml").read_text(encoding="utf-8"))
    return {
        name: re.compile("|".join(group if isinstance(group, list) else [*chain(*group.values())]), re.IGNORECASE)
        for name, group in data.items()
    }
