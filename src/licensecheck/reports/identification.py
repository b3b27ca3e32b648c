"""How the answer to "which license is this text?" reads: for people with the words that differ, and as JSON."""

from __future__ import annotations

import textwrap
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from licensecheck.reports.clean import clean, cut, json_text
from licensecheck.texts.identification import Difference, Identification

_SIGNS = {"inserted": "+", "deleted": "-", "changed": "~"}
_MOST_SHOWN = 25
"""Differences shown of each text, those that matter first; JSON has all."""
_QUOTE = 400
_INDENT = " " * 19


@dataclass(frozen=True)
class Identified:
    """A text, where it came from, and what it is."""

    file: str
    text: str
    found: Identification


def as_json(texts: Sequence[Identified]) -> str:
    """A list with one object a file, keys as documented in docs/reference/identify.md."""
    return json_text([{"file": each.file} | each.found.model_dump(mode="json") for each in texts])


def as_text(texts: Sequence[Identified], *, width: int = 100) -> str:
    """A line a text, and below it the parts and the differences where there is more to say."""
    return "".join(f"{line}\n" for each in texts for line in _block(each, width))


def _block(each: Identified, width: int) -> Iterator[str]:
    yield f"{clean(each.file)}  {_headline(each.found)}"
    lines = _Lines(each.text)
    if len(each.found.parts) > 1 or (each.found.parts and each.found.license is None):
        for part in each.found.parts:
            place = f"lines {lines.at(part.start)}-{lines.at(part.end - 1)}"
            yield f"  {place:<15}  {clean(part.license)}: {part.content}, {part.match}{_alike(part.similarity)}"
    critical = [difference for difference in each.found.differences if difference.critical]
    if each.found.license is None:
        shown = critical[:_MOST_SHOWN]
        for difference in shown:
            yield from _difference(difference, lines, width)
        if len(critical) > len(shown):
            yield f"  and {len(critical) - len(shown)} more differences that matter (--format json shows all)"
    less = [difference for difference in each.found.differences if not difference.critical]
    if less and each.found.parts:
        yield f"  {len(less)} {'difference that does' if len(less) == 1 else 'differences that do'} not matter"
        for difference in less[:_MOST_SHOWN]:
            yield from _difference(difference, lines, width)


def _headline(found: Identification) -> str:
    if found.license:
        return f"{clean(found.license)} ({found.spdx_id}): {_what(found)}, {found.match}"
    if found.content == "policy" and found.match in {"exact", "equivalent"}:
        return f"{clean(found.nearest or '')}: an acceptable use policy, which is no license; {found.match}"
    if found.expression:
        return f"{clean(found.expression)}: several licenses in one text, {found.match}"
    if found.match == "unknown":
        near = f"; nearest {clean(found.nearest)}{_alike(found.similarity)}" if found.nearest else ""
        return f"no known license{near}"
    if found.content == "notice":
        named = ", ".join(dict.fromkeys(clean(part.license) for part in found.parts))
        return f"no license text; it names {named} among words that may be terms of their own"
    return f"not a known license: {found.match} of {clean(found.nearest or '')}{_alike(found.similarity)}"


def _alike(similarity: float) -> str:
    # Cut, not rounded: a text with one word changed is not all alike.
    return "" if similarity == 1 else f", {int(similarity * 1000) / 10} % alike"


def _what(found: Identification) -> str:
    return {"notice": "a notice that names it"}.get(found.content or "", f"the text of the {found.content}")


def _difference(difference: Difference, lines: _Lines, width: int) -> Iterator[str]:
    words = f"“{cut(clean(difference.words), _QUOTE)}”"
    if difference.was is not None:
        words = f"“{cut(clean(difference.was), _QUOTE)}” is now {words}"
    told = f"  line {lines.at(difference.start):<6} {_SIGNS[difference.kind]} {difference.kind} {words}"
    yield from textwrap.wrap(told, width, subsequent_indent=_INDENT, drop_whitespace=True, break_long_words=False)


class _Lines:
    """Line numbers of the characters of a text, from 1."""

    def __init__(self, text: str) -> None:
        self._starts = [0, *(i + 1 for i, character in enumerate(text) if character == "\n")]

    def at(self, character: int) -> int:
        return bisect_right(self._starts, max(0, character))
