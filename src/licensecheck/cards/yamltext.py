"""Reads YAML as its author wrote it: scalars stay text, nothing is executed, broken text is told with its place."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NoReturn

import yaml

if TYPE_CHECKING:
    from collections.abc import Iterator

MAX_DEPTH = 50
"""Levels of nesting; real cards have fewer than ten."""
MAX_ALIASES = 20
"""Aliases in one block: real cards have none, and each can multiply what a reader has to walk through."""

_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_NULLS = {"", "~", "null", "Null", "NULL"}
_PLAIN_TAGS = {"!"} | {
    f"tag:yaml.org,2002:{name}"
    for name in ("str", "int", "float", "bool", "null", "timestamp", "binary", "seq", "map", "set", "omap", "pairs")
}


class Malformed(Exception):  # noqa: N818  it crosses no room: a card is evidence, broken or not
    """A text that is not YAML, or that is YAML no card needs; `offset` is the character where it shows."""

    def __init__(self, problem: str, offset: int) -> None:
        self.problem, self.offset = problem, offset
        super().__init__(problem)


@dataclass(slots=True)
class Document:
    """What a text holds, and at which character its parts stand.

    `value` is None (nothing there), a str, a list or a dict of these; `keys` are the offsets of the top-level keys,
    `items` those of the entries of a list or mapping directly under a key; of a key stated twice the last one counts.
    """

    value: Any = None
    keys: dict[str, int] = field(default_factory=dict)
    items: dict[str, list[int]] = field(default_factory=dict)
    duplicates: list[str] = field(default_factory=list)


def read(text: str) -> Document:
    """Read one YAML document; raises Malformed and nothing else.

    The keywords for true, false, numbers and dates are not applied: `no` is "no", `1.0` is "1.0"; only `~`, `null` and
    an empty value are None. Merge keys (`<<`) are not followed.
    """
    try:
        return _Reader(text).document()
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        problem = error.problem or error.context or "not YAML"
        raise Malformed(problem, mark.index if mark else 0) from error
    except yaml.reader.ReaderError as error:
        raise Malformed(error.reason, _characters(text, error)) from error
    except UnicodeEncodeError as error:
        raise Malformed("half of a surrogate pair", error.start) from error
    except (yaml.YAMLError, ValueError, OverflowError) as error:
        raise Malformed(str(error).partition("\n")[0], 0) from error


def read_lines(text: str) -> Iterator[tuple[str, int, tuple[str, ...]]]:
    """Read a broken block line by line: (key, offset, values) for each key on the level of the first one.

    A list written below its key gives one value an item, any other continuation one value; quotes and comments are
    taken off. Unlike YAML this can be wrong: it is evidence of lower confidence.
    """
    level: str | None = None
    for line in _KEY_LINE.finditer(text):
        level = line["indent"] if level is None else level
        if line["indent"] == level:
            yield line["key"].strip(), line.start("key"), tuple(_values(line["value"], line["more"]))


class _Reader:
    """Builds a document from parser events: the composer of the C loader would recurse without a limit."""

    def __init__(self, text: str) -> None:
        self.events = yaml.parse(text, Loader=_LOADER)
        self.anchors: dict[str, Any] = {}
        self.aliases = 0
        self.found = Document()

    def document(self) -> Document:
        for event in self.events:
            if isinstance(event, yaml.MappingStartEvent):
                self.found.value = self._top(event)
            elif isinstance(event, yaml.NodeEvent):
                self.found.value = self._node(event, 0)
            elif isinstance(event, yaml.DocumentEndEvent):
                break
        for event in self.events:
            if isinstance(event, yaml.DocumentStartEvent):
                _refuse("a second document in the block", event)
        return self.found

    def _top(self, event: Any) -> dict[str, Any]:
        self._check(event, 0)
        found: dict[str, Any] = {}
        for key_event in self._until(yaml.MappingEndEvent):
            key = self._key(key_event)
            if key in found and key not in self.found.duplicates:
                self.found.duplicates.append(key)
            self.found.keys[key] = key_event.start_mark.index
            offsets: list[int] = []
            self.found.items[key] = offsets
            found[key] = self._node(next(self.events), 1, offsets)
        return found

    def _node(self, event: Any, depth: int, offsets: list[int] | None = None) -> Any:
        """Build the value that begins with this event; `offsets` collects where its entries stand."""
        if isinstance(event, yaml.AliasEvent):
            return self._alias(event)
        self._check(event, depth)
        value: Any
        if isinstance(event, yaml.ScalarEvent):
            value = None if event.implicit[0] and event.value in _NULLS else event.value
        elif isinstance(event, yaml.SequenceStartEvent):
            value = []
            for item in self._until(yaml.SequenceEndEvent):
                if offsets is not None:
                    offsets.append(item.start_mark.index)
                value.append(self._node(item, depth + 1))
        else:
            value = {}
            for key_event in self._until(yaml.MappingEndEvent):
                if offsets is not None:
                    offsets.append(key_event.start_mark.index)
                key = self._key(key_event)
                value[key] = self._node(next(self.events), depth + 1)
        if event.anchor:
            self.anchors[event.anchor] = value
        return value

    def _until(self, end: type[Any]) -> Iterator[Any]:
        while not isinstance(event := next(self.events), end):
            yield event

    def _key(self, event: Any) -> str:
        if not isinstance(event, yaml.ScalarEvent):
            _refuse("a key that is not plain text", event)
        self._check(event, 0)
        return str(event.value)

    def _alias(self, event: Any) -> Any:
        self.aliases += 1
        if self.aliases > MAX_ALIASES:
            _refuse(f"more than {MAX_ALIASES} aliases", event)
        if event.anchor not in self.anchors:
            _refuse(f"the alias `{event.anchor}` has no anchor before it", event)
        return self.anchors[event.anchor]

    def _check(self, event: Any, depth: int) -> None:
        if event.tag and event.tag not in _PLAIN_TAGS:
            _refuse(f"the tag `{event.tag}`", event)
        if depth > MAX_DEPTH:
            _refuse(f"more than {MAX_DEPTH} levels of nesting", event)


def _refuse(problem: str, event: Any) -> NoReturn:
    raise Malformed(problem, event.start_mark.index)


def _characters(text: str, error: yaml.reader.ReaderError) -> int:
    """Give the offset of a character YAML forbids; the C parser counts bytes of UTF-8, the other one characters."""
    if error.encoding == "unicode":
        return int(error.position)
    return len(text.encode("utf-8", "replace")[: error.position].decode("utf-8", "ignore"))


_KEY_LINE = re.compile(
    r"""(?:\A|(?<=[\r\n]))(?P<indent>[ \t]*+)["']?(?P<key>-{0,2}\w[\w .-]{0,60}+)["']?[ \t]*+:(?=[ \t\r\n]|\Z)[ \t]*+"""
    r"""(?P<value>[^\r\n]*+)"""
    r"""(?P<more>(?:(?:\r\n|\r|\n)(?:(?P=indent)[ \t]+|[ \t]*-[ \t])[^\r\n]*+)*+)"""
)
_BLOCK_SIGNS = {"", ">", ">-", ">+", "|", "|-", "|+"}
_COMMENT = re.compile(r"(?:\A|\s)#.*")
_QUOTED = re.compile(r"""(["'])(.*?)\1\s*(?:#.*)?""")


def _values(first: str, more: str) -> list[str]:
    """Give the values of one key: what stands behind it, or the list or the lines below it."""
    first = _clean(first)
    if first not in _BLOCK_SIGNS:
        return [first]
    lines = [line.strip() for line in more.splitlines() if line.strip()]
    if lines and all(line.startswith("- ") for line in lines):
        return [_clean(line[2:]) for line in lines]
    return [_clean(" ".join(lines))]


def _clean(value: str) -> str:
    quoted = _QUOTED.fullmatch(value.strip())
    return quoted[2] if quoted else _COMMENT.sub("", value).strip()
