"""Where known texts stand in a text: word for word, or with differences."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import islice, pairwise
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from rapidfuzz.distance import LCSseq

from licensecheck.texts.index import KINDS, Expression, Index, Kind, Table, ids
from licensecheck.texts.shingles import SHINGLE, Ids, seeds, shingles
from licensecheck.texts.wordlists import critical_words

Block = tuple[int, int, int]
"""Words that agree: (place in the known text, place in the text, how many)."""

_GAP = 0.5
"""What a word that only one of the two texts has costs a match, in words that agree."""
_CHANCE = 2
_RARE = (0.0, 1.5, 3.0)
"""What a near match costs by how rare its name is: on the SPDX list, only ScanCode's, or a common heading there."""
_TELLING = 4.0
"""What a word that tells licenses apart costs beyond that; in a notice it decides."""
_VERSION = re.compile(r"\d|\d+(?:\.\d+)+")
_NOTICE = KINDS.index("notice")
_LEAST_COVERED = {"text": 0.5, "policy": 0.5, "notice": 0.75}
"""Share of a known text that must be there for a match that is not word for word."""
_LEAST_CORE = 0.4
_LEAST_SEEDS = 0.25
_STRETCH = 64
_MOST_CANDIDATES = 16
"""Known texts looked at for a stretch of so many words."""
_MOST_RUNS = 64
"""Runs of seeds looked at for a stretch; what comes behind so many is hardly alike."""
_MOST_ALIKE = 4
"""Of one name among them: more would keep other names out."""
_MOST_NEAREST = 4
_SLOTTED = 0.15
"""A text that knows what may differ in a copy is looked at before those that are such copies."""
_NEAR = 24
_FAR = 800
"""Seeds of one match lie on one diagonal, give or take half the known text, within these bounds."""


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
    arrays = index.arrays
    for words in range(1, SHINGLE + 1):
        own = shingles(text, words)
        which, where = _lookup(index.anchors, own)
        reference = arrays["anchor_references"][which]
        start = where - arrays["anchor_places"][which].astype(np.int64)
        length = index.lengths[reference].astype(np.int64)
        inside = np.nonzero((start >= 0) & (start + length <= len(text)))[0]
        for i in inside[_ends_agree(index, text, reference[inside], start[inside], length[inside])]:
            known, begin, size = int(reference[i]), int(start[i]), int(length[i])
            if encoded.startswith(index.encoded(known), begin):
                blocks = ((0, begin, size),)
                kind, names = KINDS[index.kinds[known]], index.expression(known)
                yield Match(known, kind, names, begin, begin + size, size, blocks, exact=True)


def near_matches(index: Index, encoded: str, exact: Iterable[Match]) -> Iterator[Match]:
    """Known texts that stand in the text with differences, outside what an exact match explains."""
    inside = np.zeros(len(encoded) + 1, np.int64)
    ends, starts = {0}, {len(encoded)}
    for i, match in enumerate(exact, start=1):
        inside[match.start : match.end] = i
        ends.add(match.end)
        starts.add(match.start)
    for reference, low, high in _candidates(index, ids(encoded), inside=inside):
        near = align(index, reference, encoded, low, high)
        if near:
            # A word or two may agree by chance with what stands beside, which is explained already.
            start = next((end for end in range(near.start, near.start + _CHANCE + 1) if end in ends), near.start)
            end = next((end for end in range(near.end, near.end - _CHANCE - 1, -1) if end in starts), near.end)
            yield near if (start, end) == (near.start, near.end) else near.within(start, end)


def nearest(index: Index, encoded: str) -> tuple[int, float] | None:
    """The known text that shares most with a text, and how much of both is shared (0 to 1); None if none does."""
    best: tuple[int, float] | None = None
    inside = np.zeros(len(encoded) + 1, np.int64)
    for reference, low, high in islice(_candidates(index, ids(encoded), inside=inside, least=0.0), _MOST_NEAREST):
        similarity = LCSseq.normalized_similarity(index.encoded(reference), encoded[low:high])
        if best is None or similarity > best[1]:
            best = reference, similarity
    return best


