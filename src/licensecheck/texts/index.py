"""The known texts, as sequences of word numbers in one file that is mapped into memory and read where it is looked at.

Made by `python -m licensecheck.texts.build`; it holds no text, but the words can be told from their numbers.
"""

from __future__ import annotations

import json
import mmap
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from importlib.resources import files
from pathlib import Path
from typing import Any, Literal, get_args

import numpy as np
from numpy.typing import NDArray

from licensecheck.texts.shingles import Ids

Kind = Literal["text", "policy", "notice", "reference", "intro", "clue", "false-positive"]
"""What a known text is: the text of a license or of an acceptable use policy, a notice that puts something under a
license, a short reference to one; an introduction to a license, a hint that concludes nothing, and words that look like
a reference and are none (the last five are ScanCode's distinctions)."""
KINDS: tuple[Kind, ...] = get_args(Kind)
Role = Literal["license", "exception", "policy", "generic", "unknown"]
"""What a name stands for: one license; an exception to one; a policy; or what ScanCode files under a common heading
("other-permissive"), or as words that speak of a license and name none."""

ROLES: tuple[Role, ...] = get_args(Role)

FILE = Path(str(files("licensecheck.texts").joinpath("data", "index.bin")))
UNKNOWN = "\uffff"
"""Stands for a word that no known text has."""
_SURROGATES, _SURROGATE_CODES = 0xD800, 0x800
_MAGIC = b"licensecheck index 1\n"
_ALIGN = 64
_NEAR, _FAR = 24, 800


Marks = list[tuple[int, int, int]]


@dataclass(frozen=True)
class License:
    """A name of the index."""

    key: str
    spdx_id: str
    role: Role


@dataclass(frozen=True)
class Expression:
    """What a known text names: an expression of SPDX ids, and the names in it; empty where it names nothing."""

    text: str
    licenses: tuple[License, ...]

    @property
    def rarity(self) -> Literal[0, 1, 2]:
        """2 for a heading of ScanCode's, 1 for a license that only ScanCode has, 0 for all others."""
        if any(each.role in {"generic", "unknown"} for each in self.licenses):
            return 2
        return 1 if any(each.spdx_id.startswith("LicenseRef-scancode-") for each in self.licenses) else 0


class Table:
    """Sorted hashes, with marks that tell at once that most others are not among them."""

    def __init__(self, hashes: NDArray[np.uint32]) -> None:
        self.hashes = hashes
        # Eight marks a hash: one in eight of the others passes, and is looked for.
        self.mask = np.uint32((1 << (8 * len(hashes)).bit_length()) - 1)
        self.marks = np.zeros(int(self.mask) + 1, np.bool_)
        self.marks[hashes & self.mask] = True


class _Codes(dict[str, str]):
    """Word -> its character."""

    def __missing__(self, word: str) -> str:
        return UNKNOWN


