"""Reads the YAML metadata block at the top of a model card, and the blocks the Hub overlooks."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from itertools import islice
from typing import TYPE_CHECKING, Any, Literal

from licensecheck.cards import yamltext
from licensecheck.cards.keys import meaning_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

Status = Literal["ok", "none", "empty", "unterminated", "yaml-error", "not-a-mapping"]
Place = Literal["top", "body", "end", "comment"]

UNREAD = ("model-index", "widget")
"""Keys whose sections are skipped: they hold most of a long block (100 KB of benchmark results) and no license."""
MAX_CANDIDATES = 50
"""Places in one card looked at for a misplaced block; real cards have one or two."""


@dataclass(frozen=True, slots=True)
class Misplaced:
    """A block with license or base model keys where the Hub does not look for metadata.

    `place`: `top` (the first lines, but the fence is not exactly `---` or never closed), `comment` (inside an HTML
    comment), `end` (the last lines), `body` (elsewhere). Lines are 1-based lines of the card, those of the fences for
    `first_line` and `last_line`; `lines` has each top-level key, `items` the entries below the license keys.
    """

    place: Place
    data: Mapping[str, Any]
    lines: Mapping[str, int]
    items: Mapping[str, tuple[int, ...]]
    first_line: int
    last_line: int


@dataclass(frozen=True, slots=True)
class FrontMatter:
    """The metadata of a card as its author wrote it.

    `data`: every scalar is a str (`no`, `2024-01-01` and `1.0` too) or None; empty unless `status` is ok. The block
    sections of UNREAD keys are not read: their value is None.
    `message`: what is wrong, one line, with the card's line; None where nothing is.
    `first_line`, `last_line`: 1-based lines of the two fences. `body_line`: where the prose starts.
    `lines`: the line of each top-level key; `items`: the lines of the entries of a list or mapping under a license or
    base model key. `duplicates`: keys stated twice, the last one counted.
    `salvaged`: of a block that is not YAML, the values of the license and base model keys read line by line.
    `bom`: whether the card starts with a byte order mark.
    """

    status: Status
    data: Mapping[str, Any] = field(default_factory=dict)
    message: str | None = None
    first_line: int | None = None
    last_line: int | None = None
    body_line: int = 1
    lines: Mapping[str, int] = field(default_factory=dict)
    items: Mapping[str, tuple[int, ...]] = field(default_factory=dict)
    duplicates: tuple[str, ...] = ()
    salvaged: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    misplaced: tuple[Misplaced, ...] = ()
    bom: bool = False


def parse(text: str) -> FrontMatter:
    """Read the metadata of a card; any text is allowed, nothing is raised.

    What counts as the block is the Hub's own rule (huggingface_hub `REGEX_YAML_BLOCK`, after a byte order mark is taken
    off). A malformed section of an UNREAD key spoils the block for the Hub; here it is skipped and the rest counts,
    because the author's statement stands there to be read.
    """
    bom = text.startswith("\ufeff")
    # With a line break in front, the line of an offset is the number of line breaks before it.
    card = "\n" + text.removeprefix("\ufeff")
    opening = _OPENING.match(card)
    if opening and (found := _closing(card, opening.end())):
        start, closing = found
        return _closed(card, opening.end() - 3, start, closing, bom=bom)
    return _unclosed(card, opening, bom=bom)


def hub_block(text: str) -> str | None:
    """Give the text between the fences where the Hub sees a metadata block, else None."""
    card = text.removeprefix("\ufeff")
    opening = _OPENING.match(card)
    found = opening and _closing(card, opening.end())
    return card[found[0] : found[1].start()] if found else None


Lines = list[tuple[int, str]]
"""Lines of a text with their 1-based numbers."""


def numbered(text: str) -> Lines:
    """Give all lines of a text."""
    # Not `splitlines`, which knows more line breaks than an editor counts.
    return list(enumerate(re.split(r"\r\n|\r|\n", text), start=1))


def body_lines(text: str, front: FrontMatter) -> Lines:
    """Give the lines of the prose; misplaced blocks are left out, they are read as metadata."""
    return [
        (number, line)
        for number, line in numbered(text)[front.body_line - 1 :]
        if not any(block.first_line <= number <= block.last_line for block in front.misplaced)
    ]


_OPENING = re.compile(r"\s*+---(?=[\r\n])")
_CLOSING = re.compile(r"(?:\r\n|\r|\n)(?P<fence>---)[ \t]*+(?:\r\n|\n|\Z)")


def _closing(card: str, fence_end: int) -> tuple[int, re.Match[str]] | None:
    """Find where the block starts, and its closing fence. The Hub's expression takes CR LF first, then the CR alone."""
    for line_break in ("\r\n", "\r", "\n"):
        start = fence_end + len(line_break)
        if card.startswith(line_break, fence_end) and (closing := _CLOSING.search(card, start)):
            return start, closing
    return None