def align(index: Index, reference: int, encoded: str, low: int, high: int) -> Match | None:
    """The best match of a known text within words [low, high) of a text; None if too little of it is there."""
    known = index.encoded(reference)
    opcodes = LCSseq.opcodes(known, encoded[low:high])
    blocks = _densest(
        [(op.src_start, low + op.dest_start, op.src_end - op.src_start) for op in opcodes if op.tag == "equal"]
    )
    matched = sum(length for _, _, length in blocks)
    kind = KINDS[index.kinds[reference]]
    least = max(_LEAST_COVERED.get(kind, 1), int(index.coverage[reference]) / 100)
    if matched < least * len(known) or not _has_core(index, reference, len(known), blocks):
        return None
    if not blocks or not all(_holds(blocks, start, end) for start, end, _ in index.required(reference)):
        return None
    start, end = blocks[0][1], blocks[-1][1] + blocks[-1][2]
    cost = _cost(index, reference, known, encoded, blocks)
    if cost is None:
        return None
    names = index.expression(reference)
    exact = matched == len(known) == end - start
    score = matched - cost - (0 if exact else _RARE[names.rarity])
    return Match(reference, kind, names, start, end, score, tuple(blocks), exact=exact)


def _densest(blocks: Sequence[Block]) -> list[Block]:
    """The run of blocks that explains most, each word between two of them counted against it."""
    best, best_score = (0, 0), 0.0
    first, score = 0, 0.0
    for i, (known, text, length) in enumerate(blocks):
        if i:
            before = blocks[i - 1]
            score -= _GAP * (known - before[0] - before[2] + text - before[1] - before[2])
        if score < 0:
            first, score = i, 0.0
        score += length
        if score > best_score:
            best, best_score = (first, i + 1), score
    return list(blocks[slice(*best)])


def _cost(index: Index, reference: int, known: str, encoded: str, blocks: Sequence[Block]) -> float | None:
    """What the words that differ cost; None if they make another notice of it."""
    slots, telling = index.slots(reference), _telling(index)
    cost = 0.0
    edges = [(0, blocks[0][1], 0), *blocks, (len(known), blocks[-1][1] + blocks[-1][2], 0)]
    for (known_0, text_0, length), (known_1, text_1, _) in pairwise(edges):
        lost = set(range(known_0 + length, known_1))
        gained = encoded[text_0 + length : text_1]
        for start, end, pattern in slots:
            if start <= known_1 and end >= known_0 + length:
                lost.difference_update(range(start, end))
                gained = gained if pattern < 0 else ""
        told = telling & {*gained, *(known[i] for i in lost)}
        if told and index.kinds[reference] == _NOTICE:
            return None
        cost += _GAP * (len(lost) + len(gained)) + _TELLING * len(told)
    return cost


@lru_cache(maxsize=4)
def _telling(index: Index) -> frozenset[str]:
    """The characters of the words that tell licenses apart."""
    words = critical_words()["telling"]
    return frozenset(index.codes[word] for word in index.words if word in words or _VERSION.fullmatch(word))


def _has_core(index: Index, reference: int, length: int, blocks: Sequence[Block]) -> bool:
    """Whether enough of the words is there that no copy may leave out."""
    optional = np.zeros(length, np.bool_)
    for start, end, pattern in index.slots(reference):
        if pattern < 0:
            optional[start:end] = True
    there = np.zeros(length, np.bool_)
    for start, _, size in blocks:
        there[start : start + size] = True
    core = length - int(optional.sum())
    return int((there & ~optional).sum()) >= _LEAST_CORE * core


def _holds(blocks: Sequence[Block], start: int, end: int) -> bool:
    """Whether words [start, end) of the known text stand in the text, each and in one piece."""
    return any(known <= start and end <= known + length for known, _, length in blocks)


