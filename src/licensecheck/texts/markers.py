"""List numbers: found by what stands before them and taken out of a text, so that it says the same however it is laid
out (bullets and numbering are layout: SPDX matching guidelines, annex B of the SPDX specification).

A number is one of a list only where a sentence or a paragraph begins, never inside a sentence: there it may matter.
"""  # noqa: D205

from __future__ import annotations

import re

_ITEM = r"\d{1,2}|[a-z]|[ivx]{2,4}"
# Searched by what ends a number, which is rare, and not by what it may begin with: five times as fast.
_END = re.compile(
    r"[.)\]\u3001](?=[\s\0]|[a-z]{2})(?:(?<=[\s\0(\[][\da-z].)|(?<=[\s\0(\[]\d\d.)|(?<=[\s\0(\[][ivx]{2}.)"
    r"|(?<=[\s\0(\[][ivx]{3}.)|(?<=[\s\0(\[][ivx]{4}.)|(?<=\d[.)]))"
    r"|\.(?<=\d.)\d{1,2}(?:\.\d{1,2})*+\)?(?=[\s\0])"
)
_MARKER = re.compile(
    rf"(?:(?<=\s)|(?<=\0))(?:[(\[](?P<enclosed>{_ITEM})[)\]]"
    rf"|(?P<closed>{_ITEM})\)"
    rf"|(?P<dotted>\d{{1,2}}(?:\.\d{{1,2}})++\.?|(?:{_ITEM})[.\u3001])\)?)\Z"
)
_LONGEST = 24
_FIRST = frozenset({"1", "a", "i"})
_LAYOUT = " \t\n\0#*>|/%\"'\u2022\u00b7\u25cf\u25aa-"
_REACH = 400
"""Characters looked back for the word before a number; behind so much layout a paragraph begins."""
_ENUMERATES = re.compile(r"(?:and|or|and/or)\Z")
_BREAK = re.compile(r"\n[^\w\n]*\n")


def without_markers(text: str) -> str:
    """The text (lower case) with its list numbers blanked."""
    text = f"\n{text}\n"
    kept: list[str] = []
    position = 0
    for end in _END.finditer(text):
        marker = _MARKER.search(text, max(position, end.end() - _LONGEST), end.end())
        if marker and _begins(text, marker):
            kept += (text[position : marker.start()], " " * (marker.end() - marker.start()))
            position = marker.end()
    return "".join((*kept, text[position:]))[1:-1]


def _begins(text: str, marker: re.Match[str]) -> bool:
    """Whether a sentence, a paragraph or a member of a list begins with this number."""
    reach = text[max(0, marker.start() - _REACH) : marker.start()]
    before = reach.rstrip(_LAYOUT)
    if not before or _BREAK.search(reach, len(before)):
        return True
    item = marker["enclosed"] or marker["closed"]
    match before[-1]:
        case "." | ";" | "\u3002" | "\uff1b":
            return True
        case ":" | "\uff1a":
            return (item or marker["dotted"].rstrip(".\u3001")) in _FIRST
        case ",":
            return item is not None
        case _:
            return item is not None and _ENUMERATES.search(before) is not None
