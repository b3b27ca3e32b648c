"""How many of the license names that real models state the catalog knows: `python tests/catalog/coverage.py CORPUS`.

Counted per model: a name (or an address of a license text) is resolved, ambiguous (it names several licenses, and the
record says which and what decides), or unknown; what says nothing (`other`, `not specified`) is counted apart.
"""

from __future__ import annotations

import csv
import json
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from licensecheck.catalog import catalog
from licensecheck.catalog.expressions import interpret

SAYS_NOTHING = {
    "", "license", "multiple", "n/a", "no", "none", "not specified", "other", "unknown", "unspecified", "tbd", "null",
}  # fmt: skip


def stated(corpus: Path) -> Iterator[str]:
    """The license names of the cards, of official models, of embedding models, and of two lists of the Hub."""
    for path, keys in (
        ("cards/INDEX.jsonl", ("declared_license", "license_name")),
        ("facts/official-models-2026.jsonl", ("license",)),
        ("facts/mteb_model_meta_licenses.jsonl", ("license",)),
    ):
        for row in map(json.loads, (corpus / path).read_text(encoding="utf-8").splitlines()):
            for key in keys:
                value = row.get(key)
                if isinstance(value, dict):  # the tag and the name beside it
                    value = [value["raw"], value["name"]]
                yield from (str(each) for each in (value if isinstance(value, list) else [value]) if each)
    for path in ("facts/hub-model_license_other.csv", "facts/hub-model_no_license.csv"):
        with (corpus / path).open(encoding="utf-8", newline="") as file:
            yield from (row["suggested_license_name"] for row in csv.DictReader(file))


def kind(name: str) -> str:
    """What the catalog makes of a name."""
    name = name.strip()
    if name.lower() in SAYS_NOTHING:
        return "says nothing"
    by_url = catalog().by_url(name)
    expression = by_url.spdx_id if by_url else interpret(name)
    if expression is None:
        return "unknown"
    record = catalog().find(expression)
    return "ambiguous" if record and record.ambiguous else "resolved"


def count(corpus: Path) -> tuple[Counter[str], Counter[str]]:
    """Models by kind, and the unknown names by models."""
    names = Counter(stated(corpus))
    kinds: Counter[str] = Counter()
    for name, models in names.items():
        kinds[kind(name)] += models
    return kinds, Counter({name: models for name, models in names.items() if kind(name) == "unknown"})


def share_of_unknown(kinds: Counter[str]) -> float:
    """The share of models with an unknown name among those that state something."""
    return kinds["unknown"] / (sum(kinds.values()) - kinds["says nothing"])


if __name__ == "__main__":
    found, unknown = count(Path(sys.argv[1]))
    report = [*(f"{kind}: {models}" for kind, models in found.most_common())]
    report += [f"unknown of those that state something: {share_of_unknown(found):.1%}"]
    report += [f"  {models:4} {name}" for name, models in unknown.most_common()]
    sys.stdout.write("\n".join(report) + "\n")
