"""From the evidence of one repository to what is declared and what can be concluded.

The rules are in docs/explanation/how-a-license-is-concluded.md. In short: statements that agree confirm each other;
statements that do not are joined with AND, so that the stricter one binds, and reported; a text nobody could identify
leaves the conclusion open.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from licensecheck import spdx
from licensecheck.cards.keys import PLACEHOLDER_IDS
from licensecheck.catalog import catalog
from licensecheck.types import NOASSERTION, NONE, Contradiction, ContradictionKind, Evidence, Unresolved

_READ_BY_THE_HUB = 0.75
"""Below this confidence, a metadata statement stands in a block that the Hub does not read."""
_MISPLACED = 0.6
"""Of those: at most this where the block is in the wrong place, above it where it is not valid YAML."""


_PERMISSIVE = {"permissive", "public-domain"}


@dataclass(frozen=True)
class Conclusion:
    """Declared and concluded expression, the sentence why, and what did not fit."""

    declared: str
    concluded: str
    comment: str | None
    contradictions: tuple[Contradiction, ...]
    unresolved: tuple[Unresolved, ...]


@dataclass
class _Work:
    evidence: Sequence[Evidence]
    contradictions: list[Contradiction] = field(default_factory=list)
    unresolved: list[Unresolved] = field(default_factory=list)

    def where(self, *, kinds: Sequence[str], fields: Sequence[str] = (), least: float = _READ_BY_THE_HUB) -> list[int]:
        """Indexes of evidence of these kinds (and metadata fields) that speaks of the weights."""
        return [
            i for i, each in enumerate(self.evidence)
            if each.kind in kinds and each.scope == "weights" and each.confidence >= least
            and (not fields or each.field in fields)
        ]  # fmt: skip

    def contradict(self, kind: ContradictionKind, evidence: Sequence[int], message: str) -> None:
        self.contradictions.append(Contradiction(kind=kind, evidence=tuple(evidence), message=message))


def conclude(evidence: Sequence[Evidence]) -> Conclusion:
    """Weigh the evidence of one repository; base models are not looked at here."""
    work = _Work(evidence)
    tags = work.where(kinds=("metadata",), fields=("license",)) or work.where(kinds=("tag",), fields=("license",))
    declared = _declared(work, tags)
    claims = list(_claims(work, tags))
    concluded, blocked = _joined(work, claims), False
    for i in work.where(kinds=("license-file",)):
        if evidence[i].license is None and evidence[i].sha256 and concluded is not None:
            blocked = True
            message = f"{_says(work, claims[0].evidence[0])}, but {evidence[i].locator} {_is_no_license(evidence[i])}"
            work.contradict("tag-vs-file", [*claims[0].evidence, i], message)
        elif evidence[i].license is None:
            _unread(work, i)
    permissive = concluded is not None and _is_permissive(concluded)
    if permissive:
        _other_texts(work)
    for i in work.where(kinds=("gate", "policy-file")):
        if evidence[i].license is None and not _has_policy(concluded):
            _unread(work, i)
    _unknown_statements(work, tags, concluded, permissive=permissive)
    if permissive:
        _unread_restrictions(work, claims)
        _stricter_mentions(work, claims)
    final = NOASSERTION if blocked or concluded is None else concluded
    return Conclusion(
        declared, final, _comment(work, declared, final), tuple(work.contradictions), tuple(work.unresolved)
    )


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


def _declared(work: _Work, tags: Sequence[int]) -> str:
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
    for i in work.where(kinds=("prose",)):
        if name := evidence[i].license:
            return name
    written = [evidence[i].spelling for i in tags if evidence[i].spelling]
    custom = [each for each in written if each and each.lower() not in PLACEHOLDER_IDS]
    if custom:
        return spdx.join([spdx.reference(each) for each in custom])
    return NOASSERTION if written else NONE


@dataclass(frozen=True)
class _Claim:
    """A license that evidence names, and the kind of contradiction it makes where it does not agree."""

    license: str
    evidence: tuple[int, ...]
    kind: ContradictionKind


def _claims(work: _Work, tags: Sequence[int]) -> Iterator[_Claim]:
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
        yield from (_Claim(name, (i,), kind) for i in indexes if (name := work.evidence[i].license))
    for i in work.where(kinds=("metadata",), fields=("license",), least=0):
        each = work.evidence[i]
        if each.license is None and each.spelling is None and each.confidence < _READ_BY_THE_HUB:
            work.contradict("malformed", [i], each.quote)
        elif each.license and each.confidence < _READ_BY_THE_HUB:
            weak: ContradictionKind = "malformed" if each.confidence > _MISPLACED else "misplaced"
            work.contradict(weak, [i], f"`{each.quote}` stands where the Hub does not read it ({each.locator})")
            yield _Claim(each.license, (i,), weak)


def _joined(work: _Work, claims: Sequence[_Claim]) -> str | None:
    """One expression for all claims: those that agree confirm each other, the others bind together."""
    parts: list[_Claim] = []
    for claim in claims:
        for position, held in enumerate(parts):
            exact = agree(held.license, claim.license)
            if exact:
                parts[position] = _Claim(exact, held.evidence + claim.evidence, held.kind)
                break
        else:
            if parts:
                first = parts[0]
                kind = "file-vs-file" if first.kind == claim.kind == "tag-vs-file" else claim.kind
                message = f"{_says(work, first.evidence[0])}, but {_says(work, claim.evidence[0])}"
                work.contradict(kind, [*first.evidence, *claim.evidence], message)
            parts.append(claim)
    return spdx.join([part.license for part in parts]) if parts else None


def _unknown_statements(work: _Work, tags: Sequence[int], concluded: str | None, *, permissive: bool) -> None:
    """Statements that name no license of the catalog: contradictions to a tag that names one, else open questions."""
    names = [
        *work.where(kinds=("metadata", "embedded"), fields=("license_name", "license_details")),
        *work.where(kinds=("embedded",), fields=("license",)),
    ]
    labels = work.where(kinds=("prose",))
    named_tag = next((i for i in tags if work.evidence[i].license), None)
    for i in [*tags, *names, *labels]:
        each = work.evidence[i]
        if each.license or not each.spelling:
            continue
        if each.spelling.lower() in PLACEHOLDER_IDS:
            if named_tag is not None and i in tags:
                work.contradict("list-ambiguous", tags, f"{_says(work, named_tag)}, and `{each.spelling}` beside it")
            elif concluded is None and not any(work.evidence[j].spelling for j in [*names, *labels]):
                _unrecognized(work, i, f"`{each.quote}` names no license, and nothing else does")
        elif named_tag is not None and i not in tags:
            kind: ContradictionKind = "tag-vs-prose" if i in labels else "tag-vs-name"
            work.contradict(kind, [*tags, i], f"{_says(work, named_tag)}, but {_says(work, i)}")
        elif concluded is None or i in tags:
            _unrecognized(work, i, f"`{each.quote}` is no license that the catalog knows")
    links = [i for i in work.where(kinds=("metadata",), fields=("license_link",)) if work.evidence[i].license is None]
    placeholder = bool(tags) and named_tag is None
    custom = [i for i in links if "://" in (work.evidence[i].spelling or "")]
    if permissive and placeholder and custom:
        _unread(work, custom[0])
    if concluded is None and not work.unresolved and links:
        _unrecognized(work, links[0], f"`{work.evidence[links[0]].quote}` is a link to a text nobody has read")


def _unread_restrictions(work: _Work, claims: Sequence[_Claim]) -> None:
    """Lines that may take rights away, under a license that takes none: a contradiction until somebody reads them."""
    lines = [i for i, each in enumerate(work.evidence) if each.restriction and each.scope == "unclear"]
    if lines:
        first = work.evidence[lines[0]]
        message = f"{_says(work, claims[0].evidence[0])}, but {first.locator} reads “{first.quote}”"
        work.contradict("tag-vs-prose", [*claims[0].evidence, *lines], message)


def _other_texts(work: _Work) -> None:
    """Texts that may speak of something else than the weights: a permissive license waits until they are read.

    What is known and permissive is left alone, and so is what speaks of the code.
    """
    for i, each in enumerate(work.evidence):
        legal = each.kind in {"license-file", "notice-file"} and not each.restriction
        open_ = each.license is None and each.kind == "license-file"
        stricter = each.license is not None and not _is_permissive(each.license)
        if legal and (each.scope == "unclear" or each.kind == "notice-file") and (open_ or stricter):
            _unread(work, i)


def _stricter_mentions(work: _Work, claims: Sequence[_Claim]) -> None:
    """Sentences that put something under a license that a permissive tag leaves out: read them before it passes."""
    for i, each in enumerate(work.evidence):
        if each.kind == "prose" and each.license and each.scope == "unclear" and not _is_permissive(each.license):
            message = f"{_says(work, claims[0].evidence[0])}, but {each.locator} reads “{each.quote}”"
            work.contradict("tag-vs-prose", [*claims[0].evidence, i], message)


def _is_permissive(expression: str) -> bool:
    records = [catalog().find(leaf.license) for leaf in spdx.leaves(spdx.parse(expression))]
    return all(record is not None and record.class_ in _PERMISSIVE for record in records)


def _unrecognized(work: _Work, i: int, message: str) -> None:
    spelling = work.evidence[i].spelling or ""
    family = catalog().family(spelling)
    near = catalog().nearest(spelling)
    if family:
        message += f"; it looks like a version of the {family} family that nobody has recorded"
    if near:
        message += f"; nearest known: {', '.join(near)}"
    reason = "unknown-version" if family else "unrecognized"
    work.unresolved.append(Unresolved(spelling=spelling, reason=reason, candidates=near, evidence=i, message=message))


def _unread(work: _Work, i: int) -> None:
    each = work.evidence[i]
    what = {"gate": "the gate text", "policy-file": "the policy", "metadata": "the link"}.get(each.kind, "the text")
    known = _is_no_license(each)
    if each.license:
        known = f"is {each.license}, which may bind the model too"
    elif each.kind == "metadata":
        known = "leads to a text nobody has read"
    message = f"{what} at {each.locator} (“{each.quote}”) {known}"
    reason = "variant" if each.difference else "unread-text"
    near = (each.nearest,) if each.nearest else ()
    work.unresolved.append(Unresolved(spelling=each.quote, reason=reason, candidates=near, evidence=i, message=message))


def _is_no_license(each: Evidence) -> str:
    """What a text is that names no license."""
    if not each.sha256:
        return "could not be read"
    if each.nearest and each.difference:
        return f"is {each.nearest} {each.difference}, so it is not that license"
    if each.kind in {"gate", "policy-file"} and each.spelling:
        return f"is the policy {each.spelling}, which restricts the use"
    near = f"; the nearest is {each.nearest}" if each.nearest else ""
    return f"is none that the catalog knows{near}"


def _has_policy(concluded: str | None) -> bool:
    """Whether a license in the expression has a policy or gate of its own, so that such a text is expected."""
    if concluded is None:
        return False
    records = [catalog().find(leaf.license) for leaf in spdx.leaves(spdx.parse(concluded))]
    return any(record is not None and record.terms.policy is not None for record in records)


def _says(work: _Work, i: int) -> str:
    each = work.evidence[i]
    if each.kind in {"license-file", "gate"}:
        return f"{each.locator} is the text of {each.license}"
    return f"{each.locator} says `{each.quote}`"


def _comment(work: _Work, declared: str, concluded: str) -> str | None:
    if declared == concluded:
        return None
    if work.contradictions:
        return work.contradictions[0].message
    if work.unresolved:
        return work.unresolved[0].message
    if concluded == NOASSERTION:
        return "no statement about a license was found"
    return f"the evidence names {concluded}"
