"""Make data/models.jsonl from a corpus of recorded facts: `python -m licensecheck.sources.build_bundled CORPUS_DIR`.

Dates: a fact has the day its source gives; a month or a year is written as its first day. An API body has its
`lastModified`, the index of official models the day it last saw the model, a copied card the date of the
repository that holds the copy (`[copies]` in curated.toml: the month of its last commit or, where that is unknown,
of the newest model in it). A copy older than 2021 without a license says nothing, since the key was new then.

Order: facts read from a model's own metadata stand before those of third parties (mteb), newer before older.
Observations with the same license and name are one fact, dated by the newest; it takes over the link and the base
models of an older one where it has none. General knowledge gives way to any source that gives the same license, and
a list that tells no license names (tags only) to one that does.
"""

from __future__ import annotations

import csv
import json
import re
import sys
import tomllib
from collections.abc import Iterator
from itertools import chain
from pathlib import Path
from typing import Any, NamedTuple

import yaml

DATA = Path(__file__).parent / "data"
KEYS = (
    *("license", "license_name", "license_link", "base_model", "base_model_relation"),
    *("tags", "revision", "source", "date"),
)
TAGS = ("license:", "base_model:", "dataset:")
INHERITED = ("license_link", "base_model", "base_model_relation")
UNCHECKED = "general knowledge"
THIRD_PARTY = "mteb"
TRENDING = "hub api, trending list"
LICENSE_LIST = "hub license list"
WITHOUT_NAMES = {TRENDING, LICENSE_LIST, THIRD_PARTY}
FIRST_LICENSE_KEYS = "2021"


class Seen(NamedTuple):
    """One observation: the id as the source spells it, and the fact (`license` None: states none)."""

    id: str
    fact: dict[str, Any]


def build(corpus: Path, curated: Path = DATA / "curated.toml") -> str:
    """Return the text of models.jsonl: a line a model, sorted by lower-cased id; the same input, the same bytes."""
    notes = tomllib.loads(curated.read_text(encoding="utf-8"))
    # The first to name a model gives its spelling, so the sources that know the canonical one come first.
    seen = chain(
        _api(corpus), _official(corpus), _curated(notes), _mteb(corpus),
        _trending(corpus), _cards(corpus, notes["copies"]), _drift(corpus, notes["copies"]), _hub_lists(corpus),
    )  # fmt: skip
    renamed = {**_redirects(corpus), **notes["renamed"]}
    new_ids = {old.lower(): new for old, new in renamed.items()}
    spelling: dict[str, str] = {}
    facts: dict[str, list[dict[str, Any]]] = {}
    for name, fact in seen:
        now = new_ids.get(name.lower(), name)
        spelling.setdefault(now.lower(), now)
        facts.setdefault(now.lower(), []).append(fact)
    return "".join(
        json.dumps(_record(spelling[key], facts[key], renamed), ensure_ascii=False) + "\n" for key in sorted(facts)
    )


def main(arguments: list[str]) -> int:
    """Write data/models.jsonl from the corpus folder named in the arguments; returns the exit code."""
    (corpus,) = arguments
    (DATA / "models.jsonl").write_text(build(Path(corpus)), encoding="utf-8", newline="\n")
    return 0


def _record(name: str, facts: list[dict[str, Any]], renamed: dict[str, str]) -> dict[str, Any]:
    former = sorted(old for old, new in renamed.items() if new.lower() == name.lower())
    head = {"id": name, "renamed": former} if former else {"id": name}
    return {**head, "facts": _merge(facts)}


