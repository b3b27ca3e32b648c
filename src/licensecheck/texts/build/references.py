"""A known text as the builder sees it: its words, what it is, and which of its words may or must stand as they are."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from rapidfuzz.distance import Indel

from licensecheck.texts.index import Kind
from licensecheck.texts.normalize import tokens


@dataclass(frozen=True)
class Slot:
    """Words [start, end) of a text that a copy may leave out, or have others for: what `pattern` matches."""

    start: int
    end: int
    pattern: str | None
    """A regular expression on the words, separated by blanks; None where the words may only be left out."""


@dataclass(frozen=True)
class Reference:
    """A known text.

    `expression` names licenses by their catalog names, `origin` where the text was read. `coverage` is the percentage
    of the words that a copy must hold (0: no demand), 100 for a text that counts only word for word; `required` are
    the runs of words without which it is none.
    """

    words: tuple[str, ...]
    kind: Kind
    expression: str
    origin: str
    coverage: int = 0
    required: tuple[tuple[int, int], ...] = ()
    slots: tuple[Slot, ...] = field(default=(), compare=False)


@dataclass(frozen=True)
class Mark:
    """A run of words [start, end) of a marked text, and the name of its mark."""

    start: int
    end: int
    name: int


# The marks are words themselves while the text is normalized, so that they come out at their places; words that no
# holder of a copyright is called by, so that no notice takes them along.
_OPEN, _CLOSE = "licenzqopen", "licenzqclose"
_SENTINEL = re.compile(rf"({_OPEN}|{_CLOSE})([k-t]+)x")
_LETTERS = str.maketrans("0123456789", "klmnopqrst")  # a word with digits in it may be a name
_DIGITS = str.maketrans("klmnopqrst", "0123456789")


def marked(inside: str, name: int) -> str:
    """The text with a mark around it, for `read_marked`."""
    letters = str(name).translate(_LETTERS)
    return f" {_OPEN}{letters}x {inside} {_CLOSE}{letters}x "


def read_marked(text: str) -> tuple[tuple[str, ...], list[Mark]]:
    """The words of a text without its marks, and the marks by their places among the words."""
    plain = tokens(re.sub(r" ?" + _SENTINEL.pattern + " ?", " ", text))
    found: list[str] = []
    opened: dict[int, int] = {}
    marks: list[Mark] = []
    for word in tokens(text):
        sentinel = _SENTINEL.fullmatch(word)
        if not sentinel:
            found.append(word)
            continue
        name = int(sentinel[2].translate(_DIGITS))
        if sentinel[1] == _OPEN:
            opened[name] = len(found)
        else:
            marks.append(Mark(opened.pop(name, len(found)), len(found), name))
    if found != plain:
        marks = _moved(marks, found, plain)
    return tuple(plain), sorted(marks, key=lambda mark: (mark.start, -mark.end))


def _moved(marks: Iterable[Mark], found: Sequence[str], plain: Sequence[str]) -> list[Mark]:
    """The marks at their places in `plain`: a mark can break a notice, which then comes out as words."""
    place = [0] * (len(found) + 1)
    for op in Indel.opcodes(found, plain):
        for i in range(op.src_start, op.src_end):
            place[i] = op.dest_start + (i - op.src_start if op.tag == "equal" else 0)
    place[len(found)] = len(plain)
    return [replace(mark, start=place[mark.start], end=max(place[mark.start], place[mark.end])) for mark in marks]
