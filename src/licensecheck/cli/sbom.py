"""`licensecheck sbom`: a bill of materials with what is declared and concluded."""

from __future__ import annotations

from pathlib import Path

import click

from licensecheck.audit import INCOMPLETE, PASSED, iter_resolve
from licensecheck.cli.documents import now, texts_at_hand
from licensecheck.cli.options import Inputs, format_option, inputs, option
from licensecheck.cli.output import write


@click.command(short_help="Write an SPDX document on the models.")
@inputs
@format_option("spdx-json")
@click.option("-o", "--output", "path", metavar="FILE", help="Write to this file instead of stdout.")
@option("--namespace", metavar="URI", help="The document's namespace [default: from its content].")
def sbom(inputs: Inputs, format_: str, path: str | None, namespace: str | None) -> int:
    """Write a software bill of materials: each model and base model with its declared and concluded license.

    The creation date is now, or SOURCE_DATE_EPOCH where that is set.

    \b
    Exit codes: 0 all models could be read, 2 a mistake in the call, 3 some model could not be read,
    4 nothing to read.
    """
    from licensecheck.reports import spdx_json

    inputs.require_any()
    resolutions = list(iter_resolve(inputs.requirements, sources=inputs.sources, max_workers=inputs.max_workers))
    text = {"spdx-json": spdx_json.render}[format_](
        resolutions, created=now(), namespace=namespace, texts=texts_at_hand(resolutions)
    )
    if path is None:
        click.echo(text, nl=False)
    else:
        write(Path(path), text)
    return PASSED if all(each.complete for each in resolutions) else INCOMPLETE
