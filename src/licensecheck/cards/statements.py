"""What the prose of a card states about licenses: which license, or which restriction, of what, how strongly, where.

A statement is what the words say, no conclusion. Languages are data (data/languages); names of licenses and addresses
of their texts come from the catalog.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from itertools import groupby

from licensecheck.cards.frontmatter import Lines
from licensecheck.cards.grants import grants, label, row
from licensecheck.cards.languages import Language, bare, present
from licensecheck.cards.markdown import Passage, passages
from licensecheck.cards.restrictions import HARMLESS, restrictions, terms_in_doubt
from licensecheck.cards.scope import Own
from licensecheck.cards.sentences import Sentence, Statement, sentences
from licensecheck.catalog import catalog

_CITATION = re.compile(r"\s*@\w+\s*\{")
_LARGE = 40
"""Rows above which a table is worth a look before it is read."""
_TITLE = re.compile(r"#\s+(.{1,80})$")

__all__ = ["Statement", "plain", "statements"]


def statements(body: Lines, model: str = "") -> tuple[Statement, ...]:
    """All statements of a body, in their order, each once; `model` is the name of the model that the card is of."""
    whole = bare("\n".join(line for _, line in body))
    spoken = present(whole)
    if not spoken:
        return ()
    stems = tuple({stem for language in spoken for stem in language.stems if stem in whole})
    parts = tuple({part for language in spoken for part in language.parts if part in whole})

    def wanted(raw: str, titles: Sequence[str]) -> bool:
        lowered = bare(raw)
        return any(part in lowered for part in parts) or any(
            each.heading.search(title) for each in spoken for title in titles
        )

    title = next((match[1] for _, line in body if (match := _TITLE.match(line))), "")
    own = Own(model, title)
    found: dict[tuple[object, ...], Statement] = {}
    for passage in passages(list(_without_figures(body, wanted)), wanted):
        for each in _read(passage, spoken, own, stems):
            found.setdefault(
                (each.line, each.license or each.spelling or each.link, each.restriction, each.scope), each
            )
    return tuple(_of_repository([*found.values()]))


def _without_figures(body: Lines, wanted: Callable[[str, Sequence[str]], bool]) -> Iterator[tuple[int, str]]:
    """The body without large tables of which nothing is wanted: results, whose cells are costly to take apart."""
    for is_row, lines in groupby(body, lambda line: line[1].lstrip().startswith("|")):
        rows = list(lines)
        text = bare("\n".join(row for _, row in rows)) if is_row and len(rows) > _LARGE else None
        yield from rows if text is None or wanted(text, (text,)) else ((number, "") for number, _ in rows)


def plain(text: str) -> tuple[Statement, ...]:
    """The restrictions in a text that is no Markdown: a notice, a field of a gate, keywords."""
    lines = ((each.end(), number) for number, each in enumerate(re.finditer("\n", text), start=2))
    passage = Passage(text, "text", breaks=((0, 1), *lines))
    return tuple(each for one in sentences(passage, present(bare(text)), Own("")) for each in restrictions(one))


def _read(passage: Passage, spoken: Sequence[Language], own: Own, stems: Sequence[str]) -> Iterator[Statement]:
    if passage.form == "code":
        yield from _code(passage, spoken, own)
        return
    titles = (*passage.headings[-1:], *passage.head)
    below = any(each.heading.search(title) for each in spoken for title in titles)
    for sentence in sentences(passage, spoken, own):
        lowered = bare(sentence.text)
        limits = any(stem in lowered for stem in stems)
        if below or limits:
            yield from _sentence(sentence, may_limit=limits)
        else:
            yield from terms_in_doubt(sentence)


def _code(passage: Passage, spoken: Sequence[Language], own: Own) -> Iterator[Statement]:
    """What stands in code is an example, but nobody takes rights away in an example, or names a stricter license."""
    lowered = passage.text.lower()
    if _CITATION.match(lowered):
        return
    stems = [stem for language in spoken for stem in language.stems if stem in lowered and _tells(stem)]
    end = -1
    for found in re.finditer("|".join(map(re.escape, stems)), lowered) if stems else ():
        if found.start() < end:
            continue
        start, end = lowered.rfind("\n", 0, found.start()) + 1, lowered.find("\n", found.start())
        end = end if end >= 0 else len(lowered)
        sentence = Sentence(passage, start, end, spoken, own)
        yield from (each for each in restrictions(sentence) if each.strength == "prohibition")
        for each in label(sentence) or grants(sentence):
            record = catalog().find(each.license) if each.license else None
            if each.license and not (record and record.is_permissive):
                yield replace(each, scope="unclear", label=False)


def _tells(stem: str) -> bool:
    """Whether a stem is rare enough in code to look at each line that has it."""
    return not stem.isascii() or stem.startswith(("licen", "commerc", "research", "academ"))


def _sentence(sentence: Sentence, *, may_limit: bool) -> Iterator[Statement]:
    labelled = row(sentence)
    if labelled is None:
        labelled = label(sentence)
    stated = [*grants(sentence)] if labelled is None else labelled
    scope = stated[0].scope if labelled else None
    limits = [*restrictions(sentence, None if scope == "repository" else scope)] if may_limit else []
    yield from (*stated, *limits)
    advised = all(each.restriction in HARMLESS and each.strength == "advice" for each in limits)
    if labelled is None and not stated and advised:
        yield from terms_in_doubt(sentence)


def _of_repository(found: Sequence[Statement]) -> Iterator[Statement]:
    """“This project is under MIT” is about the code where another sentence speaks of the weights, else about all."""
    weights = any(each.license and each.scope == "weights" for each in found)
    for each in found:
        if each.scope == "repository":
            yield replace(each, scope="code" if weights and not each.restriction else "weights")
        else:
            yield each
