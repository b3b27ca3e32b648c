"""The prose of a card as its reader sees it: passages of plain text with their lines, links and headings.

CommonMark with tables is read by markdown-it-py; what a reader does not see (HTML comments, tags) is left out.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from html import unescape
from itertools import takewhile
from typing import Any, Literal
from urllib.parse import unquote

from markdown_it import MarkdownIt
from markdown_it.rules_core import StateCore, block, normalize
from markdown_it.token import Token

from licensecheck.cards.frontmatter import Lines

Form = Literal["text", "item", "row", "heading", "code"]

_LONGEST_INLINE = 20_000
"""Characters of one block in which marks are looked for; a longer one is read as plain text."""
_MARKS = re.compile(r"[\[\]<*_`!&\\~]")
_TAG = re.compile(r"<(?P<close>/?)(?P<name>[a-zA-Z][\w-]*)(?P<attributes>[^<>]*)>")
_ATTRIBUTE = re.compile(
    r"\b(?P<name>href|src|alt)\s*=\s*(?:\"(?P<a>[^\"]*)\"|'(?P<b>[^']*)'|(?P<c>[^\s\"'>]+))", re.IGNORECASE
)
_BREAKING = frozenset({
    "p", "br", "div", "li", "ul", "ol", "tr", "td", "th", "table", "summary", "details", "hr", "center", "blockquote",
    "h1", "h2", "h3", "h4", "h5", "h6",
})  # fmt: skip
_BADGE = re.compile(r"shields\.io/badge/(?P<label>(?:[^-/?]|--)+)-(?P<value>(?:[^-/?]|--)+)-[^-/?]+")
_BLANKS = re.compile(r"(?<=\S)[ \t]{2,}(?=\S)")
_STRUCK = re.compile(r"~~(?=\S)[^~]{1,400}?(?<=\S)~~")
_BUTTON = re.compile(r"(?:licensebuttons\.net|i\.creativecommons\.org)/l/(?P<license>[a-z-]+/\d\.\d)")
_BARE_URL = re.compile(r"https?://[^\s<>\"'`|{}\\^，。；、）】》]{3,400}")
INVISIBLE = "\u00ad\u200b\u200c\u200d\u200e\u200f\u2060\ufeff"
"""Characters that a reader does not see; they may stand in a word."""
_SIGNS = {"\xa0": " ", "\u2019": "'", "\u2018": "'", **{chr(each): "-" for each in (*range(0x2010, 0x2016), 0x2212)}}
"""Other spellings of a dash, a quote or a blank, one for one, so that places stay."""
_WIDE = re.compile("[\uff10-\uff19\uff21-\uff3a\uff41-\uff5a]")


@dataclass(frozen=True, slots=True)
class Link:
    """Characters [start, end) of a passage that lead to an address."""

    start: int
    end: int
    url: str


@dataclass(frozen=True, slots=True)
class Passage:
    r"""A stretch of prose that belongs together: a paragraph, an item, a table row, a heading, a block of code.

    `headings`: the titles above it, the outermost first. `head`: the cells of the first row of its table; `parent`:
    the item that it is an item of. The cells of a row are separated by ` | `; `\n` is a line break that the reader
    sees. `breaks`: offsets from which on the text stands on another line of the card.
    """

    text: str
    form: Form
    links: tuple[Link, ...] = ()
    headings: tuple[str, ...] = ()
    head: tuple[str, ...] = ()
    parent: str = ""
    breaks: tuple[tuple[int, int], ...] = ((0, 1),)

    def line(self, offset: int) -> int:
        """The 1-based line of the card on which a character stands."""
        return self.breaks[max(0, bisect_right(self.breaks, offset, key=lambda each: each[0]) - 1)][1]


def visible(text: str) -> str:
    """A text without characters that a reader does not see."""
    for sign in () if text.isascii() else INVISIBLE:
        text = text.replace(sign, "")
    return text


def narrowed(text: str) -> str:
    """A text with Latin letters and digits of full width in their usual form, one for one."""
    return text if text.isascii() else _WIDE.sub(lambda wide: chr(ord(wide[0]) - 0xFEE0), text)


def passages(body: Lines, wanted: Callable[[str, tuple[str, ...]], bool] = lambda *_: True) -> Iterator[Passage]:
    """The passages of a body, in their order; the work grows with the length of the body, and nothing is raised.

    Only those whose raw text is `wanted` below the titles that are nearest (of a row, those of its columns too): marks
    inside of a block are expensive to resolve.
    """
    numbers = [number for number, _ in body]
    env: dict[str, Any] = {}
    state = StateCore("\n".join(text.replace("\0", " ") for _, text in body), _parser(), env)
    normalize(state)
    block(state)
    titles: list[tuple[int, str]] = []
    items: dict[int, str] = {}
    for form, tokens, head in _units(state.tokens):
        first = numbers[min(tokens[0].map[0] if tokens[0].map else 0, len(numbers) - 1)] if numbers else 1
        above = tuple(title for _, title in titles)
        depth = tokens[0].level
        if form == "heading":
            passage = _passage(form, tokens, first, env)
            titles = [*(each for each in titles if each[0] < depth), (depth, passage.text)]
            yield replace(passage, headings=above)
            continue
        if form == "item":
            items = {**{level: text for level, text in items.items() if level < depth}, depth: tokens[0].content}
        parent = _parent(items, depth) if form == "item" else ""
        if wanted("\n".join(token.content for token in tokens), (*above[-1:], *head)):
            yield replace(_passage(form, tokens, first, env), headings=above, head=head, parent=parent)


def _parent(items: Mapping[int, str], depth: int) -> str:
    """The item that an item at a depth stands in."""
    return next((items[level] for level in sorted(items, reverse=True) if level < depth), "")


@lru_cache
def _parser() -> MarkdownIt:
    return MarkdownIt("commonmark").enable("table")


def _units(tokens: Sequence[Token]) -> Iterator[tuple[Form, list[Token], tuple[str, ...]]]:
    """The tokens with content, those of a table row together; the level of a heading is put on its token."""
    level = items = 0
    remaining = iter(tokens)
    for token in remaining:
        match token.type:
            case "table_open":
                yield from _rows(list(takewhile(lambda each: each.type != "table_close", remaining)))
            case "heading_open":
                level = int(token.tag[1:])
            case "list_item_open" | "list_item_close":
                items += token.nesting
            case "inline" if level:
                token.level, level = level, 0
                yield "heading", [token], ()
            case "inline" | "html_block":
                yield "item" if items and token.type == "inline" else "text", [token], ()
            case "fence" | "code_block":
                yield "code", [token], ()


def _rows(tokens: Sequence[Token]) -> Iterator[tuple[Form, list[Token], tuple[str, ...]]]:
    head: tuple[str, ...] = ()
    row: list[Token] = []
    for token in tokens:
        if token.type == "inline":
            row.append(token)
        elif token.type == "tr_close" and row:
            yield "row", row, head
            head = head or tuple(cell.content for cell in row)
            row = []


class _Writer:
    """Collects the text that a reader sees, with the places of links and lines."""

    def __init__(self, line: int) -> None:
        self.parts: list[str] = []
        self.size = 0
        self.line = line
        self.links: list[Link] = []
        self.breaks = [(0, line)]
        self._open: list[tuple[int, str]] = []

    def text(self, text: str) -> None:
        if text:
            self.parts.append(text)
            self.size += len(text)

    def next_line(self, lines: int = 1, *, text: str = " ") -> None:
        if text != " " or not (self.parts and self.parts[-1].endswith(" ")):
            self.text(text)
        self.line += lines
        self.breaks.append((self.size, self.line))

    def open(self, url: str) -> None:
        self._open.append((self.size, url))

    def close(self) -> None:
        if self._open:
            start, url = self._open.pop()
            if start == self.size:
                self.text(url)  # a link around a picture without words
            self.links.append(Link(start, self.size, url))

    def image(self, url: str, alt: str) -> None:
        if button := _BUTTON.search(url):
            self.open(f"https://creativecommons.org/licenses/{button['license']}/")
            self.text(alt)
            self.close()
            return
        badge = _BADGE.search(url)
        plain = (
            (unquote(badge[each]).replace("_", " ").replace("--", "-") for each in ("label", "value")) if badge else ()
        )
        self.text(": ".join(plain) if badge else alt)

    def tag(self, tag: re.Match[str]) -> None:
        """What a tag of HTML does to the text around it."""
        name = tag["name"].lower()
        given = {each["name"].lower(): unescape(each["a"] or each["b"] or each["c"] or "")
                 for each in _ATTRIBUTE.finditer(tag["attributes"])}  # fmt: skip
        if name == "a" and not tag["close"]:
            self.open(given.get("href", ""))
        elif name == "a":
            self.close()
        elif name == "img":
            self.image(given.get("src", ""), given.get("alt", ""))
        elif name in _BREAKING:
            self.text("\n")
        self._count(tag[0])

    def html(self, raw: str) -> None:
        """Text with tags in it, comments left out."""
        position = 0
        while position < len(raw):
            comment = raw.find("<!--", position)
            for part in _split(raw[position : len(raw) if comment < 0 else comment]):
                if isinstance(part, str):
                    self._lines(unescape(part))
                else:
                    self.tag(part)
            if comment < 0:
                break
            end = raw.find("-->", comment)
            self._count(raw[comment : end if end >= 0 else len(raw)])
            position = end + 3 if end >= 0 else len(raw)

    def _lines(self, text: str) -> None:
        first, *others = text.split("\n")
        self.text(first)
        for each in others:
            self.next_line()
            self.text(each)

    def _count(self, hidden: str) -> None:
        if lines := hidden.count("\n"):
            self.next_line(lines)

    def passage(self, form: Form) -> Passage:
        while self._open:
            self.close()
        text = narrowed("".join(self.parts))
        if not text.isascii():
            for sign, plain in _SIGNS.items():  # translate() takes ten times as long
                text = text.replace(sign, plain)
        taken = [(link.start, link.end) for link in self.links]
        bare = (each for each in _BARE_URL.finditer(text) if not any(a <= each.start() < b for a, b in taken))
        links = [*self.links, *(Link(each.start(), each.end(), each[0].rstrip(".,;:!?)*_")) for each in bare)]
        return Passage(text, form, tuple(sorted(links, key=lambda link: link.start)), breaks=tuple(self.breaks))


def _split(raw: str) -> Iterator[str | re.Match[str]]:
    position = 0
    for tag in _TAG.finditer(raw):
        yield raw[position : tag.start()]
        yield tag
        position = tag.end()
    yield raw[position:]


def _passage(form: Form, tokens: Sequence[Token], line: int, env: dict[str, Any]) -> Passage:
    writer = _Writer(line + (tokens[0].type == "fence"))
    for i, token in enumerate(tokens):
        if i:
            writer.text(" | ")
        content = visible(token.content)
        if "~~" in content and form != "code":
            content = _STRUCK.sub("", content)
        if "  " in content and form != "code":
            content = _BLANKS.sub(" ", content)
        if token.type == "html_block":
            writer.html(content)
        elif token.type in {"fence", "code_block"}:
            for each in content.split("\n"):
                writer.text(each)
                writer.next_line(text="\n")
        elif len(content) > _LONGEST_INLINE or not _MARKS.search(content):
            writer.html(content)
        else:
            _inline(writer, content, env)
    return writer.passage(form)


def _inline(writer: _Writer, content: str, env: dict[str, Any]) -> None:
    children: list[Token] = []
    _parser().inline.parse(content, _parser(), env, children)
    for child in children:
        match child.type:
            case "softbreak":
                writer.next_line()
            case "hardbreak":
                writer.next_line(text="\n")
            case "link_open":
                writer.open(str(child.attrs.get("href", "")))
            case "link_close":
                writer.close()
            case "image":
                writer.image(str(child.attrs.get("src", "")), child.content)
            case "html_inline":
                writer.html(child.content)
            case _:
                writer.text(child.content)
