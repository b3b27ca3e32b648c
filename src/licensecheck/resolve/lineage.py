"""The base models of a model: who they are by the evidence, and what an injected lookup knows of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from licensecheck import spdx
from licensecheck.catalog import catalog
from licensecheck.errors import BadReferenceError
from licensecheck.resolve.work import agree
from licensecheck.types import NOASSERTION, NONE, Contradiction, Evidence, ModelRef, Problem, Resolution, Upstream

Lookup = Callable[[ModelRef], Resolution]
_BINDING = {"use-restrictions", "same-license", "network", "no-derivatives"}
"""Share-alike levels under which a derivative cannot carry other terms alone."""


def upstream(evidence: Sequence[Evidence], name: str, lookup: Lookup) -> tuple[Upstream, ...]:
    """Each base model once, as the first evidence names it; the model itself is not its own base."""
    seen = {name.lower()}
    known = {each.upstream: each.relation for each in evidence if each.upstream and each.relation != "unknown"}
    found = []
    for i, each in enumerate(evidence):
        if each.kind != "lineage" or not each.upstream or each.upstream.lower() in seen:
            continue
        seen.add(each.upstream.lower())
        resolution = _resolution(each.upstream, lookup)
        if resolution.name.lower() != each.upstream.lower():
            if resolution.name.lower() in seen:
                continue  # the same base under its old name
            seen.add(resolution.name.lower())
        relation = known.get(each.upstream) or known.get(resolution.name) or "unknown"
        found.append(Upstream(relation=relation, evidence=i, resolution=resolution))
    return tuple(found)


def relicensed(concluded: str, bases: Sequence[Upstream], evidence: Sequence[Evidence]) -> Iterator[Contradiction]:
    """Where the model's own license leaves out a base's license that must travel along."""
    own = [leaf.license for leaf in _leaves(concluded)]
    if not own:
        return
    for base in bases:
        for leaf in _leaves(base.resolution.concluded):
            if _binds(leaf.license) and not any(agree(each, leaf.license) for each in own):
                yield Contradiction(
                    kind="tag-vs-upstream",
                    evidence=() if base.evidence is None else (base.evidence,),
                    message=f"labelled {concluded}, but {leaf.license} of {base.resolution.name} travels along",
                )
    if not _forbids_commerce(own):
        known = {leaf.license for base in bases for leaf in _leaves(base.resolution.concluded)}
        yield from _relicensed_by_words(concluded, own, known, evidence)


def _relicensed_by_words(
    concluded: str, own: Sequence[str], known: set[str], evidence: Sequence[Evidence]
) -> Iterator[Contradiction]:
    """The same for licenses of bases that only a sentence of the card names, each once."""
    for i, each in enumerate(evidence):
        for leaf in _leaves(each.license or NONE) if each.kind == "prose" and each.scope == "base" else ():
            new = leaf.license not in known and not any(_related(one, leaf.license) for one in own)
            if new and _binds(leaf.license):
                known.add(leaf.license)
                reads = f"{each.locator} reads “{each.quote}”"
                message = f"labelled {concluded}, but {reads}, and {leaf.license} travels along"
                yield Contradiction(kind="tag-vs-upstream", evidence=(i,), message=message)


def _leaves(expression: str) -> Iterator[spdx.Leaf]:
    return iter(()) if expression in {NOASSERTION, NONE} else spdx.leaves(spdx.parse(expression))


def _related(one: str, other: str) -> bool:
    """Whether two licenses agree or are of one family: the words of a card do not tell its versions apart."""
    first, second = catalog().find(one), catalog().find(other)
    return bool(agree(one, other) or (first and second and first.family and first.family == second.family))


def _forbids_commerce(own: Sequence[str]) -> bool:
    records = [catalog().find(each) for each in own]
    grants = [record.terms.grant("use", "commercial") for record in records if record]
    return any(grant and grant.value == "deny" for grant in grants)


def _binds(license_id: str) -> bool:
    record = catalog().find(license_id)
    if record is None:
        return False
    if record.candidates:
        return all(map(_binds, record.candidates))
    commercial = record.terms.grant("use", "commercial")
    share = record.terms.share_alike
    return (share is not None and share.level in _BINDING) or (commercial is not None and commercial.value == "deny")


def _resolution(written: str, lookup: Lookup) -> Resolution:
    try:
        return lookup(ModelRef.parse(written))
    except BadReferenceError:
        problem = Problem(kind="not-found", message=f"`{written}` is no model that can be looked up", fatal=True)
        ref = ModelRef(source="directory", name=written)
        return Resolution(
            model=ref, name=written, declared=NOASSERTION, concluded=NOASSERTION, problems=(problem,), complete=False
        )
