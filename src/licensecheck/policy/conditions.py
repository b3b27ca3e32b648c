"""Whether a condition of a license holds for this organization: met, unmet, or a question nobody has answered."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from importlib.resources import files
from typing import Literal

from licensecheck.catalog.schema import Condition
from licensecheck.policy.schema import Fact, Organization

_MONTH = timedelta(days=45)
"""A figure counts for a fixed test date if it is this close: licenses ask for the calendar month before it."""

_WHO = {"licensee-and-affiliates": " of you and your affiliates", "product": " of the product", "licensee": ""}


@dataclass(frozen=True)
class Answer:
    """The state of one condition; `text` says it for a reader, `fact` names the key that would answer it."""

    state: Literal["met", "unmet", "missing"]
    text: str
    fact: str | None = None


def evaluate(condition: Condition, organization: Organization) -> Answer:
    """Judge one condition by the facts given; what they do not answer is `missing`, never assumed."""
    if condition.type == "threshold":
        return _threshold(condition, organization)
    if condition.type == "region":
        return _region(condition, organization)
    return Answer("missing", condition.note or f"needs a decision on its {condition.type.replace('-', ' ')} condition")


def fact_key(condition: Condition) -> str:
    """The key under `[organization]` that holds the metric of a threshold."""
    currency = f"-{condition.currency.lower()}" if condition.currency else ""
    return f"{condition.metric}{currency}"


def limit(condition: Condition) -> str:
    """The threshold in words, e.g. `more than 700,000,000 monthly-active-users`."""
    word = "more than" if condition.op == ">" else "at least"
    currency = f" {condition.currency}" if condition.currency else ""
    return f"{word} {condition.value or 0:,}{currency} {condition.metric}"


def _threshold(condition: Condition, organization: Organization) -> Answer:
    key = fact_key(condition)
    day = condition.as_of if isinstance(condition.as_of, date) else None
    when = f" on {day}" if day else ""
    figure = _figure(organization.figures(key), day)
    if condition.value is None or condition.op is None or figure is None:
        return Answer("missing", f"needs {key}{_WHO.get(condition.who or '', '')}{when}", key)
    broken = figure > condition.value if condition.op == ">" else figure >= condition.value
    text = f"{figure:,} {key}{when} against {limit(condition)}"
    return Answer("unmet" if broken else "met", text, key)


def _figure(facts: tuple[Fact, ...], day: date | None) -> int | None:
    """The figure that holds on the test day (any day where the license tests for ever), or None.

    A peak holds for every day up to its own date; a plain figure only near its date.
    """
    if day is None:
        newest = max(facts, key=lambda fact: fact.as_of or date.min, default=None)
        return newest.value if newest else None
    for fact in facts:
        if fact.as_of and abs(fact.as_of - day) <= _MONTH:
            return fact.value
    for fact in facts:
        if fact.peak is not None and fact.as_of and fact.as_of >= day:
            return fact.peak
    return None


def _region(condition: Condition, organization: Organization) -> Answer:
    excluded = _countries(condition.excluded)
    names = ", ".join(condition.excluded)
    scope = " for multimodal models" if condition.applies_to == "multimodal" else ""
    text = f"not licensed in {names}{scope} ({(condition.basis or 'region').replace('-', ' ')})"
    if condition.basis == "domicile":
        key, here = "domicile", {organization.domicile} if organization.domicile else None
    else:
        key, here = "regions", set(organization.regions) if organization.regions is not None else None
    if here is None:
        return Answer("missing", f"needs {key}: {text}", key)
    hit = _countries(tuple(here)) & excluded
    if not hit:
        return Answer("met", f"{text}; {key} {', '.join(sorted(here))}", key)
    if condition.applies_to == "multimodal":
        # Nothing here says whether the model is multimodal, so this stays a question.
        return Answer("missing", f"needs a check whether the model is multimodal: {text}", key)
    return Answer("unmet", f"{text}; {key} {', '.join(sorted(here))}", key)


def _countries(names: tuple[str, ...]) -> set[str]:
    return {country for name in names for country in _regions().get(name, [name])}


@lru_cache
def _regions() -> Mapping[str, list[str]]:
    return tomllib.loads(files("licensecheck.catalog").joinpath("data", "regions.toml").read_text(encoding="utf-8"))
