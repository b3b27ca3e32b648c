"""Records for the SPDX ids that have no file of their own: class and terms by the category of a public index.

Source: the license index that license-expression ships (ScanCode's categories). Such a record says so in its
review (`basis = "category"`), and a policy never lets it pass without a review.
"""

from __future__ import annotations

import datetime
from functools import lru_cache

from licensecheck import spdx
from licensecheck.catalog.schema import Grant, LicenseRecord, Review, ShareAlike, Terms

_CLASS = {
    "Permissive": "permissive",
    "Public Domain": "public-domain",
    "Copyleft Limited": "weak-copyleft",
    "Copyleft": "copyleft",
    "Source-available": "source-available",
    "Proprietary Free": "proprietary",
    "Commercial": "proprietary",
}
# "Copyleft Limited" holds libraries, but also CC-BY-SA and GFDL: the level is the strictest that is among them.
_SHARE_ALIKE = {
    "Permissive": "none",
    "Public Domain": "none",
    "Copyleft Limited": "same-license",
    "Copyleft": "same-license",
}
_NOT_LICENSES = frozenset({"Unstated License", "CLA", "Patent License"})
# Names under which ScanCode files what it cannot tell apart: each stands for many licenses.
_COLLECTIVE = frozenset(
    f"licenseref-scancode-{name}"
    for name in (
        "commercial-license",
        "other-copyleft",
        "other-permissive",
        "proprietary-license",
        "public-domain",
        "public-domain-disclaimer",
        "unknown",
    )
)
_INDEX_DATE = datetime.date(2025, 7, 29)  # release of license-expression 30.4.4, whose index this is


@lru_cache(maxsize=4096)
def derived_record(spelling: str) -> LicenseRecord | None:
    """The record of an SPDX id or a `LicenseRef-scancode-*` id in any letter case; None for anything else.

    An id of letters alone (`Fair`, `Intel`, `Pixar`) must be spelled as SPDX does: in other letter case it is a
    word or a company more often than a license.
    """
    entry = spdx.lookup(spelling)
    if entry is None or entry.is_exception or entry.category in _NOT_LICENSES or entry.id.lower() in _COLLECTIVE:
        return None
    if entry.id.isalpha() and entry.id != spelling:
        return None
    return LicenseRecord(
        key=entry.id.lower(),
        spdx_id=entry.id,
        name=entry.name or entry.id,
        family="spdx",
        class_=_CLASS.get(entry.category, "unknown"),
        note=f"deprecated by SPDX in favour of {entry.replaced_by}" if entry.replaced_by else None,
        review=Review(
            by="license-expression index", on=_INDEX_DATE, basis="category", note=f"category {entry.category}"
        ),
        terms=_terms(entry.category),
    )


def _terms(category: str) -> Terms:
    level = _SHARE_ALIKE.get(category)
    if level is None:
        return Terms()
    note = f"by category {category}"
    actions = ("use", "host", "modify", "redistribute", "redistribute-derivative")
    return Terms(
        grants=(Grant(actions=actions, value="allow", note=note),), share_alike=ShareAlike(level=level, note=note)
    )
