"""Where the evidence of one repository goes beyond its license, or speaks of something else."""

from __future__ import annotations

from collections.abc import Sequence

from licensecheck import spdx
from licensecheck.catalog import catalog
from licensecheck.catalog.schema import Grant
from licensecheck.resolve.work import Claim, Work, agree, is_permissive, records, says
from licensecheck.types import ContradictionKind, Evidence

_AGAINST_COMMERCE = {
    "non-commercial", "research-only", "not-for-production", "ask-permission", "user-or-revenue-threshold",
}  # fmt: skip
_LEFT_BY_PERMISSIVE = {
    "share-alike", "no-derivatives", "no-redistribution", "no-military", "no-output-training", "no-hosting", "region",
    "commercial-use-in-doubt", "terms-in-doubt",
}  # fmt: skip
"""Restrictions that other licenses have in forms of their own; only a permissive one is known to have none of them."""
_NON_COMMERCIAL = {"non-commercial", "research-only"}
_OF_USE = {"weights", "unclear", "code", "outputs"}
"""What a restriction may speak of and still reach who uses the model; a restriction of the data alone does not."""


def restrictions(work: Work, claims: Sequence[Claim], concluded: str | None) -> None:
    """What takes rights away that the license leaves: a contradiction until somebody has read it."""
    if not claims or concluded is None:
        return
    claim = work.evidence[claims[0].evidence[0]]
    kinds: dict[str, list[int]] = {}
    for i, each in enumerate(work.evidence):
        # A sentence that limits itself (“MIT, for research only”) contradicts nothing; a rule forbids what it forbids.
        limits = (each.locator, each.quote) == (claim.locator, claim.quote) and each.restriction in _NON_COMMERCIAL
        if each.restriction and not limits and each.scope in _OF_USE and adds(work, each, concluded):
            kinds.setdefault(each.restriction, []).append(i)
    sentences: dict[tuple[str, str], list[int]] = {}
    for indexes in kinds.values():
        first = work.evidence[indexes[0]]
        sentences.setdefault((first.locator, first.quote), []).extend(indexes)
    for indexes in sentences.values():
        kind = _against(work, claims, work.evidence[indexes[0]])
        _reads(work, claims, kind, indexes)


def stricter_mentions(work: Work, claims: Sequence[Claim]) -> None:
    """Sentences that put something under a license that a permissive tag leaves out: read them before it passes."""
    for i, each in enumerate(work.evidence):
        if each.kind == "prose" and each.license and each.scope == "unclear" and not is_permissive(each.license):
            _reads(work, claims, "tag-vs-prose", [i])


def license_of_the_code(work: Work, claims: Sequence[Claim]) -> None:
    """A tag that names the license of the code, where the weights are under a text nobody could read."""
    code = {each.license for each in work.evidence if each.kind == "prose" and each.scope == "code" and each.license}
    texts = [
        i for i in work.where(kinds=("prose",), fields=("license_link",), least=0) if work.evidence[i].license is None
    ]
    tagged = claims[0].license if claims else None
    if texts and tagged in code and all(claim.license == tagged for claim in claims):
        message = f"{says(work, claims[0].evidence[0])}, which is the license of the code: {says(work, texts[0])}"
        work.contradict("tag-vs-prose", [*claims[0].evidence, texts[0]], message)


def adds(work: Work, each: Evidence, concluded: str) -> bool:
    """Whether a restriction goes beyond a license."""
    commercial = [grant.value if grant else None for grant in _commercial_grants(concluded)]
    if "deny" in commercial and each.restriction in _AGAINST_COMMERCE:
        return False
    match each.restriction:
        case "ask-permission" | "user-or-revenue-threshold":
            return "conditional" not in commercial
        case "acceptable-use":
            return each.strength == "condition" and not _is_of_license(work, each, concluded)
        case restriction if restriction in _LEFT_BY_PERMISSIVE:
            return is_permissive(concluded)
    return True


def _is_of_license(work: Work, each: Evidence, concluded: str) -> bool:
    """Whether the terms that one agrees to are those of the license: it is named on the same line."""
    own = {leaf.license for leaf in spdx.leaves(spdx.parse(concluded))}
    return any(
        other.license and other.locator == each.locator and any(agree(other.license, one) for one in own)
        for other in work.evidence
    )


def _commercial_grants(expression: str) -> list[Grant | None]:
    """What the licenses of an expression say of commercial use; of a family, what its members say."""
    own = records(expression)
    members = [catalog().find(key) for record in own if record for key in record.candidates]
    return [record.terms.grant("use", "commercial") for record in (*own, *members) if record]


def _reads(work: Work, claims: Sequence[Claim], kind: ContradictionKind, indexes: Sequence[int]) -> None:
    """The strongest claim says one thing, but a sentence reads otherwise."""
    first = work.evidence[indexes[0]]
    message = f"{says(work, claims[0].evidence[0])}, but {first.locator} reads “{first.quote}”"
    work.contradict(kind, [*claims[0].evidence, *indexes], message)


def _against(work: Work, claims: Sequence[Claim], each: Evidence) -> ContradictionKind:
    if each.kind == "gate":
        return "tag-vs-gate"
    return "prose-vs-prose" if work.evidence[claims[0].evidence[0]].kind == "prose" else "tag-vs-prose"
