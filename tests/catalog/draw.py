"""Draw terms of the catalog at random, for a fresh reader to check: `python tests/catalog/draw.py 60 --seed 5`.

One line a term, as JSON: number, license, place in the record, and the term as the record has it.
"""

from __future__ import annotations

import argparse
import json
import random
from collections.abc import Iterator
from typing import Any

from licensecheck.catalog import catalog
from licensecheck.catalog.lint.anchors import terms_of


def terms() -> Iterator[dict[str, Any]]:
    """Every term that a record of the catalog claims to have read in the license text, outer terms whole."""
    for record in catalog():
        if record.review.basis == "license-text":
            for place, term in terms_of(record.terms):
                if term.clause and ".conditions." not in place:
                    told = term.model_dump(mode="json", exclude_none=True, exclude_defaults=True, by_alias=True)
                    yield {"license": record.key, "place": place, "term": told}


def main() -> None:
    """Print as many terms as asked for; the same seed and the same catalog give the same terms."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("number", type=int)
    parser.add_argument("--seed", type=int, required=True)
    arguments = parser.parse_args()
    drawn = random.Random(arguments.seed).sample(list(terms()), arguments.number)  # noqa: S311  no secret
    for number, each in enumerate(drawn, start=1):
        print(json.dumps({"number": number, **each}, ensure_ascii=False))  # noqa: T201  a command of its own


if __name__ == "__main__":
    main()
