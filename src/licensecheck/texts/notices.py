"""Copyright notices: found by a tight grammar and taken out of a text, so that it says the same for every holder.

A notice is a mark, years and the name of a holder, and nothing else: it ends before the first word that could belong
to a sentence, so that no word of a license or of a rider is ever lost with it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, fields
from functools import lru_cache

from licensecheck.texts.wordlists import table

_MOST_NAME_WORDS = 16
_LONGEST_CJK_NAME = 24
_LAST_LATIN_LETTER = "\u024f"

_WORD = r"(?<![^\W_])copyright(?![^\W_])"
_YEAR = r"(?:(?:19|20)(?:\d\d|xx|yy)|yyyy|years?)\b"
_MARK = re.compile(
    rf"(?P<year>\b{_YEAR}(?:\s?[\u2013-]\s?{_YEAR})?+\s)?+(?:©|\(c\)|{_WORD})(?:[\s,:]*+(?:©|\(c\)|{_WORD}))*+(?:\s++by\b)?+"
)
# Searched for first: a pattern that may begin with a year is tried at every character.
_SIGN = re.compile(r"(?:copyright(?<![^\W_]copyright)(?![^\W_])|©|\(c\))")
_LONGEST_YEARS = len("years - years ")
_YEARS = re.compile(
    rf"[\s,:({{<\[\u2013-]*+{_YEAR}"
    rf"(?:[\s,/&(){{}}<>\[\]\u2013-]*+(?:(?:and|to)\s++)?+(?:{_YEAR}|\d\d\b|present\b|now\b))*+(?:[\s,)}}>\]]*+by\b)?+"
)
_PIECE = re.compile(
    r"(?:(?!\(c\))[\s,(){}<>\[\]*/|_&'#\u2013-])*+"
    r"(?:(?P<link>https?://[^\s<>()\[\]{}\"]++|www\.[^\s<>()\[\]{}\"]++|[\w.+-]{1,64}+@[\w.-]++)|(?P<word>[^\W_]++)|(?P<stop>\.))"
)
_RESERVED = re.compile(r"[\s.,;:_\"#*/-]*+all\s++rights?\s++reserved\b\.?")
_CONTENT = re.compile(r"\w")
_APART = re.compile(r"[,;(\[\u2013]|\s-\s")
"""What sets a remark apart from the name before it."""


def notices(paragraph: str, cased: str) -> list[tuple[int, int]]:
    """Where the copyright notices of a paragraph stand: (start, end), in order.

    `paragraph` is in lower case with ASCII quotes, `cased` the same as written. A notice without a year counts only
    where the paragraph begins with it: in mid-sentence it is a text to display. A paragraph that says "All rights
    reserved" beside its notices, and no more, is a notice as a whole.
    """
    found: list[tuple[int, int]] = []
    position, leading, kept = 0, True, False
    while mark := _mark(paragraph, position):
        between = _CONTENT.search(paragraph, position, mark.start())
        leading = leading and not between
        end = _notice_end(paragraph, cased, mark, leading=leading)
        # Years before the mark belong to the notice only where it begins the paragraph: `2009-2012 (c) Foo`.
        start = mark.start() if leading or not mark["year"] else mark.end("year")
        if end:
            found.append((start, end))
        kept = kept or bool(between) or not end or start != mark.start()
        leading = leading and end is not None
        position = end or mark.end()
    reserved = None if kept else _RESERVED.match(paragraph, position)
    if reserved and not _CONTENT.search(paragraph, reserved.end()):
        return [(0, len(paragraph))]
    return found


def _mark(text: str, position: int) -> re.Match[str] | None:
    sign = _SIGN.search(text, position)
    return _MARK.search(text, max(position, sign.start() - _LONGEST_YEARS)) if sign else None


def is_plain_title(words: list[str]) -> bool:
    """Whether these few words can be nothing but the name of a license: they hold no word of a sentence."""
    return len(words) < _MOST_NAME_WORDS and not any(_stops(word) and word not in _words().title for word in words)


def is_name(words: Sequence[str]) -> bool:
    """Whether words as they are written are a name or a title: capitals but for what stands within names."""
    return all(word[:1].isupper() or word in _words().small for word in words) and is_plain_title(
        [word.lower() for word in words]
    )


def _notice_end(text: str, cased: str, mark: re.Match[str], *, leading: bool) -> int | None:
    """Where the notice that begins with this mark ends; None if it is none."""
    named, signed = "copyright" in mark[0] or "©" in mark[0], "©" in mark[0] or "(c)" in mark[0]
    years = _YEARS.match(text, mark.end())
    before = leading and mark["year"]
    if not years and not before and not (leading and named and signed):
        return None
    end = _holder_end(text, cased, years.end() if years else mark.end())
    if end is None:
        return None
    reserved = _RESERVED.match(text, end)
    end = reserved.end() if reserved else end
    # `(c) 2024 ...` can also be the third clause of a list.
    return end if named or before or reserved or not _CONTENT.search(text, end) else None


def _holder_end(text: str, cased: str, start: int) -> int | None:
    """Where the holders' names that begin here end; None if they are too long to be names."""
    end, count, before = start, 0, ""
    addressed = apart = False
    while piece := _PIECE.match(text, end):
        word = piece["word"]
        if piece["stop"]:
            if before and not _abbreviated(before) and not _CONTENT.match(text, piece.end()):
                return piece.end()
        elif word:
            addressed = addressed or word in _words().address
            apart = apart or bool(count and _APART.search(text, end, piece.start("word")))
            street_number = word.isdigit() and (addressed or _address_near(text, piece.end()))
            remark = apart and _is_small(cased[piece.start("word") : piece.end("word")])
            if remark or (not street_number and not _in_name(text, piece, before)):
                return end
            count += 1
            before = word
        if count > _MOST_NAME_WORDS:
            return None
        end = piece.end()
    return end


