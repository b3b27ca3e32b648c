"""Where output goes: formats to files, the report to stdout, progress to stderr."""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

import click

from licensecheck.errors import UsageError
from licensecheck.reports import FORMATS

T = TypeVar("T")


def targets(specs: Sequence[str]) -> list[tuple[str, Path]]:
    """Read `-o FORMAT:PATH` options; raises UsageError before anything is fetched or written."""
    found: list[tuple[str, Path]] = []
    for spec in specs:
        name, colon, path = spec.partition(":")
        if not colon or not path or name not in FORMATS:
            raise UsageError(
                f"`{spec}` is not FORMAT:PATH",
                place="--output",
                help=f"formats: {', '.join(FORMATS)}; e.g. json:report.json",
            )
        if not Path(path).absolute().parent.is_dir():
            raise UsageError(
                f"no folder {Path(path).absolute().parent}", place=f"--output {spec}", help="make it first"
            )
        if Path(path) in {given for _, given in found}:
            raise UsageError(f"{path} is named twice", place="--output", help="give each format a file of its own")
        found.append((name, Path(path)))
    return found


def write(path: Path, text: str) -> None:
    """Write a whole file or nothing: into a file beside it, then moved into place."""
    try:
        handle, temporary = tempfile.mkstemp(dir=path.absolute().parent, prefix=f".{path.name}.")
        try:
            with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as file:
                file.write(text)
            Path(temporary).chmod(0o644)
            Path(temporary).replace(path)
        except BaseException:
            Path(temporary).unlink(missing_ok=True)
            raise
    except OSError as error:
        raise UsageError(f"cannot write: {error.strerror or error}", place=str(path)) from error


def wants_color(choice: bool | None) -> bool:
    """Whether to colour stdout: as the option says, else NO_COLOR, FORCE_COLOR, else on a terminal outside CI."""
    if choice is not None:
        return choice
    if os.environ.get("NO_COLOR"):
        return False
    if os.environ.get("FORCE_COLOR"):
        return True
    return sys.stdout.isatty() and not os.environ.get("CI")


@contextmanager
def progress(items: Iterable[T], total: int, *, wanted: bool | None) -> Iterator[Iterable[T]]:
    """The items, with a bar on stderr: as the option says, else on a terminal outside CI and where the Hub's is on."""
    off = os.environ.get("CI") or os.environ.get("HF_HUB_DISABLE_PROGRESS_BARS") or not sys.stderr.isatty()
    if wanted is False or (wanted is None and off):
        yield items
        return
    with click.progressbar(items, length=total, label="models", file=sys.stderr) as bar:
        yield bar
