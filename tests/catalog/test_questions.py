"""Forty questions that a company asks, answered by the engine from the catalog, each with its clause."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest

from licensecheck.catalog import LicenseRecord, catalog
from licensecheck.catalog.schema import Condition, Duty, Grant
from licensecheck.policy.conditions import evaluate
from licensecheck.policy.schema import Organization

QUESTIONS: list[dict[str, Any]] = tomllib.loads((Path(__file__).parent / "questions.toml").read_text(encoding="utf-8"))[
    "questions"
]


def permitted(grant: Grant | None, organization: Organization, *, multimodal: bool = False) -> tuple[str, str | None]:
    """Whether a grant covers this organization, and the clause of what decides it."""
    if grant is None:
        return "not read", None
    if grant.value != "conditional":
        return {"allow": "yes", "deny": "no"}.get(grant.value, grant.value), grant.clause
    reach = {"applies_to": "all"} if multimodal else {}  # of a model known to be multimodal, such a limit holds
    states = {each: evaluate(each.model_copy(update=reach), organization).state for each in grant.conditions}
    for state, answer in (("unmet", "no"), ("missing", "unknown")):
        decisive = next((each for each, found in states.items() if found == state), None)
        if decisive:
            told = f"{answer}: {decisive.then}" if answer == "no" and decisive.then else answer
            return told, decisive.clause
    return "yes", grant.clause


def owed(duty: Duty, organization: Organization) -> str:
    """Whether a duty is owed: one with conditions only where they are broken."""
    states = {evaluate(each, organization).state for each in duty.conditions}
    return "yes" if not states or "unmet" in states else "unknown" if "missing" in states else "no"


def answer(row: dict[str, Any]) -> tuple[str, str | None]:
    """The engine's answer to a row, with its clause."""
    record: LicenseRecord = catalog().get(row["license"])
    organization = Organization.model_validate(row.get("facts", {}))
    match row["ask"]:
        case "may":
            grant = record.terms.grant(row["action"], row.get("purpose", "commercial"))
            return permitted(grant, organization, multimodal=row.get("multimodal", False))
        case "owes":
            duty = next(each for each in record.terms.duties if each.kind == row["duty"])
            assert not row.get("text") or duty.text == row["text"]
            return owed(duty, organization), duty.clause
        case "outputs":
            assert record.terms.outputs
            return record.terms.outputs.train_others, record.terms.outputs.clause
        case "which":
            return ", ".join(record.candidates), None
    raise AssertionError(row["ask"])


@pytest.mark.parametrize("row", QUESTIONS, ids=[each["question"] for each in QUESTIONS])
def test_question(row: dict[str, Any]) -> None:
    assert answer(row) == (row["answer"], row.get("clause"))


def test_there_are_forty() -> None:
    assert len(QUESTIONS) >= 40


def test_a_condition_is_never_met_by_silence() -> None:
    conditions: list[Condition] = [
        each for record in catalog() for grant in record.terms.grants for each in grant.conditions
    ]
    assert {evaluate(each, Organization()).state for each in conditions} == {"missing"}
