"""From the bytes of a file to text or JSON: encodings, and what looks like text and is none."""

from __future__ import annotations

import codecs
import hashlib
import json
from typing import Any

from licensecheck.sources import select
from licensecheck.types import Problem, ProblemKind, TextFile

_BOMS = (  # UTF-32 first: its little-endian mark begins with that of UTF-16
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
LFS_POINTER = b"version https://git-lfs.github.com/spec/"
"""How a file begins that stands for a large one (https://github.com/git-lfs/git-lfs/blob/main/docs/spec.md)."""


def text_file(path: str, data: bytes) -> tuple[TextFile, Problem | None]:
    """The text of a file as it is, byte order mark aside; no text, and why, where the bytes are no text."""
    if data.startswith(LFS_POINTER):
        return unread(path, "unreadable", "is a Git LFS pointer, not the text", help="run `git lfs pull`")
    blob = blob_id(data)
    for bom, encoding in _BOMS:
        if data.startswith(bom):
            return TextFile(path=path, text=data[len(bom) :].decode(encoding, errors="replace"), blob_id=blob), None
    if b"\0" in data:
        return unread(path, "unreadable", "is binary, not text", blob=blob)
    return TextFile(path=path, text=data.decode("utf-8", errors="replace"), blob_id=blob), None


def unread(
    path: str,
    kind: ProblemKind,
    reason: str,
    *,
    help: str | None = None,  # noqa: A002
    blob: str | None = None,
) -> tuple[TextFile, Problem]:
    """A file that is there and whose text is not read, with the problem `<path> <reason>`."""
    problem = Problem(kind=kind, message=f"{path} {reason}", help=help or "read it by hand", path=path)
    return TextFile(path=path, blob_id=blob), problem


def format_unread(path: str, *, blob: str | None = None) -> tuple[TextFile, Problem]:
    """A wanted file in a format this program does not read."""
    return unread(path, "unreadable", "is in a format that is not read", blob=blob)


def too_large(path: str, size: int, *, blob: str | None = None) -> tuple[TextFile, Problem]:
    """A wanted file beyond the size of any license text; `size` in bytes."""
    reason = f"has {size:,} bytes and is not read (limit {select.MAX_TEXT:,})"
    return unread(path, "too-large", reason, blob=blob)


def load_json(data: bytes) -> Any:
    """The JSON value in the bytes, every string of it encodable; raises ValueError where there is none."""
    try:
        value = json.loads(data)
        if b"\\ud" in data.lower():  # half a surrogate pair is legal JSON and cannot be written out again
            value = json.loads(json.dumps(value, ensure_ascii=False).encode("utf-8", "replace"))
    except RecursionError:
        raise ValueError("it is nested too deep") from None
    return value


def blob_id(data: bytes) -> str:
    """The git blob id of the bytes, as `git hash-object` and the Hub's API give it: 40 hex digits."""
    return hashlib.sha1(b"blob %d\0" % len(data) + data, usedforsecurity=False).hexdigest()
