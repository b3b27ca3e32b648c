"""A condition is met, unmet or a question; a missing fact is never a yes."""

from __future__ import annotations

import tomllib
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from licensecheck.catalog import catalog
from licensecheck.catalog.schema import Condition
from licensecheck.catalog.vocabulary import words
from licensecheck.policy.conditions import evaluate, fact_key, limit
from licensecheck.policy.mistakes import valid_keys
from licensecheck.policy.regions import countries, is_place
from licensecheck.policy.schema import Organization

DAY = date(2024, 7, 23)
SOON, LATER, BEFORE = date(2024, 8, 31), date(2026, 1, 1), date(2024, 1, 1)


def users(*, op: str = ">", as_of: Any = DAY, value: int | None = 700) -> Condition:
    return Condition.model_validate(
        {"type": "threshold", "metric": "monthly-active-users", "op": op, "value": value, "as-of": as_of}
    )


ROWS = tomllib.loads((Path(__file__).parent / "conditions.toml").read_text(encoding="utf-8"))
ASKED = sorted(set(words()["condition"]) - {"threshold", "region"})


def state(condition: Condition, facts: dict[str, Any]) -> str:
    return evaluate(condition, Organization.model_validate(facts)).state


@pytest.mark.parametrize("row", ROWS["threshold"], ids=lambda row: row["name"])
def test_threshold(row: dict[str, Any]) -> None:
    value = None if row.get("limit-unread") else row.get("value", 700)
    assert state(users(op=row.get("op", ">"), as_of=row["as-of"], value=value), row["facts"]) == row["state"]


@pytest.mark.parametrize("row", ROWS["region"], ids=lambda row: row["name"])
def test_region(row: dict[str, Any]) -> None:
    condition = {key: value for key, value in row.items() if key not in {"name", "facts", "state"}}
    assert state(Condition.model_validate({"type": "region", **condition}), row["facts"]) == row["state"]


@pytest.mark.parametrize("kind", ASKED)
def test_all_other_conditions_need_a_person(kind: str) -> None:
    everything = {"monthly-active-users": 1, "domicile": "US", "regions": ["US"], "people": 1, "devices": 1}
    condition = Condition.model_validate({"type": kind})
    assert evaluate(condition, Organization.model_validate(everything)).state == "missing"


def test_a_question_names_the_figure_whose_it_is_and_the_day() -> None:
    condition = users().model_copy(update={"who": "licensee-and-affiliates"})
    answer = evaluate(condition, Organization())
    assert answer.text == "needs monthly-active-users of you and your affiliates on 2024-07-23"
    assert answer.fact == "monthly-active-users"


def test_the_limit_in_words() -> None:
    revenue = {"type": "threshold", "metric": "annual-revenue", "op": ">=", "value": 1_000_000, "currency": "USD"}
    assert limit(Condition.model_validate(revenue)) == "at least 1,000,000 USD annual-revenue"
    assert limit(users()) == "more than 700 monthly-active-users"


def conditions() -> list[Condition]:
    terms = [record.terms for record in catalog()]
    of_grants = [condition for each in terms for grant in each.grants for condition in grant.conditions]
    return of_grants + [condition for each in terms for duty in each.duties for condition in duty.conditions]


def test_every_question_of_the_catalog_can_be_answered() -> None:
    # The help of a finding names the key to add; it must be one that the policy takes.
    asked = {fact_key(each) for each in conditions() if each.type == "threshold" and each.metric}
    assert asked <= set(valid_keys(Organization))


def test_every_territory_of_the_catalog_is_known() -> None:
    assert {name for each in conditions() for name in each.excluded if not is_place(name)} == set()


def test_countries() -> None:
    assert countries(["UK", "DE", "Atlantis"]) == {"GB", "DE"}
    assert len(countries(["EU"])) == 27


days = st.sampled_from((None, BEFORE, DAY, SOON, LATER))


def a_figure(value: int, more: int, day: date | None) -> dict[str, Any]:
    dated = {"as-of": day, **({"peak": value + more} if more else {})} if day else {}
    return {"value": value, **dated}


figure = st.builds(a_figure, st.integers(0, 20), st.integers(0, 10), days)
limits = st.builds(
    lambda op, day, value: users(op=op, as_of=day, value=value),
    st.sampled_from((">", ">=")), st.sampled_from((DAY, "rolling", "prior-year", "unknown", None)), st.integers(0, 20),
)  # fmt: skip


@given(limits, st.lists(figure, min_size=1, max_size=3), st.data())
def test_a_higher_figure_never_meets_what_a_lower_one_breaks(
    condition: Condition, figures: list[dict[str, Any]], data: st.DataObject
) -> None:
    which = data.draw(st.integers(0, len(figures) - 1))
    more = data.draw(st.integers(0, 30))
    raised = [
        {key: amount + more if key in {"value", "peak"} and i == which else amount for key, amount in each.items()}
        for i, each in enumerate(figures)
    ]
    states = [state(condition, {"monthly-active-users": each}) for each in (figures, raised)]
    assert states != ["unmet", "met"]


@given(limits, st.lists(figure, max_size=3))
def test_met_is_never_said_of_a_figure_above_the_limit(condition: Condition, figures: list[dict[str, Any]]) -> None:
    answer = evaluate(condition, Organization.model_validate({"monthly-active-users": figures}))
    if answer.state == "met" and condition.value is not None:
        assert min(each["value"] for each in figures) <= condition.value
