"""From the evidence of one repository to what is declared and what can be concluded.

The rules are in docs/explanation/how-a-license-is-concluded.md. In short: statements that agree confirm each other;
statements that do not are joined with AND, so that the stricter one binds, and reported; a text nobody could identify
leaves the conclusion open.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from licensecheck import spdx
from licensecheck.cards.keys import PLACEHOLDER_IDS
from licensecheck.resolve.contradictions import license_of_the_code, restrictions, stricter_mentions
from licensecheck.resolve.unresolved import has_policy, other_texts, unknown_statements, unread
from licensecheck.resolve.work import READ_BY_THE_HUB, Claim, Work, agree, is_no_license, is_permissive, says
from licensecheck.types import NOASSERTION, NONE, Contradiction, ContradictionKind, Evidence, Unresolved

_MISPLACED = 0.6
"""Of those: at most this where the block is in the wrong place, above it where it is not valid YAML."""
_SAME: dict[ContradictionKind, ContradictionKind] = {"tag-vs-file": "file-vs-file", "tag-vs-prose": "prose-vs-prose"}
"""The kind of contradiction between two statements of one kind."""


@dataclass(frozen=True)
class Conclusion:
    """Declared and concluded expression, the sentence why, and what did not fit."""

    declared: str
    concluded: str
    comment: str | None
    contradictions: tuple[Contradiction, ...]
    unresolved: tuple[Unresolved, ...]


def conclude(evidence: Sequence[Evidence]) -> Conclusion:
    """Weigh the evidence of one repository; base models are not looked at here."""
    work = Work(evidence)
    tags = work.where(kinds=("metadata",), fields=("license",)) or work.where(kinds=("tag",), fields=("license",))
    declared = _declared(work, tags)
    claims = list(_claims(work, tags))
    concluded, blocked = _joined(work, claims), False
    for i in work.where(kinds=("license-file",)):
        if evidence[i].license is None and evidence[i].sha256 and concluded is not None:
            blocked = True
            message = f"{says(work, claims[0].evidence[0])}, but {evidence[i].locator} {is_no_license(evidence[i])}"
            work.contradict("tag-vs-file", [*claims[0].evidence, i], message)
        elif evidence[i].license is None:
            unread(work, i)
    permissive = concluded is not None and is_permissive(concluded)
    if permissive:
        other_texts(work)
    for i in work.where(kinds=("gate", "policy-file")):
        text = evidence[i].sha256 or evidence[i].kind == "policy-file"
        if text and evidence[i].license is None and not has_policy(concluded):
            unread(work, i)
    unknown_statements(work, tags, concluded, permissive=permissive)
    restrictions(work, claims, concluded)
    if permissive:
        stricter_mentions(work, claims)
    license_of_the_code(work, claims)
    final = NOASSERTION if blocked or concluded is None else concluded
    return Conclusion(
        declared, final, _comment(work, declared, final), tuple(work.contradictions), tuple(work.unresolved)
    )


def _declared(work: Work, tags: Sequence[int]) -> str:
    evidence = work.evidence
    named = [evidence[i].license for i in tags if evidence[i].license]
    if named:
        return spdx.join([each for each in named if each])
    for fields in (("license_name",), ("license_link",)):
        for i in work.where(kinds=("metadata",), fields=fields):
            name = evidence[i].license
            if name:
                return name
            if fields == ("license_name",) and evidence[i].spelling:
                return spdx.reference(evidence[i].spelling or "")
    prose = work.where(kinds=("prose",))
    if stated := [name for i in prose if (name := evidence[i].license)]:
        return stated[0]
    written = [evidence[i].spelling for i in tags if evidence[i].spelling]
    custom = [each for each in written if each and each.lower() not in PLACEHOLDER_IDS]
    if custom:
        return spdx.join([spdx.reference(each) for each in custom])
    unclear = any(each.kind == "prose" and each.license and each.scope == "unclear" for each in evidence)
    says = [evidence[i] for i in prose if not evidence[i].restriction]
    titles = [each.spelling for each in says if each.spelling and each.field != "license_link"]
    return spdx.reference(titles[0]) if titles and not written else NOASSERTION if written or says or unclear else NONE


def _claims(work: Work, tags: Sequence[int]) -> Iterator[Claim]:
    """Every statement that names a license, strongest first."""
    places: list[tuple[ContradictionKind, Sequence[int]]] = [
        ("list-ambiguous", tags),
        ("tag-vs-name", work.where(kinds=("metadata",), fields=("license_name",))),
        ("tag-vs-name", work.where(kinds=("metadata",), fields=("license_link",))),
        ("tag-vs-file", work.where(kinds=("license-file",))),
        ("tag-vs-gate", work.where(kinds=("gate",))),
        ("tag-vs-embedded", work.where(kinds=("embedded",))),
        ("tag-vs-prose", work.where(kinds=("prose",))),
    ]
    for kind, indexes in places:
        yield from (Claim(name, (i,), kind) for i in indexes if (name := work.evidence[i].license))
    for i in work.where(kinds=("metadata",), fields=("license",), least=0):
        each = work.evidence[i]
        if each.license is None and each.spelling is None and each.confidence < READ_BY_THE_HUB:
            work.contradict("malformed", [i], each.quote)
        elif each.license and each.confidence < READ_BY_THE_HUB:
            weak: ContradictionKind = "malformed" if each.confidence > _MISPLACED else "misplaced"
            work.contradict(weak, [i], f"`{each.quote}` stands where the Hub does not read it ({each.locator})")
            yield Claim(each.license, (i,), weak)


def _joined(work: Work, claims: Sequence[Claim]) -> str | None:
    """One expression for all claims: those that agree confirm each other, the others bind together."""
    parts: list[Claim] = []
    for claim in claims:
        for position, held in enumerate(parts):
            exact = agree(held.license, claim.license)
            if exact:
                parts[position] = Claim(exact, held.evidence + claim.evidence, held.kind)
                break
        else:
            if parts:
                first = parts[0]
                kind = _SAME.get(first.kind, claim.kind) if first.kind == claim.kind else claim.kind
                message = f"{says(work, first.evidence[0])}, but {says(work, claim.evidence[0])}"
                work.contradict(kind, [*first.evidence, *claim.evidence], message)
            parts.append(claim)
    return spdx.join([part.license for part in parts]) if parts else None


def _comment(work: Work, declared: str, concluded: str) -> str | None:
    if declared == concluded:
        return None
    if work.contradictions:
        return work.contradictions[0].message
    if work.unresolved:
        return work.unresolved[0].message
    if concluded == NOASSERTION:
        return "no statement about a license was found"
    return f"the evidence names {concluded}"
