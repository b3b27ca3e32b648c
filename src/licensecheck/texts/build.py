"""Makes data/digests.tsv, the digests by which license texts are known. It reads texts and stores none.

    python -m licensecheck.texts.build CORPUS_DIR        all digests anew from a corpus, after data/sources.toml
    python -m licensecheck.texts.build add KEY FILE      one more text of a license of the catalog

CORPUS_DIR holds `licenses/INDEX.jsonl` with `licenses/<slug>.txt`, and `texts/{open,robust}.jsonl.gz`. Rows made by
`add` stay.
"""

from __future__ import annotations

import gzip
import json
import re
import sys
import tomllib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from string import ascii_lowercase
from typing import Any

from licensecheck import spdx
from licensecheck.catalog import Catalog, LicenseRecord, catalog
from licensecheck.errors import CatalogError, LicensecheckError, UsageError
from licensecheck.texts.index import Kind
from licensecheck.texts.normalize import fingerprint, tokens

DIGESTS = Path(__file__).with_name("data") / "digests.tsv"
FEWEST_WORDS = 12
"""A shorter text is a mention of a license, not its text."""

_ADDED = "added/"
# A number where a line begins after a blank line or a sentence's end, so that a wrapped "version\n2." stays whole.
_NUMBER = re.compile(
    r"((?:\A|\n[ \t]*\n|[.;:,][ \t]*\n|\b(?:and|or)[ \t]*\n)[ \t>*#]*)"
    r"\(?(\d{1,2}(?:\.\d{1,2})+|(?:\d{1,2}|[a-z]|[ivx]{1,4})(?=[.)]))[.)]?(?=\s)",
    re.IGNORECASE,
)


@dataclass(frozen=True, order=True)
class Row:
    """One line of digests.tsv; `source` says where the text was read, `corpus/...` or `added/...`."""

    digest: str
    kind: Kind
    key: str
    source: str


@dataclass(frozen=True)
class Text:
    """A text of which it is known what it is."""

    kind: Kind
    key: str
    source: str
    text: str


def build(corpus: Path, target: Path = DIGESTS) -> list[str]:
    """Write the digests of all trusted texts of a corpus; returns the lines of a report.

    Raises CatalogError with every digest that two licenses share.
    """
    table = _sources()
    texts = [
        *_licenses(corpus / "licenses", table, catalog()),
        *_full_texts(corpus / "texts", table["texts"], catalog()),
    ]
    made = [row for text in texts for row in _rows(text, table["titles"])]
    rows = _unique([*made, *(row for row in read(target) if row.source.startswith(_ADDED))])
    write(rows, target)
    missing = sorted({row.key for row in rows if row.kind == "license" and catalog().find(row.key) is None})
    return [
        f"{len(rows)} digests of {len({row.key for row in rows if row.kind == 'license'})} licenses and "
        f"{len({row.key for row in rows if row.kind == 'policy'})} policies, from {len(texts)} texts",
        f"{len(missing)} keys without a record in the catalog: {', '.join(missing) or 'none'}",
    ]


def add(key: str, file: Path, target: Path = DIGESTS) -> list[str]:
    """Add the digest of one license text; returns the lines of a report.

    Raises CatalogError for a name that is no license of the catalog, or a text that is another license already.
    """
    record = catalog().get(key)
    if record.ambiguous:
        raise CatalogError(f"`{key}` names several licenses", help=f"give one of {', '.join(record.candidates)}")
    words = tokens(file.read_text(encoding="utf-8"))
    if len(words) < FEWEST_WORDS:
        raise UsageError(f"{len(words)} words are no license text", place=str(file))
    rows = read(target)
    row = Row(fingerprint(words), "license", _name(record, catalog()), f"{_ADDED}{file.name}")
    before = len(rows)
    rows = _unique([*rows, row])
    write(rows, target)
    state = "added" if len(rows) > before else "known already"
    return [f"{record.key}: {len(words)} words, digest {row.digest}, {state}"]


def read(target: Path) -> list[Row]:
    """The rows of a digest file; none if there is no file."""
    if not target.exists():
        return []
    lines = target.read_text(encoding="utf-8").splitlines()
    return [
        Row(digest, "policy" if kind == "policy" else "license", key, source)
        for digest, kind, key, source in (line.split("\t") for line in lines)
    ]


def write(rows: Iterable[Row], target: Path) -> None:
    """Write a digest file, sorted."""
    lines = ("\t".join((row.digest, row.kind, row.key, row.source)) for row in sorted(rows))
    target.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8", newline="\n")


def main(arguments: Sequence[str]) -> int:
    """The command; returns the exit code."""
    try:
        match arguments:
            case ["add", key, file]:
                report = add(key, Path(file))
            case [corpus] if Path(corpus).is_dir():
                report = build(Path(corpus))
            case _:
                raise UsageError(
                    "neither a corpus folder nor `add KEY FILE`", help=(__doc__ or "").partition("\n\n")[2]
                )
    except LicensecheckError as error:
        sys.stderr.write(f"{error}\n")
        return error.exit_code
    sys.stdout.write("\n".join(report) + "\n")
    return 0


