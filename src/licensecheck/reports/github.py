"""Annotations in a GitHub workflow run: one command a finding, then the summary.

Source of the syntax and of the escapes: the workflow commands of GitHub Actions and `actions/toolkit` (command.ts).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from licensecheck.reports.clean import clean
from licensecheck.reports.wording import OUTCOMES, name, remark, revision, summary, unexplained
from licensecheck.types import Finding, Outcome, Report, Verdict

_LEVELS: Mapping[Outcome, str] = {Outcome.DENY: "error", Outcome.INCOMPLETE: "error", Outcome.REVIEW: "warning"}
_STDIN = "-"


def render(report: Report) -> str:
    """Denied and incomplete are errors, review is a warning, what a waiver lifted is a notice."""
    commands = [command for verdict in report.verdicts for command in _commands(verdict)]
    return "\n".join([*commands, summary(report)]) + "\n"


def _commands(verdict: Verdict) -> Iterator[str]:
    for finding in verdict.findings:
        if finding.outcome in _LEVELS:
            level = "notice" if finding.waiver else _LEVELS[finding.outcome]
            yield _command(level, verdict, f"{finding.code} {finding.rule}", _message(finding))
    reason = unexplained(verdict)
    if reason:
        yield _command(_LEVELS[verdict.outcome], verdict, OUTCOMES[verdict.outcome], reason)


def _message(finding: Finding) -> str:
    message = clean(finding.message) + remark(finding)
    return f"{message}\nhelp: {clean(finding.help)}" if finding.help else message


def _command(level: str, verdict: Verdict, title: str, message: str) -> str:
    line = verdict.model.line
    properties = {"file": line.file, "line": str(line.line)} if line and line.file != _STDIN else {}
    properties["title"] = title
    told = ",".join(f"{key}={_property(clean(value))}" for key, value in properties.items())
    at = revision(verdict.resolution)
    model = name(verdict.resolution) + (f"@{at}" if at else "")
    return f"::{level} {told}::{_data(f'{model}: {message}')}"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
