"""How well statements in cards are found: precision and recall of license-bearing lines, and cards a second.

    python tests/bench/bench_statements.py CARDS_FOLDER GOLD.jsonl [--bulk CARDS.tar.gz] [--show] [--hostile]

A gold line has `prose`: {line, scope, says}. A line counts as found where a statement begins on it or stands on it.
"""

from __future__ import annotations

import argparse
import json
import sys
import tarfile
import time
from itertools import pairwise
from pathlib import Path

from licensecheck.cards import frontmatter
from licensecheck.cards.bases import base_families
from licensecheck.cards.statements import statements

_ONCE_MORE = 0.04
"""Seconds for a card above which it is timed once more."""


def main() -> None:
    """Print the figures."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("cards", type=Path)
    options.add_argument("gold", type=Path)
    options.add_argument("--bulk", type=Path, help="an archive of cards, to time")
    options.add_argument("--hostile", action="store_true", help="time texts made to be slow, at 10, 100 and 400 kB")
    options.add_argument("--show", action="store_true", help="print the lines that differ")
    given = options.parse_args()
    score(given.cards, given.gold, show=given.show)
    if given.bulk:
        clock(given.bulk)
    if given.hostile:
        hostile()


def score(cards: Path, gold: Path, *, show: bool) -> None:
    """Precision and recall over all cards."""
    right = false = missed = 0
    for row in map(json.loads, gold.open(encoding="utf-8")):
        text = (cards / row["file"]).read_text(encoding="utf-8", errors="replace")
        front = frontmatter.parse(text)
        found = {each.line: each for each in statements(frontmatter.body_lines(text, front), row["model_id"])}
        labels = {each["line"] for each in row["prose"] if each["line"] >= front.body_line}
        right += len(labels & found.keys())
        false += len(found.keys() - labels)
        missed += len(labels - found.keys())
        if show:
            lines = frontmatter.numbered(text)
            for line in sorted(labels ^ found.keys()):
                mark = "false" if line in found else "missed"
                sys.stdout.write(f"{mark} {row['model_id']}:{line} {lines[line - 1][1][:150]}\n")
    precision, recall = right / (right + false), right / (right + missed)
    sys.stdout.write(
        f"lines: {right} right, {false} false, {missed} missed; precision {precision:.3f}, recall {recall:.3f}\n"
    )


def clock(archive: Path) -> None:
    """Cards a second for front matter alone, and with the prose; the slowest card."""
    with tarfile.open(archive) as bundle:
        files = [bundle.extractfile(member) for member in bundle if member.isfile() and member.name.endswith(".md")]
        cards = [file.read().decode("utf-8", "replace") for file in files if file]
    statements([(1, "License: MIT. The model is under the Foo License, 仅供学术研究使用.")], "org/model")
    begun = time.perf_counter()
    fronts = [frontmatter.parse(card) for card in cards]
    only_front = time.perf_counter() - begun
    slowest = 0.0
    begun = time.perf_counter()
    for card, front in zip(cards, fronts, strict=True):
        start = time.perf_counter()
        statements(frontmatter.body_lines(card, front), "org/model")
        if time.perf_counter() - start > _ONCE_MORE:  # what is read once in a process, or a pause of the collector
            start = time.perf_counter()
            statements(frontmatter.body_lines(card, front), "org/model")
        slowest = max(slowest, (time.perf_counter() - start) * 1e3 / max(1, len(card) / 1e5))
    both = only_front + time.perf_counter() - begun
    sys.stdout.write(
        f"{len(cards)} cards: front matter {len(cards) / only_front:.0f} a second, with prose {len(cards) / both:.0f}; "
        f"slowest {slowest:.1f} ms per 100 kB (of a smaller card, its own time)\n"
    )


HOSTILE = (
    "[", "(", "<", "<!--", "`", "*a **b ", "| a ", "> ", "- ", "  - a\n", "# a\n", "a\n\n", "![", "[a](", "& ", "http://a",
    "license: ", "License: MIT\n", "under the ", "MIT License ", "not for commercial use ", "commercial use contact ",
    "for research ", "the model is licensed ", "《许可", "仅供", "只能用于学术", "商用联系", "Llama 2 based ",
    "llama-2-", "Llama 2 ", "cc-by-nc-sa-", "mit-license-",
    "A" * 50 + " License ", "Foo-7B is ", "by using a, you agree ", ". ", "，", "a" * 1000 + " under ",
)  # fmt: skip


def hostile() -> None:
    """How the time grows with the length of texts made to be slow; 1 is linear."""
    for unit in HOSTILE:
        times = []
        for size in (10_000, 100_000, 400_000):
            text = ("license commercial 许可 " + unit * (size // len(unit)))[:size]
            lines = frontmatter.numbered(text)
            start = time.perf_counter()
            statements(lines, "org/model")
            list(base_families(lines, "org/model"))
            times.append((time.perf_counter() - start) * 1e3)
        growth = " ".join(
            f"{after / before / factor:5.2f}" for (before, after), factor in zip(pairwise(times), (10, 4), strict=True)
        )
        told = " ".join(f"{each:8.1f}" for each in times)
        sys.stdout.write(f"{unit[:24]!r:30} ms {told}   growth {growth}\n")


if __name__ == "__main__":
    main()
