"""The words that the text formats share, so that all of them tell the same; every string comes out clean."""

from __future__ import annotations

import re
from collections.abc import Mapping
from urllib.parse import quote

from licensecheck.reports.clean import clean
from licensecheck.types import Evidence, Finding, Obligation, Outcome, Report, Resolution, Verdict

OUTCOMES: Mapping[Outcome, str] = {
    Outcome.INFO: "info",
    Outcome.ALLOW: "allowed",
    Outcome.REVIEW: "review",
    Outcome.DENY: "denied",
    Outcome.INCOMPLETE: "incomplete",
}
_SHORT = 7
_LONGEST_QUOTED = 60
_HUB_ID = re.compile(r"[\w.-]+(/[\w.-]+)?", re.ASCII)
_FILE_KINDS = {"license-file", "notice-file", "policy-file"}


def summary(report: Report) -> str:
    """The report in one line: `3 models: 1 allowed, 1 review, 1 denied`; outcomes that do not occur are left out."""
    counts = dict(report.summary)
    models = counts.pop("models")
    if not models:
        return "no models checked"
    told = [f"{count} {OUTCOMES[Outcome(outcome)]}" for outcome, count in counts.items() if count]
    return f"{models} model{'' if models == 1 else 's'}: {', '.join(told)}"


def name(resolution: Resolution) -> str:
    """The model as it was asked for, without a revision: `org/name`, `datasets/org/name` or a folder."""
    return clean(str(resolution.model.model_copy(update={"revision": None})))


def revision(resolution: Resolution) -> str | None:
    """The revision that was read, else the one that was asked for; a commit is cut to its first seven digits."""
    full = resolution.revision or resolution.model.revision
    if full and re.fullmatch(r"[0-9a-f]{40}", full):
        return full[:_SHORT]
    return clean(full) if full else None


def licenses(resolution: Resolution) -> str:
    """The concluded license, and the declared one where they differ."""
    concluded, declared = clean(resolution.concluded), clean(resolution.declared)
    return concluded if concluded == declared else f"{concluded} (declared {declared})"


def remark(finding: Finding, *, known: Outcome | None = None) -> str:
    """What stands behind a message: ` (review, waived by W-1, section 2)`; empty where there is nothing to add.

    `known` is the outcome that the reader has in view already and that need not be said again.
    """
    parts = [OUTCOMES[finding.outcome]] if finding.outcome is not known else []
    if finding.waiver:
        parts.append(f"waived by {clean(finding.waiver)}")
    if finding.clause:
        parts.append(section(finding.clause))
    return f" ({', '.join(parts)})" if parts else ""


def section(clause: str) -> str:
    """A clause as a reader calls it: `section 1.b` for a number, else its own name."""
    text = clean(clause)
    return f"section {text}" if text[:1].isdigit() else text


def standing(verdict: Verdict) -> list[Finding]:
    """The findings that made the outcome: neither lifted by a waiver nor mere information."""
    return [each for each in verdict.findings if not each.waiver and each.outcome.rank > Outcome.ALLOW.rank]


def unexplained(verdict: Verdict) -> str | None:
    """Why a verdict without a standing finding did not pass; None where it passed or a finding tells."""
    if verdict.outcome is Outcome.ALLOW or standing(verdict):
        return None
    problems = [clean(problem.message) for problem in verdict.resolution.problems if problem.fatal]
    return "; ".join(problems) or "no finding tells why"


def duty(obligation: Obligation) -> str:
    """An obligation in a few words: `license copy in license file`, `display "Built with Llama"`."""
    words = clean(obligation.kind.replace("-", " "))
    if obligation.text and len(obligation.text) <= _LONGEST_QUOTED:
        words += f' "{clean(obligation.text)}"'
    return words + (f" in {clean(obligation.where.replace('-', ' '))}" if obligation.where else "")


def page(resolution: Resolution) -> str | None:
    """The address of the model on the Hub, at the revision that was read; None for a folder."""
    root = hub_url(resolution)
    return f"{root}/tree/{quote(resolution.revision, safe='')}" if root and resolution.revision else root


def hub_url(resolution: Resolution) -> str | None:
    """The address of the model on the Hub, whatever its revision; None for a folder and for what is no Hub id."""
    if resolution.model.source == "directory" or not _HUB_ID.fullmatch(resolution.name):
        return None
    prefix = "datasets/" if resolution.model.kind == "dataset" else ""
    return f"https://huggingface.co/{prefix}{resolution.name}"


def place_url(resolution: Resolution, evidence: Evidence) -> str | None:
    """The address of the line on the Hub where the evidence stands; None where it stands in no file of a commit."""
    root = hub_url(resolution)
    match = re.fullmatch(r"(?P<path>[^:\n]+?)(?::(?P<line>[0-9]+))?", evidence.locator)
    in_file = (
        match and (match["line"] or evidence.kind in _FILE_KINDS) and evidence.kind not in {"tag", "clarification"}
    )
    if not (root and match and in_file and resolution.revision):
        return None
    line = f"#L{match['line']}" if match["line"] else ""
    return f"{root}/blob/{quote(resolution.revision, safe='')}/{quote(match['path'])}{line}"
