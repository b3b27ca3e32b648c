"""`licensecheck sbom`: a bill of materials with what is declared and concluded."""

from __future__ import annotations

import os
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path

import click

from licensecheck.audit import INCOMPLETE, PASSED, iter_resolve
from licensecheck.cli.options import Inputs, format_option, inputs, option
from licensecheck.cli.output import write
from licensecheck.errors import UsageError
from licensecheck.types import Resolution


@click.command(short_help="Write an SPDX document on the models.")
@inputs
@format_option("spdx-json")
@click.option("-o", "--output", "path", metavar="FILE", help="Write to this file instead of stdout.")
@option("--namespace", metavar="URI", help="The document's namespace [default: from its content].")
def sbom(inputs: Inputs, format_: str, path: str | None, namespace: str | None) -> int:
    """Write a software bill of materials: each model and base model with its declared and concluded license.

    The creation date is now, or SOURCE_DATE_EPOCH where that is set.

    \b
    Exit codes: 0 all models could be read, 2 a mistake in the call, 3 some model could not be read.
    """
    from licensecheck.reports import spdx_json

    resolutions = list(iter_resolve(inputs.requirements, sources=inputs.sources, max_workers=inputs.max_workers))
    text = {"spdx-json": spdx_json.render}[format_](
        resolutions, created=_now(), namespace=namespace, texts=_texts(resolutions)
    )
    if path is None:
        click.echo(text, nl=False)
    else:
        write(Path(path), text)
    return PASSED if all(each.complete for each in resolutions) else INCOMPLETE


def _texts(resolutions: Iterable[Resolution]) -> dict[str, str]:
    """The license texts at hand by their LicenseRef, those of base models included."""
    found: dict[str, str] = {}
    for each in resolutions:
        texts = {file.path: file.text for file in each.files if file.text is not None}
        named = [one for one in each.evidence if one.kind == "license-file" and one.license and one.locator in texts]
        found |= _texts(base.resolution for base in each.upstream) | {
            one.license or "": texts[one.locator] for one in named
        }
    return found


def _now() -> datetime:
    epoch = os.environ.get("SOURCE_DATE_EPOCH")
    if epoch is None:
        return datetime.now(UTC).replace(microsecond=0)
    try:
        return datetime.fromtimestamp(int(epoch), UTC)
    except (ValueError, OverflowError) as error:
        raise UsageError(f"`{epoch}` is not a number of seconds", place="SOURCE_DATE_EPOCH") from error
