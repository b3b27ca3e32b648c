"""LC2xx: what is missing, unknown or contradictory. Nothing passes in silence."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from licensecheck import spdx
from licensecheck.catalog import catalog
from licensecheck.policy.rules.lists import named
from licensecheck.policy.rules.registry import Draft, LicenseCase, ModelCase, rule
from licensecheck.types import NOASSERTION, NONE, Outcome, Resolution

_NOT_READ = {"general-knowledge", "category"}
_UNREAD = {"unread-text", "variant"}
_PUBLISHER = "ask the publisher which one is meant"


def states_no_license(resolution: Resolution) -> bool:
    """Whether the model was read and states no license; a license file that nobody could identify is a statement."""
    unread = {resolution.evidence[each.evidence].kind for each in resolution.unresolved}
    return (
        resolution.complete
        and resolution.declared == NONE
        and resolution.concluded in {NOASSERTION, NONE}
        and "license-file" not in unread
    )


@rule("LC201", "no-license")
def no_license(case: ModelCase) -> Iterator[Draft]:
    """The model states no license anywhere.

    Why it matters: without a license all rights are reserved. A model made from a base whose license is known is at
    most reviewed: the base's terms reach it, and what its own maker allows is the open question.
    How to fix: ask the publisher, or choose a model with a license.
    """
    if states_no_license(case.resolution):
        bundled = " (bundled facts)" if case.resolution.source == "bundled" else ""
        known = _known_base(case.resolution)
        level = case.policy.unknown.no_license
        if known:
            # Its base's license reaches it, so it is not without any terms; what its maker allows stays open.
            level = min(level, Outcome.REVIEW, key=lambda outcome: outcome.rank)
        made = f"; it is made from {known}" if known else ""
        yield Draft(
            level,
            f"no license in the metadata or the files{bundled}{made}",
            help="ask the publisher to state one; without a license all rights are reserved",
        )


def _known_base(resolution: Resolution) -> str | None:
    """A base model whose license is known, for people; one that the card only names in a sentence counts too."""
    for base in (each.resolution for each in resolution.upstream):
        if base.complete and base.concluded not in {NOASSERTION, NONE}:
            return f"{base.name}, {base.concluded}"
    said = (each for each in resolution.evidence if each.kind == "prose" and each.scope == "base" and each.license)
    return next((f"a model under {each.license} ({each.locator})" for each in said), None)


@rule("LC202", "unrecognized-license")
def unrecognized_license(case: ModelCase) -> Iterator[Draft]:
    """A license is stated, but it is none that the catalog knows.

    Why it matters: nobody has read its terms; a similar name proves nothing.
    How to fix: read the text; add the license to the catalog or ask for it to be added.
    """
    for each in case.resolution.unresolved:
        if each.reason not in _UNREAD:
            yield Draft(
                case.policy.unknown.unrecognized,
                each.message,
                evidence=(each.evidence,),
                help="read its text; then ask for it to be added to the catalog",
            )


@rule("LC203", "contradiction")
def contradiction(case: ModelCase) -> Iterator[Draft]:
    """Two statements about the license do not agree.

    Why it matters: the stricter one may be the one that holds.
    How to fix: ask the publisher which one holds, and pin the revision where it is corrected.
    """
    for each in case.resolution.contradictions:
        if each.kind != "tag-vs-upstream":  # LC413 says it
            yield Draft(
                case.policy.unknown.contradiction,
                each.message,
                evidence=each.evidence,
                help="ask the publisher which one holds; [unknown] contradiction decides what follows",
            )


@rule("LC204", "ambiguous-license", "license")
def ambiguous_license(case: LicenseCase) -> Iterator[Draft]:
    """The license is named by a family or a title that several licenses bear.

    Why it matters: `cc` may forbid commercial use or not; `openrail` names no text at all.
    How to fix: find out which license is meant; the finding names the candidates.
    """
    if case.record.ambiguous:
        which = f": {', '.join(case.record.candidates)}" if case.record.candidates else ""
        level: Outcome = case.policy.unknown.unrecognized
        if case.use.commercial and _all_forbid_commercial_use(case.record.candidates):
            level = max(level, case.policy.commercial_use.forbidden, key=lambda outcome: outcome.rank)
            which += "; all of them forbid commercial use"
        yield Draft(
            level,
            f"{case.record.name} names several licenses{which}",
            evidence=case.evidence,
            help=f"what decides: {case.record.decides}" if case.record.decides else _PUBLISHER,
            license=case.record.spdx_id,
        )


@rule("LC205", "deprecated-id", "license")
def deprecated_id(case: LicenseCase) -> Iterator[Draft]:
    """The identifier is deprecated by SPDX.

    Why it matters: `GPL-3.0` does not say whether later versions may be chosen; it is not changed in silence.
    How to fix: nothing to do for the gate; a publisher should use the current identifier.
    """
    entry = spdx.lookup(case.record.spdx_id)
    if entry and entry.deprecated:
        now = f"; SPDX now says {entry.replaced_by} or another" if entry.replaced_by else ""
        yield Draft(Outcome.INFO, f"{entry.id} is a deprecated SPDX id{now}", evidence=case.evidence, license=entry.id)


@rule("LC206", "terms-not-verified", "license")
def terms_not_verified(case: LicenseCase) -> Iterator[Draft]:
    """The terms of the license were not read from its text, only derived or known in general.

    Why it matters: an answer nobody checked is no basis for a yes. A class on a list is such an answer: only the name
    of the license says that the organization has read it.
    How to fix: read the license and put its name on a list of the policy.
    """
    if case.record.review.basis in _NOT_READ and not case.record.ambiguous and not named(case):
        yield Draft(
            Outcome.REVIEW,
            f"the terms of {case.record.spdx_id} are not read from its text ({case.record.review.basis})",
            evidence=case.evidence,
            help="read it, then put it under [licenses] allow, review or deny",
            license=case.record.spdx_id,
        )


@rule("LC207", "unread-text")
def unread_text(case: ModelCase) -> Iterator[Draft]:
    """A license, gate or policy text is there that was not identified or could not be read.

    Why it matters: it may hold terms that nothing else shows.
    How to fix: read it; `licensecheck inspect` names the file.
    """
    for each in case.resolution.unresolved:
        if each.reason in _UNREAD:
            yield Draft(
                case.policy.unknown.unrecognized,
                each.message,
                evidence=(each.evidence,),
                help="read the text; it may hold terms of its own",
            )


def _all_forbid_commercial_use(candidates: Sequence[str]) -> bool:
    grants = [record.terms.grant("use", "commercial") for key in candidates if (record := catalog().find(key))]
    return bool(grants) and len(grants) == len(candidates) and all(each and each.value == "deny" for each in grants)
