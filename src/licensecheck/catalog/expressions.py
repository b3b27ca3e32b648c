"""From a spelling to a license expression of ids that the catalog knows."""

from __future__ import annotations

import re

from licensecheck import spdx
from licensecheck.catalog.lookup import catalog
from licensecheck.errors import BadExpressionError


def interpret(spelling: str) -> str | None:
    """The normalized expression that a spelling states, or None if any part of it is unknown."""
    record = catalog().find(spelling)
    if record:
        return record.spdx_id
    if not re.search(r"\b(?:and|or|with)\b", spelling, re.IGNORECASE):
        return None
    try:
        tree = spdx.parse(spelling)
    except BadExpressionError:
        return None
    names = {leaf.license: catalog().find(leaf.license) for leaf in spdx.leaves(tree)}
    if not all(names.values()):
        return None
    return spdx.judge(
        tree,
        leaf=lambda leaf: str(spdx.Leaf(getattr(names[leaf.license], "spdx_id", leaf.license), leaf.exception)),
        all_of=lambda parts: " AND ".join(f"({part})" if " OR " in part else part for part in parts),
        any_of=lambda parts: " OR ".join(f"({part})" if " AND " in part else part for part in parts),
    )
