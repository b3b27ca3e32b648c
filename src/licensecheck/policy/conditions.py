"""Whether a condition of a license holds for this organization: met, unmet, or a question nobody has answered."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from licensecheck.catalog.schema import Condition
from licensecheck.policy.regions import countries, is_place
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
    facts = organization.figures(key)
    figure = _on_the_day(facts, day) if day else _now(facts)
    ask = Answer("missing", f"needs {key}{_WHO.get(condition.who or '', '')}{when}", key)
    if condition.value is None or condition.op is None:
        return ask
    if figure is not None and condition.as_of in {None, "unknown"} and not _breaks(figure, condition):
        # Nobody has read on which day the license tests: only the highest figure ever answers for all days.
        figure = max((fact.peak for fact in facts if fact.peak is not None), default=None)
    if figure is None:
        peak = _peak(facts, day) if day else None
        if peak is None or _breaks(peak, condition):
            return ask  # a peak above the limit may have come after the day
        figure = peak
    text = f"{figure:,} {key}{when} against {limit(condition)}"
    return Answer("unmet" if _breaks(figure, condition) else "met", text, key)


def _breaks(figure: int, condition: Condition) -> bool:
    bound = condition.value or 0
    return figure > bound if condition.op == ">" else figure >= bound


def _now(facts: tuple[Fact, ...]) -> int | None:
    """The figure for a license that tests for ever: the newest; the highest where dates do not tell which that is."""
    newest = max((fact.as_of for fact in facts if fact.as_of), default=None)
    return max((fact.value for fact in facts if fact.as_of in {None, newest}), default=None)


def _on_the_day(facts: tuple[Fact, ...], day: date) -> int | None:
    """The highest of the figures near this day; a plain figure says nothing of any other day."""
    return max((fact.value for fact in facts if fact.as_of and abs(fact.as_of - day) <= _MONTH), default=None)


def _peak(facts: tuple[Fact, ...], day: date) -> int | None:
    """A bound for the figure on this day: a peak holds for every day up to its own date."""
    return min(
        (fact.peak for fact in facts if fact.peak is not None and fact.as_of and fact.as_of >= day), default=None
    )


def _region(condition: Condition, organization: Organization) -> Answer:
    names = ", ".join(condition.excluded)
    scope = " for multimodal models" if condition.applies_to == "multimodal" else ""
    text = f"not licensed in {names}{scope} ({(condition.basis or 'region').replace('-', ' ')})"
    if condition.basis == "domicile":
        key, here = "domicile", [organization.domicile] if organization.domicile else []
    else:
        key, here = "regions", list(organization.regions or ())
    if not here:
        return Answer("missing", f"needs {key}: {text}", key)
    if not condition.excluded or not all(map(is_place, condition.excluded)):
        return Answer("missing", f"needs a decision on its territories: {text}")
    if not countries(here) & countries(condition.excluded):
        return Answer("met", f"{text}; {key} {', '.join(sorted(here))}", key)
    if condition.applies_to == "multimodal":
        # Nothing here says whether the model is multimodal, so this stays a question.
        return Answer("missing", f"needs a check whether the model is multimodal: {text}")
    return Answer("unmet", f"{text}; {key} {', '.join(sorted(here))}", key)