def _merge(facts: list[dict[str, Any]]) -> list[dict[str, Any]]:
    sourced = {_license(fact) for fact in facts if fact["source"] != UNCHECKED}
    named = {_license(fact) for fact in facts if fact.get("license_name")}
    weaker = {UNCHECKED: sourced, **dict.fromkeys(WITHOUT_NAMES, named)}
    kept = [fact for fact in facts if _license(fact) not in weaker.get(fact["source"], set())]
    newest_first = sorted(kept, key=lambda fact: fact["date"], reverse=True)
    merged: dict[tuple[str, str], dict[str, Any]] = {}
    for fact in sorted(newest_first, key=lambda fact: fact["source"] == THIRD_PARTY):
        statement = (_license(fact), (fact.get("license_name") or "").lower())
        newest = merged.setdefault(statement, dict(fact))
        newest.update({key: fact[key] for key in INHERITED if fact.get(key) and not newest.get(key)})
    return [
        {"license": fact["license"]} | {key: fact[key] for key in KEYS if fact.get(key)} for fact in merged.values()
    ]


def _license(fact: dict[str, Any]) -> str:
    """Spell a license so that a list of one, and another case, compare equal."""
    declared = fact["license"]
    return json.dumps(declared[0] if isinstance(declared, list) and len(declared) == 1 else declared).lower()


def _api(corpus: Path) -> Iterator[Seen]:
    for path in sorted((corpus / "api").glob("hubcassette__*.json")):
        body = json.loads(path.read_text(encoding="utf-8"))
        card = body.get("cardData") or {}
        fields = {key: card.get(key) for key in ("license", "license_name", "license_link", "base_model_relation")}
        yield Seen(
            body["id"],
            fields
            | {
                "base_model": _list(card.get("base_model")),
                "tags": [tag for tag in body["tags"] if tag.startswith(TAGS)],
            }
            | {"revision": body["sha"], "source": "hub api", "date": body["lastModified"][:10]},
        )


def _trending(corpus: Path) -> Iterator[Seen]:
    for path in sorted((corpus / "api").glob("*__hf_models.json")):
        for body in json.loads(path.read_text(encoding="utf-8")):
            tags = [tag for tag in body["tags"] if tag.startswith(TAGS)]
            license_ = [tag.removeprefix("license:") for tag in tags if tag.startswith("license:")]
            bases = [re.match(r"base_model:(?:(finetune|adapter|quantized|merge):)?(.+)", tag) for tag in tags]
            relation = next((base[1] for base in bases if base and base[1]), None)
            if license_:
                yield Seen(
                    body["id"],
                    {"license": license_[0], "base_model": [base[2] for base in bases if base and not base[1]]}
                    | {"base_model_relation": relation, "tags": tags}
                    | {"source": TRENDING, "date": "2026-08-01"},
                )


def _redirects(corpus: Path) -> dict[str, str]:
    texts = [path.read_text(encoding="utf-8") for path in sorted((corpus / "api").glob("redirect_307__*.txt"))]
    return dict(re.findall(r"/api/models/(\S+)", text) for text in texts)


def _official(corpus: Path) -> Iterator[Seen]:
    for row in _rows(corpus / "facts" / "official-models-2026.jsonl"):
        declared = row["license"]
        # Without card metadata the index infers the license from a file: an inference is no fact of the card.
        if declared["metadata_source"] == "model_card_metadata":
            yield Seen(
                row["id"],
                {"license": declared["raw"], "license_name": declared["name"], "license_link": declared["license_link"]}
                | {"source": "open-model-license-index", "date": row["last_seen"][:10]},
            )


def _mteb(corpus: Path) -> Iterator[Seen]:
    for row in _rows(corpus / "facts" / "mteb_model_meta_licenses.jsonl"):
        stated, revision = row["license"], row["revision"] or ""
        # Without a commit it is a service and no repository; `multiple` and `not specified` name no license.
        if stated in {None, "multiple", "not specified"} or not re.fullmatch(r"[0-9a-f]{40}", revision):
            continue
        link = stated if stated.startswith("https://") else None
        yield Seen(
            row["model_id"],
            {"license": "other" if link else stated, "license_link": link, "revision": revision}
            | {"source": THIRD_PARTY, "date": "2026-01-01"},
        )


