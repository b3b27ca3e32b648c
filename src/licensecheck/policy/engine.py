"""From a resolution to a verdict: fold the concluded expression, run the rules, follow the base models."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from licensecheck import spdx
from licensecheck.catalog import catalog
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
# An allow list speaks of the terms of a license; it does not say which license an ambiguous name means.
_BEYOND_LISTS = {"LC204", "LC205"}


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
    use = policy.used_as(use_name)
    model = ModelCase(policy, use, resolution)
    own = _own(model)
    findings = list(own.findings)
    obligations = list(own.obligations)
    upstream = []
    for base in resolution.upstream if policy.lineage.follow else ():
        verdict = judge(base.resolution, policy, use_name)
        # How a base was looked up is no reason against what is made of it; what its license says is.
        reasons = tuple(each for each in verdict.findings if each.code != "LC702")
        case = UpstreamCase(policy, use, resolution, base, reasons, _worst(reasons))
        findings.extend(_run("upstream", case))
        obligations.extend(verdict.obligations)
        upstream.append(_upstream_verdict(base, verdict))
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
    resolution = model.resolution
    if resolution.concluded == NOASSERTION or not resolution.complete:
        findings += tuple(_nothing_certain(model, findings))
    licenses = _all_of([_judgement(model, text) for text in _binding(resolution)])
    return _Judgement(findings + licenses.findings, licenses.obligations)


def _binding(resolution: Resolution) -> Iterator[str]:
    """The expression to judge: what is concluded, else what is declared, since a doubt takes no restriction away."""
    if not resolution.complete:
        return
    if resolution.concluded != NOASSERTION:
        yield resolution.concluded
    elif resolution.declared not in {NOASSERTION, NONE}:
        leaves = spdx.leaves(spdx.parse(resolution.declared))
        if all(catalog().find(leaf.license) for leaf in leaves):
            yield resolution.declared


def _judgement(model: ModelCase, expression: str) -> _Judgement:
    tree = spdx.parse(expression)
    return spdx.judge(tree, leaf=lambda leaf: _license(model, leaf), all_of=_all_of, any_of=_any_of)


def _nothing_certain(model: ModelCase, findings: Sequence[Finding]) -> Iterator[Finding]:
    """NOASSERTION passes under no policy: where no rule has said why, this does."""
    if not any(each.outcome.rank > Outcome.INFO.rank for each in findings):
        level = model.policy.unknown.unrecognized if model.resolution.complete else model.policy.unknown.not_fetched
        reason = model.resolution.comment or "nothing certain is known about the license"
        yield Finding(
            code="LC202",
            rule=RULES["LC202"].name,
            outcome=max(level, Outcome.REVIEW, key=lambda o: o.rank),
            message=reason,
        )


def _license(model: ModelCase, leaf: spdx.Leaf) -> _Judgement:
    record = catalog().find(leaf.license)
    evidence = tuple(i for i, each in enumerate(model.resolution.evidence) if _mentions(each.license, leaf))
    if record is None:
        unknown = Finding(
            code="LC202",
            rule=RULES["LC202"].name,
            outcome=model.policy.unknown.unrecognized,
            message=f"{leaf} is a license that the catalog does not know",
            evidence=evidence,
            license=str(leaf),
        )
        return _Judgement((unknown,))
    case = LicenseCase(model.policy, model.use, model.resolution, record, evidence)
    return _Judgement(tuple(_license_findings(case)), tuple(_obligations(case)))


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
    return expression is not None and any(each.license == leaf.license for each in spdx.leaves(spdx.parse(expression)))


def _upstream_verdict(base: Upstream, verdict: Verdict) -> UpstreamVerdict:
    return UpstreamVerdict(
        model=base.resolution.name, relation=base.relation, concluded=base.resolution.concluded, outcome=verdict.outcome
    )
