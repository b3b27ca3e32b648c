"""LC1xx: whether the organization may use the model for its purpose at all."""

from __future__ import annotations

from collections.abc import Iterator

from licensecheck.policy.rules.registry import Draft, LicenseCase, ModelCase, rule
from licensecheck.types import Outcome

_WORDS = {
    "use": "use", "host": "hosting", "modify": "changing the model", "redistribute": "redistribution",
    "redistribute-derivative": "redistribution of changed models",
}  # fmt: skip
_HEDGES = {"advice", "intended-use"}
_OF_MODEL = {"weights", "unclear"}
_NON_COMMERCIAL = {"non-commercial", "research-only"}


@rule("LC101", "commercial-use-forbidden", "license")
def commercial_use_forbidden(case: LicenseCase) -> Iterator[Draft]:
    """The license forbids commercial use, and the policy's use is commercial.

    Why it matters: using the model in a product or for the business breaches the license.
    How to fix: choose another model, buy a commercial license, or use it for research only (another `use`).
    """
    if not case.use.commercial:
        return
    for action in ("use", "host"):
        grant = case.record.terms.grant(action, "commercial")
        if grant and grant.value == "deny" and action in case.actions:
            yield Draft(
                case.policy.commercial_use.forbidden,
                f"{case.record.name} forbids commercial {_WORDS[action]}",
                clause=grant.clause,
                evidence=case.evidence,
                help="choose another model or get a commercial license from the publisher",
                license=case.record.spdx_id,
            )
            return


@rule("LC102", "grant-unknown", "license")
def grant_unknown(case: LicenseCase) -> Iterator[Draft]:
    """The license does not say, or nobody has read, whether an action of the use is permitted.

    Why it matters: what is not granted is reserved; silence is not permission.
    How to fix: read the license for this action and record a decision, or put the license on a list.
    """
    if case.record.ambiguous:
        return  # LC204 says it
    open_ = []
    for action in case.actions:
        grant = case.record.terms.grant(action, case.purpose)
        unsaid = grant is None or grant.value in {"silent", "unknown"}
        # "Permitted on conditions" without the conditions is half an answer.
        if grant is None or unsaid or (grant.value == "conditional" and not grant.conditions):
            open_.append(_WORDS[action])
    if open_:
        yield Draft(
            Outcome.REVIEW,
            f"{case.record.name}: not known whether it permits {', '.join(open_)} for {case.purpose} purposes",
            evidence=case.evidence,
            help=_read_help(case),
            license=case.record.spdx_id,
        )


@rule("LC103", "use-forbidden", "license")
def use_forbidden(case: LicenseCase) -> Iterator[Draft]:
    """The license forbids the use itself, or hosting, though it is not commercial.

    Why it matters: some licenses grant evaluation or personal use only.
    How to fix: choose another model.
    """
    for action in () if case.use.commercial else ("use", "host"):
        grant = case.record.terms.grant(action, case.purpose)
        if action in case.actions and grant and grant.value == "deny":
            yield Draft(
                Outcome.DENY,
                f"{case.record.name} forbids {_WORDS[action]} for {case.purpose}",
                clause=grant.clause,
                evidence=case.evidence,
                license=case.record.spdx_id,
            )
            return


@rule("LC104", "redistribution-forbidden", "license")
def redistribution_forbidden(case: LicenseCase) -> Iterator[Draft]:
    """The license forbids passing the model on, and the use distributes weights.

    Why it matters: shipping the weights breaches the license.
    How to fix: let users download the model from its publisher, or choose another model.
    """
    for action in ("redistribute", "redistribute-derivative"):
        grant = case.record.terms.grant(action, case.purpose)
        if action in case.actions and grant and grant.value == "deny":
            yield Draft(
                Outcome.DENY,
                f"{case.record.name} forbids {_WORDS[action]}"
                + (f" for {case.purpose} purposes" if grant.purposes else ""),
                clause=grant.clause,
                evidence=case.evidence,
                license=case.record.spdx_id,
            )
            return


@rule("LC105", "commercial-use-forbidden-by-statement")
def forbidden_by_statement(case: ModelCase) -> Iterator[Draft]:
    """The card, the gate text or another statement of the publisher forbids commercial use.

    Why it matters: a statement that takes rights away is not outvoted by a permissive tag. A line of which nobody can
    tell whether it speaks of the model is a contradiction until it has been read.
    How to fix: ask the publisher which one holds.
    """
    if not case.use.commercial:
        return
    evidence = case.resolution.evidence
    reported = {i for each in case.resolution.contradictions for i in each.evidence}
    restricting = [i for i, each in enumerate(evidence) if each.restriction in _NON_COMMERCIAL]
    restricting += [i for i in reported if evidence[i].restriction == "ask-permission"]
    certain = tuple(i for i in restricting if evidence[i].scope == "weights" and evidence[i].strength not in _HEDGES)
    unclear = tuple(i for i in restricting if i not in certain and evidence[i].scope in _OF_MODEL and i not in reported)
    if certain:
        yield Draft(
            case.policy.commercial_use.forbidden,
            f"the publisher states: {evidence[certain[0]].quote}",
            evidence=certain,
            help="ask the publisher for commercial terms, or choose another model",
        )
    if unclear:
        yield Draft(
            case.policy.unknown.contradiction,
            f"may forbid commercial use: “{evidence[unclear[0]].quote}” ({evidence[unclear[0]].locator})",
            evidence=unclear,
            help="read the line; ask the publisher whether commercial use is permitted",
        )


def _read_help(case: LicenseCase) -> str:
    urls = case.record.text_urls
    return f"read the license{f' ({urls[0]})' if urls else ''}, then put it under [licenses] allow, review or deny"
