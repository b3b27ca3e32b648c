"""Which of the matches of a text stand: those that together explain most of it."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from itertools import zip_longest

from licensecheck.texts.match import Match
from licensecheck.texts.wordlists import critical_words

_A_MATCH = 1.5
"""What a match costs, in words: one that explains all is better than two that explain half each."""
_NEAR_MATCH = 0.4
_LIST = 12
"""References to so many licenses in a row are a list of licenses (a table of ids, say) and license nothing."""
_SHORT = 16
_APART = 120
_NEXT = 3


def select(matches: Iterable[Match]) -> list[Match]:
    """The matches, none of which overlaps another, with the highest score in all; in the order of the text."""
    ordered = sorted(matches, key=lambda match: (match.end, -match.start, -match.score, match.reference))
    ends = [match.end for match in ordered]
    totals, previous, taken = [0.0], [0], [False]
    for i, match in enumerate(ordered):
        before = bisect_right(ends, match.start, hi=i)
        total = totals[before] + match.score - _cost(match)
        take = total > totals[i]
        totals.append(total if take else totals[i])
        previous.append(before if take else i)
        taken.append(take)
    chosen = []
    i = len(ordered)
    while i:
        if taken[i]:
            chosen.append(ordered[i - 1])
        i = previous[i]
    return chosen[::-1]


def _cost(match: Match) -> float:
    return min(_A_MATCH, 0.5 * (match.end - match.start)) + (0 if match.exact else _NEAR_MATCH)


def without_lists(matches: Iterable[Match]) -> list[Match]:
    """The matches in the order of the text; in a text that lists licenses, without those that only name one."""
    ordered = sorted(matches, key=lambda match: match.start)
    names: list[list[str]] = [[]]
    end = 0
    for match in filter(_is_short, ordered):
        if match.start - end > _APART:
            names.append([])
        end = match.end
        names[-1] += [match.names.text] if match.names.licenses else []
    listed = any(len(set(run)) >= max(_LIST, len(run) // 3) for run in names)
    return [match for match in ordered if not (listed and _is_short(match))]


def without_versionless(matches: Sequence[Match]) -> list[Match]:
    """The matches without names that lack a version, where the next match names the same license with one."""
    return [one for one, other in zip_longest(matches, matches[1:]) if not (other and _gives_version(one, other))]


def _gives_version(match: Match, behind: Match) -> bool:
    if match.names.text not in critical_words()["versionless"] or behind.kind != "reference":
        return False
    family = match.names.text.partition("-")[0] + "-"
    return behind.start - match.end <= _NEXT and any(each.spdx_id.startswith(family) for each in behind.names.licenses)


def _is_short(match: Match) -> bool:
    return match.kind != "notice" and match.end - match.start <= _SHORT