def _hub_lists(corpus: Path) -> Iterator[Seen]:
    pattern = re.compile(r"\[([^\]]+)\]")
    ids: set[str] = set()
    # A model in both lists declares `other`: that list was made for it, the second one also holds models like it.
    for file, declared in (("hub-model_license_other.csv", "other"), ("hub-model_no_license.csv", None)):
        with (corpus / "facts" / file).open(encoding="utf-8", newline="") as lines:
            for row in csv.DictReader(lines):
                match = pattern.match(row["model_id"])
                if match and match[1] not in ids:
                    ids.add(match[1])
                    link = row["suggested_license_link"]
                    own = link if link.startswith(f"https://huggingface.co/{match[1]}/blob/") else None
                    fact = {
                        "license": declared,
                        "license_link": own,
                        "source": "hub license list",
                        "date": "2023-10-01",
                    }
                    yield Seen(match[1], fact)


def _cards(corpus: Path, copies: dict[str, dict[str, Any]]) -> Iterator[Seen]:
    for folder in ("cards", "cards-modern"):
        for row in _rows(corpus / folder / "INDEX.jsonl"):
            if row["model_id"].startswith("unknown/"):
                continue
            copy = copies[row.get("source_repo", folder)]
            lost = row.get("front_matter") == "none" and copy.get("without_front_matter")
            old = row["declared_license"] is None and str(copy["date"]) < FIRST_LICENSE_KEYS
            if not lost and not old:
                yield _card(row, corpus / folder / row["file"], str(copy["date"]))


def _card(row: dict[str, Any], card: Path, date: str) -> Seen:
    front = _front_matter(card) if row.get("front_matter", "ok") == "ok" else {}
    datasets = [f"dataset:{dataset}" for dataset in _list(front.get("datasets")) if isinstance(dataset, str)]
    return Seen(
        row["model_id"].removeprefix("_root_/"),
        {"license": row["declared_license"], "license_name": row["license_name"], "license_link": row["license_link"]}
        | {"base_model": _list(row["base_model"]), "base_model_relation": front.get("base_model_relation")}
        | {"tags": datasets, "source": f"card copy, {row.get('source_repo', 'public text index')}", "date": date},
    )


def _drift(corpus: Path, copies: dict[str, dict[str, Any]]) -> Iterator[Seen]:
    for row in _rows(corpus / "drift" / "INDEX.jsonl"):
        repo = row["source"].partition(":")[0]
        copy = copies.get(repo, {"without_front_matter": True})
        if (copy.get("without_front_matter") and json.loads(row["license"]) is None) or repo not in copies:
            continue
        day = re.search(r"\d{4}-\d{2}-\d{2}", row["when"])
        yield Seen(
            row["model_id"],
            {"license": json.loads(row["license"]), "license_name": row["license_name"]}
            | {"license_link": row["license_link"], "source": f"card copy, {repo}"}
            | {"date": day[0] if day else str(copy["date"])},
        )


def _curated(notes: dict[str, Any]) -> Iterator[Seen]:
    for entry in notes["facts"]:
        fact = {key: str(entry[key]) if key == "date" else entry[key] for key in KEYS if key in entry}
        for name in entry["ids"]:
            yield Seen(name, {"license": None, **fact, "base_model": _list(entry.get("base_model"))})


def _front_matter(card: Path) -> dict[str, Any]:
    head = re.match(r"\ufeff?\s*---\s*\n(.*?)\n\s*---", card.read_text(encoding="utf-8", errors="replace"), re.DOTALL)
    try:
        front = yaml.load(head[1], Loader=yaml.CSafeLoader) if head else None
    except yaml.YAMLError:
        front = None
    return front if isinstance(front, dict) else {}


def _rows(path: Path) -> Iterator[dict[str, Any]]:
    yield from (json.loads(line) for line in path.read_text(encoding="utf-8").splitlines())


def _list(value: object) -> list[Any]:
    return value if isinstance(value, list) else [value] if value else []


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
