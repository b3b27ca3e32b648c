"""License expressions: read, normalize and judge them (AND takes the worst, OR the best).

The grammar is that of SPDX (and of license-expression, which parses it). Identifiers come from the SPDX license list
(spdx.tsv, made by `python -m licensecheck.texts.build`) and from the index that license-expression ships, which is an
older edition of that list with ScanCode's categories and additions.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from importlib.resources import files
from typing import Any, TypeVar

from licensecheck.errors import BadExpressionError
from licensecheck.types import NOASSERTION, NONE

T = TypeVar("T")
MAX_LENGTH = 4000
"""An expression has at most this many characters; a longer one is a list, or an attack."""
_MAX_DEPTH = 50
_MAX_NAME = 200
_SHOWN = 80
_REF = "LicenseRef-"


@dataclass(frozen=True)
class SpdxId:
    """One identifier. `replaced_by` is set for some deprecated ones, which are reported, not replaced.

    `name`, `osi_approved` and `fsf_libre` are what the SPDX list says; `fsf_libre` is None where it says nothing, and
    so are the others where the identifier is not on the list. `category` is ScanCode's, empty where it has none.
    """

    id: str
    category: str
    is_exception: bool
    deprecated: bool = False
    replaced_by: str | None = None
    name: str | None = None
    osi_approved: bool | None = None
    fsf_libre: bool | None = None


@dataclass(frozen=True)
class Leaf:
    """One license, with its exception if there is one."""

    license: str
    exception: str | None = None

    def __str__(self) -> str:
        return f"{self.license} WITH {self.exception}" if self.exception else self.license


@dataclass(frozen=True)
class AllOf:
    """Licenses that bind together (AND)."""

    parts: tuple[Expression, ...]

    def __str__(self) -> str:
        return " AND ".join(f"({part})" if isinstance(part, AnyOf) else str(part) for part in self.parts)


@dataclass(frozen=True)
class AnyOf:
    """Licenses of which one may be chosen (OR)."""

    parts: tuple[Expression, ...]

    def __str__(self) -> str:
        return " OR ".join(f"({part})" if isinstance(part, AllOf) else str(part) for part in self.parts)


Expression = Leaf | AllOf | AnyOf


def parse(text: str) -> Expression:
    """Read an expression; ids of the index come out in their own spelling, others as written.

    Raises BadExpressionError with what is wrong and where. What comes out can be written and read again.
    """
    if not text.strip():
        raise BadExpressionError("an empty license expression", help="write an SPDX id, e.g. `Apache-2.0`")
    _bounded(text)
    if not text.isascii():
        raise BadExpressionError(
            f"`{_shown(text)}` is not a license expression", help="ids are ASCII letters and digits"
        )
    # Kept off the module level: the parser costs 20 ms, which `--help` need not pay.
    from license_expression import ExpressionError, ExpressionParseError, Licensing, ParseError

    try:
        tree = Licensing().parse(text, simple=True)
    # The parser answers some malformed parentheses with an IndexError or a failed assertion.
    except (ExpressionError, ExpressionParseError, ParseError, IndexError, AssertionError) as error:
        raise BadExpressionError(
            f"`{_shown(text)}` is not a license expression: {_shown(str(error)) or 'malformed'}",
            help="e.g. `MIT AND CC-BY-4.0`",
        ) from error
    expression = _convert(tree)
    _bounded(str(expression))
    return expression


def normalize(text: str) -> str:
    """The expression in canonical spelling; raises BadExpressionError."""
    return str(parse(text))


def join(licenses: Sequence[str]) -> str:
    """One expression that says all of these bind (each may be an expression); duplicates are dropped.

    NOASSERTION where there are none, or so many that `parse` would not read the answer.
    """
    parts: dict[Expression, None] = {}
    for text in licenses:
        tree = parse(text)
        parts.update(dict.fromkeys(tree.parts if isinstance(tree, AllOf) else (tree,)))
    if not parts:
        return NOASSERTION
    joined = str(next(iter(parts)) if len(parts) == 1 else AllOf(tuple(parts)))
    try:
        _bounded(joined)
    except BadExpressionError:
        return NOASSERTION
    return joined


def judge(
    expression: Expression,
    *,
    leaf: Callable[[Leaf], T],
    all_of: Callable[[Sequence[T]], T],
    any_of: Callable[[Sequence[T]], T],
) -> T:
    """Fold an expression: each license by `leaf`, AND by `all_of`, OR by `any_of`."""
    if isinstance(expression, Leaf):
        return leaf(expression)
    results = [judge(part, leaf=leaf, all_of=all_of, any_of=any_of) for part in expression.parts]
    return all_of(results) if isinstance(expression, AllOf) else any_of(results)


def leaves(expression: Expression) -> Iterator[Leaf]:
    """All licenses of an expression, left to right."""
    if isinstance(expression, Leaf):
        yield expression
    else:
        for part in expression.parts:
            yield from leaves(part)


def lookup(identifier: str) -> SpdxId | None:
    """The index entry of an id in any letter case; None for ids it does not hold.

    `Apache-2.0+` is the entry of Apache-2.0 under that spelling: SPDX's `+` means "or any later version".
    """
    entry = ids().get(identifier.lower())
    if entry is None and identifier.endswith("+") and not identifier.endswith("++"):
        base = ids().get(identifier[:-1].lower())
        if base and not base.id.startswith(_REF):
            return SpdxId(f"{base.id}+", base.category, base.is_exception)
    return entry


def bare(identifier: str) -> str:
    """The id without `-only` or `-or-later`: `GPL-3.0-only` and `GPL-3.0-or-later` share the bare id `GPL-3.0`."""
    return identifier.removesuffix("-only").removesuffix("-or-later")


@lru_cache
def ids() -> Mapping[str, SpdxId]:
    """All identifiers by their lower-case form: SPDX's, the deprecated ones, and `LicenseRef-scancode-*`."""
    from license_expression import get_license_index

    index: dict[str, SpdxId] = {}
    rows: list[dict[str, Any]] = [row for row in get_license_index() if row["spdx_license_key"]]
    for row in rows:
        key, category = row["spdx_license_key"], row["category"]
        index[key.lower()] = SpdxId(key, category, row["is_exception"], deprecated=row["is_deprecated"])
    for row in rows:
        for old in row["other_spdx_license_keys"]:
            if re.fullmatch(r"[A-Za-z0-9.+-]+", old) and not old.startswith(_REF):
                entry = SpdxId(
                    old, row["category"], row["is_exception"], deprecated=True, replaced_by=row["spdx_license_key"]
                )
                index.setdefault(old.lower(), entry)
    for listed in _listed():
        known = index.get(listed.id.lower(), listed)
        index[listed.id.lower()] = replace(listed, category=known.category, replaced_by=known.replaced_by)
    return index


