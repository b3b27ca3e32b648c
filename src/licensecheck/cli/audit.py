"""`licensecheck audit`: the gate."""

from __future__ import annotations

import shutil
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click

from licensecheck.audit import EMPTY, VIOLATION, FailOn, Report, iter_audit, report
from licensecheck.cli.documents import now, texts_at_hand
from licensecheck.cli.options import Inputs, format_option, inputs, option
from licensecheck.cli.output import progress, targets, wants_color, write
from licensecheck.errors import PolicyError, UsageError
from licensecheck.policy.schema import NO_POLICY_HELP, Policy
from licensecheck.reports import FORMATS

POLICY_FILES = ("license-policy.toml", "pyproject.toml")
_POLICY_TABLE = "[tool.licensecheck.policy"


@click.command(short_help="Check models against a policy; the gate for CI.")
@inputs
@option("-p", "--policy", metavar="FILE", help="The policy [default: license-policy.toml, or pyproject.toml's table].")
@option("--use", metavar="NAME", help="A named use of the policy, [uses.NAME].")
@option("--fact", multiple=True, metavar="KEY=VALUE", help="A fact over those of the policy. Repeatable.")
@option("--fail-on", type=click.Choice(["deny", "review"]), default="review", show_default=True, help="What fails.")
@option("--exit-zero", is_flag=True, help="Exit 0 where violations were found (not on errors).")
@option("--allow-empty", is_flag=True, help="An empty list is no error.")
@format_option(*FORMATS)
@option("-o", "--output", multiple=True, metavar="FORMAT:PATH", help="Also write this format to a file. Repeatable.")
@option("--only-failing/--all", default=False, help="Show only models that do not pass (table).")
@option("-q", "--quiet", is_flag=True, help="Print nothing but errors.")
@option("-v", "--verbose", is_flag=True, help="Say on stderr what is done.")
@option("--progress/--no-progress", "progress_", default=None, help="A progress bar on stderr.")
@option("--color/--no-color", default=None, help="Colours [default: on a terminal].")
def audit(
    inputs: Inputs, policy: str | None, use: str | None, fact: Sequence[str], fail_on: FailOn, exit_zero: bool,
    allow_empty: bool, format_: str, output: Sequence[str], only_failing: bool, quiet: bool, verbose: bool,
    progress_: bool | None, color: bool | None,
) -> int:  # fmt: skip
    """Check models against a policy.

    \b
    Exit codes: 0 all passed, 1 a violation (deny; review too unless --fail-on deny), 2 a mistake in the call,
    3 incomplete (some model could not be judged, none was denied), 4 nothing to check.
    """
    started = time.monotonic()
    files = targets(output)
    rules = find_policy(policy).with_facts(_facts(fact))
    rules.used_as(use)
    if verbose:
        click.echo(f"policy {rules.name} ({rules.sha256[:12]}), {len(inputs.requirements)} models", err=True)
    result = _report(inputs, rules, use, fail_on, allow_empty=allow_empty, bar=False if quiet else progress_)
    for name, path in files:
        write(path, _rendered(result, name, color=False, only_failing=False))
    if not quiet:
        colored = wants_color(color)
        # Told to click too: left to itself, it takes the colours out again where stdout is no terminal.
        click.echo(_rendered(result, format_, color=colored, only_failing=only_failing), nl=False, color=colored)
    if verbose:
        click.echo(f"{time.monotonic() - started:.1f} s", err=True)
    if result.exit_code == EMPTY:
        click.echo("error: nothing to check: the list names no model\n  help: --allow-empty if that is meant", err=True)
    return 0 if exit_zero and result.exit_code == VIOLATION else result.exit_code


def find_policy(given: str | None) -> Policy:
    """The policy named, else the first found in the current folder; raises PolicyError where there is none."""
    if given:
        return Policy.load(given)
    for path in map(Path, POLICY_FILES):
        if path.is_file() and (path.name != "pyproject.toml" or _POLICY_TABLE in path.read_text("utf-8", "replace")):
            return Policy.load(path)
    raise PolicyError("no policy found", help=NO_POLICY_HELP)


def _report(
    inputs: Inputs, policy: Policy, use: str | None, fail_on: FailOn, *, allow_empty: bool, bar: bool | None
) -> Report:
    position = {each.model: i for i, each in enumerate(inputs.requirements)}
    ready = iter_audit(
        inputs.requirements, policy=policy, use=use, sources=inputs.sources, max_workers=inputs.max_workers
    )
    with progress(ready, len(inputs.requirements), wanted=bar) as verdicts:
        ordered = sorted(verdicts, key=lambda verdict: position[verdict.model])
    return report(ordered, policy=policy, use=use, fail_on=fail_on, allow_empty=allow_empty)


def _rendered(report: Report, name: str, *, color: bool, only_failing: bool) -> str:
    if name == "spdx":
        from licensecheck.reports import spdx_json

        texts = texts_at_hand(verdict.resolution for verdict in report.verdicts)
        return spdx_json.render(report, created=now(), texts=texts)
    if name != "table":
        return FORMATS[name](report)
    from licensecheck.reports import table

    width = shutil.get_terminal_size((100, 24)).columns
    return table.render(report, color=color, width=max(width, 80), show="failing" if only_failing else "all")


def _facts(pairs: Sequence[str]) -> dict[str, Any]:
    facts = {}
    for pair in pairs:
        key, equals, value = pair.partition("=")
        if not equals or not key.strip() or not value.strip():
            raise UsageError(
                f"`{pair}` is not KEY=VALUE", place="--fact", help="e.g. --fact monthly-active-users=1200000@2026-10-01"
            )
        facts[key.strip()] = value.strip()
    return facts
