"""Which file beside a card is the card in another language."""

from __future__ import annotations

import re

_NAME = re.compile(
    r"readme[_.-](?:[a-z]{2,3}(?:[_-][a-z]{2,4})?|chinese|english|japanese|korean|french|german|spanish)\.(?:md|markdown)",
    re.IGNORECASE,
)


def is_translation(path: str) -> bool:
    """Whether a path of a repository is that of a card in another language: `README_zh.md`, at the root only."""
    return bool(_NAME.fullmatch(path))
