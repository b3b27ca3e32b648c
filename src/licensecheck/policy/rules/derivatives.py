"""LC40x: what the license says about changed models and about outputs."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from licensecheck.policy.rules.registry import Draft, LicenseCase, rule
from licensecheck.types import Outcome

_KEEPS_LICENSE = {"same-license", "file", "library"}
NO_TRAINING = {"deny-all", "deny-competing", "deny-foundation"}
"""What a license may say of training on outputs that leaves no room for it."""


@rule("LC401", "derivatives-forbidden", "license")
def derivatives_forbidden(case: LicenseCase) -> Iterator[Draft]:
    """The license forbids changed models, or sharing them, and the use fine-tunes.

    Why it matters: a fine-tune, a merge or a quantized copy is adapted material.
    How to fix: use the model unchanged (`fine-tune = false`), or choose another one.
    """
    grant = case.record.terms.grant("modify", case.purpose)
    share = case.record.terms.share_alike
    refused = grant is not None and grant.value == "deny"
    blocked = share is not None and share.level == "no-derivatives"
    if case.use.fine_tune and (refused or blocked):
        clause = grant.clause if grant and refused else share.clause if share else None
        what = "sharing changed models"
        if grant and refused:
            what = "making changed models" + (f" for {case.purpose} purposes" if grant.purposes else "")
        yield _draft(case, case.policy.derivatives.forbidden, f"forbids {what}", clause)


@rule("LC402", "share-alike", "license")
def share_alike(case: LicenseCase) -> Iterator[Draft]:
    """What is made of the model and shared must keep the license.

    Why it matters: a fine-tuned model may have to be published under the same terms once it leaves the house.
    How to fix: keep derived models in house, or accept the license for them.
    """
    share = case.record.terms.share_alike
    touches = case.use.fine_tune or case.use.distribute_weights
    if share is None and touches and case.record.review.basis == "license-text":
        yield _draft(case, Outcome.REVIEW, "is not read for whether it binds what is made of it", None)
    if share and share.level in _KEEPS_LICENSE and touches and not _terms_travel(case):
        yield _draft(
            case,
            case.policy.derivatives.share_alike,
            f"keeps its license on what is made of it ({share.level.replace('-', ' ')})",
            share.clause,
        )


@rule("LC403", "network-copyleft", "license")
def network_copyleft(case: LicenseCase) -> Iterator[Draft]:
    """Offering the model over a network counts as sharing it under the same license.

    Why it matters: users of a hosted service may ask for the source of what is served.
    How to fix: choose another model, or offer the source.
    """
    share = case.record.terms.share_alike
    if share and share.level == "network":
        if case.use.hosted_service:
            yield _draft(case, case.policy.derivatives.network_copyleft, "reaches users over a network", share.clause)
        elif case.use.fine_tune or case.use.distribute_weights:
            yield _draft(
                case, case.policy.derivatives.share_alike, "keeps its license on what is made of it", share.clause
            )


@rule("LC404", "use-restrictions", "license")
def use_restrictions(case: LicenseCase) -> Iterator[Draft]:
    """The license limits what the model may be used for, and may have to be passed on.

    Why it matters: users of the product are bound too; some policies can be changed by their maker at any time.
    How to fix: check the use against the restrictions, take them into the product's terms, then accept them.
    """
    terms = case.record.terms
    passed_on = terms.share_alike is not None and (terms.share_alike.level == "use-restrictions" or _terms_travel(case))
    if not (terms.policy or terms.fields or passed_on):
        return
    parts = []
    if terms.policy:
        parts.append("an acceptable use policy" + (" that its maker may change" if terms.policy.mutable else ""))
    if terms.fields:
        parts.append(f"excluded fields: {', '.join(dict.fromkeys(each.field for each in terms.fields))}")
    if passed_on and not parts:
        parts.append("its terms must be passed on")
    clause = (
        terms.policy.clause
        if terms.policy
        else terms.fields[0].clause
        if terms.fields
        else terms.share_alike.clause
        if terms.share_alike
        else None
    )
    yield replace(
        _draft(case, case.policy.derivatives.use_restrictions, f"restricts use: {'; '.join(parts)}", clause),
        help="check the use against them; [derivatives] use-restrictions decides what follows",
    )


@rule("LC405", "train-on-outputs-forbidden", "license")
def train_on_outputs_forbidden(case: LicenseCase) -> Iterator[Draft]:
    """The license limits training other models on outputs, and the use does that.

    Why it matters: a model trained on the outputs may be unlicensed, or fall under the same terms.
    How to fix: generate training data with another model.
    """
    if not case.use.train_on_outputs:
        return
    terms = case.record.terms
    grant = terms.grant("train-on-outputs", case.purpose)
    said = terms.outputs.train_others if terms.outputs else "unknown"
    clause = terms.outputs.clause if terms.outputs else None
    level = case.policy.derivatives.train_on_outputs_forbidden
    if said in NO_TRAINING or (said == "non-commercial" and case.use.commercial):
        yield _draft(case, level, f"limits training on outputs ({said.replace('-', ' ')})", clause)
    elif grant and grant.value == "deny":
        yield _draft(case, level, "forbids training on outputs", grant.clause)
    if said == "result-is-derivative":
        level = case.policy.derivatives.share_alike
        yield _draft(case, level, "puts a model trained on outputs under its own terms", clause)
    if said == "unknown" and not (grant and grant.value in {"allow", "deny"}):
        yield _draft(case, Outcome.REVIEW, "is not read for whether outputs may train other models", clause)


@rule("LC406", "commercial-outputs-forbidden", "license")
def commercial_outputs_forbidden(case: LicenseCase) -> Iterator[Draft]:
    """Outputs may not be used commercially.

    Why it matters: the license reaches what the model generates.
    How to fix: choose another model.
    """
    if not case.use.commercial:
        return
    outputs = case.record.terms.outputs
    grant = case.record.terms.grant("use-outputs", "commercial")
    level = case.policy.commercial_use.forbidden
    if outputs and outputs.use in {"non-commercial", "research"}:
        yield _draft(case, level, f"limits the use of outputs to {outputs.use} purposes", outputs.clause)
    elif grant and grant.value == "deny":
        yield _draft(case, level, "forbids commercial use of outputs", grant.clause)
    elif outputs and outputs.use == "unknown" and not grant:
        yield _draft(case, Outcome.REVIEW, "is not read for whether outputs may be used commercially", outputs.clause)


def _terms_travel(case: LicenseCase) -> bool:
    """A maker's agreement that binds recipients, but leaves one's own changes to oneself: no copyleft."""
    share = case.record.terms.share_alike
    return case.record.class_ == "community" and share is not None and share.level in _KEEPS_LICENSE


def _draft(case: LicenseCase, outcome: Outcome, what: str, clause: str | None) -> Draft:
    return Draft(
        outcome, f"{case.record.name} {what}", clause=clause, evidence=case.evidence, license=case.record.spdx_id
    )
