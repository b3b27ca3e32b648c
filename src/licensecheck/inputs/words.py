"""The words of a model list: lines split, quotes taken off and variables put in, each word with its place."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from licensecheck.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from licensecheck.types import ListLine


@dataclass(frozen=True)
class Word:
    """A word as written, what it means without quotes and variables, and its place (line and column from 1)."""

    written: str
    text: str
    line: ListLine
    column: int

    @property
    def place(self) -> str:
        """`file:line:column`, as errors name it."""
        return f"{self.line}:{self.column}"

    @property
    def is_option(self) -> bool:
        """Told by what is written: neither a quoted text nor the value of a variable can become an option."""
        return self.written.startswith("-") and self.written != "-"


def physical_lines(text: str) -> list[str]:
    """Split a file's text as editors count lines: LF, CR LF or CR; a byte order mark at its start is dropped."""
    return text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n").split("\n")


def split(line: str, here: ListLine) -> tuple[list[Word], bool]:
    r"""Cut one physical line into words as written, and say whether the next line continues it.

    A comment ends with its line even behind a `\`, so that a comment never swallows a model; a `\` at a line's end
    separates words like a space, so that two references never melt into one.
    """
    tokens = list(_TOKEN.finditer(line))
    words = [Word(token[0], token[0], here, token.start() + 1) for token in tokens if token["word"]]
    return words, bool(tokens and tokens[-1]["join"])


def expanded(word: Word, environment: Mapping[str, str]) -> Word:
    """Take quotes off and put variables in as a POSIX shell does, but never split or reread the value of a variable.

    Raises UsageError for an open quote, an unset or malformed variable, and control characters.
    """
    text = ""
    for piece in _PIECE.finditer(word.written):
        if piece["open"]:
            raise UsageError("a quote is not closed on its line", place=word.place, help=f"add the closing {piece[0]}")
        if piece["variable"]:
            text += _value(piece["variable"], word, environment)
        elif piece["double"] is not None:
            text += _IN_DOUBLE_QUOTES.sub(
                lambda part: part["escaped"] or _value(part["variable"], word, environment), piece["double"]
            )
        else:
            text += piece["single"] or piece["bare"] or ""
    # Cc could steer the terminal that shows a report; Cs are bytes of the environment that are no text.
    if odd := next((one for one in text if unicodedata.category(one) in {"Cc", "Cs"}), None):
        raise UsageError(f"`{shown(text)}` holds the control character U+{ord(odd):04X}", place=word.place)
    return replace(word, text=text)


def shown(text: str) -> str:
    """Make a text fit to stand in an error: escaped where it would not print, cut after 80 characters."""
    text = text if text.isprintable() else ascii(text)[1:-1]
    return text if len(text) <= _MAX_SHOWN else f"{text[: _MAX_SHOWN - 3]}..."


_MAX_SHOWN = 80

_TOKEN = re.compile(
    r"""(?P<space>\s++) | (?P<comment>\#.*) | (?P<join>\\\Z)
    | (?P<word>(?: '[^']*' | "(?:\\.|[^"\\])*" | \\(?!\Z) | [^\s\\'"] | ['"].*?(?=\\?\Z) )++)""",
    re.VERBOSE,
)
_PIECE = re.compile(
    r"""'(?P<single>[^']*)' | "(?P<double>(?:\\.|[^"\\])*)" | (?P<open>['"])
    | (?P<variable>\$\{[^}]*\}?) | (?P<bare>[^'"$]+|\$)""",
    re.VERBOSE,
)
_IN_DOUBLE_QUOTES = re.compile(r"""\\(?P<escaped>["\\$])|(?P<variable>\$\{[^}]*\}?)""")
_VARIABLE = re.compile(r"\$\{(\w+)\}")


def _value(variable: str, word: Word, environment: Mapping[str, str]) -> str:
    name = _VARIABLE.fullmatch(variable)
    if not name:
        raise UsageError(f"`{shown(variable)}` is not a variable", place=word.place, help="write `${NAME}`")
    if name[1] not in environment:
        raise UsageError(
            f"the variable {shown(name[1])} is not set", place=word.place, help="set it, or write its value"
        )
    return environment[name[1]]
