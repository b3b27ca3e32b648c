"""From known texts to the arrays of an index, and back."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from licensecheck.texts.build.names import Name
from licensecheck.texts.build.references import Reference, Slot
from licensecheck.texts.index import KINDS, Index, License, code, ids
from licensecheck.texts.shingles import SHINGLE, Hashes, fingerprint, seeds, shingles

FEWEST_WORDS = 12
"""A shorter text is a mention of a license, not its text; a notice that is looked for by its parts has more."""
_FEWEST_NOTICE_WORDS = 20
_ALIGNED = frozenset({"text", "policy", "notice"})
_COMMON = 40
_ALIKE = {"text": 0.9, "policy": 0.9, "notice": 0.8}
"""Texts of one license whose seeds agree so far (shared ones to all of both) are as good as one."""
_MANY = 100000
"""Of a seed that more texts share (a disclaimer's, say), one of each license is kept: it does not tell them apart."""


def pack(references: Sequence[Reference], names: Mapping[str, Name | License]) -> dict[str, NDArray[Any]]:
    """The arrays of an index; references that come first are preferred where a seed has too many."""
    words, encoded = _encode(references)
    expressions = {text: i for i, text in enumerate(sorted({each.expression for each in references}))}
    used = sorted({name for text in expressions for name in _names(text)})
    numbers = {name: i for i, name in enumerate(used)}
    patterns = sorted({slot.pattern for each in references for slot in each.slots if slot.pattern is not None})
    pattern = {text: i for i, text in enumerate(patterns)}
    return {
        "words": _text(words),
        "licenses": _text(f"{names[each].key}\t{names[each].spdx_id}\t{names[each].role}" for each in used),
        "expressions": _text(
            f"{text}\t{' '.join(str(numbers[name]) for name in _names(text))}" for text in expressions
        ),
        "patterns": _text(patterns),
        "kinds": np.array([KINDS.index(each.kind) for each in references], np.uint8),
        "coverage": np.array([each.coverage for each in references], np.uint8),
        "expression": np.array([expressions[each.expression] for each in references], np.uint16),
        "lengths": np.array([len(each.words) for each in references], np.uint16),
        "tokens": np.concatenate([ids(each) for each in encoded]),
        "slots": _rows(
            (i, slot.start, slot.end, -1 if slot.pattern is None else pattern[slot.pattern])
            for i, each in enumerate(references)
            for slot in each.slots
        ),
        "requireds": _rows((i, *span, 0) for i, each in enumerate(references) for span in each.required),
        **_wholes(references, encoded),
        **_anchors(encoded),
        **_seeds(references, encoded),
    }


def unpack(index: Index) -> tuple[list[Reference], dict[str, License]]:
    """The known texts of an index, and its names by SPDX id; packed again they give the same arrays."""
    references = [
        Reference(
            words=tuple(index.decode(index.encoded(i))),
            kind=KINDS[index.kinds[i]],
            expression=index.expression(i).text,
            origin="index",
            coverage=int(index.coverage[i]),
            required=tuple((start, end) for start, end, _ in index.required(i)),
            slots=tuple(
                Slot(start, end, None if which < 0 else index.patterns[which]) for start, end, which in index.slots(i)
            ),
        )
        for i in range(len(index.lengths))
    ]
    return references, {each.spdx_id: each for each in index.licenses}


def _encode(references: Sequence[Reference]) -> tuple[list[str], list[str]]:
    """All words, the most frequent first, and the references with a character for each word."""
    counts = Counter(word for each in references for word in each.words)
    words = sorted(counts, key=lambda word: (-counts[word], word))
    codes = {word: chr(code(number)) for number, word in enumerate(words)}
    return words, ["".join([codes[word] for word in each.words]) for each in references]


def _names(expression: str) -> list[str]:
    words = expression.replace("(", " ").replace(")", " ").split()
    return list(dict.fromkeys(word for word in words if word not in {"AND", "OR", "WITH"}))


def _text(lines: Iterable[str]) -> NDArray[Any]:
    return np.frombuffer("\n".join(lines).encode(), np.uint8)


def _rows(rows: Iterable[tuple[int, int, int, int]]) -> NDArray[Any]:
    return np.array(list(rows), np.int32).reshape(-1, 4)


def _wholes(references: Sequence[Reference], encoded: Sequence[str]) -> dict[str, NDArray[Any]]:
    """Fingerprints of the whole texts of licenses and policies."""
    found = sorted(
        (fingerprint(text), i)
        for i, text in enumerate(encoded)
        if references[i].kind in {"text", "policy"} and len(text) >= FEWEST_WORDS
    )
    return {
        "whole_hashes": np.array([each for each, _ in found], np.uint64),
        "whole_references": np.array([i for _, i in found], np.uint16),
    }


def _anchors(encoded: Sequence[str]) -> dict[str, NDArray[Any]]:
    """The rarest shingle of every reference, by which it is found inside a text; of a shorter one, all its words."""
    hashes = [shingles(ids(text), min(SHINGLE, len(text))) for text in encoded]
    known, counts = np.unique(np.concatenate(hashes), return_counts=True)
    rows = []
    for i, own in enumerate(hashes):
        place = int(counts[np.searchsorted(known, own)].argmin())
        rows.append((int(own[place]), i, place))
    rows.sort()
    return {
        "anchor_hashes": np.array([each for each, _, _ in rows], np.uint32),
        "anchor_references": np.array([i for _, i, _ in rows], np.uint16),
        "anchor_places": np.array([place for _, _, place in rows], np.uint16),
    }


def _seeds(references: Sequence[Reference], encoded: Sequence[str]) -> dict[str, NDArray[Any]]:
    """Seeds of the references that are compared word by word: hash -> (reference, place), and how many each has."""
    table: dict[int, list[tuple[int, int]]] = defaultdict(list)
    alike = _Alike()
    # Texts with slots first: of texts that are much alike, the one that knows what may differ stands for all.
    for i, each in sorted(enumerate(references), key=lambda row: not row[1].slots):
        if _is_aligned(each):
            hashes: Hashes = shingles(ids(encoded[i]))
            own = {int(hashes[place]): int(place) for place in seeds(hashes)[::-1]}
            if alike.is_new(each, i, own):
                for key, place in own.items():
                    table[key].append((i, place))
    for key, held in table.items():
        if len(held) > _MANY:
            first = {references[i].expression: (i, place) for i, place in reversed(held)}
            table[key] = sorted(first.values())[:_MANY]
    keys = sorted(table)
    pairs = [pair for key in keys for pair in table[key]]
    return {
        "seed_hashes": np.array(keys, np.uint32),
        "seed_lists": np.array([len(table[key]) for key in keys], np.uint16),
        "seed_references": np.array([i for i, _ in pairs], np.uint16),
        "seed_places": np.array([place for _, place in pairs], np.uint16),
        "seed_counts": np.bincount([i for i, _ in pairs], minlength=len(references)).astype(np.uint16),
    }


class _Alike:
    """Which texts of one name are so much like an earlier one that a near match to either says the same."""

    def __init__(self) -> None:
        self._holders: dict[str, dict[int, list[int]]] = defaultdict(lambda: defaultdict(list))
        self._sizes: dict[int, int] = {}

    def is_new(self, reference: Reference, number: int, seeds: Iterable[int]) -> bool:
        """Whether no text of this name shares most of these seeds; if so, the reference is remembered."""
        own = set(seeds)
        holders = self._holders[reference.expression]
        least = _ALIKE[reference.kind]
        shared = Counter(holder for seed in own for holder in holders.get(seed, ()))
        if any(count >= least * (len(own) + self._sizes[holder] - count) for holder, count in shared.items()):
            return False
        self._sizes[number] = len(own)
        for seed in own:
            holders[seed].append(number)
        return True


def _is_aligned(reference: Reference) -> bool:
    fewest = _FEWEST_NOTICE_WORDS if reference.kind == "notice" else FEWEST_WORDS
    return reference.kind in _ALIGNED and len(reference.words) >= fewest and reference.coverage < 100  # noqa: PLR2004
