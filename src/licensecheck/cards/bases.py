"""What the body of a card says it was made from: merge configurations, and families of models with one license."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from licensecheck.cards.frontmatter import Lines
from licensecheck.cards.languages import in_any_language
from licensecheck.cards.scope import Own, family_licenses
from licensecheck.catalog import catalog

_FENCE = re.compile(r"^\s{0,3}(?P<fence>```+|~~~+)")
_MERGED = re.compile(
    r"^\s*(?:-\s+)?(?:base_model|model|source_model|model_path)\s*:\s*[\"']?(?P<id>[\w.-]+/[\w.-]+)[\"']?\s*(?:#.*)?$"
)
_MERGE_KEY = re.compile(r"^\s*(?:merge_method|gate_mode|experts)\s*:", re.MULTILINE)
_BASE_CELL = re.compile(r"\b(?:base|parent) models?\b\W{0,4}$", re.IGNORECASE)
_LIKE = re.compile(
    r"[\w.-]{0,40}\s+(?:\w{1,30}\s+){0,2}(?:architecture|tokenizer|codebase|format|template|prompt)", re.IGNORECASE
)
"""A model built like another is not made from it."""
_REBUILT = re.compile(
    r"\b(?:reproduction|reimplementation|replication) of\b|\bcompar(?:isons?|ed) (?:against|with|to)\b", re.IGNORECASE
)
"""A model built anew is not made from the weights of the first."""
_NEAR = 120


@dataclass(frozen=True, slots=True)
class BaseFamily:
    """A well-known family that a card says the model was made from, and the license that its members carry."""

    license: str
    line: int
    quote: str


def merged_models(body: Lines) -> Iterator[tuple[str, int]]:
    """The models that merge configurations (mergekit) in code blocks of the body name, with their lines."""
    block: list[tuple[int, str]] = []
    for number, text, fenced in [*_with_fences(body), (0, "", False)]:
        if fenced:
            block.append((number, text))
        elif block:
            if _MERGE_KEY.search("\n".join(line for _, line in block)):
                yield from ((match["id"], at) for at, line in block if (match := _MERGED.match(line)))
            block = []


def _with_fences(body: Lines) -> Iterator[tuple[int, str, bool]]:
    """Each line of the body: its number, its text, and whether it stands in a code block."""
    fence: str | None = None
    for number, text in body:
        match = _FENCE.match(text)
        if match and (fence is None or match["fence"].startswith(fence)):
            fence = match["fence"] if fence is None else None
            continue
        yield number, text, fence is not None


def base_families(body: Lines, model: str = "") -> Iterator[BaseFamily]:
    """Families with one license (data/models.toml) that stand right behind words such as “fine-tuned from”."""
    own = Own(model)
    text = "\n".join(line for _, line in body)
    lines = [number for number, _ in body]
    for pattern, key in family_licenses():
        found = pattern.finditer(text) if key else ()
        match = next((each for each in found if _is_base(text, each) and not own.is_named(each[0])), None)
        record = catalog().find(key) if match else None
        if match and record:
            start, end = text.rfind("\n", 0, match.start()) + 1, text.find("\n", match.end())
            yield BaseFamily(
                record.spdx_id,
                lines[text.count("\n", 0, match.start())],
                text[start : end if end > 0 else None].strip(),
            )


def _is_base(text: str, name: re.Match[str]) -> bool:
    line = max(name.start() - _NEAR, text.rfind("\n", 0, name.start()) + 1)
    if _LIKE.match(text, name.end()) or _REBUILT.search(text, line, name.start()):
        return False
    if text[line : name.start()].lstrip("> ").startswith("|"):
        return bool(_BASE_CELL.search(text, line, name.start()))  # other rows of a table compare models
    return bool(
        in_any_language("made_from").search(text, line, name.start())
        or in_any_language("based").match(text, name.end())
    )
