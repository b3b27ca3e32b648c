"""Hashes of word sequences, by which texts that share words find each other. Builder and search must agree on them."""

from __future__ import annotations

import hashlib

import numpy as np
from numpy.typing import NDArray

Ids = NDArray[np.uint16]
Hashes = NDArray[np.uint32]

SHINGLE = 4
"""Words of a shingle: four in a row are rarely chance, and a changed word spoils only four of them."""
WINDOW = 10
"""Of so many shingles in a row at least one is a seed, so two texts that share 13 words in a row share a seed."""

_FACTORS = np.array([0x9E3779B97F4A7C15, 0xC2B2AE3D27D4EB4F, 0x165667B19E3779F9, 0xD6E8FEB86659FD93], dtype=np.uint64)
_MIX = np.uint64(0xBF58476D1CE4E5B9)


def shingles(ids: Ids, words: int = SHINGLE) -> Hashes:
    """A hash of every run of so many words (1 to 4); runs of different lengths have different hashes."""
    return _mixed(*_sums(ids)[words - 1 : words])


def all_shingles(ids: Ids) -> tuple[Hashes, NDArray[np.int64]]:
    """The hashes of all runs of one to four words, and the place where each begins."""
    sums = _sums(ids)
    return _mixed(*sums), np.concatenate([np.arange(len(each)) for each in sums])


def _sums(ids: Ids) -> list[NDArray[np.uint64]]:
    """For one to four words: a number for every run of so many."""
    wide = ids.astype(np.uint64) + np.uint64(1)
    sums = [wide * _FACTORS[0]]
    for i in range(1, SHINGLE):
        sums.append(sums[-1][: max(0, len(ids) - i)] + wide[i:] * _FACTORS[i])
    return [each + np.uint64(words) for words, each in enumerate(sums, start=1)]


def _mixed(*sums: NDArray[np.uint64]) -> Hashes:
    total = np.concatenate(sums)
    total ^= total >> np.uint64(29)
    total *= _MIX
    return (total >> np.uint64(32)).astype(np.uint32)


def seeds(hashes: Hashes) -> NDArray[np.int64]:
    """Positions of a sample of the shingles that depends on the words around each only, not on their place.

    The smallest hash of every window (winnowing: Schleimer, Wilkerson and Aiken, SIGMOD 2003).
    """
    if len(hashes) <= WINDOW:
        return np.array([int(hashes.argmin())] if len(hashes) else [], np.int64)
    windows = np.lib.stride_tricks.sliding_window_view(hashes, WINDOW)
    return distinct(windows.argmin(axis=1) + np.arange(len(windows)))


def distinct(numbers: NDArray[np.int64]) -> NDArray[np.int64]:
    """The numbers in order, each once: `np.unique` hashes them, which takes ten times as long."""
    ordered = np.sort(numbers)
    first = np.ones(len(ordered), np.bool_)
    first[1:] = ordered[1:] != ordered[:-1]
    return ordered[first]


def fingerprint(encoded: str) -> int:
    """A 64-bit number that stands for a whole sequence of words."""
    data = encoded.encode("utf-16-le", "surrogatepass")
    return int.from_bytes(hashlib.blake2b(data, digest_size=8).digest(), "little")
