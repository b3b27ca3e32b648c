"""`licensecheck policy`: make a policy."""

from __future__ import annotations

import click

from licensecheck.cli.options import option
from licensecheck.cli.output import write
from licensecheck.errors import UsageError
from licensecheck.policy.preset import preset, presets


@click.group(short_help="Make a policy.")
def policy() -> None:
    """The organization's policy file."""


@policy.command(short_help="Write a policy to start from.")
@option(
    "--preset",
    "name",
    metavar="NAME",
    default="commercial-hosted",
    show_default=True,
    help="Which policy to start from; --list shows them.",
)
@option("--list", "list_", is_flag=True, help="List the presets.")
@click.option(
    "-o", "--output", "path", metavar="FILE", help="Write to this file (which must not exist yet) instead of stdout."
)
def init(name: str, list_: bool, path: str | None) -> None:
    """Write a commented policy to start from, to stdout or a new file. Read it before you use it."""
    from pathlib import Path

    if list_:
        click.echo("".join(f"{each:<22} {first}\n" for each, first in presets().items()), nl=False)
        return
    text = preset(name)
    if path is None:
        click.echo(text, nl=False)
        return
    if Path(path).exists():
        raise UsageError("the file exists already", place=path, help="choose another name, or remove it first")
    write(Path(path), text)
    click.echo(f"wrote {path}; read it, then run: licensecheck audit -r models.txt -p {path}", err=True)