def _listed() -> Iterator[SpdxId]:
    """The licenses and exceptions of the SPDX license list."""
    said = {"yes": True, "no": False, "": None}
    lines = files("licensecheck").joinpath("spdx.tsv").read_text(encoding="utf-8").splitlines()
    for line in lines[1:]:
        identifier, kind, deprecated, osi, fsf, name = line.split("\t")
        yield SpdxId(
            identifier, "", kind == "exception", deprecated=deprecated == "yes", name=name,
            osi_approved=said[osi], fsf_libre=said[fsf],
        )  # fmt: skip


def reference(key: str) -> str:
    """The `LicenseRef-` id of a catalog key or a free spelling; SPDX allows letters, digits, `.` and `-` in it."""
    name = re.sub(r"[^A-Za-z0-9.-]+", "-", key[:_MAX_NAME].replace("+", "-plus")).strip("-.")
    return f"{_REF}{name or 'unnamed'}"


def _bounded(text: str) -> None:
    depth = deepest = 0
    for character in text:
        depth += (character == "(") - (character == ")")
        deepest = max(deepest, depth)
    if len(text) > MAX_LENGTH or deepest > _MAX_DEPTH:
        raise BadExpressionError(
            f"a license expression of {len(text)} characters and {deepest} open parentheses",
            help="list the licenses apart",
        )


def _shown(text: str) -> str:
    return text if len(text) <= _SHOWN else text[:_SHOWN] + "…"


def _convert(tree: Any) -> Expression:
    kind = type(tree).__name__
    if kind in {"AND", "OR"}:
        maker = AllOf if kind == "AND" else AnyOf
        parts: dict[Expression, None] = {}
        for arg in tree.args:
            part = _convert(arg)
            parts.update(dict.fromkeys(part.parts if isinstance(part, maker) else (part,)))
        return maker(tuple(parts)) if len(parts) > 1 else next(iter(parts))
    if kind == "LicenseWithExceptionSymbol":
        return Leaf(_spell(tree.license_symbol.key), _spell(tree.exception_symbol.key))
    return Leaf(_spell(tree.key))


def _spell(identifier: str) -> str:
    if identifier.upper() in {NOASSERTION, NONE}:
        return identifier.upper()
    entry = lookup(identifier)
    if entry:
        return entry.id
    prefix = len(_REF)
    return _REF + identifier[prefix:] if identifier.lower().startswith(_REF.lower()) else identifier
