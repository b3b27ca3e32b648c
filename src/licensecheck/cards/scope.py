"""What a sentence of a card speaks of: this model's weights, code, data, a base, outputs, or another model."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Sequence
from functools import lru_cache
from importlib.resources import files
from itertools import pairwise

from licensecheck.cards.languages import Language, SpokenOf, blanked
from licensecheck.cards.markdown import Link

_HUB = re.compile(
    r"https?://(?:www\.)?(?:huggingface\.co|hf\.co)/(?!datasets/|spaces/|papers?/|docs/|blog/|collections/)(?P<id>[\w.-]+/[\w.-]+)",
    re.IGNORECASE,
)
_DATASET = re.compile(r"https?://(?:www\.)?(?:huggingface\.co|hf\.co)/datasets/", re.IGNORECASE)
_SHORTEST_WORD = 4
_VERSION = re.compile(r"\s*(?:\(\w{1,8}\)|[ _-]v?\d(?:\.\d){1,2}|[/,]\s*\d+b|[-_ ]\*)\s*$", re.IGNORECASE)
"""What may follow a name of a model and is no part of it: `(7B)`, `v1.1`, `/13B`."""
_FAR = 400
"""Characters before a name in which its subject is looked for."""


class Own:
    """The model that a card is of, by its name and by the title of the card."""

    def __init__(self, name: str, title: str = "") -> None:
        self.id = name.strip("./").lower()
        self._title = _fold(title)
        parts = re.findall(r"[a-z]+|\d+(?:\.\d+)*", self.id.rpartition("/")[2])
        self._folded = _fold(self.id.rpartition("/")[2])
        self._word = next((part for part in parts if len(part) >= _SHORTEST_WORD and not _family(part)), None)

    def is_linked(self, url: str) -> bool:
        """Whether an address leads into this model's own repository."""
        found = _HUB.match(url)
        return bool(found and found["id"].lower() == self.id) or "://" not in url

    def address(self, url: str) -> str:
        """An address as it is, or that of the file of this repository that a relative one leads to."""
        if "://" in url or "/" not in self.id:
            return url
        return f"https://huggingface.co/{self.id}/blob/main/{url.removeprefix('./')}"

    def is_named(self, text: str) -> bool:
        """Whether a text names this model, or the series that it belongs to."""
        folded = _fold(_VERSION.sub("", text))
        return bool(folded) and (
            folded in {self._folded, self._title} or (len(folded) >= _SHORTEST_WORD and self._folded.startswith(folded))
        )

    def mentions(self, text: str) -> Iterator[re.Match[str]]:
        """Where the first telling word of the name stands."""
        if self._word:
            yield from re.finditer(rf"(?<![a-z]){re.escape(self._word)}", text, re.IGNORECASE)

    def is_of_family(self, name: str) -> bool:
        """Whether this model bears the name of a family."""
        return _fold(name) in self._folded


def spoken_of(
    text: str, at: int, links: Sequence[Link], spoken: Sequence[Language], own: Own, *, since: int = 0
) -> SpokenOf | None:
    """What stands under what is said at a character of a sentence; None where no word tells.

    Looked for in the clause before it, then in the clauses before that one, not before `since`.
    """
    start = max(since, at - _FAR)
    clauses = _clauses(text, start, at, spoken)
    for begin, end in reversed(clauses):
        subjects = sorted(_subjects(text, begin, end, links, spoken, own))
        if subjects:
            return _chosen(text, subjects, end, spoken)
    return None


def all_spoken_of(text: str, links: Sequence[Link], spoken: Sequence[Language], own: Own) -> set[SpokenOf]:
    """Everything that a sentence speaks of."""
    return {scope for _, _, scope in _subjects(text, 0, len(text), links, spoken, own)}


def named(text: str, spoken: Sequence[Language]) -> SpokenOf | None:
    """What the words of a title or a label are about."""
    for language in spoken:
        for scope, pattern in language.scopes:
            if pattern.search(text):
                return scope
    return None


def _clauses(text: str, start: int, at: int, spoken: Sequence[Language]) -> list[tuple[int, int]]:
    marks = sorted(
        {mark.end() for each in spoken for mark in each.clause.finditer(text, start, at) if mark.end() > start}
    )
    edges = [start, *marks, at]
    return [(begin, end) for begin, end in pairwise(edges) if begin < end]


def _subjects(
    text: str, begin: int, end: int, links: Sequence[Link], spoken: Sequence[Language], own: Own
) -> Iterator[tuple[int, int, SpokenOf]]:
    """Words that say what is spoken of, each at most once: (start, end, scope)."""
    clause = text[begin:end]
    for language in spoken:
        for scope, pattern in language.scopes:
            for match in pattern.finditer(clause):
                yield begin + match.start(), begin + match.end(), scope
            clause = blanked(clause, pattern, "\0")
    yield from _models(clause, begin, own)
    for link in links:
        if begin <= link.start < end:
            if _DATASET.match(link.url):
                yield link.start, link.end, "data"
            elif _HUB.match(link.url) and not own.is_linked(link.url):
                yield link.start, link.end, "base"


def _models(clause: str, begin: int, own: Own) -> Iterator[tuple[int, int, SpokenOf]]:
    """Names of this model, and of the families of others."""
    for match in own.mentions(clause):
        yield begin + match.start(), begin + match.end(), "weights"
    for match in _families().finditer(clause):
        if not own.is_of_family(match[0]):
            yield begin + match.start(), begin + match.end(), "base"


def _chosen(text: str, subjects: Sequence[tuple[int, int, SpokenOf]], end: int, spoken: Sequence[Language]) -> SpokenOf:
    """The subject that the end of a clause speaks of: the first before a verb, the nearest before a participle."""
    last = subjects[-1]
    between = text[last[1] : end]
    relative = any(each.relative.search(text, subjects[0][1], end) for each in spoken)
    verb = any(each.auxiliary.search(between) for each in spoken)
    chosen = subjects[0] if verb and not relative else last
    if chosen[2] not in {"weights", "base"} and _is_joined_to_weights(text, subjects, subjects.index(chosen), spoken):
        return "weights"
    # “Compared with Llama 2”: a family that is only compared is no base.
    compared = chosen[2] == "base" and any(subject[2] == "other-model" for subject in subjects)
    return "other-model" if compared else chosen[2]


def _is_joined_to_weights(
    text: str, subjects: Sequence[tuple[int, int, SpokenOf]], place: int, spoken: Sequence[Language]
) -> bool:
    """Whether a subject stands in a list with the weights: `code, data and weights`."""
    for chain in (subjects[place::-1], subjects[place:]):
        for one, other in pairwise(chain):
            between = text[min(one[1], other[1]) : max(one[0], other[0])]
            if not any(each.joined.search(between) for each in spoken):
                break
            if other[2] == "weights":
                return True
    return False


def _fold(name: str) -> str:
    return re.sub(r"[^a-z0-9]+", "", name.lower())


@lru_cache
def family_licenses() -> tuple[tuple[re.Pattern[str], str], ...]:
    """Families of models and the key of the license that all members carry, "" where they differ."""
    table = tomllib.loads(files(__package__).joinpath("data", "models.toml").read_text(encoding="utf-8"))["families"]
    return tuple((re.compile(rf"(?<![a-z])(?:{name})", re.IGNORECASE), key) for name, key in table.items())


@lru_cache
def _families() -> re.Pattern[str]:
    return re.compile("|".join(pattern.pattern for pattern, _ in family_licenses()), re.IGNORECASE)


def _family(word: str) -> bool:
    return bool(_families().fullmatch(word))
