"""The report on a terminal: one block a model, plain text or coloured."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from licensecheck.reports.clean import clean, cut
from licensecheck.reports.wording import OUTCOMES, duty, licenses, name, remark, revision, summary, unexplained
from licensecheck.types import Finding, Outcome, Report, Verdict

_STYLES: Mapping[Outcome, str] = {
    Outcome.INFO: "dim",
    Outcome.ALLOW: "green",
    Outcome.REVIEW: "yellow",
    Outcome.DENY: "bold red",
    Outcome.INCOMPLETE: "magenta",
}
_LONGEST_NAME = 60
_NARROWEST = 40
_INDENT = " " * 8

Line = list[tuple[str, str]]
"""Pieces of one line, each with its rich style (empty for none)."""


def render(report: Report, *, color: bool = False, width: int = 100, show: Literal["failing", "all"] = "all") -> str:
    """The report for people; `failing` leaves out allowed models and informative findings.

    Messages wrap at `width` columns; commands to copy and quotes stay on one line. Quotes are cut to the width.
    """
    verdicts = [each for each in report.verdicts if show == "all" or each.outcome is not Outcome.ALLOW]
    layout = _Layout.fit(verdicts, width=width, details=show == "all")
    lines = [line for verdict in verdicts for line in _block(verdict, layout)]
    paint = _painted if color else _plain
    return "".join(paint(line) + "\n" for line in [*lines, [(summary(report), "bold")]])


@dataclass(frozen=True)
class _Layout:
    """The widths of the columns, in characters, that all blocks share."""

    place: int
    name: int
    width: int
    details: bool

    @classmethod
    def fit(cls, verdicts: list[Verdict], *, width: int, details: bool) -> _Layout:
        places = max((len(_place(verdict)) for verdict in verdicts), default=0)
        names = max((min(len(_title(verdict)), _LONGEST_NAME) for verdict in verdicts), default=0)
        return cls(places, names, width, details)


def _block(verdict: Verdict, layout: _Layout) -> Iterator[Line]:
    place = f"{_place(verdict):<{layout.place}}  " if layout.place else ""
    yield [
        (place, "dim"),
        (f"{_title(verdict):<{layout.name}}  ", "bold"),
        (f"{OUTCOMES[verdict.outcome]:<10}", _STYLES[verdict.outcome]),
        (f"  {licenses(verdict.resolution)}", ""),
    ]
    shown = [each for each in verdict.findings if layout.details or each.outcome is not Outcome.INFO]
    column = max((len(_heading(finding)) for finding in shown), default=0)
    for finding in shown:
        yield from _finding(finding, verdict, column, layout)
    reason = unexplained(verdict)
    if reason:
        yield [("  ", ""), (reason, _STYLES[verdict.outcome])]
    for upstream in verdict.upstream:
        told = f"  from {clean(upstream.model)} ({upstream.relation})  {clean(upstream.concluded)}  "
        yield [(told, ""), (OUTCOMES[upstream.outcome], _STYLES[upstream.outcome])]
    yield from _owed(verdict, layout)


def _finding(finding: Finding, verdict: Verdict, column: int, layout: _Layout) -> Iterator[Line]:
    style = "dim" if finding.waiver else _STYLES[finding.outcome]
    message = clean(finding.message) + remark(finding, known=verdict.outcome)
    first, *rest = _wrap(message, layout.width - column - 4) or [""]
    yield [(f"  {_heading(finding):<{column}}  ", style), (first, "")]
    for line in rest:
        yield [(f"{'':<{column + 4}}{line}", "")]
    label = "evidence"
    for index in finding.evidence:
        evidence = verdict.resolution.evidence[index]
        told = f"{clean(evidence.locator)}  {clean(evidence.quote)}"
        if evidence.license and evidence.license not in evidence.quote:
            told += f"  ({clean(evidence.license)})"
        room = max(layout.width - len(_INDENT) - 10, _NARROWEST)
        yield [(f"{_INDENT}{label:<10}", "dim"), (cut(told, room), "")]
        label = ""
    if finding.help:
        yield [(f"{_INDENT}{'help':<10}", "dim"), (clean(finding.help), "")]


def _owed(verdict: Verdict, layout: _Layout) -> Iterator[Line]:
    duties = dict.fromkeys(duty(obligation) for obligation in verdict.obligations)
    label = "  owes  "
    for line in _wrap(" · ".join(duties), layout.width - len(label)):
        yield [(label, "dim"), (line, "")]
        label = " " * len(label)


def _wrap(text: str, width: int) -> list[str]:
    return textwrap.wrap(text, max(width, _NARROWEST), break_long_words=False, break_on_hyphens=False)


def _place(verdict: Verdict) -> str:
    return clean(str(verdict.model.line)) if verdict.model.line else ""


def _title(verdict: Verdict) -> str:
    at = revision(verdict.resolution)
    return name(verdict.resolution) + (f" @{at}" if at else "")


def _heading(finding: Finding) -> str:
    return f"{clean(finding.code)} {clean(finding.rule)}"


def _plain(line: Line) -> str:
    return "".join(text for text, _ in line).rstrip()


def _painted(line: Line) -> str:
    from rich.color import ColorSystem
    from rich.style import Style

    return "".join(Style.parse(style).render(text, color_system=ColorSystem.STANDARD) for text, style in line)
