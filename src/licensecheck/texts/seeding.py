"""Where in a text a known text may stand: where enough samples of its words (seeds) lie close together, in order."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from licensecheck.texts.index import Index, Table
from licensecheck.texts.shingles import SHINGLE, Ids, distinct, seeds, shingles

_LEAST_SEEDS = 0.25
_STRETCH = 64
_MOST_CANDIDATES = 24
"""Known texts looked at for a stretch of so many words."""
_MOST_RUNS = 64
"""Known texts and runs of seeds looked at for a stretch; what comes behind so many is hardly alike."""
_MOST_WORDS = 1 << 16
"""No known text is longer."""
_MOST_ALIKE = 6
"""Of one name among them: more would keep other names out."""
_SLOTTED = 0.15
"""A text that knows what may differ in a copy is looked at before those that are such copies."""
_WINDOW = 65_536
_OVERLAP = 32_768
"""A long text is searched in windows, so that the memory it takes stays; a known text fits into the overlap of two."""


def candidates(
    index: Index, text: Ids, *, inside: NDArray[np.int64], least: float = _LEAST_SEEDS
) -> Iterator[tuple[int, int, int]]:
    """Known texts that may stand in a text, best first, and the words [low, high) among which to look for each.

    `inside` numbers the words of each stretch that is explained already; a text with all its seeds in one is left out.
    `least` is the share of a known text's seeds that must be there. So many candidates are looked at for every stretch
    of the text, and no more, that the work grows with its length only.
    """
    for offset in range(0, max(1, len(text) - _OVERLAP), _WINDOW - _OVERLAP):
        window = slice(offset, offset + _WINDOW)
        for reference, low, high in _candidates(index, text[window], inside[offset:], least=least):
            yield reference, offset + low, offset + high


def _candidates(index: Index, text: Ids, inside: NDArray[np.int64], *, least: float) -> Iterator[tuple[int, int, int]]:
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
    most = _MOST_RUNS * (len(text) // _STRETCH + 1)
    reference, diagonal, own = _shared(index, text, least=least, most=most)
    if not len(reference):
        return []
    place = diagonal + own
    begins = np.ones(len(reference), np.bool_)
    begins[1:] = (reference[1:] != reference[:-1]) | (np.diff(diagonal) > index.reach[reference[1:]])
    starts = begins.nonzero()[0]
    known = reference[starts]
    # A seed that comes twice in a run is one seed: a disclaimer repeated is no second half of a license.
    complete = np.bincount(distinct(((np.cumsum(begins) - 1) << 20) | own) >> 20)
    share = complete / index.seed_counts[known]
    low, high = np.minimum.reduceat(place, starts), np.maximum.reduceat(place, starts)
    explained = (inside[low] > 0) & (inside[low] == inside[high + SHINGLE - 1])
    best = np.argsort(-complete * share * (1 + _SLOTTED * index.slotted[known]), kind="stable")
    best = best[(share[best] >= least) & ~explained[best]][:most]
    columns = known, low, high, diagonal[starts], diagonal[np.append(starts[1:], len(reference)) - 1]
    return [_Run(*row) for row in zip(*(column[best].tolist() for column in columns), strict=True)]


def _shared(
    index: Index, text: Ids, *, least: float, most: int
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    """The seeds that a text shares with those known texts that share most of theirs: the known text, the place in the
    text less the place in the known text, and that place; sorted.
    """  # noqa: D205
    hashes = shingles(text)
    places = seeds(hashes)
    which, found = lookup(index.seeds, hashes[places])
    counts = index.arrays["seed_lists"][which].astype(np.int64)
    rows = _ranges(index.seed_starts[which], counts)
    reference = index.arrays["seed_references"][rows]
    kept = _promising(index, reference, least=least, most=most)[reference].nonzero()[0]
    reference, own = reference[kept].astype(np.int64), index.arrays["seed_places"][rows[kept]].astype(np.int64)
    diagonal = np.repeat(places[found], counts)[kept] - own
    # Sorted as one number each: that is several times as fast as by three keys.
    packed = (reference << 40) + ((diagonal + _MOST_WORDS) << 20) + own
    packed.sort()
    return packed >> 40, ((packed >> 20) & 0xFFFFF) - _MOST_WORDS, packed & 0xFFFFF


def _promising(index: Index, reference: NDArray[np.uint16], *, least: float, most: int) -> NDArray[np.bool_]:
    """For each known text whether enough of its seeds, and more than of others, are among these."""
    hits = np.bincount(reference)
    present = hits.nonzero()[0]
    counts = index.seed_counts[present]
    shared = np.minimum(hits[present], counts)
    enough = shared >= least * counts
    if len(present) > most:
        worth = shared * shared / counts
        enough &= worth >= np.partition(worth, -most)[-most]
    promising = np.zeros(len(hits), np.bool_)
    promising[present[enough]] = True
    return promising


def lookup(table: Table, hashes: NDArray[np.uint32]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
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
