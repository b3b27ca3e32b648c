"""The one entry of this room: a snapshot and its evidence in, a resolution out."""

from __future__ import annotations

from collections.abc import Sequence

from licensecheck.resolve.conclude import conclude
from licensecheck.resolve.lineage import Lookup, relicensed, upstream
from licensecheck.types import NOASSERTION, Evidence, Resolution, Snapshot

__all__ = ["Lookup", "resolution"]


def resolution(snapshot: Snapshot, evidence: Sequence[Evidence], *, lookup: Lookup | None = None) -> Resolution:
    """What a model's license is, as far as its evidence carries; base models come from `lookup`, if one is given.

    Args:
        snapshot: where the evidence comes from.
        evidence: what `licensecheck.evidence.read` found in it (and what a user stated).
        lookup: answers for a base model; it bounds depth and cycles itself, and never raises.
    """
    conclusion = conclude(evidence)
    bases = upstream(evidence, snapshot.name, lookup) if lookup else ()
    fatal = any(problem.fatal for problem in snapshot.problems)
    return Resolution(
        model=snapshot.model,
        source=snapshot.source,
        name=snapshot.name,
        revision=snapshot.revision,
        as_of=snapshot.as_of,
        origin=snapshot.origin,
        declared=NOASSERTION if fatal else conclusion.declared,
        concluded=NOASSERTION if fatal else conclusion.concluded,
        comment=conclusion.comment,
        evidence=tuple(evidence),
        contradictions=(*conclusion.contradictions, *relicensed(conclusion.concluded, bases, evidence)),
        unresolved=conclusion.unresolved,
        upstream=bases,
        problems=snapshot.problems,
        complete=not fatal,
        files=snapshot.files,
    )
