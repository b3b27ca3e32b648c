"""The report for machines: stable, versioned, described by docs/reference/report.schema.json."""

from __future__ import annotations

from typing import Any

from licensecheck import version
from licensecheck.reports.clean import json_text
from licensecheck.types import Evidence, Finding, Report, Verdict


def render(report: Report) -> str:
    """The report as JSON text; what is not known is null, never left out."""
    return json_text(as_dict(report))


def as_dict(report: Report) -> dict[str, Any]:
    """The report in the published shape, keys in the published order."""
    return {
        "schema_version": report.schema_version,
        "tool": {"name": "licensecheck", "version": version.__version__, "catalog": report.catalog},
        "policy": report.policy.model_dump(),
        "summary": report.summary,
        "exit_code": report.exit_code,
        "verdicts": [_verdict(verdict) for verdict in report.verdicts],
    }


def _verdict(verdict: Verdict) -> dict[str, Any]:
    resolution = verdict.resolution
    return {
        "model": str(verdict.model.model_copy(update={"revision": None})),
        "source": resolution.source,
        "revision": resolution.revision,
        "line": verdict.model.line.model_dump() if verdict.model.line else None,
        "outcome": verdict.outcome,
        "license": {"declared": resolution.declared, "concluded": resolution.concluded, "comment": resolution.comment},
        "findings": [_finding(finding) for finding in verdict.findings],
        "obligations": [obligation.model_dump() for obligation in verdict.obligations],
        "evidence": [_evidence(evidence) for evidence in resolution.evidence],
        "contradictions": [contradiction.model_dump() for contradiction in resolution.contradictions],
        "upstream": [upstream.model_dump() for upstream in verdict.upstream],
    }


def _finding(finding: Finding) -> dict[str, Any]:
    return _without_null(finding.model_dump(), "license")


def _evidence(evidence: Evidence) -> dict[str, Any]:
    return _without_null(evidence.model_dump(), "upstream", "relation")


def _without_null(fields: dict[str, Any], *optional: str) -> dict[str, Any]:
    return {key: value for key, value in fields.items() if value is not None or key not in optional}
