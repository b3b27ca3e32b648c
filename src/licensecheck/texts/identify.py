"""Which license a text is: what it agrees with, and whether anything that matters differs."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

import numpy as np

from licensecheck import spdx
from licensecheck.texts import critical
from licensecheck.texts.identification import Agreement, Content, Difference, Identification, Part
from licensecheck.texts.index import Index, Role, ids, index
from licensecheck.texts.match import Match, exact_matches, near_matches, nearest
from licensecheck.texts.normalize import Words
from licensecheck.texts.select import select, without_lists, without_versionless
from licensecheck.texts.shingles import fingerprint
from licensecheck.texts.tags import tags
from licensecheck.texts.wordlists import critical_words, grants

_WHOLE = 0.9
"""Share of a license's words without which a text is only a part of it."""
_INSERTED = 4
_FEW = 8
_VERSION = re.compile(r"v?\d[\d.]*\+?")
"""Behind a name without a version it makes another license of it: `GPL v9`."""
_LONGEST_NOTICE = 800
"""Words; ScanCode files some license texts without their appendix as notices, and no notice is that long."""
_HEADING = 2
_LEAST_ALIKE = 0.3
"""Similarity below which a known text is not worth naming as the nearest."""
_NAMED: frozenset[Role] = frozenset({"license", "exception", "policy"})


def identify(text: str) -> Identification:
    """Which license this text is, how sure that is, and how it differs from the nearest known one.

    The work grows with the length of the text only. Nothing is raised: a text that is no license is `unknown`.
    """
    return _Reading(index(), Words(text)).answer()


@dataclass(frozen=True)
class _Beside:
    """Words [start, end) of a text that no known text explains."""

    start: int
    end: int
    critical: bool


class _Found:
    """A match that names licenses, and how far it agrees."""

    def __init__(self, known: Index, read: Words, match: Match) -> None:
        self.match = match
        self.licenses = tuple(each for each in match.names.licenses if each.role != "unknown")
        self._known, self._read = known, read

    @cached_property
    def gaps(self) -> list[critical.Gap]:
        """Where it differs."""
        return [] if self.match.exact else critical.gaps(self._known, self.match, self._read)

    @cached_property
    def length(self) -> int:
        """Words of the known text."""
        return self.match.matched if self.match.exact else int(self._known.lengths[self.match.reference])

    @property
    def similarity(self) -> float:
        """Words that agree, to all words of the two stretches."""
        return round(2 * self.match.matched / (self.length + self.match.end - self.match.start), 4)

    @property
    def agreement(self) -> Agreement:
        """How far the stretch agrees with the known text."""
        if self.match.exact:
            return "exact"
        if not any(gap.critical for gap in self.gaps):
            return "equivalent"
        return "variant" if self.match.matched >= _WHOLE * self.length else "partial"

    @property
    def content(self) -> Content:
        """What the known text is."""
        if self.match.kind not in {"text", "policy"} and self.length < _LONGEST_NOTICE:
            return "notice"
        role = self.licenses[0].role
        return "policy" if role == "policy" else "exception" if role == "exception" else "license"