def _lookup(table: Table, hashes: NDArray[np.uint32]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Rows of a table that hold one of the hashes, and the place of that hash."""
    likely = table.marks[hashes & table.mask].nonzero()[0]
    first = np.searchsorted(table.hashes, hashes[likely])
    behind = np.searchsorted(table.hashes, hashes[likely], side="right")
    held = behind > first
    first, counts = first[held], (behind - first)[held]
    return _ranges(first, counts), np.repeat(likely[held], counts)


def _ranges(starts: NDArray[np.int64], counts: NDArray[np.int64]) -> NDArray[np.int64]:
    """start, start + 1, ... for every start, count of them, one behind the other."""
    total = int(counts.sum())
    return np.repeat(starts - np.cumsum(counts) + counts, counts) + np.arange(total)


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


def _candidates(
    index: Index, text: Ids, *, inside: NDArray[np.int64], least: float = _LEAST_SEEDS
) -> Iterator[tuple[int, int, int]]:
    """Known texts whose seeds lie close together in the text, best first, and the words among which to look for each.

    `inside` numbers the words of each stretch that is explained already; a text with all its seeds in one is left out.

    So many are looked at for every stretch of the text, and no more, that the work grows with its length only.
    """
    crowd = [0] * (len(text) // _STRETCH + 1)
    alike: Counter[tuple[int, int]] = Counter()
    for run in _runs(index, text, inside, least=least):
        stretches = range(run.low // _STRETCH, run.high // _STRETCH + 1)
        name = int(index.arrays["expression"][run.reference]), stretches.start
        if alike[name] >= _MOST_ALIKE or min([crowd[i] for i in stretches]) >= _MOST_CANDIDATES:
            continue
        alike[name] += 1
        for i in stretches:
            crowd[i] += 1
        length = int(index.lengths[run.reference])
        low, high = min(run.first - SHINGLE, run.low), max(run.last + length, run.high) + SHINGLE
        yield run.reference, max(0, low), min(len(text), high)


class _Run(NamedTuple):
    """Seeds that a known text shares with a text in nearly the same order.

    `low` and `high` are the places of the seeds in the text; there the known text begins at `first` by its first seed,
    at `last` by its last.
    """

    reference: int
    low: int
    high: int
    first: int
    last: int


def _runs(index: Index, text: Ids, inside: NDArray[np.int64], *, least: float) -> list[_Run]:
    """The runs with at least this share of a known text's seeds, those first that are long and nearly complete."""
    hashes = shingles(text)
    places = seeds(hashes)
    which, found = _lookup(index.seeds, hashes[places])
    if not len(which):
        return []
    counts = index.arrays["seed_lists"][which].astype(np.int64)
    rows = _ranges(index.seed_starts[which], counts)
    reference = index.arrays["seed_references"][rows].astype(np.int64)
    place = np.repeat(places[found], counts)
    own = index.arrays["seed_places"][rows].astype(np.int64)
    rare = (np.bincount(reference)[reference] >= least * index.seed_counts[reference]).nonzero()[0]
    if not len(rare):
        return []
    reference, place, own = reference[rare], place[rare], own[rare]
    diagonal = place - own
    order = np.argsort((reference << 32) + diagonal, kind="stable")
    reference, diagonal, place, own = reference[order], diagonal[order], place[order], own[order]
    reach = np.clip(index.lengths[reference].astype(np.int64) // 2, _NEAR, _FAR)
    new = np.ones(len(reference), np.bool_)
    new[1:] = (reference[1:] != reference[:-1]) | (diagonal[1:] - diagonal[:-1] > reach[1:])
    starts = new.nonzero()[0]
    # A seed that comes twice in a run is one seed: a disclaimer repeated is no second half of a license.
    keys = np.sort(((np.cumsum(new) - 1) << 16) | own)
    once = np.ones(len(keys), np.bool_)
    once[1:] = keys[1:] != keys[:-1]
    complete = np.bincount(keys[once] >> 16, minlength=len(starts))
    share = complete / index.seed_counts[reference[starts]]
    low, high = np.minimum.reduceat(place, starts), np.maximum.reduceat(place, starts)
    explained = (inside[low] > 0) & (inside[low] == inside[high + SHINGLE - 1])
    best = np.argsort(-complete * share * (1 + _SLOTTED * index.slotted[reference[starts]]), kind="stable")
    best = best[(share[best] >= least) & ~explained[best]][: _MOST_RUNS * (len(text) // _STRETCH + 1)]
    columns = reference[starts], low, high, diagonal[starts], diagonal[np.append(starts[1:], len(reference)) - 1]
    return [_Run(*row) for row in zip(*(column[best].tolist() for column in columns), strict=True)]
