"""Lists what the metadata of a card states about licenses, base models and data sets: cleaned, not interpreted."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from licensecheck.cards.keys import Meaning, meaning_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from licensecheck.cards.frontmatter import FrontMatter, Misplaced

Form = Literal["plain", "list-item", "mapping-key", "markdown-link", "salvaged", "misplaced"]
Note = Literal["placeholder", "duplicate-key", "misspelt-key"]

PLACEHOLDERS = (
    "", "-", "--", "?", "…", "n/a", "na", "none", "null", "nil", "todo", "tbd", "tba", "fixme", "xxx",
    "more information needed", "needs more information", "to be added", "to be determined", "not specified",
    "your license", "your license here", "license here", "add license here", "insert license here", "license name",
    "license", "licence",
)  # fmt: skip
"""Values that stand for a value still to come. `unknown` and `other` are ids of the Hub and not among them;
`licence: license` is what TRL writes into each card it makes."""
FILE_NAMES = ("license", "licence")
"""Of these, what is a real value of a link: a file of that name."""


@dataclass(frozen=True, slots=True)
class LicenseField:
    """One statement about the license.

    `key` as written and `meaning`, the key the Hub would know; `value` without Markdown, "" where the key stands
    alone; `line` of the card; `link` from a Markdown link or a mapping. `salvaged` comes from a block that is not
    YAML, `misplaced` from a block the Hub does not read; both are weaker evidence than the other forms.
    """

    key: str
    meaning: Meaning
    value: str
    line: int
    form: Form
    link: str | None = None
    note: Note | None = None


@dataclass(frozen=True, slots=True)
class BaseModelField:
    """One base model as the metadata names it, uninterpreted, and the line of the card."""

    value: str
    line: int
    form: Form


def license_fields(front: FrontMatter) -> tuple[LicenseField, ...]:
    """List every statement about the license, in the order of the card; misplaced blocks last."""
    return tuple(field for field in _fields(front) if field.meaning != "base_model")


def base_models(front: FrontMatter) -> tuple[BaseModelField, ...]:
    """List every base model named, in the order of the card; misplaced blocks last."""
    return tuple(
        BaseModelField(field.value, field.line, field.form)
        for field in _fields(front)
        if field.meaning == "base_model" and field.note != "placeholder"
    )


def relation(front: FrontMatter) -> str | None:
    """Give what the author says was done with the base (`base_model_relation`), as written."""
    value = front.data.get("base_model_relation")
    return value if isinstance(value, str) and value else None


def datasets(front: FrontMatter) -> tuple[str, ...]:
    """List the data sets named, as written."""
    return tuple(value.text for value in _values(front.data.get("datasets")) if value.text)


class _Value(NamedTuple):
    text: str
    link: str | None
    form: Form
    position: int
    """In the list or mapping the value comes from."""


def _fields(front: FrontMatter) -> Iterator[LicenseField]:
    if front.status == "yaml-error":
        yield from _of_block(front.salvaged, front, form="salvaged")
    yield from _of_block(front.data, front, duplicates=front.duplicates)
    for block in front.misplaced:
        yield from _of_block(block.data, block, form="misplaced")


def _of_block(
    data: Mapping[str, Any],
    place: FrontMatter | Misplaced,
    *,
    form: Form | None = None,
    duplicates: tuple[str, ...] = (),
) -> Iterator[LicenseField]:
    for key, content in data.items():
        meaning = meaning_of(key)
        if not meaning:
            continue
        for value in _values(content):
            line = place.items[key][value.position] if key in place.items else place.lines[key]
            note = _note(key, meaning, value.text, duplicates)
            yield LicenseField(key, meaning, value.text, line, form or value.form, value.link, note)


def _note(key: str, meaning: Meaning, value: str, duplicates: tuple[str, ...]) -> Note | None:
    if _is_placeholder(value, meaning):
        return "placeholder"
    if key in duplicates:
        return "duplicate-key"
    return None if key == meaning else "misspelt-key"


def _is_placeholder(value: str, meaning: Meaning) -> bool:
    plain = value.casefold().strip(" \t.:*_`<>[](){}") if value.strip(".") else ""
    if plain in FILE_NAMES and meaning == "license_link":
        return False
    return plain in PLACEHOLDERS or bool(_TEMPLATE.fullmatch(value.strip()))


_TEMPLATE = re.compile(r"\{\{.*\}\}|\$\{.*\}|<[^<>:/]*>")
_MARKDOWN_LINK = re.compile(r"\[([^\[\]]+)\]\((\S+?)\)")
_URL = re.compile(r"https?://\S+")


def _values(content: Any) -> Iterator[_Value]:
    """Split the content of a key: itself, the items of a list, the keys of a mapping with what stands behind them."""
    if isinstance(content, list | tuple) and content:
        for index, item in enumerate(content):
            if isinstance(item, list | tuple | dict):
                yield from (_Value(text, link, "list-item", index) for text, link, _, _ in _values(item))
            else:
                yield _Value(*_linked(item), "list-item", index)
    elif isinstance(content, dict) and content:
        for index, (key, behind) in enumerate(content.items()):
            if isinstance(behind, str) and behind and not _URL.fullmatch(behind):
                yield _Value(f"{key}: {behind}", None, "mapping-key", index)
            else:
                yield _Value(key.strip(), behind if isinstance(behind, str) else None, "mapping-key", index)
    else:
        text, link = _linked(content)
        yield _Value(text, link, "markdown-link" if link else "plain", 0)


def _linked(content: Any) -> tuple[str, str | None]:
    text = content.strip() if isinstance(content, str) else ""
    link = _MARKDOWN_LINK.fullmatch(text)
    return (link[1].strip(), link[2]) if link else (text, None)