def _closed(card: str, fence: int, start: int, closing: re.Match[str], *, bom: bool) -> FrontMatter:
    last_line = _line(card, closing.start("fence"))
    return replace(
        _read(card, start, closing.start()),
        first_line=_line(card, fence),
        last_line=last_line,
        body_line=last_line + 1,
        misplaced=_elsewhere(card, closing.start()),
        bom=bom,
    )


def _unclosed(card: str, opening: re.Match[str] | None, *, bom: bool) -> FrontMatter:
    """Read a card in which the Hub finds no block; its first lines, and blocks elsewhere, can still say something."""
    top, rest = _at_top(card)
    misplaced = (*((top,) if top else ()), *_elsewhere(card, rest))
    first_line = _line(card, opening.end()) if opening else None
    message = None
    if first_line:
        message = f"line {first_line}: no line `---` closes the metadata block"
    elif misplaced:
        message = f"line {misplaced[0].first_line}: the Hub does not read the metadata block that starts here"
    return FrontMatter(
        status="unterminated" if opening else "none",
        message=message,
        first_line=first_line,
        body_line=top.last_line + 1 if top else 1,
        misplaced=misplaced,
        bom=bom,
    )


_EOL = r"(?>\r\n|\r|\n)"
_FENCE = re.compile(
    r"(?:\r\n|\r|\n)[ \t]*+(?:(?P<code>```|~~~)|(?:<!--[ \t]*+)?-{2,}[ \t]*+(?:-->[ \t]*+)?(?=[\r\n]|\Z))"
)
_LEADING = re.compile(
    rf"(?:{_EOL}(?:[ \t]*+(?=[\r\n]|\Z)|[ \t]++[^\r\n]++|-(?:[ \t][^\r\n]*+)?(?=[\r\n]|\Z)|#[^\r\n]*+"
    r"|[\"']?-{0,2}\w[\w .-]{0,60}[\"']?[ \t]*+:(?=[ \t\r\n]|\Z)[^\r\n]*+))*+"
)
_STATEMENT = re.compile(r"[\r\n][ \t]*+[\"']?-{0,2}(?:model[ _-])?(?:licen[cs]e|base[ _-]?model)", re.IGNORECASE)
_BLANK_REST = re.compile(r"[\s>-]*+\Z")


def _at_top(card: str) -> tuple[Misplaced | None, int]:
    """Read a block at the top whose fence is not the Hub's or never closed; also tell where the rest starts."""
    first = len(card) - len(card.lstrip())
    opening = _FENCE.match(card, max(card.rfind("\n", 0, first), card.rfind("\r", 0, first)))
    if not opening or opening["code"]:
        return None, 0
    leading = _LEADING.match(card, opening.end())
    end = leading.end() if leading else opening.end()
    closing = _FENCE.match(card, end)
    last_line = _line(card, closing.end() if closing else end)
    place: Place = "comment" if "<!--" in opening[0] else "top"
    found = _overlooked(card, opening, end, place=place, last_line=last_line)
    return (found, closing.end() if closing else end) if found else (None, 0)


def _elsewhere(card: str, start: int) -> tuple[Misplaced, ...]:
    """List the blocks after `start` between two lines of dashes."""
    candidates = islice(_candidates(card, start), MAX_CANDIDATES)
    blocks = (
        _overlooked(
            card,
            opening,
            closing.start(),
            place=_place(card, opening, closing),
            last_line=_line(card, closing.end()),
        )
        for opening, closing in candidates
    )
    return tuple(block for block in blocks if block)


