"""How resolutions read without a policy: what was found where, what follows from it, and what the licenses say."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence

from licensecheck import spdx
from licensecheck.catalog import catalog
from licensecheck.reports.clean import clean, json_text
from licensecheck.reports.license_lines import summary_lines
from licensecheck.types import NOASSERTION, NONE, Evidence, Resolution

_WIDTH = 100


def as_text(resolutions: Sequence[Resolution]) -> str:
    """One block a model, for people."""
    return "\n".join("".join(f"{line}\n" for line in _block(each)) for each in resolutions)


def as_json(resolutions: Sequence[Resolution]) -> str:
    """A list with one object a model, for machines."""
    return json_text([each.model_dump(mode="json") for each in resolutions])


def _block(resolution: Resolution) -> Iterator[str]:
    at = f" @{resolution.revision[:7]}" if resolution.revision else ""
    when = f" of {resolution.as_of}" if resolution.as_of else ""
    where = f"{resolution.source}{when}" if resolution.complete and resolution.source else "not read"
    origin = f", {clean(resolution.origin)}" if resolution.origin else ""
    yield f"{clean(resolution.name)}{clean(at)}  ({where}{origin})"
    if not resolution.complete:
        for problem in resolution.problems:
            told = f"{problem.message}; {problem.help}" if problem.help else problem.message
            yield from (f"  {line}" for line in _wrapped(told))
        return
    yield f"  declared   {clean(resolution.declared)}"
    yield f"  concluded  {clean(resolution.concluded)}"
    if resolution.comment:
        yield from _labelled("why", resolution.comment)
    for each in resolution.contradictions:
        yield from _labelled(each.kind, each.message)
    for doubt in resolution.unresolved:
        yield from _labelled(doubt.reason, doubt.message)
    for problem in resolution.problems:
        yield from _labelled("note", problem.message)
    yield "  evidence"
    yield from (f"    {line}" for line in _evidence(resolution.evidence))
    yield from _terms(resolution)
    if resolution.upstream:
        yield "  made from"
        yield from (f"    {line}" for line in _tree(resolution))


def _evidence(evidence: Sequence[Evidence]) -> Iterator[str]:
    if not evidence:
        yield "none: no license in the metadata, no license file"
    for each in evidence:
        put = f" ({each.strength.replace('-', ' ')})" if each.restriction and each.strength else ""
        meaning = (
            each.license or f"{each.restriction or ''}{put}" or ("" if each.kind == "lineage" else "not recognized")
        )
        arrow = f"  → {clean(meaning)}" if meaning else ""
        scope = "" if each.scope in {"weights", "base"} else f"  [{each.scope}]"
        yield f"{clean(each.locator)}  {each.kind}  {clean(each.quote)}{arrow}{scope}"


def _terms(resolution: Resolution) -> Iterator[str]:
    expression = resolution.concluded if resolution.concluded != NOASSERTION else resolution.declared
    if expression in {NOASSERTION, NONE}:
        return
    for leaf in spdx.leaves(spdx.parse(expression)):
        record = catalog().find(leaf.license)
        if record:
            yield f"  terms of {record.spdx_id} ({clean(record.name)})"
            yield from (f"    {line}" for line in summary_lines(record))


def _tree(resolution: Resolution, depth: int = 0) -> Iterator[str]:
    for base in resolution.upstream:
        known = base.resolution
        state = known.concluded if known.complete else (known.problems[0].message if known.problems else "not found")
        source = f"  ({known.source})" if known.source else ""
        yield f"{'  ' * depth}{clean(known.name)}  {base.relation}  {clean(state)}{source}"
        yield from _tree(known, depth + 1)


def _labelled(label: str, text: str) -> Iterator[str]:
    head = f"  {label:<10} "
    yield from textwrap.wrap(clean(text), _WIDTH, initial_indent=head, subsequent_indent=" " * len(head))


def _wrapped(text: str) -> list[str]:
    return textwrap.wrap(clean(text), _WIDTH - 2)
