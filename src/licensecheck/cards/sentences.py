"""The sentences of a passage, and what each of them speaks of."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import pairwise

from licensecheck.cards.languages import Language, SpokenOf
from licensecheck.cards.markdown import Link, Passage
from licensecheck.cards.scope import Own, all_spoken_of, named, spoken_of
from licensecheck.types import Scope, Strength

_END = re.compile(r"(?<=[.!?])[\"')\]*_”’]*\s+(?=[\"'(\[*_“‘]*[^\Wa-z])|(?<=[。！？；])|\n")
_ABBREVIATED = re.compile(
    r"(?:\b(?:e\.g|i\.e|etc|inc|ltd|corp|vs|cf|ca|no|v|approx|resp|dr|mr|st|al|z\.b)|\b[A-Z])\.$", re.IGNORECASE
)
_KEY = re.compile(r"[^\w\n]{0,8}[A-Za-z][\w ()/-]{1,40}[*_]{0,3}[:：]")
_YES = re.compile(r"\W{0,9}(?:yes|yeah|absolutely|sure|of course|certainly|definitely)\b", re.IGNORECASE)
_LONGEST = 600
_MOST = 1500
"""Characters of a sentence; what is longer is no sentence, and is read in pieces."""
_CONTEXT = 300
_BACK = 5


@dataclass(frozen=True, slots=True)
class Statement:
    """One thing that a card says about licenses.

    Either a license (`license`, an expression; None where the catalog does not know what `spelling` names or where
    `link` leads), or a `restriction`. `scope`: what it speaks of. `strength`: `grant` puts something under a license;
    a `condition` or a `prohibition` binds; `advice` and an `intended-use` are hedges. `line` is 1-based; `label`: it
    stands behind a key (`License: MIT`).
    """

    quote: str
    line: int
    scope: Scope | SpokenOf
    strength: Strength
    language: str
    license: str | None = None
    spelling: str | None = None
    link: str | None = None
    restriction: str | None = None
    label: bool = False


@dataclass(frozen=True)
class Sentence:
    """Characters [start, end) of a passage, in some languages, behind another sentence of it."""

    passage: Passage
    start: int
    end: int
    spoken: Sequence[Language]
    own: Own
    previous: Sentence | None = None

    @cached_property
    def before(self) -> SpokenOf | None:
        """What the sentences before it spoke of, the nearest that says so."""
        sentence = self.previous
        for _ in range(_BACK):
            if sentence is None:
                return None
            if found := sentence.subject(len(sentence.text)):
                return found
            sentence = sentence.previous
        return None

    @cached_property
    def text(self) -> str:
        """Its words."""
        return self.passage.text[self.start : self.end]

    @cached_property
    def links(self) -> tuple[Link, ...]:
        """The links in it, by places in its own text."""
        return tuple(
            replace(link, start=link.start - self.start, end=link.end - self.start)
            for link in self.passage.links
            if self.start <= link.start < self.end
        )

    @cached_property
    def is_below_license(self) -> bool:
        """Whether the title above it is about licenses."""
        return bool(self.passage.headings) and any(
            each.heading.search(self.passage.headings[-1]) for each in self.spoken
        )

    @cached_property
    def mentions_license(self) -> bool:
        """Whether any word in it or above it has to do with licenses."""
        return self.is_below_license or any(
            each.heading.search(self.text) or each.under.search(self.text) or each.behind.search(self.text)
            for each in self.spoken
        )

    def subject(self, at: int, since: int = 0) -> SpokenOf | None:
        """What its words from one place to another speak of."""
        return spoken_of(self.text, at, self.links, self.spoken, self.own, since=since)

    @cached_property
    def inherits(self) -> bool:
        """Whether it says that the license of the base model holds."""
        return any(each.same_as_base.search(self.text) for each in self.spoken)

    @cached_property
    def spreads(self) -> bool:
        """Whether it carries what holds for one thing over to another: “so is the model”."""
        return any(each.spreads.search(self.text) for each in self.spoken)

    @cached_property
    def spreads_to_weights(self) -> bool:
        """The same, where it speaks of the weights too."""
        return self.spreads and "weights" in self.speaks_of

    @cached_property
    def is_answered_yes(self) -> bool:
        """Whether it is a question, and the next word of the passage says yes."""
        return self.text.rstrip(" *_").endswith("?") and bool(_YES.match(self.passage.text, self.end))

    @cached_property
    def speaks_of(self) -> set[SpokenOf]:
        """Everything that it speaks of."""
        return all_spoken_of(self.text, self.links, self.spoken, self.own)

    def scope(self, at: int, default: Scope | None = None, since: int = 0) -> Scope | SpokenOf:
        """The scope that its words name; else that of its label, of the sentence before it, of the titles above."""
        return self.settled(self.subject(at, since), default)

    def settled(self, scope: SpokenOf | None, default: Scope | None) -> Scope | SpokenOf:
        """The scope, where it is still open, by what stands around the sentence."""
        around = default or (self.before if self.passage.form != "code" else None) or self.titled
        of_model = self.is_below_license or any(each.obey.search(self.text) for each in self.spoken)
        return scope or around or ("weights" if of_model else "unclear")

    @cached_property
    def titled(self) -> Scope | None:
        """What the nearest title above it is about that says so; the model itself is no title's news."""
        for title in reversed(self.passage.headings):
            match named(title, self.spoken):
                case "data" | "code" | "base" | "outputs" as scope:
                    return scope
        return None

    @cached_property
    def row_of(self) -> str:
        """The first cell of a row in a table with a head, else nothing."""
        if self.passage.form != "row" or not self.passage.head:
            return ""
        return re.sub(r"[*_`\[\]]|\([^()]*\)", "", self.passage.text.partition(" | ")[0]).strip()

    def statement(self, at: int, scope: Scope | SpokenOf, strength: Strength, language: Language) -> Statement:
        """What is stated at a place of it."""
        at += len(self.text[at:]) - len(self.text[at:].lstrip())
        begin = max(0, at - _CONTEXT)
        quote = " ".join(self.text[begin : begin + _LONGEST].split())
        return Statement(quote, self.passage.line(self.start + at), scope, strength, language.code)


def sentences(passage: Passage, spoken: Sequence[Language], own: Own) -> Iterator[Sentence]:
    """The sentences of a passage in their order; a line that begins with a key (`License:`) is one of its own."""
    text, previous = passage.text, None
    edges = {0, len(text), *(offset for offset, _ in passage.breaks if _KEY.match(text, offset))}
    for mark in _END.finditer(text):
        if not _ABBREVIATED.search(text, max(0, mark.start() - 8), mark.start()):
            edges.add(mark.end())
    ordered = sorted(edges)
    ordered = sorted({*ordered, *(cut for a, b in pairwise(ordered) for cut in range(a + _MOST, b, _MOST))})
    for start, end in pairwise(ordered):
        if text[start:end].strip():
            previous = Sentence(passage, start, end, spoken, own, previous)
            yield previous
