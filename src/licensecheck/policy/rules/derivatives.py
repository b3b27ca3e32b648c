"""LC40x: what the license says about changed models and about outputs."""

from __future__ import annotations

from collections.abc import Iterator

from licensecheck.policy.rules.registry import Draft, LicenseCase, rule
from licensecheck.types import Outcome

_KEEPS_LICENSE = {"same-license", "file", "library"}
_NO_TRAINING = {"deny-all", "deny-competing", "deny-foundation"}


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
        what = "making changed models" if refused else "sharing changed models"
        yield _draft(case, case.policy.derivatives.forbidden, f"forbids {what}", clause)


@rule("LC402", "share-alike", "license")
def share_alike(case: LicenseCase) -> Iterator[Draft]:
    """What is made of the model and shared must keep the license.

    Why it matters: a fine-tuned model may have to be published under the same terms once it leaves the house.
    How to fix: keep derived models in house, or accept the license for them.
    """
    share = case.record.terms.share_alike
    touches = case.use.fine_tune or case.use.distribute_weights
    if share and share.level in _KEEPS_LICENSE and touches and case.record.class_ != "community":
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
    passed_on = terms.share_alike is not None and terms.share_alike.level == "use-restrictions"
    if not (terms.policy or terms.fields or passed_on):
        return
    parts = []
    if terms.policy:
        parts.append("an acceptable use policy" + (" that its maker may change" if terms.policy.mutable else ""))
    if terms.fields:
        parts.append(f"excluded fields: {', '.join(dict.fromkeys(each.field for each in terms.fields))}")
    if passed_on and not parts:
        parts.append("restrictions to pass on")
    clause = (
        terms.policy.clause
        if terms.policy
        else terms.fields[0].clause
        if terms.fields
        else terms.share_alike.clause
        if terms.share_alike
        else None
    )
    yield _draft(case, case.policy.derivatives.use_restrictions, f"restricts use: {'; '.join(parts)}", clause)


@rule("LC405", "train-on-outputs-forbidden", "license")
def train_on_outputs_forbidden(case: LicenseCase) -> Iterator[Draft]:
    """The license limits training other models on outputs, and the use does that.

    Why it matters: a model trained on the outputs may be unlicensed, or fall under the same terms.
    How to fix: generate training data with another model.
    """
    outputs = case.record.terms.outputs
    if not case.use.train_on_outputs or outputs is None:
        return
    level = case.policy.derivatives.train_on_outputs_forbidden
    if outputs.train_others in _NO_TRAINING or (outputs.train_others == "non-commercial" and case.use.commercial):
        yield _draft(
            case, level, f"limits training on outputs ({outputs.train_others.replace('-', ' ')})", outputs.clause
        )
    if outputs.train_others == "result-is-derivative":
        yield _draft(
            case,
            case.policy.derivatives.share_alike,
            "a model trained on outputs falls under its terms",
            outputs.clause,
        )
    if outputs.train_others == "unknown":
        yield _draft(case, Outcome.REVIEW, "not known whether outputs may train other models", outputs.clause)


@rule("LC406", "commercial-outputs-forbidden", "license")
def commercial_outputs_forbidden(case: LicenseCase) -> Iterator[Draft]:
    """Outputs may not be used commercially.

    Why it matters: the license reaches what the model generates.
    How to fix: choose another model.
    """
    outputs = case.record.terms.outputs
    if case.use.commercial and outputs and outputs.use in {"non-commercial", "research"}:
        yield _draft(
            case,
            case.policy.commercial_use.forbidden,
            f"limits the use of outputs to {outputs.use} purposes",
            outputs.clause,
        )


def _draft(case: LicenseCase, outcome: Outcome, what: str, clause: str | None) -> Draft:
    return Draft(
        outcome, f"{case.record.name} {what}", clause=clause, evidence=case.evidence, license=case.record.spdx_id
    )