def _is_small(word: str) -> bool:
    """Whether a word as written is one of a remark rather than of a name: in small letters, and in no name's list."""
    return word.islower() and word not in _words().small


def _in_name(text: str, piece: re.Match[str], before: str) -> bool:
    word, words = piece["word"], _words()
    if max(word) > _LAST_LATIN_LETTER:
        named = len(word) <= _LONGEST_CJK_NAME and any(map(word.endswith, words.cjk_bodies))
        return named and words.cjk_stops.isdisjoint(word)
    following = _PIECE.match(text, piece.end())
    after = (following["word"] or "") if following else ""
    if word == "copyright":
        return after.startswith(("owner", "holder"))
    if any(character.isdigit() for character in word):
        year = re.fullmatch(_YEAR, word) and not _MARK.match(text, piece.start("word"))
        return bool(year) or not word.isdigit()
    if word in words.nameable and (after in words.bodies or after in words.companies):
        return True
    return not _stops(word) or (word in words.linking and before in words.bodies)


def _stops(word: str) -> bool:
    return word in _words().stops or word.startswith(_words().stems)


def _abbreviated(word: str) -> bool:
    return len(word) == 1 or word in _words().abbreviations


def _address_near(text: str, position: int) -> bool:
    return any(word in _words().address for word in re.findall(r"\w+", text[position : position + 60]))


@dataclass(frozen=True)
class _Words:
    """The `notice` table of data/words.toml."""

    stops: frozenset[str]
    small: frozenset[str]
    stems: tuple[str, ...]
    nameable: frozenset[str]
    linking: frozenset[str]
    bodies: frozenset[str]
    companies: frozenset[str]
    address: frozenset[str]
    title: frozenset[str]
    abbreviations: frozenset[str]
    cjk_bodies: frozenset[str]
    cjk_stops: frozenset[str]


@lru_cache
def _words() -> _Words:
    lists = table("words")["notice"]
    sets = {each.name: frozenset(lists[each.name]) for each in fields(_Words) if each.name != "stems"}
    return _Words(stems=tuple(lists["stems"]), **sets)
