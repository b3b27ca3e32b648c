"""License texts of AI models and data sets: a folder with INDEX.jsonl and <slug>.txt, which stays outside."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from licensecheck.texts.build.names import Names
from licensecheck.texts.build.references import Reference
from licensecheck.texts.normalize import tokens


def texts(folder: Path, names: Names, table: Mapping[str, Any]) -> Iterator[Reference]:
    """The texts whose name is beyond doubt, after data/sources.toml."""
    for line in (folder / "INDEX.jsonl").read_text(encoding="utf-8").splitlines():
        entry = json.loads(line)
        slug, listed = entry["slug"], table["keys"].get(entry["slug"])
        if slug in table["skip"] or ("~" in slug and not listed):
            continue
        key = listed or (slug if names.is_policy(slug) else entry["hub_id"] or slug)
        words = tokens((folder / f"{slug}.txt").read_text(encoding="utf-8", errors="replace"))
        yield Reference(tuple(words), "policy" if names.is_policy(key) else "text", names.of_key(key), f"corpus/{slug}")
