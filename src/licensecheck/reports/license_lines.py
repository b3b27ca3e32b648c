"""What a license record says, a line a claim, in the order of a lawyer's questions."""

from __future__ import annotations

import datetime
import textwrap
from collections.abc import Iterator
from dataclasses import dataclass

from licensecheck.catalog import LicenseRecord
from licensecheck.catalog.schema import Condition, Duty
from licensecheck.catalog.vocabulary import words

WIDTH = 100
"""Characters of a line on the terminal."""
_ANSWERS = {
    "allow": "yes",
    "deny": "no",
    "conditional": "yes, if",
    "silent": "the text is silent",
    "unknown": "not read",
}
_UNSAID = frozenset({"unknown", "none"})
_REVOCABLE = {True: "it can be revoked", False: "it cannot be revoked otherwise"}
_QUESTIONS = {
    "use": "use it", "host": "host it for others", "modify": "fine-tune or merge it", "redistribute": "pass it on",
    "redistribute-derivative": "pass on a changed model", "use-outputs": "use its outputs",
    "train-on-outputs": "train on its outputs",
}  # fmt: skip


@dataclass(frozen=True)
class Line:
    """One thing a license says: `label` is the kind of question, `clause` where it stands."""

    label: str
    text: str
    clause: str | None = None
    note: str | None = None


def summary_lines(record: LicenseRecord) -> Iterator[str]:
    """What the license permits and demands, a line each, with the clause behind it."""
    for line in lines(record):
        yield from wrapped(f"{line.label:<8}{line.text}{f'  (section {line.clause})' if line.clause else ''}")


def lines(record: LicenseRecord) -> Iterator[Line]:
    """Everything the record says, in the order of a lawyer's questions."""
    if record.ambiguous:
        yield Line("is", f"the name of several licenses: {', '.join(record.candidates) or 'nothing says which'}")
        if record.decides:
            yield Line("decides", record.decides)
        return
    for purpose in ("commercial", "research"):
        yield from _grants(record, purpose)
    for duty in record.terms.duties:
        yield Line("owes", _duty(duty), duty.clause, duty.note)
    yield from _reach(record)
    yield from _rest(record)
    if record.review.basis in {"category", "general-knowledge"}:
        yield Line("caution", words()["basis"][record.review.basis])


def _reach(record: LicenseRecord) -> Iterator[Line]:
    terms = record.terms
    if terms.share_alike:
        meaning = words()["share-alike"][terms.share_alike.level]
        yield Line("reach", meaning, terms.share_alike.clause, terms.share_alike.note)
    if terms.outputs:
        groups = (("output-use", terms.outputs.use), ("train-others", terms.outputs.train_others))
        said = dict.fromkeys(words()[group][word] for group, word in groups)
        yield Line("outputs", " ".join(said), terms.outputs.clause, terms.outputs.note)
    if terms.policy:
        place = terms.policy.url or ("attached" if terms.policy.place == "attached" else "no address given")
        change = ", its maker may change it" if terms.policy.mutable else ""
        yield Line("policy", f"acceptable use policy ({place}){change}", terms.policy.clause, terms.policy.note)
    fields: dict[str | None, list[str]] = {}
    for each in terms.fields:
        fields.setdefault(each.clause, []).append(each.note or each.field if each.field == "other" else each.field)
    for clause, named in fields.items():
        yield Line("not for", "; ".join(dict.fromkeys(named)), clause)


def _rest(record: LicenseRecord) -> Iterator[Line]:
    terms = record.terms
    if terms.patent and terms.patent.grant != "unknown":
        meaning = words()["patent-grant"][terms.patent.grant]
        suit = words()["retaliation"][terms.patent.retaliation] if terms.patent.retaliation not in _UNSAID else ""
        yield Line("patents", f"{meaning} {suit}".strip(), terms.patent.clause, terms.patent.note)
    if terms.end:
        parts = [f"it ends with {terms.end.trigger}"] if terms.end.trigger else []
        parts += [_REVOCABLE[terms.end.revocable]] if terms.end.revocable is not None else []
        parts += ["the licensor may change it"] if terms.end.licensor_may_amend else []
        yield Line("until", "; ".join(parts) or "the text names no end", terms.end.clause, terms.end.note)
    if terms.law:
        yield Line("law", terms.law.of, terms.law.clause, terms.law.note)


def _grants(record: LicenseRecord, purpose: str) -> Iterator[Line]:
    """The actions of one purpose, those with the same answer on one line."""
    by_answer: dict[tuple[str, str | None], list[str]] = {}
    notes: dict[tuple[str, str | None], dict[str, None]] = {}
    for action, question in _QUESTIONS.items():
        grant = record.terms.grant(action, purpose)
        if grant:
            conditions = "; ".join(_condition(each) for each in grant.conditions)
            said = f"{_ANSWERS[grant.value]}{f' {conditions}' if conditions else ''}", grant.clause
            by_answer.setdefault(said, []).append(question)
            notes.setdefault(said, {}).update(dict.fromkeys([grant.note] if grant.note else []))
    for (answer, clause), questions in by_answer.items():
        note = "; ".join(notes[answer, clause]) or None
        yield Line("may I", f"{', '.join(questions)}, {purpose}: {answer}", clause, note)


def _condition(condition: Condition) -> str:
    if condition.type == "threshold" and condition.value is not None:
        word = "at most" if condition.op == ">" else "fewer than"
        dated = isinstance(condition.as_of, datetime.date)
        when = f" on {condition.as_of}" if dated else " in the year before" if condition.as_of == "prior-year" else ""
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


def wrapped(text: str) -> list[str]:
    """A text in lines of the terminal, indented from the second on."""
    return textwrap.wrap(text, WIDTH, subsequent_indent=" " * 8, break_on_hyphens=False)
