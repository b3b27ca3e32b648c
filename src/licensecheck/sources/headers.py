"""What the head of a weight file says of its license and origin: GGUF keys, safetensors metadata, config.json.

Every count and length in such a file may be a lie, so each is checked against the file's size before it is used.
"""

from __future__ import annotations

import math
import struct
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, BinaryIO

from licensecheck.sources import select
from licensecheck.sources.blobs import LFS_POINTER, load_json
from licensecheck.types import EmbeddedMetadata, Problem

MAX_HEADER = 100_000_000
"""Bytes; the limit of the safetensors format itself, and far above the largest GGUF vocabulary."""
_MAX_NESTING = 4

Values = dict[str, Any]


def read(file: Path, path: str) -> EmbeddedMetadata | Problem | None:
    """The license and origin metadata in the head of one file, stored as `path` in its repository.

    GGUF: the `general.*` keys (https://github.com/ggml-org/ggml/blob/master/docs/gguf.md); safetensors:
    `__metadata__` (https://huggingface.co/docs/safetensors); JSON: the origin and all keys with "license" in them.
    None where there is nothing of that kind; a problem, never an exception, where the file cannot be read.
    """
    kind = select.header(path)
    if kind is None:
        return None
    try:
        with file.open("rb") as stream:
            size = stream.seek(0, 2)
            stream.seek(0)
            if stream.read(len(LFS_POINTER)) == LFS_POINTER:
                return None  # weights that were never pulled: the repository holds no header to read
            stream.seek(0)
            values = _READERS[kind](stream, size)
    except _TooLargeError as error:
        return Problem(kind="too-large", message=f"the header of {path} is not read: {error}", path=path)
    except (OSError, ValueError, struct.error) as error:
        return Problem(kind="unreadable", message=f"the header of {path} is not readable: {error}", path=path)
    return EmbeddedMetadata(path=path, format=kind, values=values) if values else None


class _TooLargeError(Exception):
    """A header or value beyond the limits."""


def _read_json(stream: BinaryIO, size: int) -> Values:
    data = _object(_take(stream, size, size))
    origin = {"_name_or_path", "base_model_name_or_path"}
    return {key: value for key, value in data.items() if _plain(value) and (key in origin or "license" in key.lower())}


def _read_safetensors(stream: BinaryIO, size: int) -> Values:
    (length,) = struct.unpack("<Q", _take(stream, 8, size))
    metadata = _object(_take(stream, length, size)).get("__metadata__", {})
    if not isinstance(metadata, dict):
        raise ValueError("`__metadata__` is not an object")
    return {key: value for key, value in metadata.items() if _plain(value)}


def _read_gguf(stream: BinaryIO, size: int) -> Values:
    if _take(stream, 4, size) != b"GGUF":
        raise ValueError("it does not begin with GGUF")
    version = _take(stream, 4, size)
    order = "<" if struct.unpack("<I", version)[0] < 1 << 16 else ">"  # a big-endian file has its version bytes swapped
    (number,) = struct.unpack(order + "I", version)
    if number not in {1, 2, 3}:
        raise ValueError(f"GGUF version {number} is unknown")
    return _Gguf(stream, size, order, "I" if number == 1 else "Q").values()


class _Gguf:
    """A GGUF file behind its version: a cursor over the key-value pairs."""

    _SCALARS = {0: "B", 1: "b", 2: "H", 3: "h", 4: "I", 5: "i", 6: "f", 7: "?", 10: "Q", 11: "q", 12: "d"}  # noqa: RUF012
    _STRING, _ARRAY = 8, 9

    def __init__(self, stream: BinaryIO, size: int, order: str, count: str) -> None:
        self._stream, self._size = stream, size
        self._order, self._count = order, count

    def values(self) -> Values:
        """The `general.*` keys with string, number or list-of-string values."""
        self._number(self._count)  # tensors
        pairs = self._number(self._count)
        found: Values = {}
        for _ in range(pairs):  # a false count ends at the end of the file: a pair takes at least one read
            key = self._string()
            keep = key.startswith("general.")
            value = self._value(self._number("I"), keep=keep, nesting=0)
            if keep and _plain(value):
                found[key] = value
        return found

    def _number(self, code: str) -> Any:
        form = self._order + code
        return struct.unpack(form, _take(self._stream, struct.calcsize(form), self._size))[0]

    def _string(self) -> str:
        return _take(self._stream, self._number(self._count), self._size, select.MAX_TEXT).decode("utf-8", "replace")

    def _value(self, kind: int, *, keep: bool, nesting: int) -> Any:
        if kind in self._SCALARS:
            return self._number(self._SCALARS[kind])
        if kind == self._STRING:
            return self._string() if keep else self._skip(self._number(self._count))
        if kind != self._ARRAY or nesting == _MAX_NESTING:
            raise ValueError(f"value type {kind} is unknown or nested too deep")
        item, length = self._number("I"), self._number(self._count)
        if item in self._SCALARS:
            return self._skip(length * struct.calcsize(self._order + self._SCALARS[item]))
        if item == self._STRING and not keep:
            return self._skip_strings(length)
        items = (self._value(item, keep=keep, nesting=nesting + 1) for _ in range(length))
        if keep:
            return list(items)
        for _ in items:
            pass
        return None

    def _skip(self, length: int) -> None:
        self._go(self._stream.tell() + length)

    def _skip_strings(self, length: int) -> None:
        """Pass over a vocabulary: up to a million strings, so through a buffer and not one read each."""
        unpack, width = struct.Struct(self._order + self._count).unpack_from, struct.calcsize(self._order + self._count)
        start, at, buffer = self._stream.tell(), 0, b""
        for _ in range(length):
            if at + width > len(buffer):
                start, at = start + at, 0
                self._go(start)
                buffer = self._stream.read(1 << 20)
            at += width + unpack(buffer, at)[0]
        self._go(start + at)

    def _go(self, place: int) -> None:
        _check(place, self._size)
        self._stream.seek(place)


def _take(stream: BinaryIO, length: int, size: int, limit: int = MAX_HEADER) -> bytes:
    _check(stream.tell() + length, size)
    if length > limit:
        raise _TooLargeError(f"a value takes more than {limit:,} bytes")
    return stream.read(length)


def _check(place: int, size: int) -> None:
    """Refuse to go to a byte beyond the file, or beyond where a header may end."""
    if place > size:
        raise ValueError(f"it ends at byte {size:,}, where it says it holds {place:,}")
    if place > MAX_HEADER:
        raise _TooLargeError(f"it takes more than {MAX_HEADER:,} bytes")


def _object(data: bytes) -> Mapping[str, Any]:
    value = load_json(data)
    if not isinstance(value, dict):
        raise ValueError("it is not a JSON object")
    return value


def _plain(value: object) -> bool:
    """Whether a value is a string, a number or a list of strings, and of a size to keep."""
    if isinstance(value, str):
        return len(value) <= select.MAX_TEXT
    if isinstance(value, float):
        return math.isfinite(value)  # JSON, where it ends up, has no other
    return isinstance(value, bool | int) or (
        isinstance(value, list) and bool(value) and all(isinstance(item, str) for item in value)
    )


_READERS: Mapping[str, Callable[[BinaryIO, int], Values]] = {
    "gguf": _read_gguf, "safetensors": _read_safetensors, "json": _read_json,
}  # fmt: skip
