"""The report for machines: stable, versioned, described by docs/reference/report.schema.json."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from licensecheck import version
from licensecheck.reports.clean import json_text
from licensecheck.types import Noun, Report, Verdict

# The fields are written out, so that a type may grow without a change to what is published.
_FINDING = ("code", "rule", "outcome", "message", "clause", "evidence", "help", "waiver")
_OBLIGATION = ("kind", "text", "where", "license", "clause")
_EVIDENCE = ("kind", "locator", "quote", "license", "restriction", "scope", "sha256", "confidence")


def render(report: Report) -> str:
    """The report as JSON text; what is not known is null, and only the fields that few entries have are left out."""
    return json_text(as_dict(report))


def as_dict(report: Report) -> dict[str, Any]:
    """The report in the published shape, keys in the published order."""
    return {
        "schema_version": report.schema_version,
        "tool": {"name": "licensecheck", "version": version.__version__, "catalog": report.catalog},
        "policy": _fields(report.policy, ("name", "sha256", "use", "facts")),
        "summary": report.summary,
        "exit_code": report.exit_code,
        "verdicts": [_verdict(verdict) for verdict in report.verdicts],
    }


def _verdict(verdict: Verdict) -> dict[str, Any]:
    resolution, line = verdict.resolution, verdict.model.line
    return {
        "model": str(verdict.model.model_copy(update={"revision": None})),
        "source": resolution.source,
        "revision": resolution.revision,
        "line": _fields(line, ("file", "line")) if line else None,
        "outcome": verdict.outcome,
        "license": _fields(resolution, ("declared", "concluded", "comment")),
        "findings": [_fields(each, _FINDING, ("license",)) for each in verdict.findings],
        "obligations": [_fields(each, _OBLIGATION) for each in verdict.obligations],
        "evidence": [_fields(each, _EVIDENCE, ("upstream", "relation")) for each in resolution.evidence],
        "contradictions": [_fields(each, ("kind", "evidence", "message")) for each in resolution.contradictions],
        "upstream": [_fields(each, ("model", "relation", "concluded", "outcome")) for each in verdict.upstream],
    }


def _fields(noun: Noun, always: Sequence[str], where_set: Sequence[str] = ()) -> dict[str, Any]:
    told = {field: getattr(noun, field) for field in always}
    return told | {field: getattr(noun, field) for field in where_set if getattr(noun, field) is not None}