def _licenses(folder: Path, table: dict[str, Any], known: Catalog) -> Iterator[Text]:
    """The texts of an index of licenses: by slug, Hub id, or as data/sources.toml says."""
    with (folder / "INDEX.jsonl").open(encoding="utf-8") as index:
        entries = [json.loads(line) for line in index]
    for entry in entries:
        slug = entry["slug"]
        listed = table["keys"].get(slug)
        if slug in table["slugs"]["skip"] or ("~" in slug and not listed):
            continue
        names = listed or [entry["hub_id"] or slug]
        record = next((record for record in map(known.find, names) if record), None)
        kind: Kind = "policy" if slug in table["slugs"]["policies"] else "license"
        key = _name(record, known) if record and kind == "license" else names[0]
        text = (folder / f"{slug}.txt").read_text(encoding="utf-8", errors="replace")
        yield Text(kind, key, f"corpus/licenses/{slug}", text)


def _full_texts(folder: Path, table: dict[str, Any], known: Catalog) -> Iterator[Text]:
    """The full texts of SPDX licenses whose label is trusted."""
    for row in _json_rows(folder / "open.jsonl.gz", folder / "robust.jsonl.gz"):
        ending = table["sources"].get(row["source"])
        trusted = row["name"] in table["reviewed"] or (ending is not None and row["name"].endswith(ending))
        if (
            row["kind"] not in {"full-text", "plain"}
            or len(row["expected_spdx"]) != 1
            or not trusted
            or row["name"] in table["skip"]
        ):
            continue
        expected = row["expected_spdx"][0]
        for suffix in (*table["endings"], *table["endings"]):  # twice: -invariants-only has two of them
            expected = expected.removesuffix(suffix)
        entry = spdx.lookup(row["expected_spdx"][0])
        record = known.find(expected) or known.find(row["expected_spdx"][0])
        if record and not record.ambiguous and not (entry and entry.is_exception):
            yield Text("license", _name(record, known), f"corpus/texts/{row['id']}", row["text"])


def _json_rows(*packed: Path) -> Iterator[dict[str, Any]]:
    for file in packed:
        with gzip.open(file, "rt", encoding="utf-8") as lines:
            yield from map(json.loads, lines)


def _name(record: LicenseRecord, known: Catalog) -> str:
    """The key of a record; its SPDX id where the key alone is too common a word to be found (`zed`)."""
    return record.key if known.find(record.key) == record else record.spdx_id


def _rows(text: Text, titles: dict[str, list[str]]) -> Iterator[Row]:
    """The digests of a text as it stands, and as it is found with other list numbers or another title."""
    seen: set[str] = set()
    for note, variant in _variants(text.text).items():
        words = tokens(variant)
        for heading, titled in _titled(words, [tokens(title) for title in titles.get(text.key, [])]):
            digest = fingerprint(titled)
            if len(titled) >= FEWEST_WORDS and digest not in seen:
                seen.add(digest)
                yield Row(digest, text.kind, text.key, text.source + note + heading)


def _variants(text: str) -> dict[str, str]:
    """The text with its list numbers, without them, and with letters for them.

    Only known texts are changed so: a number in a text to be identified may be one that matters.
    """
    return {
        "": text,
        " undigited": _NUMBER.sub(lambda number: number[1] if number[2].isdigit() else number[0], text),
        " unnumbered": _NUMBER.sub(r"\1", text),
        " lettered": _NUMBER.sub(_letter, text),
    }


def _letter(number: re.Match[str]) -> str:
    if not number[2].isdigit() or not 0 < int(number[2]) <= len(ascii_lowercase):
        return number[0]
    return f"{number[1]}{ascii_lowercase[int(number[2]) - 1]}."


def _titled(words: list[str], titles: list[list[str]]) -> Iterator[tuple[str, list[str]]]:
    """The words with the title they have, with each other one, and with none."""
    yield "", words
    if titles:
        own = max((title for title in titles if words[: len(title)] == title), key=len, default=[])
        body = words[len(own) :]
        yield from ((" titled", [*title, *body]) for title in [[], *titles])


def _unique(rows: Iterable[Row]) -> list[Row]:
    """One row a digest, the first; raises CatalogError if a digest has two names."""
    kept: dict[str, Row] = {}
    clashes = []
    for row in rows:
        first = kept.setdefault(row.digest, row)
        if (first.kind, first.key) != (row.kind, row.key):
            clashes.append(f"{first.key} ({first.source}) and {row.key} ({row.source})")
    if clashes:
        raise CatalogError(
            "the same words under two names:\n  " + "\n  ".join(clashes),
            help="name one of them in data/sources.toml, or skip both",
        )
    return list(kept.values())


def _sources() -> dict[str, Any]:
    return tomllib.loads(files(__package__).joinpath("data", "sources.toml").read_text(encoding="utf-8"))


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
