"""Restrictions that a sentence of a card states: what it takes away, of what, and how strongly that is put."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from licensecheck.cards.languages import SpokenOf, blanked, in_any_language
from licensecheck.cards.sentences import Sentence, Statement
from licensecheck.types import Scope

_HARMLESS = {"acceptable-use", "share-alike"}
"""Restrictions beside which a sentence may still say something about use for business."""
_OBJECT = 80
"""Characters behind a phrase in which its object is looked for: “do not use the model”."""


def restrictions(sentence: Sentence, default: Scope | None = None) -> Iterator[Statement]:
    """Each restriction once, as strongly as it is put; `default` is the scope of the label in front of it."""
    text = sentence.text
    for language in sentence.spoken:
        text = blanked(text, language.neutral)
    seen: set[str] = set()
    # “Commercial or non-commercial use is prohibited” is not neutral.
    refuses = in_any_language("refusing").search(sentence.text)
    doubt = _doubt(sentence, sentence.text if refuses else text, default)
    for language in sentence.spoken:
        rest = text
        for strength, restriction, pattern in language.restrictions:
            match = pattern.search(rest)
            if not match:
                continue
            if strength == "intended-use":
                # Read first: “intended for research only” is not to be read as a prohibition again.
                rest = rest[: match.start()] + "\0" * (match.end() - match.start()) + rest[match.end() :]
            if restriction not in seen:
                seen.add(restriction)
                found = sentence.statement(match.start(), _scope(sentence, match, default), strength, language)
                yield replace(found, restriction=restriction)
    if doubt and not seen - _HARMLESS:
        yield doubt


def _doubt(sentence: Sentence, text: str, default: Scope | None) -> Statement | None:
    """A sentence about use for business that does not plainly allow it, in words that no list of phrases has."""
    found = [(language, match) for language in sentence.spoken if (match := language.commerce.search(text))]
    denied = any(language.denying.search(text) for language, _ in found)
    # Languages share characters and words: what one of them plainly allows is no doubt in another.
    if not found or (not denied and any(language.allowing.search(text) for language, _ in found)):
        return None
    language, match = found[0]
    doubt = sentence.statement(match.start(), _scope(sentence, match, default), "advice", language)
    return replace(doubt, restriction="commercial-use-in-doubt")


def _scope(sentence: Sentence, match: re.Match[str], default: Scope | None) -> Scope | SpokenOf:
    scope = sentence.subject(match.start())
    if scope in {None, "repository"}:
        object_ = sentence.subject(min(len(sentence.text), match.end() + _OBJECT))
        scope = object_ if object_ and object_ != "other-model" else scope
    if re.search(r"\d", sentence.row_of) and not sentence.own.is_named(sentence.row_of):
        return "other-model"
    if sentence.inherits:
        return "weights"
    if scope == "base" or (scope in {"data", "other-model"} and "weights" in sentence.speaks_of):
        return "unclear"  # what binds the base binds the model; “a non-commercial data set, so the model is too”
    return sentence.settled(scope, default)
