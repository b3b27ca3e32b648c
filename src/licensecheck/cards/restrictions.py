"""Restrictions that a sentence of a card states: what it takes away, of what, and how strongly that is put."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from licensecheck.cards import names
from licensecheck.cards.languages import SpokenOf, blanked, in_any_language
from licensecheck.cards.sentences import Sentence, Statement
from licensecheck.types import Scope, Strength

HARMLESS = {"acceptable-use", "share-alike"}
"""Restrictions beside which a sentence may still say something about use for business."""
_ELSEWHERE = {"data", "other-model", "base"}
_NEAR = 25
_OBJECT = 80
"""Characters behind a phrase in which its object is looked for: “do not use the model”. A data set further away than
`_NEAR` may be a reason: “commercial use is forbidden because of the training data”."""


def restrictions(sentence: Sentence, default: Scope | None = None) -> Iterator[Statement]:
    """Each restriction once, as strongly as it is put; `default` is the scope of the label in front of it."""
    text = sentence.text
    if not any(each.limiting.search(text) for each in sentence.spoken):
        return
    for language in sentence.spoken:
        text = blanked(text, language.neutral)
    seen: set[str] = set()
    if in_any_language("refusing").search(sentence.text):
        text = sentence.text  # “Commercial or non-commercial use is prohibited” is not neutral
    doubt = _doubt(sentence, text, default)
    for language in sentence.spoken:
        rest = text
        for strength, restriction, pattern in language.restrictions:
            found = _nearest_to_model(sentence, pattern, rest, default)
            if not found:
                continue
            match, scope = found
            if strength == "intended-use":
                # Read first: “intended for research only” is not to be read as a prohibition again.
                rest = rest[: match.start()] + "\0" * (match.end() - match.start()) + rest[match.end() :]
            if restriction not in seen:
                seen.add(restriction)
                scope = _flat(sentence, scope, strength)
                yield replace(sentence.statement(match.start(), scope, strength, language), restriction=restriction)
    if doubt and not seen - HARMLESS:
        yield doubt


def _nearest_to_model(
    sentence: Sentence, pattern: re.Pattern[str], text: str, default: Scope | None
) -> tuple[re.Match[str], Scope | SpokenOf] | None:
    """The first place where a phrase stands with its scope, or the first that speaks of the model if that does not."""
    first = None
    for match in pattern.finditer(text):
        found = match, _scope(sentence, match, default)
        if found[1] not in _ELSEWHERE:
            return found
        first = first or found
    return first


def _doubt(sentence: Sentence, text: str, default: Scope | None) -> Statement | None:
    """A sentence about use for business that does not plainly allow it, in words that no list of phrases has."""
    if sentence.is_answered_yes:
        return None
    found = [(language, match) for language in sentence.spoken if (match := language.commerce.search(text))]
    denied = any(language.denying.search(text) for language, _ in found)
    # Languages share characters and words: what one of them plainly allows is no doubt in another.
    if not found or (not denied and any(language.allowing.search(text) for language, _ in found)):
        return None
    language, match = found[0]
    doubt = sentence.statement(match.start(), _scope(sentence, match, default), "advice", language)
    return replace(doubt, restriction="commercial-use-in-doubt")


def terms_in_doubt(sentence: Sentence) -> Iterator[Statement]:
    """A sentence about rights or terms of which nothing else could be told: silence would be a guess."""
    if sentence.passage.form in {"heading", "code"}:
        return
    lowered = sentence.text.lower()
    for language in sentence.spoken:
        likely = (pattern for words, pattern in language.terms if any(word in lowered for word in words))
        patterns = [pattern for pattern in likely if pattern.search(sentence.text)]
        text = blanked(blanked(sentence.text, language.neutral), language.no_terms) if patterns else ""
        match = next((match for pattern in patterns if (match := pattern.search(text))), None)
        if match and not names.says_nothing(sentence.text) and not _is_navigation(sentence):
            found = sentence.statement(match.start(), _scope(sentence, match, None), "advice", language)
            yield replace(found, restriction="terms-in-doubt")
            return


def _is_navigation(sentence: Sentence) -> bool:
    """Whether it is a row of links: `Usage | Citation | License`."""
    rest = list(sentence.text)
    for link in sentence.links:
        rest[link.start : link.end] = " " * (link.end - link.start)
    to_heading = all(link.url.startswith("#") for link in sentence.links)
    return (len(sentence.links) > 1 or to_heading) and not re.search(r"\w", "".join(rest))


def _scope(sentence: Sentence, match: re.Match[str], default: Scope | None) -> Scope | SpokenOf:
    scope = sentence.subject(match.start())
    if scope in {None, "repository"}:
        object_ = _object(sentence, match.end() + _OBJECT)
        if object_ in _ELSEWHERE:
            object_ = _object(sentence, match.end() + _NEAR)
        scope = object_ if object_ and object_ != "other-model" else scope
    if re.search(r"\d", sentence.row_of) and not sentence.own.is_named(sentence.row_of):
        return "other-model"
    if sentence.inherits:
        return "weights"
    if scope == "base" or (scope in {"data", "other-model"} and ("weights" in sentence.speaks_of or sentence.spreads)):
        return "unclear"  # what binds the base binds the model; “a non-commercial data set, so the model is too”
    return sentence.settled(scope, default)


def _object(sentence: Sentence, end: int) -> SpokenOf | None:
    return sentence.subject(min(len(sentence.text), end))


def _flat(sentence: Sentence, scope: Scope | SpokenOf, strength: Strength) -> Scope | SpokenOf:
    """“Not for commercial use.” with no word on what it speaks of is said of what the card is of."""
    flat = strength == "prohibition" and not sentence.speaks_of and sentence.passage.form != "code"
    return "weights" if scope == "unclear" and flat else scope
