"""LC0xx and LC7xx: the list line and the way to the evidence."""

from __future__ import annotations

from collections.abc import Iterator

from licensecheck.policy.rules.registry import Draft, ModelCase, rule
from licensecheck.types import Outcome, Resolution

CHECKED_ORIGINS = (
    "card copy", "model card", "hub api", "hub license list", "publisher's page", "open-model-license-index",
)  # fmt: skip
"""Origins of bundled facts that were read from the model's own card or its publisher; any other caps the outcome at
review (general knowledge, lists of third parties). An origin may say more behind a comma.
"""


def is_checked(resolution: Resolution) -> bool:
    """Whether bundled facts were read from the model's own card or its publisher."""
    return (resolution.origin or "").partition(",")[0] in CHECKED_ORIGINS


@rule("LC001", "unpinned", "line")
def unpinned(case: ModelCase) -> Iterator[Draft]:
    """The list names the model without a commit, so that tomorrow's model may be another one.

    Why it matters: licenses change over time; an answer holds for one revision.
    How to fix: write `org/name@` and the 40 digits of the commit that was checked.
    """
    level = case.policy.unknown.unpinned
    if level != Outcome.ALLOW and not case.resolution.model.pinned:
        at = f"@{case.resolution.revision}" if case.resolution.revision else "@<commit>"
        yield Draft(level, f"{case.resolution.model} names no commit", help=f"write {case.resolution.name}{at}")


@rule("LC701", "not-fetched")
def not_fetched(case: ModelCase) -> Iterator[Draft]:
    """The model could not be read: missing, private, gated, unreachable, rate-limited, or not known offline.

    Why it matters: what was not read was not judged; it never counts as allowed.
    How to fix: the finding names the cause.
    """
    for problem in case.resolution.problems:
        if problem.fatal:
            yield Draft(case.policy.unknown.not_fetched, problem.message, help=problem.help)


@rule("LC702", "bundled-facts")
def bundled_facts(case: ModelCase) -> Iterator[Draft]:
    """The answer rests on facts that ship with the tool, not on the model as it is today.

    Why it matters: a publisher may have changed the license since; some facts were never compared with the card.
    How to fix: run without `--offline` before you rely on it.
    """
    resolution = case.resolution
    if resolution.source == "bundled" and resolution.complete:
        checked = is_checked(resolution) and not any(each.kind == "revision-not-found" for each in resolution.problems)
        doubt = "" if checked else "; nobody compared them with its card, so they do not pass alone"
        bases = "" if resolution.upstream else "; they name no base model"
        yield Draft(
            Outcome.INFO if checked else Outcome.REVIEW,
            f"judged by bundled facts of {resolution.as_of} ({resolution.origin}), not by the model as it is today"
            f"{doubt}{bases}",
            help="run without --offline, or download the model's card into the cache",
        )


@rule("LC703", "fetch-remark")
def fetch_remark(case: ModelCase) -> Iterator[Draft]:
    """Something worth knowing happened on the way: a rename, a gate, a file that could not be read.

    Why it matters: the evidence may be thinner than it looks.
    How to fix: the finding says what it was.
    """
    for problem in case.resolution.problems:
        if not problem.fatal:
            yield Draft(Outcome.INFO, problem.message, help=problem.help)
