"""Which words of a known text and of a stretch of a text agree, and what the others cost."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from itertools import pairwise

import numpy as np
from rapidfuzz.distance import LCSseq

from licensecheck.texts.index import KINDS, Index
from licensecheck.texts.wordlists import critical_words

Block = tuple[int, int, int]
"""Words that agree: (place in the known text, place in the text, how many)."""

_GAP = 0.5
"""What a word that only one of the two texts has costs a match, in words that agree."""
_GAINED = 0.2
"""What a word more costs in the end: hardly more than if it were explained by nothing, so that a rider inside a license
does not make two licenses of its halves."""
_TELLING = 4.0
"""What a word that tells licenses apart costs beyond that; in a notice it decides."""
_VERSION = re.compile(r"\d|\d+(?:\.\d+)+")
_NOTICE = KINDS.index("notice")
_LEAST_COVERED = {"text": 0.5, "policy": 0.5, "notice": 0.75}
"""Share of a known text that must be there for a match that is not word for word."""
_LEAST_CORE = 0.4
"""The same for the words that no copy may leave out."""


def align(index: Index, reference: int, encoded: str, low: int, high: int) -> tuple[tuple[Block, ...], float] | None:
    """The words of a known text and words [low, high) of a text that agree, and what differs, in words.

    None if too little of the known text is there, or not what it requires.
    """
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
    cost = _cost(index, reference, known, encoded, blocks)
    if cost is None:
        return None
    return tuple(blocks), cost


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
        cost += _GAP * len(lost) + _GAINED * len(gained) + _TELLING * len(told)
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
