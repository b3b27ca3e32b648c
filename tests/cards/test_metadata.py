"""What the metadata states about licenses and base models: each statement, cleaned, with its line and form."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from licensecheck.cards.frontmatter import parse
from licensecheck.cards.keys import SPELLINGS, meaning_of
from licensecheck.cards.metadata import PLACEHOLDERS, base_models, datasets, license_fields, relation

ROWS = yaml.safe_load((Path(__file__).parent / "frontmatter" / "fields.yaml").read_text(encoding="utf-8"))


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row["name"])
def test_row(row: dict[str, Any]) -> None:
    front = parse(f"---\n{row['metadata']}\n---\nProse.\n")
    fields = license_fields(front)
    assert [[f.key, f.meaning, f.value, f.line, f.form, f.link, f.note] for f in fields] == row["fields"]
    assert [[f.value, f.line, f.form] for f in base_models(front)] == row.get("bases", [])
    assert relation(front) == row.get("relation")
    assert list(datasets(front)) == row.get("datasets", [])


def test_misplaced_blocks_come_last() -> None:
    front = parse("---\nlicense: mit\n---\nProse.\n\n---\nlicense: gpl\nbase_model:\n- org/a\n---\n")
    assert [(f.value, f.line, f.form) for f in license_fields(front)] == [("mit", 2, "plain"), ("gpl", 7, "misplaced")]
    assert [(f.value, f.line, f.form) for f in base_models(front)] == [("org/a", 9, "misplaced")]


@pytest.mark.parametrize("spelling", [spelling for spellings in SPELLINGS.values() for spelling in spellings])
def test_every_spelling_is_found_however_it_is_cased(spelling: str) -> None:
    meaning = meaning_of(spelling)
    assert meaning
    variants = (spelling.upper(), spelling.replace("_", "-"), spelling.replace("_", " ").title(), f"--{spelling}")
    assert {meaning_of(variant) for variant in variants} == {meaning}


@pytest.mark.parametrize("value", PLACEHOLDERS)
def test_every_placeholder_is_noted(value: str) -> None:
    (field,) = license_fields(parse(f"---\nlicense: '{value.upper()}'\n---\n"))
    assert (field.value, field.note) == (value.upper(), "placeholder")


values = st.recursive(
    st.none() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text("ab", max_size=3), inner),
)


@given(st.dictionaries(st.sampled_from(["license", "licence", "license_link", "base_model", "datasets", "x"]), values))
def test_no_statement_is_lost_and_nothing_raises(data: dict[str, Any]) -> None:
    front = parse(f"---\n{yaml.safe_dump(data)}\n---\n")
    fields = license_fields(front)
    assert {field.key for field in fields} == {key for key in front.data if key.startswith("licen")}
    assert all(front.lines[field.key] <= field.line < (front.last_line or 0) for field in fields)
    assert all(base.value and base.line >= front.lines["base_model"] for base in base_models(front))
    assert all(datasets(front))
