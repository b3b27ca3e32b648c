"""`licensecheck inspect`: facts about a model, without a policy."""

from __future__ import annotations

import click

from licensecheck.audit import INCOMPLETE, PASSED, iter_resolve
from licensecheck.cli.options import Inputs, format_option, inputs


@click.command(short_help="Show what a model's license is, and why.")
@inputs
@format_option("text", "json")
def inspect(inputs: Inputs, format_: str) -> int:
    """Show the evidence, what is declared and concluded, the terms, and the base models of each model.

    \b
    Exit codes: 0 all models could be read, 2 a mistake in the call, 3 some model could not be read,
    4 nothing to read.
    """
    from licensecheck.reports import inspection

    inputs.require_any()
    resolutions = list(iter_resolve(inputs.requirements, sources=inputs.sources, max_workers=inputs.max_workers))
    click.echo(inspection.as_json(resolutions) if format_ == "json" else inspection.as_text(resolutions), nl=False)
    return PASSED if all(each.complete for each in resolutions) else INCOMPLETE
