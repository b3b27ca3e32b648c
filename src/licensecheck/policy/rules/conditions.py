"""LC3xx: conditions on a permitted use, and what it owes."""

from __future__ import annotations

from collections.abc import Iterator

from licensecheck.catalog.schema import Condition, Duty
from licensecheck.policy.conditions import Answer, evaluate, limit
from licensecheck.policy.rules.registry import Draft, LicenseCase, rule
from licensecheck.types import Outcome

# Which key of [attribution] speaks of which duty; duties on what is made of a model are judged by LC4xx.
ATTRIBUTION = {
    "license-copy": "license_copy", "license-link": "license_copy",
    "notice": "notice", "change-notice": "notice", "keep-notices": "notice",
    "credit": "credit", "acknowledge-in-paper": "credit", "state-provider": "credit",
    "display": "display", "ai-disclosure": "display",
    "name-prefix": "naming",
}  # fmt: skip


@rule("LC301", "condition-unmet", "license")
def condition_unmet(case: LicenseCase) -> Iterator[Draft]:
    """The license permits the use on a condition, and the organization's facts break it.

    Why it matters: above a threshold, or in an excluded region, there is no license.
    How to fix: ask the publisher for a license, or choose another model.
    """
    for condition, answer in _answers(case, "unmet"):
        yield _draft(
            case,
            case.policy.commercial_use.condition_unmet,
            condition,
            f"breaks a condition: {answer.text}",
            "ask the publisher for a license",
        )


@rule("LC302", "condition-fact-missing", "license")
def condition_fact_missing(case: LicenseCase) -> Iterator[Draft]:
    """The license permits the use on a condition that the given facts do not answer.

    Why it matters: an unanswered condition is not a yes.
    How to fix: state the fact under [organization] (with its date where the license tests once), or have it reviewed.
    """
    for condition, answer in _answers(case, "missing"):
        fix = "have the condition reviewed"
        if answer.fact:
            fix = f"add `{answer.fact}` under [organization], or `--fact {answer.fact}=...`"
        yield _draft(case, case.policy.commercial_use.fact_missing, condition, answer.text, fix)


@rule("LC303", "condition-met", "license")
def condition_met(case: LicenseCase) -> Iterator[Draft]:
    """The license permits the use on a condition that the facts satisfy.

    Why it matters: the answer holds as long as the facts do.
    How to fix: nothing; keep the facts current.
    """
    level = case.policy.commercial_use.condition_met
    for condition, answer in _answers(case, "met"):
        outcome = Outcome.INFO if level == Outcome.ALLOW else level
        yield _draft(case, outcome, condition, f"condition met: {answer.text}", None)


@rule("LC304", "attribution-duty", "license")
def attribution_duty(case: LicenseCase) -> Iterator[Draft]:
    """The permitted use owes a duty that the policy does not accept as a matter of course.

    Why it matters: a name in the product's interface, or a prefix in a model's name, is a decision of the product.
    How to fix: plan the duty in, then accept it under [attribution] or by a waiver.
    """
    for duty in owed(case):
        key = ATTRIBUTION.get(duty.kind)
        level = getattr(case.policy.attribution, key) if key else Outcome.ALLOW
        if level != Outcome.ALLOW:
            text = f' "{duty.text}"' if duty.text else ""
            where = f" in the {duty.where.replace('-', ' ')}" if duty.where else ""
            yield Draft(
                level,
                f"owes {duty.kind.replace('-', ' ')}{text}{where}{_threshold_hint(duty, case)}",
                clause=duty.clause,
                evidence=case.evidence,
                help=f"accept it under [attribution] {(key or '').replace('_', '-')}, or have it reviewed",
                license=case.record.spdx_id,
            )


def owed(case: LicenseCase) -> Iterator[Duty]:
    """The duties that this use sets off; those bound to a threshold unless the facts show it is not reached."""
    for duty in case.record.terms.duties:
        if duty.triggers and not case.triggers & set(duty.triggers):
            continue
        if duty.conditions and all(evaluate(each, case.policy.organization).state == "met" for each in duty.conditions):
            continue
        yield duty


def _threshold_hint(duty: Duty, case: LicenseCase) -> str:
    states = {evaluate(each, case.policy.organization).state for each in duty.conditions}
    if not states or states == {"unmet"}:
        return ""
    return " if you have " + " or ".join(limit(each) for each in duty.conditions if each.type == "threshold")


def _answers(case: LicenseCase, state: str) -> Iterator[tuple[Condition, Answer]]:
    seen = set()
    for action in (*case.actions, *case.output_actions):
        grant = case.record.terms.grant(action, case.purpose)
        for condition in grant.conditions if grant and grant.value != "deny" else ():
            answer = evaluate(condition, case.policy.organization)
            if answer.state == state and condition not in seen:
                seen.add(condition)
                yield condition, answer


def _draft(case: LicenseCase, outcome: Outcome, condition: Condition, message: str, help_: str | None) -> Draft:
    return Draft(
        outcome, message, clause=condition.clause, evidence=case.evidence, help=help_, license=case.record.spdx_id
    )
