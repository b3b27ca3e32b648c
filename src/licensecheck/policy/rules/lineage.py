"""LC41x: what the model owes to the models it was made from."""

from __future__ import annotations

from collections.abc import Iterator

from licensecheck.policy.rules.registry import Draft, ModelCase, UpstreamCase, rule
from licensecheck.types import NOASSERTION, Outcome


@rule("LC411", "upstream-license", "upstream")
def upstream_license(case: UpstreamCase) -> Iterator[Draft]:
    """A base model does not pass the same policy.

    Why it matters: its terms flow to what is made of it, whatever the derivative's own label says.
    How to fix: choose a derivative of another base, or have the base's license reviewed.
    """
    base = case.upstream.resolution
    worst = next((each for each in case.findings if each.outcome == case.outcome), None)
    if case.outcome.rank >= Outcome.REVIEW.rank and worst and _known(case):
        yield Draft(
            case.outcome,
            f"made from {base.name} ({case.upstream.relation}), {base.concluded}: {worst.message}",
            clause=worst.clause,
            evidence=_evidence(case),
            help=worst.help,
            license=worst.license,
        )


@rule("LC412", "upstream-unresolved", "upstream")
def upstream_unresolved(case: UpstreamCase) -> Iterator[Draft]:
    """A base model could not be found or its license is not known.

    Why it matters: a base without a known license reserves all rights.
    How to fix: name the base with `--base=org/name` on the list line, or ask the publisher.
    """
    if not _known(case):
        base = case.upstream.resolution
        why = next(
            (each.message for each in base.problems if each.fatal), f"license not known (declared {base.declared})"
        )
        yield Draft(
            case.policy.unknown.unresolved_upstream,
            f"made from {base.name} ({case.upstream.relation}): {why}",
            evidence=_evidence(case),
            help="look the base model up and record its license",
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


def _known(case: UpstreamCase) -> bool:
    base = case.upstream.resolution
    return base.complete and base.concluded != NOASSERTION


def _evidence(case: UpstreamCase) -> tuple[int, ...]:
    return () if case.upstream.evidence is None else (case.upstream.evidence,)
