"""Which differences between a text and a known one matter. Unless a word is known to be harmless, it does."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from licensecheck.texts.align import Block
from licensecheck.texts.index import Index
from licensecheck.texts.match import Match
from licensecheck.texts.normalize import Words
from licensecheck.texts.notices import is_name, is_plain_title
from licensecheck.texts.wordlists import are_harmless, critical_words, grants

_PIECE = re.compile(r"\n|(?<=[.!?;:])\s")
_AROUND = ".,;:!?()[]\"'*_"
_TOKEN = re.compile(r"[^\W_]+(?:[.'’-][^\W_]+)*")
_ADDRESS = re.compile(r"<?\b(?:https?://|www\.)[^\s>]+>?|<?[\w.+-]+@[\w.-]+\.\w+>?|\b\d{4}-\d\d-\d\d\b")
_YEAR = re.compile(r"(?:19|20)\d\d")
_MOST_SLOT_WORDS = 60
_CLOSE = 2
"""Words between two differences that a reader would not see as the same text going on."""
_NOT_LATIN = re.compile(r"[^\W\d_\x00-\u036f]|[\u2300-\u27bf\U0001f300-\U0001faff]")
"""A letter of another alphabet, or a picture: ❌ before a word takes it back."""


_NOTICE = re.compile(r"(?:copyright(?: (?:c|by|\d{4}|present))*)? ?(?:all rights reserved)?")
"""What is left of a copyright notice whose holder is not told from the words around it."""
_RESERVED = re.compile(r"\ball rights reserved\b")
_RESERVED_AS_WRITTEN = re.compile(r"\ball\s+rights\s+reserved\b\.?", re.IGNORECASE)
_LETTER = re.compile(r"[b-z]|[ivx]{2,4}")
_NUMBER = re.compile(r"[a-z]|[ivx]{2,4}|\d{1,2}(?:\.\d{1,2})*")
_HEADINGS = frozenset({"appendix", "article", "chapter", "clause", "part", "preamble", "section"})
_OPENS = re.compile(r"(?:\A|\n[^\w\n]*|[.;:][\s\"')]+|[(\[])\Z")
_CLOSES = re.compile(r"[ \t]*[.):\]\u2013-]|[^\w\n]*(?:\n|\Z)")
_REACH = 40


@dataclass(frozen=True)
class Gap:
    """Words that differ: [lost_start, lost_end) of the known text stand as [gained_start, gained_end) of the text."""

    lost_start: int
    lost_end: int
    gained_start: int
    gained_end: int
    critical: bool = False


def gaps(index: Index, match: Match, read: Words) -> list[Gap]:
    """Where a text differs from a known one, in order; differences that hardly a word separates are one."""
    words = read.words
    known = index.decode(index.encoded(match.reference))
    slots = index.slots(match.reference)
    edges: list[Block] = [(0, match.start, 0), *match.blocks, (len(known), match.end, 0)]
    found = []
    for (known_0, text_0, length), (known_1, text_1, _) in pairwise(edges):
        gap = Gap(known_0 + length, known_1, text_0 + length, text_1)
        if gap.lost_start < gap.lost_end or gap.gained_start < gap.gained_end:
            lost, gained = known[gap.lost_start : gap.lost_end], words[gap.gained_start : gap.gained_end]
            critical = not (
                _is_harmless(gap, lost, gained)
                or _is_layout(gap, lost, gained, read)
                or _is_allowed(index, slots, match, gap, known, words)
            )
            found.append(Gap(gap.lost_start, gap.lost_end, gap.gained_start, gap.gained_end, critical))
    return list(_joined(found))


def matters(read: Words, start: int, end: int, title: frozenset[str]) -> bool:
    """Whether words [start, end) of a text, which stand beside a license, may be a term of their own.

    Whatever they are, they may: “Outputs belong to Acme”, “Solely schools” and “Lasts 30 days” have no word that a list
    of forbidding words would hold. Only what is known to be none does not: addresses, years, words of the license's
    own `title`, where a text was taken from, names of companies.
    """
    words = read.words[start:end]
    said = _RESERVED.sub("", " ".join(words)).split()
    if "~~" in words or any(map(grants, said)):
        return True
    written = read.text[slice(*read.span(start, end))]
    if _NOT_LATIN.search(written):
        return True
    known = title | critical_words()["harmless"] | critical_words()["beside"]
    return any(_says(piece, known) for piece in _PIECE.split(_RESERVED_AS_WRITTEN.sub("", written)))


def _says(piece: str, known: frozenset[str]) -> bool:
    """Whether a line or a sentence beside a license says anything but words that are known to say nothing."""
    if _pointers().fullmatch(piece.strip(_AROUND + "\n ").lower()):
        return False
    words = _TOKEN.findall(_ADDRESS.sub(" ", piece))
    left = [word for word in words if word.lower() not in known and not _YEAR.fullmatch(word) and len(word) > 1]
    return bool(left) and not _is_company(left)


def _is_company(words: Sequence[str]) -> bool:
    """Whether words as they are written are the name of a company or of an institution."""
    lowered = [word.lower() for word in words]
    return is_name(words) and bool({*lowered} & critical_words()["companies"])


@lru_cache
def _pointers() -> re.Pattern[str]:
    return re.compile("|".join(critical_words()["pointers"]))


def _is_harmless(gap: Gap, lost: Sequence[str], gained: Sequence[str]) -> bool:
    if are_harmless({*lost, *gained}):
        return True
    if all(_NOTICE.fullmatch(" ".join(side)) for side in (lost, gained)):
        return True
    # A title may be left out, or shortened; another title is another license.
    return gap.lost_start == 0 and is_plain_title([*lost]) and are_harmless({*gained} - {*lost})


def _is_layout(gap: Gap, lost: Sequence[str], gained: Sequence[str], read: Words) -> bool:
    """Whether only list numbers, or the blank in a word, came, went or changed."""
    if "".join(lost) == "".join(gained) or all(map(_LETTER.fullmatch, (*lost, *gained))):
        return True
    if lost or not all(_NUMBER.fullmatch(word) or word in _HEADINGS for word in gained):
        return False
    start, end = read.span(gap.gained_start, gap.gained_end)
    return bool(_OPENS.search(read.text[max(0, start - _REACH) : start]) and _CLOSES.match(read.text, end))


def _is_allowed(
    index: Index, slots: Iterable[tuple[int, int, int]], match: Match, gap: Gap, known: Sequence[str],
    words: Sequence[str],
) -> bool:  # fmt: skip
    """Whether the known text itself allows other words, or none, in the place of those that are lost."""
    for start, end, which in slots:
        if gap.lost_end < start or end < gap.lost_start:
            continue
        outside = {*known[gap.lost_start : min(start, gap.lost_end)], *known[max(end, gap.lost_start) : gap.lost_end]}
        gained = words[_behind(match.blocks, start) : _before(match.blocks, end)]
        allowed = are_harmless({*gained}) if which < 0 else _fits(index.patterns[which], gained)
        if allowed and are_harmless(outside):
            return True
    return False


def _behind(blocks: Sequence[Block], known: int) -> int:
    """The place in the text behind what agrees before this place of the known text."""
    before = [(text, known - start, length) for start, text, length in blocks if start < known]
    return before[-1][0] + min(before[-1][1:]) if before else blocks[0][1]


def _before(blocks: Sequence[Block], known: int) -> int:
    """The place in the text before what agrees from this place of the known text on."""
    for start, text, length in blocks:
        if start + length > known:
            return text + max(0, known - start)
    return blocks[-1][1] + blocks[-1][2]


def _fits(pattern: str, words: Sequence[str]) -> bool:
    """Whether a slot allows these words; where it allows any, none of them may grant or take away."""
    if len(words) > _MOST_SLOT_WORDS or not _compiled(pattern).fullmatch(" ".join(words)):
        return False
    written = set(re.findall(r"[a-z]+", pattern.lower()))
    return not any(word not in written and (grants(word) or _NOT_LATIN.search(word)) for word in words)


@lru_cache(maxsize=512)
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(rf"\s*(?:{pattern})\s*", re.IGNORECASE | re.DOTALL)


def _joined(gaps: Iterable[Gap]) -> Iterator[Gap]:
    held: Gap | None = None
    for gap in gaps:
        if held and gap.critical == held.critical and gap.gained_start - held.gained_end <= _CLOSE:
            held = Gap(held.lost_start, gap.lost_end, held.gained_start, gap.gained_end, gap.critical)
        else:
            if held:
                yield held
            held = gap
    if held:
        yield held
