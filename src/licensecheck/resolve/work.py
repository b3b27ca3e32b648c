"""What the steps from evidence to a conclusion share: the evidence, what did not fit so far, and how it is told."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from licensecheck import spdx
from licensecheck.catalog import catalog
from licensecheck.catalog.schema import LicenseRecord
from licensecheck.types import Contradiction, ContradictionKind, Evidence, Unresolved

READ_BY_THE_HUB = 0.75
"""Below this confidence, a metadata statement stands in a block that the Hub does not read."""


@dataclass
class Work:
    """The evidence of one repository, and the contradictions and open questions found in it so far."""

    evidence: Sequence[Evidence]
    contradictions: list[Contradiction] = field(default_factory=list)
    unresolved: list[Unresolved] = field(default_factory=list)

    def where(self, *, kinds: Sequence[str], fields: Sequence[str] = (), least: float = READ_BY_THE_HUB) -> list[int]:
        """Indexes of evidence of these kinds (and metadata fields) that speaks of the weights."""
        return [
            i for i, each in enumerate(self.evidence)
            if each.kind in kinds and each.scope == "weights" and each.confidence >= least
            and (not fields or each.field in fields)
        ]  # fmt: skip

    def contradict(self, kind: ContradictionKind, evidence: Sequence[int], message: str) -> None:
        """Note that pieces of evidence, by their index, do not agree."""
        self.contradictions.append(Contradiction(kind=kind, evidence=tuple(evidence), message=message))


@dataclass(frozen=True)
class Claim:
    """A license that evidence names, and the kind of contradiction it makes where it does not agree."""

    license: str
    evidence: tuple[int, ...]
    kind: ContradictionKind


def agree(one: str, other: str) -> str | None:
    """The more exact of two expressions that do not contradict each other, else None.

    A family name agrees with each of its members, and an id agrees with its -only and -or-later forms.
    """
    if one == other:
        return one
    first, second = catalog().find(one), catalog().find(other)
    if first is None or second is None:
        return None
    if second.key in first.candidates:
        return other
    if first.key in second.candidates:
        return one
    return max(one, other, key=len) if spdx.bare(first.spdx_id) == spdx.bare(second.spdx_id) else None


def records(expression: str) -> list[LicenseRecord | None]:
    """The record of each license in an expression, left to right."""
    return [catalog().find(leaf.license) for leaf in spdx.leaves(spdx.parse(expression))]


def is_permissive(expression: str) -> bool:
    """Whether every license of an expression is permissive or a dedication to the public domain."""
    return all(record is not None and record.is_permissive for record in records(expression))


def says(work: Work, i: int) -> str:
    """What a piece of evidence says, and where."""
    each = work.evidence[i]
    if each.kind in {"license-file", "gate"}:
        return f"{each.locator} is the text of {each.license}"
    return f"{each.locator} says `{each.quote}`"


def is_no_license(each: Evidence) -> str:
    """What a text is that names no license."""
    if not each.sha256:
        return "could not be read"
    if each.nearest and each.difference:
        return f"is {each.nearest} {each.difference}, so it is not that license"
    if each.kind in {"gate", "policy-file"} and each.spelling:
        return f"is the policy {each.spelling}, which restricts the use"
    near = f"; the nearest is {each.nearest}" if each.nearest else ""
    return f"is none that the catalog knows{near}"