def _candidates(card: str, start: int) -> Iterator[tuple[re.Match[str], re.Match[str]]]:
    """Find pairs of fences with a license key between them; what stands in a code block is an example."""
    opening: re.Match[str] | None = None
    in_code = False
    for fence in _FENCE.finditer(card, start):
        if fence["code"]:
            in_code, opening = not in_code, None
        elif not in_code:
            if opening and _STATEMENT.search(card, opening.end(), fence.start()):
                yield opening, fence
            opening = fence


def _place(card: str, opening: re.Match[str], closing: re.Match[str]) -> Place:
    if card.rfind("<!--", 0, opening.end()) > card.rfind("-->", 0, opening.end()):
        return "comment"
    return "end" if _BLANK_REST.match(card, closing.end()) else "body"


def _overlooked(card: str, opening: re.Match[str], end: int, *, place: Place, last_line: int) -> Misplaced | None:
    """Read the block below an opening fence; None where it says nothing of licenses or base models."""
    block = _read(card, opening.end(), end)
    data = block.data
    if place == "top" and not data:
        data = {key: values[0] if len(values) == 1 else list(values) for key, values in block.salvaged.items()}
    if not any(map(meaning_of, data)):
        return None
    return Misplaced(place, data, block.lines, block.items, _line(card, opening.end()), last_line)


_SECTION = re.compile(
    rf"(?m)^(?P<key>{'|'.join(UNREAD)}):[ \t]*+{_EOL}"
    rf"(?:{_EOL}|(?:[ \t#]|-(?=[ \t\r\n]|\Z))[^\r\n]*+(?:{_EOL}|\Z))*+"
)


def _read(card: str, start: int, end: int) -> FrontMatter:
    """Read what stands between two offsets as metadata; the fences are the caller's."""
    block, line = card[start:end], _line(card, start)
    try:
        text, document = _document(block)
    except yamltext.Malformed as error:
        return _broken(block, line, error)
    if isinstance(document.value, dict):
        wanted = {key: offsets for key, offsets in document.items.items() if offsets and meaning_of(key)}
        at = _lines(text, line, sorted({*document.keys.values(), *(o for offsets in wanted.values() for o in offsets)}))
        return FrontMatter(
            status="ok",
            data=document.value,
            lines={key: at[offset] for key, offset in document.keys.items()},
            items={key: tuple(at[offset] for offset in offsets) for key, offsets in wanted.items()},
            duplicates=tuple(document.duplicates),
        )
    if document.value is None:
        return FrontMatter(status="empty", message=f"line {line}: the metadata block is empty")
    kind = "a list" if isinstance(document.value, list) else "plain text"
    return FrontMatter(status="not-a-mapping", message=f"line {line}: the metadata is {kind}, not `key: value` lines")


def _document(block: str) -> tuple[str, yamltext.Document]:
    """Read the block without its UNREAD sections, or whole where the cut breaks it (a string can span it)."""
    if any(key in block for key in UNREAD):
        short = _SECTION.sub(lambda section: section["key"] + ":" + "\n" * _breaks(section[0]), block)
        try:
            return short, yamltext.read(short)
        except yamltext.Malformed:
            pass
    return block, yamltext.read(block)


def _broken(block: str, line: int, error: yamltext.Malformed) -> FrontMatter:
    found = {key: (offset, values) for key, offset, values in yamltext.read_lines(block) if meaning_of(key)}
    at = _lines(block, line, sorted(offset for offset, _ in found.values()))
    return FrontMatter(
        status="yaml-error",
        message=f"line {line + _breaks(block[: error.offset])}: the metadata is not YAML: {error.problem}",
        lines={key: at[offset] for key, (offset, _) in found.items()},
        salvaged={key: values for key, (_, values) in found.items()},
    )


def _lines(text: str, line: int, offsets: list[int]) -> dict[int, int]:
    """Map rising offsets into a text that starts on `line` to their lines; one pass, however many there are."""
    found, last = {}, 0
    for offset in offsets:
        line += _breaks(text, last, offset)
        found[offset], last = line, offset
    return found


def _line(card: str, offset: int) -> int:
    return _breaks(card, 0, offset)


def _breaks(text: str, start: int = 0, end: int | None = None) -> int:
    """Count LF, CR LF and CR, as an editor does and unlike YAML, which knows more line breaks."""
    return text.count("\n", start, end) + text.count("\r", start, end) - text.count("\r\n", start, end)
