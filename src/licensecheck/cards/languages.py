"""The phrases by which sentences of a card are recognized, one file of data/languages a language."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import Any, Literal

from licensecheck.cards.markdown import narrowed, visible
from licensecheck.types import Scope, Strength

SpokenOf = Scope | Literal["repository"]

_STRENGTHS: tuple[Strength, ...] = ("intended-use", "advice", "condition", "prohibition")
"""In the order of reading: “intended for research only” is an intended use, though “research only” is in it."""
_SCOPES: tuple[SpokenOf, ...] = ("other-model", "base", "data", "outputs", "code", "weights", "repository")
_PHRASES = (
    "neutral", "under", "carries", "behind", "spoiling", "altering", "heading", "column", "obey", "see", "same-as-base",
    "made-from", "based", "spreads",
)  # fmt: skip
"""The keys of a file that hold phrases and nothing else."""
_LABELS = ("label", "part")
_DOUBT = ("commerce", "allowing", "denying", "refusing", "no-terms")
_MARKS = "*_`"
_BETWEEN = r"[\s\"“‘'«(\[【*_`:,-]"
_LABEL = r"[^\w\n]{{0,20}}(?:{})[\s*_`]{{0,6}}(?:[:：|=]|(?<=\s)[–—-](?=\s))[\s*_`|]{{0,6}}"
_NEVER = re.compile(r"(?!)")


@dataclass(frozen=True)
class Language:
    """The compiled phrases of one language; data/languages/README.md says what each is."""

    code: str
    stems: tuple[str, ...]
    parts: tuple[str, ...]
    neutral: re.Pattern[str]
    under: re.Pattern[str]
    carries: re.Pattern[str]
    filler: re.Pattern[str]
    behind: re.Pattern[str]
    custom: re.Pattern[str]
    spoiling: re.Pattern[str]
    altering: re.Pattern[str]
    heading: re.Pattern[str]
    column: re.Pattern[str]
    label: re.Pattern[str]
    part: re.Pattern[str]
    obey: re.Pattern[str]
    see: re.Pattern[str]
    same_as_base: re.Pattern[str]
    made_from: re.Pattern[str]
    based: re.Pattern[str]
    spreads: re.Pattern[str]
    scopes: tuple[tuple[SpokenOf, re.Pattern[str]], ...]
    clause: re.Pattern[str]
    relative: re.Pattern[str]
    auxiliary: re.Pattern[str]
    joined: re.Pattern[str]
    restrictions: tuple[tuple[Strength, str, re.Pattern[str]], ...]
    limiting: re.Pattern[str]
    commerce: re.Pattern[str]
    allowing: re.Pattern[str]
    denying: re.Pattern[str]
    refusing: re.Pattern[str]
    terms: tuple[tuple[tuple[str, ...], re.Pattern[str]], ...]
    no_terms: re.Pattern[str]


@lru_cache
def languages() -> tuple[Language, ...]:
    """All languages, English first: its words stand in cards of every language."""
    found = [
        _language(entry.name.removesuffix(".toml"), tomllib.loads(entry.read_text(encoding="utf-8")))
        for entry in files(__package__).joinpath("data", "languages").iterdir()
        if entry.name.endswith(".toml")
    ]
    return tuple(sorted(found, key=lambda language: (language.code != "en", language.code)))


@lru_cache
def in_any_language(name: str) -> re.Pattern[str]:
    """One expression of what a field of Language holds, over all languages: for words that need no other of theirs."""
    patterns: list[re.Pattern[str]] = [getattr(each, name) for each in languages()]
    return _any([each.pattern for each in patterns])


def present(bared: str) -> tuple[Language, ...]:
    """The languages of which a stem, or a part of a word about terms, stands in a text that was made `bare`."""
    return tuple(each for each in languages() if any(part in bared for part in each.parts))


def bare(text: str) -> str:
    """A text in which stems are looked for: in small letters, without marks and characters that hide in words."""
    lowered = visible(narrowed(text).lower())
    for sign in _MARKS:
        lowered = lowered.replace(sign, "")
    return lowered


def blanked(text: str, pattern: re.Pattern[str], sign: str = " ") -> str:
    """A text with what an expression finds overwritten, so that places stay."""
    return pattern.sub(lambda match: sign * len(match[0]), text)


def _language(code: str, data: Mapping[str, Any]) -> Language:
    scope = data.get("scope", {})
    filler = "|".join(data.get("filler", ()))
    limits = [(each, *limit) for each in _STRENGTHS for limit in data.get(each, {}).items()]
    commerce = data.get("doubt", {}).get("commerce", ())
    terms = data.get("terms", ())
    return Language(
        code=code,
        stems=tuple(data["stems"]),
        parts=tuple(dict.fromkeys((*data["stems"], *(word for each in terms for word in each["words"])))),
        filler=re.compile(rf"(?:{_BETWEEN}|(?:{filler})(?![\w-]))*+" if filler else rf"{_BETWEEN}*+", re.IGNORECASE),
        custom=re.compile(data["custom"]) if "custom" in data else _NEVER,
        **{each: re.compile(_LABEL.format(data[each]), re.IGNORECASE) if each in data else _NEVER for each in _LABELS},
        scopes=tuple((each, _any(scope[each])) for each in _SCOPES if each in scope),
        clause=_any([scope["clause"]] if "clause" in scope else [r"[,;]\s"]),
        relative=_any([scope["relative"]] if "relative" in scope else None),
        auxiliary=_any([scope["auxiliary"]] if "auxiliary" in scope else None),
        joined=_any([scope["joined"]] if "joined" in scope else None),
        **{name.replace("-", "_"): _any(data.get(name)) for name in _PHRASES},
        **{each.replace("-", "_"): _any(data.get("doubt", {}).get(each)) for each in _DOUBT},
        limiting=_any([*(each for _, _, phrases in limits for each in phrases), *commerce]),
        terms=tuple((tuple(each["words"]), _any(each["phrases"])) for each in terms),
        restrictions=tuple((strength, restriction, _any(phrases)) for strength, restriction, phrases in limits),
    )  # fmt: skip


def _any(phrases: Sequence[str] | None) -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{each})" for each in phrases), re.IGNORECASE) if phrases else _NEVER
