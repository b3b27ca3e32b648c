"""`licensecheck identify`: which license a text is."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

import click

from licensecheck.audit import INCOMPLETE, PASSED
from licensecheck.cli.options import format_option
from licensecheck.errors import UsageError
from licensecheck.reports import identification
from licensecheck.reports.identification import Identified
from licensecheck.sources import blobs, select
from licensecheck.texts.identify import identify as identify_text


@click.command(short_help="Which license a text is.")
@click.argument("files", nargs=-1, metavar="FILE...")
@format_option("text", "json")
def identify(files: Sequence[str], format_: str) -> int:
    """Name the license of each text, or the nearest one and the words that differ.

    FILE is a file, a folder (all text files below it, hidden ones aside), or - for stdin. A license is named only if
    nothing that matters differs: numbers, dates, names, territories, whole sentences, words that grant or take away.
    Of a folder, only files that have something to do with a license, or are named so, are shown.

    \b
    Exit codes: 0 all texts were read, 2 a mistake in the call, 3 some file is no text or could not be read.
    """
    if not files:
        raise UsageError("no files given", help="name files or folders, or - for stdin")
    found: list[Identified] = []
    complete = True
    for name in files:
        for file, data in _read(name):
            text, why = _text(file, data)
            asked = file == name or select.wanted(Path(file).name)
            if text is not None:
                one = Identified(file, text, identify_text(text))
                found += [one] if asked or one.found.parts else []
            elif asked or isinstance(data, str):
                complete = False
                click.echo(why, err=True)
    width = shutil.get_terminal_size((100, 24)).columns
    told = identification.as_json(found) if format_ == "json" else identification.as_text(found, width=width)
    click.echo(told, nl=False)
    return PASSED if complete else INCOMPLETE


def _text(file: str, data: bytes | str) -> tuple[str | None, str]:
    """The text of a file, or none and why; `data` is its bytes, or why there are none."""
    if isinstance(data, str):
        return None, f"{file} {data}"
    read, problem = blobs.text_file(file, data)
    return read.text, f"{problem.message}; {problem.help}" if problem else ""


def _read(name: str) -> Iterator[tuple[str, bytes | str]]:
    """The files that a name stands for, and their bytes, or why they cannot be read."""
    if name == "-":
        yield name, sys.stdin.buffer.read()
        return
    for path in _below(name) if Path(name).is_dir() else [name]:
        try:
            yield path, Path(path).read_bytes()
        except OSError as error:
            yield path, f"cannot be read: {error.strerror or error}"


def _below(folder: str) -> Iterator[str]:
    """All files below a folder in name order, hidden ones and links that lead to a file aside."""
    for place, folders, names in os.walk(folder):
        folders[:] = sorted(each for each in folders if not each.startswith("."))
        paths = (str(Path(place) / each) for each in sorted(names) if not each.startswith("."))
        yield from (path for path in paths if Path(path).is_file() != Path(path).is_symlink())
