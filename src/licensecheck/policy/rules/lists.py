"""LC11x: what the lists of the policy say; they beat terms."""

from __future__ import annotations

from collections.abc import Iterator

from licensecheck import spdx
from licensecheck.catalog import LicenseRecord, catalog
from licensecheck.policy.rules.registry import Draft, LicenseCase, rule
from licensecheck.types import Outcome


def listed(case: LicenseCase) -> str | None:
    """The strictest list that names the license: deny, review, allow, else the policy's default unless it is terms."""
    lists = case.policy.licenses
    for level, entries in (("deny", lists.deny), ("review", lists.review), ("allow", lists.allow)):
        if any(_names(entry, case.record) or (level != "allow" and _bare(entry, case.record)) for entry in entries):
            return level
    return None if lists.default == "terms" else f"default-{lists.default}"


def named(case: LicenseCase) -> bool:
    """Whether the policy accepts the license by its name, not by its class."""
    return any(not entry.startswith("@") and _names(entry, case.record) for entry in case.policy.licenses.allow)


@rule("LC111", "license-denied", "license")
def license_denied(case: LicenseCase) -> Iterator[Draft]:
    """The license is on the policy's deny list.

    Why it matters: the organization decided against this license.
    How to fix: choose a model under another license.
    """
    if listed(case) == "deny":
        yield _draft(case, Outcome.DENY, "is on the deny list")


@rule("LC112", "license-listed-for-review", "license")
def license_for_review(case: LicenseCase) -> Iterator[Draft]:
    """The license is on the policy's review list.

    Why it matters: the organization wants somebody to look at each use of this license.
    How to fix: have the use reviewed, and record the answer as a waiver.
    """
    if listed(case) == "review":
        yield _draft(case, Outcome.REVIEW, "is on the review list")


@rule("LC113", "license-on-no-list", "license")
def license_on_no_list(case: LicenseCase) -> Iterator[Draft]:
    """The policy names the licenses it accepts, and this is not one of them.

    Why it matters: `default = "review"` or `"deny"` under [licenses] leaves nothing else to chance.
    How to fix: add the license to a list after reading it.
    """
    state = listed(case)
    if state == "default-deny":
        yield _draft(case, Outcome.DENY, "is on no list, and the default is deny")
    if state == "default-review":
        yield _draft(case, Outcome.REVIEW, "is on no list, and the default is review")


def _names(entry: str, record: LicenseRecord) -> bool:
    if entry.startswith("@"):
        return record.class_ == entry[1:]
    meant = catalog().find(entry)
    # A family on a list speaks of every license it may stand for.
    return meant is not None and (meant.spdx_id == record.spdx_id or record.key in meant.candidates)


def _bare(entry: str, record: LicenseRecord) -> bool:
    """Whether an entry that says neither only nor or-later (`GPL-3.0`) names this license in either form."""
    return entry.lower() == spdx.bare(record.spdx_id.lower())


def _draft(case: LicenseCase, outcome: Outcome, what: str) -> Draft:
    return Draft(outcome, f"{case.record.spdx_id} {what}", evidence=case.evidence, license=case.record.spdx_id)