class Index:
    """The arrays of an index file; a reference is the number of a known text."""

    def __init__(self, arrays: Mapping[str, NDArray[Any]]) -> None:
        self.arrays = arrays
        self.kinds: NDArray[np.uint8] = arrays["kinds"]
        self.coverage: NDArray[np.uint8] = arrays["coverage"]
        self.lengths: NDArray[np.uint16] = arrays["lengths"]
        self.ends: NDArray[np.uint32] = np.cumsum(self.lengths, dtype=np.uint32)
        self.seed_counts: NDArray[np.uint16] = arrays["seed_counts"]
        self.anchors = Table(arrays["anchor_hashes"])
        self.seeds = Table(arrays["seed_hashes"])
        # Seeds of one match lie on one diagonal, give or take half the known text, within bounds.
        self.reach = np.clip(self.lengths // 2, _NEAR, _FAR)
        self.slotted = np.zeros(len(self.lengths), np.bool_)
        self.slotted[arrays["slots"][:, 0]] = True
        lists = arrays["seed_lists"]
        self.seed_starts: NDArray[np.int64] = np.cumsum(lists, dtype=np.int64) - lists

    @cached_property
    def words(self) -> list[str]:
        """Every word of the known texts; word number n stands at n."""
        return self.arrays["words"].tobytes().decode().split("\n")

    @cached_property
    def codes(self) -> Mapping[str, str]:
        """Word -> the one character that stands for it in an encoded text."""
        return _Codes((word, chr(code(number))) for number, word in enumerate(self.words))

    @cached_property
    def licenses(self) -> Sequence[License]:
        """All names."""
        rows = self.arrays["licenses"].tobytes().decode().split("\n")
        parts = [row.split("\t") for row in rows]
        return [License(key, spdx_id, next(each for each in ROLES if each == role)) for key, spdx_id, role in parts]

    @cached_property
    def _expressions(self) -> Sequence[Expression]:
        rows = [row.partition("\t") for row in self.arrays["expressions"].tobytes().decode().split("\n")]
        return [Expression(text, tuple(self.licenses[int(i)] for i in numbers.split())) for text, _, numbers in rows]

    @cached_property
    def _ids(self) -> Mapping[str, License]:
        return {each.spdx_id.lower(): each for each in self.licenses}

    def by_id(self, identifier: str) -> License | None:
        """The name with this SPDX id, in any letter case."""
        return self._ids.get(identifier.lower())

    @cached_property
    def patterns(self) -> Sequence[str]:
        """The patterns of the slots."""
        return self.arrays["patterns"].tobytes().decode().split("\n")

    def expression(self, reference: int) -> Expression:
        """What a reference names."""
        return self._expressions[int(self.arrays["expression"][reference])]

    def encoded(self, reference: int) -> str:
        """The words of a reference, a character each."""
        end = int(self.ends[reference])
        ids = self.arrays["tokens"][end - int(self.lengths[reference]) : end]
        return ids.tobytes().decode("utf-16-le")

    def encode(self, words: Iterable[str]) -> str:
        """A text's words, a character each, UNKNOWN for those that no reference has."""
        return "".join(map(self.codes.__getitem__, words))

    def decode(self, encoded: str) -> list[str]:
        """The words of an encoded reference."""
        return [self.words[number(ord(character))] for character in encoded]

    def slots(self, reference: int) -> Marks:
        """(start, end, pattern) of the words that a copy may have otherwise; -1 for those it may only leave out."""
        return self._slots.get(reference, [])

    def required(self, reference: int) -> Marks:
        """(start, end, 0) of the words without which a copy is none."""
        return self._required.get(reference, [])

    @cached_property
    def _slots(self) -> Mapping[int, Marks]:
        return _marks(self.arrays["slots"])

    @cached_property
    def _required(self) -> Mapping[int, Marks]:
        return _marks(self.arrays["requireds"])


def _marks(rows: NDArray[np.int32]) -> Mapping[int, Marks]:
    marks: dict[int, Marks] = {}
    for reference, start, end, which in rows.tolist():
        marks.setdefault(reference, []).append((start, end, which))
    return marks


def code(number: int) -> int:
    """The character code of a word number: one that is not half of a surrogate pair."""
    return number + 1 if number + 1 < _SURROGATES else number + 1 + _SURROGATE_CODES


def number(code: int) -> int:
    """The word number of a character code."""
    return code - 1 if code < _SURROGATES else code - 1 - _SURROGATE_CODES


def ids(encoded: str) -> Ids:
    """An encoded text as an array."""
    return np.frombuffer(encoded.encode("utf-16-le"), np.uint16)


@lru_cache
def index() -> Index:
    """The index that ships with this package."""
    return Index(read(FILE))


def read(path: Path) -> dict[str, NDArray[Any]]:
    """The arrays of an index file, mapped."""
    with path.open("rb") as file:
        data = np.frombuffer(mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ), np.uint8)
    head = len(_MAGIC) + 8
    size = int.from_bytes(data[len(_MAGIC) : head].tobytes(), "little")
    table = json.loads(data[head : head + size].tobytes())
    return {
        name: data[start : start + np.dtype(kind).itemsize * int(np.prod(shape))].view(kind).reshape(shape)
        for name, (kind, shape, start) in table.items()
    }


def write(arrays: Mapping[str, NDArray[Any]], path: Path) -> None:
    """Write an index file: a magic line, the size of a JSON table of the arrays, the table, the arrays."""
    table: dict[str, tuple[str, tuple[int, ...], int]] = {}
    # The table's own size depends on the places it names, so they are counted from a size that it cannot reach.
    start = _aligned(len(_MAGIC) + 8 + 200 * len(arrays))
    for name, array in arrays.items():
        table[name] = (array.dtype.str, array.shape, start)
        start = _aligned(start + array.nbytes)
    text = json.dumps(table, separators=(",", ":")).encode()
    with path.open("wb") as file:
        file.write(_MAGIC + len(text).to_bytes(8, "little") + text)
        for name, array in arrays.items():
            file.write(b"\0" * (table[name][2] - file.tell()))
            file.write(array.tobytes())


def _aligned(size: int) -> int:
    return -(-size // _ALIGN) * _ALIGN
