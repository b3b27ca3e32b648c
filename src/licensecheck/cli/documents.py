"""What an SPDX document needs beside the models: its date, and the license texts at hand."""

from __future__ import annotations

import os
from collections.abc import Iterable
from datetime import UTC, datetime

from licensecheck.errors import UsageError
from licensecheck.types import Resolution


def texts_at_hand(resolutions: Iterable[Resolution]) -> dict[str, str]:
    """The license texts at hand by their LicenseRef, those of base models included."""
    found: dict[str, str] = {}
    for each in resolutions:
        texts = {file.path: file.text for file in each.files if file.text is not None}
        named = [one for one in each.evidence if one.kind == "license-file" and one.license and one.locator in texts]
        found |= texts_at_hand(base.resolution for base in each.upstream) | {
            one.license or "": texts[one.locator] for one in named
        }
    return found


def now() -> datetime:
    """The creation date of a document: now, or SOURCE_DATE_EPOCH where that is set."""
    epoch = os.environ.get("SOURCE_DATE_EPOCH")
    if epoch is None:
        return datetime.now(UTC).replace(microsecond=0)
    try:
        return datetime.fromtimestamp(int(epoch), UTC)
    except (ValueError, OverflowError) as error:
        raise UsageError(f"`{epoch}` is not a number of seconds", place="SOURCE_DATE_EPOCH") from error
