"""How a license record reads: a page a lawyer can check, as text or JSON."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Iterator
from typing import Any

from licensecheck.catalog import LicenseRecord
from licensecheck.catalog.schema import Condition, Duty, Term
from licensecheck.catalog.vocabulary import words
from licensecheck.reports.clean import json_text

_WIDTH = 100
_ANSWERS = {
    "allow": "yes",
    "deny": "no",
    "conditional": "yes, if",
    "silent": "the text is silent",
    "unknown": "not read",
}
_QUESTIONS = {
    "use": "use it", "host": "host it for others", "modify": "fine-tune or merge it", "redistribute": "pass it on",
    "redistribute-derivative": "pass on a changed model", "use-outputs": "use its outputs",
    "train-on-outputs": "train on its outputs",
}  # fmt: skip


def as_json(records: Iterable[LicenseRecord]) -> str:
    """A list with one object a license; keys in snake case."""
    return json_text([row(each) for each in records])


def row(record: LicenseRecord) -> dict[str, Any]:
    """One license as plain data: `key, spdx_id, name, family, version, ..., terms, review`."""
    data = record.model_dump(mode="json", exclude_none=True)
    data["class"] = data.pop("class_")
    return {"key": record.key, "spdx_id": record.spdx_id, "name": record.name, "aliases": list(record.aliases), **data}


def as_table(records: Iterable[LicenseRecord]) -> str:
    """One line a license: key, SPDX id, class, commercial use, name."""
    rows = [(each.key, each.spdx_id, each.class_, commercial(each), each.name) for each in records]
    if not rows:
        return "no license\n"
    widths = [max(len(row[i]) for row in rows) for i in range(4)]
    lines = (
        "  ".join([*(f"{cell:<{width}}" for cell, width in zip(row, widths, strict=False)), row[4]]) for row in rows
    )
    return "".join(f"{line}\n" for line in lines)


def commercial(record: LicenseRecord) -> str:
    """The answer on commercial use in a word or two."""
    if record.ambiguous:
        return "which one?"
    grant = record.terms.grant("use", "commercial")
    return {"allow": "commercial", "deny": "no commercial", "conditional": "conditional"}.get(
        grant.value if grant else "", "unknown"
    )


def as_text(record: LicenseRecord) -> str:
    """The whole page for the terminal."""
    head = [f"{record.spdx_id}  {record.name}", ""]
    facts = {
        "key": record.key, "family": record.family, "version": record.version, "date": record.date,
        "steward": record.steward, "class": f"{record.class_}: {words()['class'][record.class_]}",
        "text": ", ".join(record.text_urls) or None, "also known as": ", ".join(record.aliases) or None,
        "reviewed": f"{record.review.on} by {record.review.by}, {words()['basis'][record.review.basis]}",
        "note": record.note,
    }  # fmt: skip
    for label, value in facts.items():
        if value is not None:
            head += textwrap.wrap(str(value), _WIDTH, initial_indent=f"{label:<14}", subsequent_indent=" " * 14)
    return "".join(f"{line}\n" for line in [*head, "", *summary_lines(record)])


def summary_lines(record: LicenseRecord) -> Iterator[str]:
    """What the license permits and demands, a line each, with the clause behind it."""
    if record.ambiguous:
        yield from _wrap(f"names several licenses: {', '.join(record.candidates) or 'nothing says which'}")
        if record.decides:
            yield from _wrap(f"what decides: {record.decides}")
        return
    terms = record.terms
    for purpose in ("commercial", "research"):
        yield from _grants(record, purpose)
    for duty in terms.duties:
        yield from _wrap(f"owes    {_duty(duty)}{_clause(duty)}")
    if terms.share_alike:
        yield from _wrap(f"reach   {words()['share-alike'][terms.share_alike.level]}{_clause(terms.share_alike)}")
    if terms.outputs:
        meaning = words()["train-others"][terms.outputs.train_others]
        yield from _wrap(f"outputs {meaning}{_clause(terms.outputs)}")
    if terms.policy:
        place = terms.policy.url or "attached"
        change = ", its maker may change it" if terms.policy.mutable else ""
        yield from _wrap(f"policy  acceptable use policy ({place}){change}{_clause(terms.policy)}")
    if terms.fields:
        yield from _wrap(
            f"not for {', '.join(dict.fromkeys(each.field for each in terms.fields))}{_clause(terms.fields[0])}"
        )
    if record.review.basis in {"category", "general-knowledge"}:
        yield from _wrap(f"caution {words()['basis'][record.review.basis]}")


def _grants(record: LicenseRecord, purpose: str) -> Iterator[str]:
    """The actions of one purpose, those with the same answer on one line."""
    by_answer: dict[str, list[str]] = {}
    for action, question in _QUESTIONS.items():
        grant = record.terms.grant(action, purpose)
        if grant:
            conditions = "; ".join(_condition(each) for each in grant.conditions)
            answer = f"{_ANSWERS[grant.value]}{f' {conditions}' if conditions else ''}{_clause(grant)}"
            by_answer.setdefault(answer, []).append(question)
    for answer, questions in by_answer.items():
        yield from _wrap(f"may I   {', '.join(questions)}, {purpose}: {answer}")


def _condition(condition: Condition) -> str:
    if condition.type == "threshold" and condition.value is not None:
        word = "at most" if condition.op == ">" else "fewer than"
        when = f" on {condition.as_of}" if condition.as_of and condition.as_of != "rolling" else ""
        currency = f" {condition.currency}" if condition.currency else ""
        return f"{word} {condition.value:,}{currency} {(condition.metric or '').replace('-', ' ')}{when}"
    if condition.type == "region":
        return f"outside {', '.join(condition.excluded)}"
    return condition.note or words()["condition"][condition.type].rstrip(".").lower()


def _duty(duty: Duty) -> str:
    text = f' "{duty.text}"' if duty.text else ""
    where = f", in {_phrase('where', duty.where)}" if duty.where else ""
    when = f", when {' or '.join(_phrase('trigger', each) for each in duty.triggers)}" if duty.triggers else ""
    limits = [each for each in duty.conditions if each.type == "threshold" and each.value is not None]
    above = " or ".join(f"{each.op} {each.value:,} {(each.metric or '').replace('-', ' ')}" for each in limits)
    return f"{duty.kind.replace('-', ' ')}{text}{where}{when}{f' (only with {above})' if above else ''}"


def _phrase(group: str, word: str) -> str:
    """The meaning of a word of the vocabulary, to stand within a sentence."""
    meaning = words()[group][word].rstrip(".")
    return meaning[0].lower() + meaning[1:]


def _clause(term: Term) -> str:
    return f"  (section {term.clause})" if term.clause else ""


def _wrap(text: str) -> list[str]:
    return textwrap.wrap(text, _WIDTH, subsequent_indent=" " * 8, break_on_hyphens=False)
