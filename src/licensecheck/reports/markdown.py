"""The report as GitHub-flavoured Markdown: for a pull-request comment, and for lawyers."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from itertools import groupby

from licensecheck.reports.clean import clean, clean_lines
from licensecheck.reports.wording import (
    OUTCOMES,
    licenses,
    name,
    page,
    place_url,
    remark,
    revision,
    section,
    standing,
    summary,
    unexplained,
)
from licensecheck.types import Finding, Obligation, Report, Verdict


def render(report: Report) -> str:
    """Summary, one table row a model, then a section for each model with something to tell."""
    policy = report.policy
    use = ", ".join(key for key, value in policy.use.items() if value) or "none stated"
    told = f"Policy: {escape(policy.name)} (sha256 {code(policy.sha256[:12])}). Use: {escape(use)}."
    lines = ["## License check", "", f"**{summary(report)}**", "", told, ""]
    if report.verdicts:
        lines += ["| Model | License | Outcome | Why |", "| --- | --- | --- | --- |"]
        lines += [_row(verdict) for verdict in report.verdicts] + [""]
    for verdict in report.verdicts:
        if verdict.findings or verdict.obligations or verdict.upstream or unexplained(verdict):
            lines += _section(verdict)
    return "\n".join(lines).rstrip("\n") + "\n"


def escape(text: str) -> str:
    """Untrusted text as it reads: no markup, no HTML, no links, no mentions, no references to issues, one line."""
    safe = html.escape(clean(text), quote=False)
    safe = re.sub(r"[\\`*_{}\[\]|~!$]|^[-+=#]", r"\\\g<0>", safe)
    safe = re.sub(r"^(\d+)(?=[.)])", r"\1\\", safe)
    # Mentions, issue numbers and bare addresses become links after Markdown is done with its escapes; a space of
    # no width keeps them text.
    return re.sub(
        r"@|#(?=\d)|(?<=:)(?=//)|(?<=www)(?=\.)", lambda match: f"{match[0]}&#8203;", safe, flags=re.IGNORECASE
    )


def code(text: str) -> str:
    """Untrusted text as a code span, whatever back-ticks it holds; not for a cell of a table."""
    safe = clean(text)
    fence = "`" * (_longest_run(safe) + 1)
    pad = " " if not safe or safe.startswith("`") or safe.endswith("`") else ""
    return f"{fence}{pad}{safe}{pad}{fence}"


def _row(verdict: Verdict) -> str:
    url, label = page(verdict.resolution), escape(name(verdict.resolution))
    why = [f"{escape(each.code)} {escape(each.rule)}" for each in standing(verdict)] or [
        escape(unexplained(verdict) or "")
    ]
    cells = [
        f"[{label}]({url})" if url else label,
        escape(licenses(verdict.resolution)),
        OUTCOMES[verdict.outcome],
        ", ".join(dict.fromkeys(why)),
    ]
    return f"| {' | '.join(cells)} |"


def _section(verdict: Verdict) -> Iterator[str]:
    resolution = verdict.resolution
    yield from (f"### {escape(name(resolution))}: {OUTCOMES[verdict.outcome]}", "")
    at = revision(resolution)
    facts = [f"License: {escape(licenses(resolution))}"]
    facts += [f"revision {code(at)}"] if at else []
    facts += [f"listed at {code(str(verdict.model.line))}"] if verdict.model.line else []
    yield from (" · ".join(facts), "")
    yield from (line for text in (resolution.comment, unexplained(verdict)) if text for line in (escape(text), ""))
    for upstream in verdict.upstream:
        told = f"{escape(upstream.concluded)}, {OUTCOMES[upstream.outcome]}"
        yield f"- Made from {escape(upstream.model)} ({upstream.relation}): {told}"
    for finding in verdict.findings:
        yield from _finding(finding, verdict)
    if verdict.upstream or verdict.findings:
        yield ""
    yield from _owed(verdict)


def _finding(finding: Finding, verdict: Verdict) -> Iterator[str]:
    yield f"- **{escape(finding.code)} {escape(finding.rule)}**: {escape(finding.message + remark(finding))}"
    for index in finding.evidence:
        evidence = verdict.resolution.evidence[index]
        url, place = place_url(verdict.resolution, evidence), code(evidence.locator)
        yield f"  - Evidence: {f'[{place}]({url})' if url else place} {code(evidence.quote)}"
    if finding.help:
        yield f"  - What to do: {escape(finding.help)}"


def _owed(verdict: Verdict) -> Iterator[str]:
    if not verdict.obligations:
        return
    yield from (f"What the use of {escape(name(verdict.resolution))} owes:", "")
    for license_id, obligations in groupby(verdict.obligations, key=lambda each: each.license):
        yield f"- {escape(license_id)}"
        for obligation in obligations:
            yield from _obligation(obligation)
    yield ""


def _obligation(obligation: Obligation) -> Iterator[str]:
    words = escape(obligation.kind.replace("-", " "))
    words += f" in {escape(obligation.where.replace('-', ' '))}" if obligation.where else ""
    words += f" ({escape(section(obligation.clause))})" if obligation.clause else ""
    if not obligation.text:
        yield f"  - {words}"
        return
    lines = clean_lines(obligation.text)
    fence = "`" * max(3, max(map(_longest_run, lines)) + 1)
    yield f"  - {words}:"
    yield from (f"    {line}".rstrip() for line in ("", f"{fence}text", *lines, fence, ""))


def _longest_run(text: str) -> int:
    return max(map(len, re.findall("`+", text)), default=0)
