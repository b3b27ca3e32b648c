"""The gate of a card: what somebody must read and accept before a download (`extra_gated_*` in the metadata)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

_GATE = "extra_gated_"
_TEXTS = ("extra_gated_prompt", "extra_gated_description")


@dataclass(frozen=True, slots=True)
class GateText:
    """The words under one key of the gate, and its 1-based line.

    `whole`: they may be a whole agreement; else they are a heading, a button or the fields of a form.
    """

    key: str
    text: str
    line: int | None
    whole: bool


def gate(data: Mapping[str, Any], lines: Mapping[str, int]) -> Iterator[GateText]:
    """What the metadata holds of a gate, in its order; `lines` are the lines of its keys, where they are known."""
    for key, value in data.items():
        text = "\n".join(strings(value)).strip() if key.startswith(_GATE) else ""
        if text:
            yield GateText(key, text, lines.get(key), key in _TEXTS)


def strings(value: Any) -> Iterator[str]:
    """All strings in a value of the metadata, keys of mappings too: a checkbox is named by its key."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for key, each in value.items():
            yield str(key)
            yield from strings(each)
    elif isinstance(value, list | tuple):
        for each in value:
            yield from strings(each)
