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
_NAME = re.compile(r"[A-Za-z0-9.+:-]+(?:[ \t]+v?\d[\d.]*\+?(?![\w.-]))?")
"""An id; also `GPL 2.0+`, with a blank before the version."""
_OPERATORS = frozenset({"and", "or", "with"})


def tags(index: Index, words: Words) -> Iterator[Match]:
    """A match for every tag of a text that names licenses the index knows."""
    for tag in _TAG.finditer(words.text):
        written = _EXPRESSION.match(tag[1])
        named = written and (_expression(index, written[0]) or _names(index, written[0]))
        if named:
            start, end = words.position(tag.start()), words.position(tag.start(1) + named[1])
            if start < end:
                yield Match(-1, "reference", named[0], start, end, end - start, ((0, start, end - start),), exact=True)


def _expression(index: Index, written: str) -> tuple[Expression, int] | None:
    """What a well-formed expression names, and its length; None if that is nothing the index knows."""
    try:
        text = spdx.normalize(written)
    except BadExpressionError:
        return None
    names = [name for name in _NAME.findall(written) if name.lower() not in _OPERATORS]
    known = [_license(index, name) for name in names]
    licenses = tuple(dict.fromkeys(each for each in known if each))
    text = licenses[0].spdx_id if len(known) == len(licenses) == 1 else text
    return (Expression(text, licenses), len(written)) if licenses else None


def _names(index: Index, written: str) -> tuple[Expression, int] | None:
    """The ids that a tag begins with that is no expression (`GPL-2.0+ BSD-3-Clause`, `MIT see LICENSE`)."""
    licenses: dict[License, int] = {}
    for name in _NAME.finditer(written):
        if name[0].lower() in _OPERATORS:
            continue
        found = _license(index, "-".join(name[0].split()))
        if found is None:
            break
        licenses[found] = name.end()
    text = " AND ".join(each.spdx_id for each in licenses)
    return (Expression(text, tuple(licenses)), max(licenses.values())) if licenses else None


def _license(index: Index, name: str) -> License | None:
    found = index.by_id(name)
    if found is None and (entry := spdx.lookup(name)):
        found = index.by_id(entry.replaced_by or entry.id)
    return found
