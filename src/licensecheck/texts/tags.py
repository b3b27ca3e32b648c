"""SPDX tags: `SPDX-License-Identifier: <expression>`, which name a license by its id (SPDX specification, annex E)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from licensecheck import spdx
from licensecheck.errors import BadExpressionError
from licensecheck.texts.index import Expression, Index, License
from licensecheck.texts.match import Match
from licensecheck.texts.normalize import Words

_TAG = re.compile(r"SPDX[- ]License[- ](?:Identifier|Expression):[ \t]*([^\r\n]{1,400})", re.IGNORECASE)
_EXPRESSION = re.compile(r"\(*[A-Za-z0-9][A-Za-z0-9.+:-]*\)*(?:[ \t]+\(*[A-Za-z0-9][A-Za-z0-9.+:-]*\)*)*")
_OPERATORS = frozenset({"and", "or", "with"})


def tags(index: Index, words: Words) -> Iterator[Match]:
    """A match for every tag of a text that names licenses the index knows."""
    for tag in _TAG.finditer(words.text):
        written = _EXPRESSION.match(tag[1])
        named = _named(index, written[0]) if written else None
        if written and named:
            start, end = words.position(tag.start()), words.position(tag.start(1) + written.end())
            if start < end:
                yield Match(-1, "reference", named, start, end, end - start, ((0, start, end - start),), exact=True)


def _named(index: Index, written: str) -> Expression | None:
    ids = [each.strip("()") for each in written.split()]
    names = [each for each in ids if each.lower() not in _OPERATORS]
    known = {name: found for name in names if (found := _license(index, name))}
    if not known:
        return None
    try:
        text = spdx.normalize(written) if len(ids) > 1 else known[names[0]].spdx_id
    except BadExpressionError:
        # `GPL-2.0+ BSD-3-Clause`: ids without an operator, or with words behind them that are none.
        text = " AND ".join(dict.fromkeys(each.spdx_id for each in known.values()))
    return Expression(text, tuple(dict.fromkeys(known.values())))


def _license(index: Index, name: str) -> License | None:
    found = index.by_id(name)
    if found is None and (entry := spdx.lookup(name)):
        found = index.by_id(entry.replaced_by or entry.id)
    return found
