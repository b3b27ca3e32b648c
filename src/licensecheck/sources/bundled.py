"""What is known of well-known Hub models without a network: recorded license facts, shipped in the wheel."""

from __future__ import annotations

import difflib
import json
from datetime import date
from functools import lru_cache
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any

from licensecheck.types import HubMetadata, ModelRef, Noun, Problem, Snapshot

if TYPE_CHECKING:
    from collections.abc import Iterator
    from importlib.resources.abc import Traversable


class Fact(Noun):
    """The license fields of one model as a public source gave them on one day.

    `license` is None where the metadata was read and states none; `tags` are the recorded `license:`,
    `base_model:` and `dataset:` tags; `source` names where it was read; `date` is the day it was seen, at month
    or year precision the first day of it.
    """

    license: str | tuple[str, ...] | None = None
    license_name: str | None = None
    license_link: str | None = None
    base_model: tuple[str, ...] = ()
    base_model_relation: str | None = None
    tags: tuple[str, ...] = ()
    revision: str | None = None
    source: str
    date: date


def fetch(ref: ModelRef, *, data: Path | None = None) -> Snapshot | None:
    """Return what the bundled facts say of a model; None where they do not know it.

    The newest fact answers, in the shape of the Hub's API; older ones are in `history`. The snapshot holds no
    files and no card text. Its problems, none fatal: `renamed`, `revision-not-found` (the facts are of another or
    an unknown revision than the one asked for) and `offline` (no license in the metadata, the card was not read).
    `data` replaces the shipped `models.jsonl`.
    """
    known = _known(ref.name, data) if ref.source == "hub" and ref.kind == "model" else None
    if known is None:
        return None
    name, facts = known
    fact = facts[0]
    return Snapshot(
        model=ref,
        source="bundled",
        name=name,
        revision=fact.revision,
        metadata=HubMetadata(card_data=_card_data(fact), tags=fact.tags),
        problems=tuple(_problems(ref, name, fact)),
        as_of=fact.date,
        origin=fact.source,
    )


def history(name: str, *, data: Path | None = None) -> tuple[Fact, ...]:
    """Return all facts of a model, the one that answers first; empty where it is unknown.

    Facts read from the model's own metadata stand before annotations of third parties, newer before older.
    """
    known = _known(name, data)
    return known[1] if known else ()


def nearest(name: str, *, most: int = 2) -> tuple[str, ...]:
    """Return the known ids whose spelling is closest; a hint for a misspelt name, never an answer."""
    close = difflib.get_close_matches(name.lower(), _index(None), n=most, cutoff=0.8)
    return tuple(known[0] for each in close if (known := _known(each, None)))


def _known(name: str, data: Path | None) -> tuple[str, tuple[Fact, ...]] | None:
    line = _index(data).get(name.lower())
    if line is None:
        return None
    record = json.loads(line)
    return record["id"], tuple(Fact.model_validate(fact) for fact in record["facts"])


# A line is parsed when it is asked for: its ids stand first and are found without reading the rest as JSON.
@lru_cache(maxsize=4)
def _index(data: Path | None) -> dict[str, str]:
    file: Traversable | Path = data or files("licensecheck.sources") / "data" / "models.jsonl"
    index: dict[str, str] = {}
    for line in file.read_text(encoding="utf-8").splitlines():
        for name in line.partition(' "facts": ')[0].split('"')[3::2]:
            if name != "renamed":
                index[name.lower()] = line
    return index


def _card_data(fact: Fact) -> dict[str, Any]:
    fields: dict[str, Any] = {
        "license": list(fact.license) if isinstance(fact.license, tuple) else fact.license,
        "license_name": fact.license_name,
        "license_link": fact.license_link,
        "base_model": fact.base_model[0] if len(fact.base_model) == 1 else list(fact.base_model),
        "base_model_relation": fact.base_model_relation,
    }
    return {key: value for key, value in fields.items() if value}


def _problems(ref: ModelRef, name: str, fact: Fact) -> Iterator[Problem]:
    if ref.name.lower() != name.lower():
        yield Problem(kind="renamed", message=f"{ref.name} is now {name}", help=f"write {name}")
    if ref.revision is not None and ref.revision != fact.revision:
        of = f"of revision {fact.revision}" if fact.revision else "of an unknown revision"
        yield Problem(
            kind="revision-not-found",
            message=f"the bundled facts of {name} are {of}, seen {fact.date}, not of {ref.revision}",
            help="check online for an answer at this revision",
        )
    if fact.license is None:
        yield Problem(
            kind="offline",
            message=f"the metadata of {name} stated no license on {fact.date}; its card and files are not bundled",
            help="check online to have the card and the license files read",
        )
