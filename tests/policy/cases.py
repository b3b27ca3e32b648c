"""What the policy tests build their cases from: resolutions, policies and one synthetic license record."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from licensecheck.catalog import LicenseRecord, catalog
from licensecheck.policy.schema import Policy
from licensecheck.types import ModelRef, Resolution, Upstream

SYNTHETIC = "LicenseRef-synthetic"
USE = {
    "commercial": True, "hosted-service": True, "fine-tune": True, "distribute-weights": False,
    "train-on-outputs": False,
}  # fmt: skip
LEVELS: dict[tuple[str, str], tuple[str, ...]] = {
    **{
        (table, key): ("allow", "review", "deny")
        for table, keys in {
            "commercial-use": ("forbidden", "condition-met", "condition-unmet", "fact-missing"),
            "attribution": ("license-copy", "notice", "credit", "display", "naming"),
            "derivatives": (
                "forbidden", "share-alike", "network-copyleft", "use-restrictions", "train-on-outputs-forbidden",
            ),
            "unknown": ("contradiction", "unresolved-upstream", "unpinned"),
            "lineage": ("relicensed",),
        }.items()
        for key in keys
    },
    ("unknown", "no-license"): ("review", "deny"),
    ("unknown", "unrecognized"): ("review", "deny"),
    ("unknown", "not-fetched"): ("review", "incomplete", "deny"),
    ("licenses", "default"): ("terms", "review", "deny"),
}  # fmt: skip
"""Every key of the policy that takes a level, with its levels, mildest first."""


def rows() -> list[dict[str, Any]]:
    files = sorted((Path(__file__).parent / "rules").glob("*.toml"))
    return [row for file in files for row in tomllib.loads(file.read_text(encoding="utf-8"))["row"]]


def policy(given: Mapping[str, Mapping[str, Any]], **tables: Mapping[str, Any]) -> Policy:
    """The defaults of the schema, `USE`, the given tables, and on top of them `tables` (with `_` for `-`)."""
    data: dict[str, Any] = {"schema-version": 1, "name": "test", "use": USE}
    for extra in (given, {name.replace("_", "-"): table for name, table in tables.items()}):
        for table, values in extra.items():
            data[table] = {**data.get(table, {}), **values}
    return Policy.model_validate(data)


def resolution(data: Mapping[str, Any], *, name: str = "acme/tiny") -> Resolution:
    """A resolution from a row: `concluded`, and all else that differs from the plainest one."""
    fields = dict(data)
    upstream = [
        Upstream(
            relation=each["relation"],
            evidence=None,
            resolution=resolution({k: v for k, v in each.items() if k != "relation"}, name=f"base/of-{i}"),
        )
        for i, each in enumerate(fields.pop("upstream", ()))
    ]
    concluded = fields.pop("concluded")
    declared = fields.pop("declared", concluded)
    model = ModelRef.parse(fields.pop("model", name))
    return Resolution(
        model=model, name=model.name, declared=declared, concluded=concluded, upstream=tuple(upstream), **fields
    )


def record(terms: Mapping[str, Any], *, class_: str = "permissive", basis: str = "license-text") -> LicenseRecord:
    """A license that permits everything and demands nothing, but for what `terms` say."""
    actions = ["use", "host", "modify", "redistribute", "redistribute-derivative"]
    plain = {
        "grants": [{"actions": actions, "value": "allow"}],
        "share-alike": {"level": "none"},
        "outputs": {"use": "silent", "train-others": "silent"},
    }
    return LicenseRecord.model_validate(
        {
            "key": "synthetic",
            "spdx-id": SYNTHETIC,
            "name": "Synthetic License",
            "family": "synthetic",
            "class": class_,
            "review": {"by": "tests", "on": "2026-11-23", "basis": basis},
            "terms": {key: value for key, value in {**plain, **terms}.items() if value is not None},
        }
    )


class Shelf:
    """The catalog that ships, and one more record."""

    def __init__(self, added: LicenseRecord) -> None:
        self._added = added

    def find(self, spelling: str) -> LicenseRecord | None:
        return self._added if spelling == SYNTHETIC else catalog().find(spelling)


def of_row(row: Mapping[str, Any]) -> tuple[LicenseRecord, Resolution, Mapping[str, Any]]:
    """What a row is about: the synthetic license, the resolution, and what differs from the plain policy."""
    about = row.get("record", {})
    terms = dict(row.get("terms", {}))
    terms |= {key: None for key in ("share-alike", "outputs") if about.get(f"{key}-unread")}
    synthetic = record(terms, class_=about.get("class", "permissive"), basis=about.get("basis", "license-text"))
    known = {key: row[key] for key in ("model", "upstream") if key in row}
    fields = {"concluded": row.get("concluded", SYNTHETIC), **known, **row.get("resolution", {})}
    return synthetic, resolution(fields), row.get("policy", {})
