"""Untrusted text made safe to show: model names, quotes and messages come from strangers' repositories.

A card may hold escape sequences that rewrite a terminal, characters that reverse or hide text, and lines that a CI
runner takes for commands. None of them survives here; what was there stays visible as an escape.
"""

from __future__ import annotations

import json
import re
from typing import Any

from pydantic_core import to_jsonable_python

# `::` at the start of a word is a workflow command of GitHub where it begins a line (and wrapping may bring it
# there); `##[`, `##vso[` and the like are commands of other runners wherever they stand.
_COMMAND = re.compile(r"(?<!\S):{2,}|##(?=\w*\[)")


def clean(text: str) -> str:
    r"""One printable line: blanks and line ends become one space, invisible characters their escape (`\x1b`)."""
    line = re.sub(r"\s+", " ", text).strip()
    if not line.isprintable():
        line = "".join(char if char.isprintable() else _escape(char) for char in line)
    return _COMMAND.sub(lambda match: " ".join(match[0]) if match[0][0] == ":" else f"{match[0]} ", line)


def cut(line: str, most: int) -> str:
    """The line, with an ellipsis at its end where it has more characters than `most`."""
    return line if len(line) <= most else f"{line[: max(most - 1, 0)]}…"


def clean_lines(text: str) -> list[str]:
    """The same for a text whose lines matter: one clean line for each."""
    return [clean(line) for line in text.splitlines()]


def json_text(value: Any) -> str:
    """Indented JSON with a line feed at its end; nothing is lost, invisible characters are escaped as JSON does it."""
    plain = to_jsonable_python(value, inf_nan_mode="null")
    text = json.dumps(plain, ensure_ascii=False, indent=2, allow_nan=False)
    return (
        re.sub(r"[^\n -~]", lambda match: match[0] if match[0].isprintable() else json.dumps(match[0])[1:-1], text)
        + "\n"
    )


def _escape(char: str) -> str:
    return char.encode("unicode_escape").decode("ascii")
