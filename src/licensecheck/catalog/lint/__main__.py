"""The command: `python -m licensecheck.catalog.lint`. Exit code 0 where nothing is wrong, else 1."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import click

from licensecheck.catalog.lint.anchors import answers_digest, missing_anchors, terms_of
from licensecheck.catalog.lint.checks import Problem, check
from licensecheck.catalog.lint.texts import FolderTexts, fetched
from licensecheck.catalog.lookup import Catalog, catalog
from licensecheck.catalog.schema import LicenseRecord
from licensecheck.errors import CatalogError, LicensecheckError

Texts = Callable[[LicenseRecord], list[str]]


@click.command()
@click.argument("keys", nargs=-1, metavar="[KEY]...")
@click.option("--texts", type=click.Path(exists=True, file_okay=False, path_type=Path), help="Folder of license texts.")
@click.option("--table", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="Which files a key has.")
@click.option("--fetch", is_flag=True, help="Read the texts at their official addresses (needs a network).")
@click.pass_context
def lint(context: click.Context, keys: tuple[str, ...], texts: Path | None, table: Path | None, fetch: bool) -> None:
    """Check records of the catalog: all, or those named. With texts, every anchor must stand in one of them."""
    room = catalog()
    sources: list[Texts] = [FolderTexts(texts, table)] if texts else []
    sources += [fetched] if fetch else []
    try:
        room.check_names()
        chosen = [room.get(key).key for key in keys] or room.all_keys()
    except LicensecheckError as error:
        raise click.ClickException(str(error)) from error
    counts: Counter[str] = Counter()
    problems = [each for key in chosen for each in _problems(room, key, sources, counts)]
    for problem in problems:
        click.echo(str(problem))
    click.echo(
        f"{len(chosen)} records, {counts['license']} license versions, {counts['with text']} read against a text "
        f"({counts['anchors']} anchors), {len(problems)} problems, "
        f"digest of all answers {answers_digest(_sound(room))}",
        err=True,
    )
    context.exit(1 if problems else 0)


def _sound(room: Catalog) -> Iterator[LicenseRecord]:
    """The records that can be read."""
    for key in room.all_keys():
        with suppress(LicensecheckError):
            yield room.get(key)


def _problems(room: Catalog, key: str, sources: list[Texts], counts: Counter[str]) -> Iterator[Problem]:
    yield from check(room, key)
    try:
        record = room.get(key)
    except CatalogError:
        return  # told above
    counts["license"] += not record.ambiguous
    for source in sources:
        try:
            copies = source(record)
        except OSError as error:
            yield Problem(f"{key}.toml text-urls", f"no answer: {error}", "correct the address, or try again later")
            continue
        counts["with text"] += bool(copies)
        counts["anchors"] += sum(bool(term.anchor) for _, term in terms_of(record.terms)) if copies else 0
        for anchor in missing_anchors(record, copies):
            yield Problem(f"{key}.toml", f"`{anchor}` does not stand in the text", "copy a phrase from the clause")


if __name__ == "__main__":
    lint()
