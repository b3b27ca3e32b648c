"""Where known texts stand in a text: word for word, or with differences."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import islice

import numpy as np
from numpy.typing import NDArray
from rapidfuzz.distance import LCSseq

from licensecheck.texts.align import Block, align
from licensecheck.texts.index import KINDS, Expression, Index, Kind, ids
from licensecheck.texts.seeding import candidates, lookup
from licensecheck.texts.shingles import Ids, all_shingles

_CHANCE = 2
"""Words that may agree by chance with the end of what stands beside."""
_RARE = (0.0, 1.5, 3.0)
"""What a near match costs by how rare its name is: on the SPDX list, only ScanCode's, or a common heading there."""
_MOST_NEAREST = 4


@dataclass(frozen=True, slots=True)
class Match:
    """A known text in words [start, end) of a text, and what it names; `score` is how many words it explains, less
    what differs.
    """  # noqa: D205

    reference: int
    kind: Kind
    names: Expression
    start: int
    end: int
    score: float
    blocks: tuple[Block, ...]
    exact: bool

    @property
    def matched(self) -> int:
        """How many words agree."""
        return sum(length for _, _, length in self.blocks)

    def within(self, start: int, end: int) -> Match:
        """The match without its words outside [start, end), which are few."""
        cut = [
            (known + max(0, start - text), max(start, text), min(end, text + length) - max(start, text))
            for known, text, length in self.blocks
        ]
        blocks = tuple(block for block in cut if block[2] > 0)
        lost = self.matched - sum(length for _, _, length in blocks)
        bounds = blocks[0][1], blocks[-1][1] + blocks[-1][2]
        return replace(self, start=bounds[0], end=bounds[1], blocks=blocks, score=self.score - lost)


def exact_matches(index: Index, encoded: str, text: Ids) -> Iterator[Match]:
    """Every known text that stands in the text word for word, found by its rarest shingle."""
    hashes, places = all_shingles(text)
    which, where = lookup(index.anchors, hashes)
    reference = index.arrays["anchor_references"][which]
    start = places[where] - index.arrays["anchor_places"][which].astype(np.int64)
    length = index.lengths[reference].astype(np.int64)
    inside = np.nonzero((start >= 0) & (start + length <= len(text)))[0]
    reference, start, length = reference[inside], start[inside], length[inside]
    agree = _ends_agree(index, text, reference, start, length)
    for known, begin, size in zip(
        reference[agree].tolist(), start[agree].tolist(), length[agree].tolist(), strict=True
    ):
        if encoded.startswith(index.encoded(known), begin):
            kind, names = KINDS[index.kinds[known]], index.expression(known)
            yield Match(known, kind, names, begin, begin + size, size, ((0, begin, size),), exact=True)


def near_matches(index: Index, encoded: str, exact: Iterable[Match]) -> Iterator[Match]:
    """Known texts that stand in the text with differences, outside what an exact match explains."""
    inside = np.zeros(len(encoded) + 1, np.int64)
    ends, starts = {0}, {len(encoded)}
    for i, match in enumerate(exact, start=1):
        inside[match.start : match.end] = i
        ends.add(match.end)
        starts.add(match.start)
    for reference, low, high in candidates(index, ids(encoded), inside=inside):
        near = _near(index, reference, encoded, low, high)
        if near:
            # A word or two may agree by chance with what stands beside, which is explained already.
            start = next((end for end in range(near.start, near.start + _CHANCE + 1) if end in ends), near.start)
            end = next((end for end in range(near.end, near.end - _CHANCE - 1, -1) if end in starts), near.end)
            yield near if (start, end) == (near.start, near.end) else near.within(start, end)


def nearest(index: Index, encoded: str) -> tuple[int, float] | None:
    """The known text that shares most with a text, and how much of both is shared (0 to 1); None if none does."""
    best: tuple[int, float] | None = None
    inside = np.zeros(len(encoded) + 1, np.int64)
    for reference, low, high in islice(candidates(index, ids(encoded), inside=inside, least=0.0), _MOST_NEAREST):
        similarity = LCSseq.normalized_similarity(index.encoded(reference), encoded[low:high])
        if best is None or similarity > best[1]:
            best = reference, similarity
    return best


def _near(index: Index, reference: int, encoded: str, low: int, high: int) -> Match | None:
    """The best match of a known text within words [low, high) of a text; None if too little of it is there."""
    found = align(index, reference, encoded, low, high)
    if found is None:
        return None
    blocks, cost = found
    matched, start, end = sum(length for _, _, length in blocks), blocks[0][1], blocks[-1][1] + blocks[-1][2]
    names = index.expression(reference)
    exact = matched == index.lengths[reference] == end - start
    score = matched - cost - (0 if exact else _RARE[names.rarity])
    return Match(reference, KINDS[index.kinds[reference]], names, start, end, score, blocks, exact=bool(exact))


def _ends_agree(
    index: Index, text: Ids, reference: NDArray[np.uint16], start: NDArray[np.int64], length: NDArray[np.int64]
) -> NDArray[np.bool_]:
    """Whether first, last and middle word agree: cheap, and it leaves little to compare."""
    tokens = index.arrays["tokens"]
    begin = index.ends[reference].astype(np.int64) - length
    agree = np.ones(len(start), np.bool_)
    for place in (0, length - 1, length // 2, length // 3):
        agree &= tokens[begin + place] == text[start + place]
    return agree
