"""From a resolution to a verdict: fold the concluded expression, run the rules, follow the base models."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from licensecheck import spdx
from licensecheck.catalog import catalog
from licensecheck.errors import BadExpressionError
from licensecheck.policy.rules import RULES, LicenseCase, ModelCase, UpstreamCase
from licensecheck.policy.rules.conditions import owed
from licensecheck.policy.rules.lists import listed
from licensecheck.policy.schema import Policy
from licensecheck.types import (
    NOASSERTION,
    NONE,
    Finding,
    Obligation,
    Outcome,
    Resolution,
    Upstream,
    UpstreamVerdict,
    Verdict,
)

_LIST_RULES = {"LC111", "LC112", "LC113"}
# A list speaks of the terms of a license; it does not say which license an ambiguous name means, nor, where it names
# a class, that somebody has read the license.
_BEYOND_LISTS = {"LC204", "LC205", "LC206"}
_SAYS_WHY = {True: {"LC201", "LC202", "LC207"}, False: {"LC701"}}
"""The rules that say why nothing is certain, by whether the model could be read."""


@dataclass(frozen=True)
class _Judgement:
    findings: tuple[Finding, ...] = ()
    obligations: tuple[Obligation, ...] = ()

    @property
    def outcome(self) -> Outcome:
        return _worst(self.findings)


def judge(resolution: Resolution, policy: Policy, use_name: str | None = None) -> Verdict:
    """The verdict on one model: the worst of its own licenses, its doubts and its base models.

    Raises PolicyError where the policy has no such use.
    """
    case = ModelCase(policy, policy.used_as(use_name), resolution)
    return _verdict(case, use_name, tuple(_run("line", case)))


def _verdict(model: ModelCase, use_name: str | None, of_line: Sequence[Finding] = ()) -> Verdict:
    """The verdict on a model or, without findings on its line, on a base model."""
    policy, use, resolution = model.policy, model.use, model.resolution
    own = _own(model)
    findings = [*of_line, *own.findings]
    obligations = list(own.obligations)
    upstream = []
    for base in resolution.upstream if policy.lineage.follow else ():
        verdict = _verdict(ModelCase(policy, use, base.resolution), use_name)
        # How a base was looked up is no reason against what is made of it; what its license says is.
        reasons = tuple(each for each in verdict.findings if each.code != "LC702")
        case = UpstreamCase(policy, use, resolution, base, reasons, _worst(reasons))
        findings.extend(_run("upstream", case))
        obligations.extend(verdict.obligations)
        upstream.append(_upstream_verdict(base, case.outcome))
    findings.sort(key=lambda each: (-each.outcome.rank, each.code))
    unique = tuple(dict.fromkeys(findings))
    return Verdict(
        model=resolution.model,
        use=use_name,
        resolution=resolution,
        findings=unique,
        obligations=tuple(dict.fromkeys(obligations)),
        upstream=tuple(upstream),
        outcome=_worst(unique),
    )


def _own(model: ModelCase) -> _Judgement:
    findings = tuple(_run("model", model))
    findings += tuple(_nothing_certain(model, findings))
    licenses = _all_of([_judgement(model, tree) for tree in _binding(model.resolution)])
    return _Judgement(findings + licenses.findings, licenses.obligations)


def _binding(resolution: Resolution) -> Iterator[spdx.Expression]:
    """The expression to judge: what is concluded, else what is declared, since a doubt takes no restriction away."""
    if not resolution.complete:
        return
    certain = _parsed(resolution.concluded)
    if certain:
        yield certain
        return
    declared = _parsed(resolution.declared)
    if declared and any(catalog().find(leaf.license) for leaf in spdx.leaves(declared)):
        yield declared


def _parsed(text: str) -> spdx.Expression | None:
    """The expression, None where it says nothing or cannot be read."""
    if text in {NOASSERTION, NONE}:
        return None
    try:
        return spdx.parse(text)
    except BadExpressionError:
        return None


def _judgement(model: ModelCase, tree: spdx.Expression) -> _Judgement:
    return spdx.judge(tree, leaf=lambda leaf: _license(model, leaf), all_of=_all_of, any_of=_any_of)


def _nothing_certain(model: ModelCase, findings: Sequence[Finding]) -> Iterator[Finding]:
    """NOASSERTION passes under no policy: where no rule has said why, this does."""
    resolution, unknown = model.resolution, model.policy.unknown
    if resolution.complete and _parsed(resolution.concluded):
        return
    level = unknown.unrecognized if resolution.complete else unknown.not_fetched
    said = any(each.code in _SAYS_WHY[resolution.complete] for each in findings)
    if not said and _worst(findings).rank < level.rank:
        reason = resolution.comment or "nothing certain is known about the license"
        code = "LC202" if resolution.complete else "LC701"
        yield Finding(code=code, rule=RULES[code].name, outcome=level, message=reason)


def _license(model: ModelCase, leaf: spdx.Leaf) -> _Judgement:
    record = catalog().find(leaf.license)
    evidence = tuple(i for i, each in enumerate(model.resolution.evidence) if _mentions(each.license, leaf))
    if record is None:
        return _Judgement(
            (_unrecognized(model, leaf, f"{leaf} is a license that the catalog does not know", evidence),)
        )
    case = LicenseCase(model.policy, model.use, model.resolution, record, evidence)
    findings = tuple(_license_findings(case))
    if leaf.exception and not _only_permits(leaf.exception):
        message = f"`{leaf.exception}` is no exception of the SPDX list; it may take rights away"
        findings += (_unrecognized(model, leaf, message, evidence),)
    return _Judgement(findings, tuple(_obligations(case)))


def _only_permits(exception: str) -> bool:
    """Whether an addition to a license only adds permissions, as SPDX's exceptions do; others (Commons Clause) do not.

    The license is then judged without it, which is never too mild.
    """
    entry = spdx.lookup(exception)
    return entry is not None and entry.is_exception and not entry.id.startswith("LicenseRef-")


def _unrecognized(model: ModelCase, leaf: spdx.Leaf, message: str, evidence: tuple[int, ...]) -> Finding:
    return Finding(
        code="LC202",
        rule=RULES["LC202"].name,
        outcome=model.policy.unknown.unrecognized,
        message=message,
        evidence=evidence,
        license=str(leaf),
    )


def _license_findings(case: LicenseCase) -> Iterator[Finding]:
    codes = _LIST_RULES | _BEYOND_LISTS if listed(case) else set(RULES)
    yield from (each for each in _run("license", case) if each.code in codes)


def _obligations(case: LicenseCase) -> Iterator[Obligation]:
    for duty in owed(case):
        yield Obligation(
            kind=duty.kind, text=duty.text, where=duty.where, license=case.record.spdx_id, clause=duty.clause
        )


def _run(subject: str, case: ModelCase) -> Iterator[Finding]:
    for rule in RULES.values():
        if rule.subject == subject:
            yield from rule.findings(case)


def _all_of(parts: Sequence[_Judgement]) -> _Judgement:
    return _Judgement(
        tuple(finding for part in parts for finding in part.findings),
        tuple(duty for part in parts for duty in part.obligations),
    )


def _any_of(parts: Sequence[_Judgement]) -> _Judgement:
    """The best arm, with the obligations of that arm only; the first of equals, so that the answer is stable."""
    return min(parts, key=lambda part: part.outcome.rank)


def _worst(findings: Sequence[Finding]) -> Outcome:
    worst = max((each.outcome for each in findings), key=lambda outcome: outcome.rank, default=Outcome.ALLOW)
    return max(worst, Outcome.ALLOW, key=lambda outcome: outcome.rank)


def _mentions(expression: str | None, leaf: spdx.Leaf) -> bool:
    tree = _parsed(expression) if expression else None
    return tree is not None and any(each.license == leaf.license for each in spdx.leaves(tree))


def _upstream_verdict(base: Upstream, outcome: Outcome) -> UpstreamVerdict:
    return UpstreamVerdict(
        model=base.resolution.name, relation=base.relation, concluded=base.resolution.concluded, outcome=outcome
    )
