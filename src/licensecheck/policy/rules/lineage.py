"""LC41x: what the model owes to the models it was made from."""

from __future__ import annotations

from collections.abc import Iterator

from licensecheck import spdx
from licensecheck.catalog import LicenseRecord, Terms, catalog
from licensecheck.errors import BadExpressionError
from licensecheck.policy.rules.derivatives import NO_TRAINING
from licensecheck.policy.rules.fetching import is_checked
from licensecheck.policy.rules.lists import listed
from licensecheck.policy.rules.registry import Draft, LicenseCase, ModelCase, UpstreamCase, rule
from licensecheck.policy.rules.unknown import states_no_license
from licensecheck.types import NOASSERTION, NONE, Outcome

# Rules that only say that a license is not known: for a base model, that is LC412's to say.
_DOUBTS = {"LC202", "LC207", "LC701"}


@rule("LC411", "upstream-license", "upstream")
def upstream_license(case: UpstreamCase) -> Iterator[Draft]:
    """A base model does not pass the same policy.

    Why it matters: its terms flow to what is made of it, whatever the derivative's own label says.
    How to fix: choose a derivative of another base, or have the base's license reviewed.
    """
    base = case.upstream.resolution
    telling = [
        each for each in case.findings
        if each.outcome.rank >= Outcome.REVIEW.rank and not (_unresolved(case) and each.code in _DOUBTS)
    ]  # fmt: skip
    worst = max(telling, key=lambda each: each.outcome.rank, default=None)
    if worst:
        license_ = base.concluded if base.concluded != NOASSERTION else base.declared
        ordered = sorted(telling, key=lambda each: -each.outcome.rank)
        yield Draft(
            worst.outcome,
            f"made from {_told(case)}, {license_}: {'; '.join(dict.fromkeys(each.message for each in ordered))}",
            clause=worst.clause,
            evidence=_evidence(case),
            help=worst.help,
            license=worst.license,
        )


@rule("LC412", "upstream-unresolved", "upstream")
def upstream_unresolved(case: UpstreamCase) -> Iterator[Draft]:
    """A base model could not be found, or its license is not known.

    Why it matters: terms that nobody has read flow to what is made of the base.
    How to fix: name the base with `--base=org/name` on the list line, or ask the publisher.
    """
    if _unresolved(case):
        base = case.upstream.resolution
        why = next(
            (each.message for each in base.problems if each.fatal), f"license not known (declared {base.declared})"
        )
        yield Draft(
            case.policy.unknown.unresolved_upstream,
            f"made from {_told(case)}: {why}",
            evidence=_evidence(case),
            help="look the base model up; [unknown] unresolved-upstream decides what follows",
        )
    elif case.upstream.resolution.source == "bundled" and not is_checked(case.upstream.resolution):
        base = case.upstream.resolution
        yield Draft(
            case.policy.unknown.unresolved_upstream,
            f"made from {_told(case)}: {base.concluded} is known from {base.origin} only, not from its card",
            evidence=_evidence(case),
            help="look the base model up; [unknown] unresolved-upstream decides what follows",
        )


@rule("LC413", "relicensed")
def relicensed(case: ModelCase) -> Iterator[Draft]:
    """The model's own license drops duties of the model it was made from.

    Why it matters: a permissive label on a derivative does not free it from its base's terms.
    How to fix: treat the model as under both licenses; tell the publisher.
    """
    for each in case.resolution.contradictions:
        if each.kind == "tag-vs-upstream":
            yield Draft(
                case.policy.lineage.relicensed,
                each.message,
                evidence=each.evidence,
                help="treat it as under both licenses",
            )


@rule("LC414", "upstream-forbids-derivative", "upstream")
def upstream_forbids_derivative(case: UpstreamCase) -> Iterator[Draft]:
    """The license of a base model forbids sharing what is made of it, or training on its outputs.

    Why it matters: a model that its base's license does not cover comes without valid rights, whatever you do with it.
    How to fix: choose a derivative of another base, or ask the base's publisher.
    """
    base, how = case.upstream.resolution, case.upstream.relation
    refusal = _refusal(case) if base.complete and base.concluded not in {NOASSERTION, NONE} else None
    if refusal:
        derivatives = case.policy.derivatives
        taught = how == "distilled"
        yield Draft(
            derivatives.train_on_outputs_forbidden if taught else derivatives.forbidden,
            f"made from {base.name} ({how}): {refusal.name} forbids "
            + ("training other models on outputs" if taught else "sharing changed models"),
            evidence=_evidence(case),
            help="choose a derivative of another base, or ask the base's publisher",
            license=refusal.spdx_id,
        )


def _refusal(case: UpstreamCase) -> LicenseRecord | None:
    """The license that forbids this derivative: of licenses that all bind one is enough, of alternatives all must."""
    try:
        tree = spdx.parse(case.upstream.resolution.concluded)
    except BadExpressionError:
        return None
    refusing: list[LicenseRecord] = spdx.judge(
        tree,
        leaf=lambda leaf: list(_refusing(case, leaf.license)),
        all_of=lambda parts: [each for part in parts for each in part],
        any_of=lambda parts: parts[0] if all(parts) else [],
    )
    return refusing[0] if refusing else None


def _refusing(case: UpstreamCase, license_: str) -> Iterator[LicenseRecord]:
    record = catalog().find(license_)
    if record is None or listed(LicenseCase(case.policy, case.use, case.upstream.resolution, record, ())):
        return
    terms = record.terms
    if case.upstream.relation == "distilled":
        refused = terms.outputs is not None and terms.outputs.train_others in NO_TRAINING
    else:
        refused = _keeps_changes_back(terms)
    if refused:
        yield record


def _keeps_changes_back(terms: Terms) -> bool:
    grants = [terms.grant("redistribute-derivative", purpose) for purpose in ("commercial", "research")]
    never = all(grant is not None and grant.value == "deny" for grant in grants)
    return never or (terms.share_alike is not None and terms.share_alike.level == "no-derivatives")


def _unresolved(case: UpstreamCase) -> bool:
    """Nothing certain is known; a base that was read and states no license is certain: all rights are reserved."""
    base = case.upstream.resolution
    return not base.complete or (base.concluded in {NOASSERTION, NONE} and not states_no_license(base))


def _evidence(case: UpstreamCase) -> tuple[int, ...]:
    return () if case.upstream.evidence is None else (case.upstream.evidence,)


def _told(case: UpstreamCase) -> str:
    """The base and how it was used, where that is known."""
    relation = "" if case.upstream.relation == "unknown" else f" ({case.upstream.relation})"
    return f"{case.upstream.resolution.name}{relation}"
