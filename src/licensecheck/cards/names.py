"""License names in a sentence: the longest spelling the catalog knows, where the words around make a license of it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice

from licensecheck.cards.languages import Language
from licensecheck.cards.markdown import Link
from licensecheck.catalog import catalog
from licensecheck.catalog.expressions import interpret

_WORD = re.compile(
    r"(?!(?:the|an?)\b)[a-z0-9][a-z0-9_.+/]*(?:-(?!lizenz|licen[cs])[a-z0-9_.+/]*)*|《[^》]{2,40}》|[\u4e00-\u9fff]{2,16}",
    re.IGNORECASE,
)
_MOST_WORDS = 9
_MOST_NAMES = 20
"""Of one sentence; a longer list names licenses and puts nothing under them."""
_CERTAIN = re.compile(
    r"cc[ -]by|cc0|apache[ -](?:license[, -]+)?(?:v(?:ersion)? ?)?2|[al]?gpl[ -]?v?\d|mpl[ -]\d|bsd[ -]\d|"
    r"artistic[ -]\d|[al]?gpl\b|sspl\b|openmdw\b|odc-by\b|bus?l[ -]1\.1|"
    r"creativeml\b|.*(?:licen[cs]e|agreement|openrail|open rail|rail-m)",
    re.IGNORECASE,
)
"""Spellings that mean nothing but a license, whatever stands around them."""
_ID = re.compile(
    r"(?<![a-z])(?:cc[ -]by|cc0|apache-2|[al]?gpl(?![a-z])|[al]?gplv\d|open ?rail|sspl|openmdw|odc-by|bus?l[ -]1\.1|"
    r"faipl|creativeml)",
    re.IGNORECASE,
)
_CALLED = re.compile(r"licen[cs]e|agreement", re.IGNORECASE)
_ONLY_A_WORD = re.compile(
    r"\W*(?:(?:the|this|its?|our|your|their|new|original|same|full|model|open|source|public|official|community|custom|"
    r"commercial|software|code|read|in)\s+)*"
    r"(?:licen[cs]es?|terms|agreement|here|link|page|file|text|details|website)(?:\s+agreement)?\W*",
    re.IGNORECASE,
)
"""`Model License` says that there is one, and not which."""
_AROUND = " \t\n\"'“”‘’`*_()[]《》「」【】,;:。，"
_ARTICLE = re.compile(r"(?:(?:the|an?)\s+)?", re.IGNORECASE)
_BETWEEN = re.compile(r"[\s,–—-]{0,2}\(?")
_GAP = re.compile(r"[\s\"'”’`*_)\]》」】-]{0,4}")
_BEFORE = 60


@dataclass(frozen=True, slots=True)
class Name:
    """Characters [start, end) that name a license: a known one, or a title (`spelling`) that nobody has recorded.

    `put`: a phrase in front of it puts something under it; [since, start) is that phrase. `called`: it is called a
    license, by its own words or those behind it.
    """

    start: int
    end: int
    license: str | None
    spelling: str
    put: bool = False
    since: int = 0
    called: bool = False


def names(text: str, links: Sequence[Link], spoken: Sequence[Language]) -> list[Name]:
    """The licenses that a sentence names, in their order."""
    found: dict[int, Name] = {}
    for language in spoken:
        for pattern in (language.under, language.carries):
            for under in pattern.finditer(text):
                start = language.filler.match(text, under.end())
                name = _at(text, start.end() if start else under.end(), links, language)
                if not name or language.spoiling.search(text, max(0, under.start() - _BEFORE), under.start()):
                    continue
                if pattern is language.under or _is_certain(name, text, spoken):
                    called = _is_called(name, text, spoken)
                    name = _altered(replace(name, put=True, since=under.start(), called=called), text, spoken)
                    found[name.start] = max(found.get(name.start, name), name, key=lambda each: each.end)
    return list(islice(_apart([*(found[start] for start in sorted(found)), *_standing(text, spoken)]), _MOST_NAMES))


def _apart(found: Sequence[Name]) -> Iterator[Name]:
    """The names in their order, without one that begins inside of another, or that is there already."""
    end = 0
    for name in sorted(found, key=lambda each: (each.start, not each.put)):
        if name.start >= end:
            yield name
            end = name.end


def begins(text: str) -> Name | None:
    """The license whose name a text begins with, as the value of a label does."""
    start = len(text) - len(text.lstrip(_AROUND))
    article = _ARTICLE.match(text, start)
    return _known(text, article.end() if article else start)


def may_name(text: str) -> bool:
    """Whether a text has an id that can be nothing but a license, where no other word has to do with one."""
    return bool(_ID.search(text))


def says_nothing(title: str) -> bool:
    """Whether words only say that there is a license: `Model License`."""
    return bool(_ONLY_A_WORD.fullmatch(title))


def linked(links: Sequence[Link], start: int, end: int) -> str | None:
    """The license whose known text a link in [start, end) leads to."""
    records = (catalog().by_url(link.url) for link in links if link.start < end and start <= link.end)
    return next((record.spdx_id for record in records if record), None)


def _at(text: str, start: int, links: Sequence[Link], language: Language) -> Name | None:
    name = _known(text, start)
    custom = language.custom.match(text, start)
    if name or not custom or says_nothing(custom[0]):
        return name
    return Name(start, custom.end(), linked(links, start, custom.end()), custom[0].strip(_AROUND))


def _known(text: str, start: int) -> Name | None:
    """The longest known spelling that begins here; of licenses joined by `or` and `and`, the expression."""
    first = _WORD.match(text, start)
    if not first or not _may_begin(first[0]):
        return None
    ends = [first.end()]
    while len(ends) < _MOST_WORDS and (following := _WORD.match(text, _next(text, ends[-1]))):
        ends.append(following.end())
    for end in reversed(ends):
        spelling = text[start:end].strip(_AROUND + ".")
        if license_ := interpret(spelling):
            return Name(start, start + len(text[start:end].rstrip(_AROUND + ".")), license_, spelling)
    return None


def _may_begin(word: str) -> bool:
    """Whether a known spelling begins so, or an id of the SPDX list that has no record of its own may."""
    return catalog().begins(word) or bool(re.search(r"-.*\d", word))


def _next(text: str, position: int) -> int:
    """Where the next word of a name may begin: a blank, a dash or a comma further on."""
    gap = _BETWEEN.match(text, position)
    return gap.end() if gap else position


def _standing(text: str, spoken: Sequence[Language]) -> Iterator[Name]:
    """Names that nothing is put under, but that can be nothing else, or that `license` stands behind."""
    position = 0
    for word in _WORD.finditer(text):
        name = _known(text, word.start()) if word.start() >= position else None
        if name and _is_certain(name, text, spoken):
            position = name.end
            name = replace(name, called=_is_called(name, text, spoken))
            before = max(0, name.start - _BEFORE), name.start
            if not any(each.spoiling.search(text, *before) for each in spoken):
                yield _altered(name, text, spoken)


def _is_certain(name: Name, text: str, spoken: Sequence[Language]) -> bool:
    return bool(_CERTAIN.match(name.spelling)) or _is_called(name, text, spoken)


def _is_called(name: Name, text: str, spoken: Sequence[Language]) -> bool:
    return bool(_CALLED.search(name.spelling)) or any(_called(text, name.end, each) for each in spoken)


def _called(text: str, end: int, language: Language) -> bool:
    gap = _GAP.match(text, end)
    return bool(language.behind.match(text, gap.end() if gap else end))


def _altered(name: Name, text: str, spoken: Sequence[Language]) -> Name:
    """The name, or the title of another license where a word in front of it says that it was changed."""
    for language in spoken:
        if changed := language.altering.search(text, max(0, name.start - _BEFORE), name.start):
            return replace(name, license=None, spelling=f"{changed[0]}{name.spelling}")
    return name
