"""`licensecheck licenses`: the catalog."""

from __future__ import annotations

from collections.abc import Iterable

import click

from licensecheck import spdx
from licensecheck.catalog import LicenseRecord, catalog
from licensecheck.catalog.lookup import fold
from licensecheck.cli.options import format_option
from licensecheck.reports import license_page


@click.group(short_help="What licenses say: list, search, show, diff.")
def licenses() -> None:
    """The catalog of licenses: what each permits, on which condition, and what it demands."""


@licenses.command("list", short_help="All licenses with a record of their own.")
@format_option("table", "json")
def list_(format_: str) -> None:
    """List every license that has a record of its own (other SPDX ids are known by their category)."""
    _print(catalog(), format_)


@licenses.command(short_help="Licenses whose name holds a word.")
@click.argument("word")
@format_option("table", "json")
def search(word: str, format_: str) -> int:
    """Search keys, SPDX ids, names, aliases and stewards. Exit code 1 where nothing is found."""
    wanted = fold(word)
    found = [each for each in catalog() if any(wanted in fold(text) for text in _texts(each))]
    _print(found, format_)
    return 0 if found else 1


@licenses.command(short_help="One license: what it permits and demands.")
@click.argument("name")
@format_option("table", "markdown", "json")
def show(name: str, format_: str) -> None:
    """Show one license by key, SPDX id or any known spelling; an exception of the SPDX list by its facts."""
    entry = spdx.lookup(name)
    if entry and entry.is_exception and not catalog().find(name):
        click.echo(license_page.exception(entry))
        return
    record = catalog().get(name)
    page = {"table": license_page.as_text, "markdown": license_page.as_markdown}.get(format_)
    click.echo(page(record) if page else license_page.as_json([record]), nl=False)


@licenses.command(short_help="What two licenses say differently.")
@click.argument("one")
@click.argument("other")
@format_option("table", "json")
def diff(one: str, other: str, format_: str) -> None:
    """Show what two licenses say differently, each claim with its clause (`licenses diff llama2 llama3.1`)."""
    first, second = catalog().get(one), catalog().get(other)
    as_json = format_ == "json"
    page = license_page.difference_as_json if as_json else license_page.difference_as_text
    click.echo(page(first, second), nl=False)


def _texts(record: LicenseRecord) -> tuple[str, ...]:
    return (record.key, record.spdx_id, record.name, record.steward or "", *record.aliases)


def _print(records: Iterable[LicenseRecord], format_: str) -> None:
    click.echo(license_page.as_json(records) if format_ == "json" else license_page.as_table(records), nl=False)