class _Reading:
    """One text, and what was found in it."""

    def __init__(self, known: Index, read: Words) -> None:
        self._known, self._read = known, read
        self._encoded = known.encode(read.words)
        matches = self._matches()
        found = [_Found(known, read, match) for match in matches]
        self._found = [each for each in found if each.licenses and each.match.kind not in {"clue", "false-positive"}]
        explained = [each.match for each in self._found if not self._is_remark(each)]
        self._beside = list(self._unexplained([*explained, *_introductions(matches)]))

    def _is_remark(self, found: _Found) -> bool:
        """Whether words under one of ScanCode's common headings stand beside a license: a disclaimer, or a rider."""
        return found.match.names.rarity == _HEADING and any(each.match.names.rarity != _HEADING for each in self._found)

    def answer(self) -> Identification:
        """The answer for the whole text."""
        if not self._found:
            return self._unknown()
        concluding = [each for each in self._found if not self._is_remark(each)]
        main = max(concluding, key=lambda each: (each.content != "notice", each.match.score))
        names = _distinct(concluding)
        matters = any(each.critical for each in self._beside) or any(
            gap.critical for each in self._found for gap in each.gaps
        )
        matters = matters or self._adds_policy(main)
        single = names == [main.licenses[0].spdx_id] and main.licenses[0].role in _NAMED
        named = single and not matters and main.content != "policy"
        license_ = main.licenses[0]
        agreement = self._agreement(main, matters=matters)
        return Identification(
            license=license_.key if named else None,
            spdx_id=license_.spdx_id if named else None,
            expression=None if matters or main.content == "policy" else _all_of(names),
            content=main.content,
            match=agreement,
            similarity=round(2 * main.match.matched / (main.length + len(self._read.words)), 4),
            nearest=license_.key if main.match.names.rarity != _HEADING else self._unknown().nearest,
            parts=tuple(self._parts()),
            differences=tuple(sorted(self._differences(), key=lambda each: (each.start, each.end))),
        )

    def _agreement(self, main: _Found, *, matters: bool) -> Agreement:
        if matters:
            return "partial" if main.content == "notice" or main.agreement == "partial" else "variant"
        exact = all(each.match.exact for each in self._found) and not self._beside
        return "exact" if exact else "equivalent"

    def _unknown(self) -> Identification:
        near = nearest(self._known, self._encoded)
        if near is None or near[1] < _LEAST_ALIKE:
            return Identification(match="unknown")
        licenses = self._known.expression(near[0]).licenses
        key = licenses[0].key if licenses else None
        return Identification(match="unknown", similarity=round(near[1], 4), nearest=key)

    def _matches(self) -> list[Match]:
        whole = self._whole()
        if whole:
            return [whole]
        matches = [*exact_matches(self._known, self._encoded, ids(self._encoded)), *tags(self._known, self._read)]
        exact = select(matches)
        if not self._is_settled(exact):
            chosen = select([*matches, *near_matches(self._known, self._encoded, exact)])
            matches = [*chosen, *select(_between(matches, chosen))]
        else:
            matches = exact
        return without_versionless(without_lists(matches))

    def _is_settled(self, exact: Iterable[Match]) -> bool:
        """Whether what stands in the text word for word leaves out a few words at most that say nothing."""
        left = [word for start, end in _outside(exact, len(self._encoded)) for word in self._read.words[start:end]]
        return len(left) < _FEW and not any(grants(word) or not word.isalpha() for word in left)

    def _whole(self) -> Match | None:
        """The license or policy that has just these words."""
        hashes = self._known.arrays["whole_hashes"]
        place = int(np.searchsorted(hashes, np.uint64(fingerprint(self._encoded))))
        for i in range(place, len(hashes)):
            reference = int(self._known.arrays["whole_references"][i])
            if self._known.encoded(reference) == self._encoded:
                size = len(self._encoded)
                names = self._known.expression(reference)
                return Match(reference, "text", names, 0, size, size, ((0, 0, size),), exact=True)
            if hashes[i] != hashes[place]:
                break
        return None

    @cached_property
    def _title(self) -> frozenset[str]:
        """The words of the names of the licenses that were found."""
        from licensecheck.catalog import catalog

        names = [name for each in self._found for one in each.licenses for name in (one.key, one.spdx_id)]
        names += [
            record.name for each in self._found for one in each.licenses if (record := catalog().find(one.spdx_id))
        ]
        return frozenset(word for name in names for word in re.split(r"[^a-z0-9.+]+", name.lower()) if word)

    def _unexplained(self, matches: Iterable[Match]) -> Iterator[_Beside]:
        matches = list(matches)
        vague = {match.end for match in matches if match.names.text in critical_words()["versionless"]}
        for start, end in _outside(matches, len(self._encoded)):
            versioned = start in vague and _VERSION.fullmatch(self._read.words[start])
            matters = bool(versioned) or critical.matters(self._read, start, end, self._title)
            yield _Beside(start, end, matters)

    def _adds_policy(self, main: _Found) -> bool:
        """Whether a policy stands beside a license that has none: then it restricts what the license grants."""
        from licensecheck.catalog import catalog

        policies = [each for each in self._found if each.content == "policy"]
        if not policies or main.content == "policy":
            return False
        record = catalog().find(main.licenses[0].spdx_id)
        return record is None or record.terms.policy is None

    def _parts(self) -> Iterator[Part]:
        for each in self._found:
            start, end = self._read.span(each.match.start, each.match.end)
            # What an exception stands with is known to every reader of it: the exception is what the words are about.
            for license_ in sorted(each.licenses, key=lambda license_: license_.role != "exception"):
                yield Part(
                    license=license_.key, match=each.agreement, content=each.content, start=start, end=end,
                    similarity=each.similarity,
                )  # fmt: skip

    def _differences(self) -> Iterator[Difference]:
        for beside in self._beside:
            start, end = self._read.span(beside.start, beside.end)
            written = " ".join(self._read.text[start:end].split())
            yield Difference(kind="inserted", words=written, critical=beside.critical, start=start, end=end)
        for each in self._found:
            known = self._known.decode(self._known.encoded(each.match.reference)) if each.gaps else []
            for gap in each.gaps:
                yield self._difference(gap, " ".join(known[gap.lost_start : gap.lost_end]))

    def _difference(self, gap: critical.Gap, lost: str) -> Difference:
        if gap.gained_start == gap.gained_end:
            place = self._read.span(gap.gained_start, gap.gained_start + 1)[0] if gap.gained_start < len(
                self._read.words) else len(self._read.text)  # fmt: skip
            return Difference(kind="deleted", words=lost, critical=gap.critical, start=place, end=place)
        start, end = self._read.span(gap.gained_start, gap.gained_end)
        written = " ".join(self._read.text[start:end].split())
        kind = "changed" if lost else "inserted"
        return Difference(kind=kind, words=written, was=lost or None, critical=gap.critical, start=start, end=end)


def _all_of(names: Sequence[str]) -> str:
    return names[0] if len(names) == 1 else " AND ".join(f"({name})" if " OR " in name else name for name in names)


def _between(exact: Iterable[Match], chosen: Iterable[Match]) -> list[Match]:
    """The exact matches that stand between the words of a near one: an alternative put into a license, say."""
    inserted = [
        (text + length, next_text)
        for match in chosen
        for (_, text, length), (_, next_text, _) in pairwise(match.blocks)
        if next_text - text - length >= _INSERTED
    ]
    return [match for match in exact if any(start <= match.start and match.end <= end for start, end in inserted)]


def _outside(matches: Iterable[Match], end: int) -> Iterator[tuple[int, int]]:
    """The stretches of words [0, end) in no match."""
    position = 0
    for start, behind in (*sorted((match.start, match.end) for match in matches), (end, end)):
        if position < start:
            yield position, start
        position = max(position, behind)


def _introductions(matches: Iterable[Match]) -> Iterator[Match]:
    return (match for match in matches if match.kind == "intro")


def _distinct(found: Iterable[_Found]) -> list[str]:
    """The expressions that are named, without an id that a more exact one says too (GPL-2.0, GPL-2.0-or-later)."""
    names = dict.fromkeys(each.match.names.text for each in found if each.content != "policy")
    exact = {spdx.bare(name) for name in names if spdx.bare(name) != name}
    return [name for name in names if name not in exact]
