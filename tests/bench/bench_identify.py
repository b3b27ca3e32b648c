"""How right and how fast texts are identified: `python tests/bench/bench_identify.py TEXTS [--peer NAME] [--every N]`.

TEXTS holds one JSON object a line (gzip): `text`, `kind`, and the SPDX ids `expected_spdx`. With `--peer` (again for
another) it installs a peer into a temporary environment and asks both the same texts in one run. Right means that the
peer's first name is one that is expected, in its SPDX spelling; for the kind `none`, that it names nothing. No figure
is checked.
"""

from __future__ import annotations

import argparse
import gzip
import json
import os
import re
import statistics
import subprocess
import sys
import tempfile
import venv
from collections import defaultdict
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

PEERS = {
    "licenseclassifier": ["licenseclassifier"],
    "scancode": ["scancode-toolkit-mini==32.5.0", "pluggy<1.6"],
}
WORKER = """
import json, resource, sys, time
started = time.perf_counter()
{load}
names("The MIT License")
first = time.perf_counter() - started
rows = []
for line in sys.stdin:
    text = json.loads(line)
    started = time.perf_counter()
    rows.append([names(text), (time.perf_counter() - started) * 1000])
print(json.dumps([first, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024, rows]))
"""
LOAD = {
    "licensecheck": """
import licensecheck
spdx = {each.key: each.spdx_id for each in licensecheck.licenses()}
def names(text):
    found = licensecheck.identify(text)
    ids = [found.license] if found.license else [part.license for part in found.parts]
    return [spdx.get(each, each) for each in ids]
""",
    "licenseclassifier": """
from licenseclassifier import identify_license
def names(text):
    found = identify_license(text) or []
    return [each.id for each in (found if isinstance(found, list) else [found])]
""",
    "scancode": """
from licensedcode.cache import get_index, get_licenses_db
index, known = get_index(), get_licenses_db()
def names(text):
    keys = [key for match in index.match(query_string=text) for key in match.rule.license_keys()]
    return [known[key].spdx_license_key or key for key in keys]
""",
}


def main() -> int:
    """Measure and print; returns the exit code."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("texts", type=Path, help="the texts, JSON lines, gzip")
    options.add_argument("--peer", action="append", choices=PEERS, default=[], help="also measure this tool")
    options.add_argument("--every", type=int, default=1, help="take every Nth text [default: 1]")
    given = options.parse_args()
    with gzip.open(given.texts, "rt", encoding="utf-8") as file:
        rows = [json.loads(line) for line in file][:: given.every]
    medians = {"licensecheck": measure("licensecheck", sys.executable, rows)}
    for peer in given.peer:
        with tempfile.TemporaryDirectory() as temporary:
            medians[peer] = measure(peer, install(PEERS[peer], Path(temporary)), rows)
        sys.stdout.write(f"licensecheck takes {medians['licensecheck'] / medians[peer]:.3f} of {peer} (median)\n")
    return 0


def install(packages: Sequence[str], folder: Path) -> str:
    """Install packages into an environment of their own; returns the path of its Python."""
    venv.create(folder, with_pip=True)
    python = folder / ("Scripts" if os.name == "nt" else "bin") / "python"
    subprocess.run([python, "-m", "pip", "install", "--quiet", *packages], check=True)  # noqa: S603  fixed words
    return str(python)


def measure(tool: str, python: str, rows: Sequence[Mapping[str, Any]]) -> float:
    """Ask a tool all texts in one process and print how it did; returns its median milliseconds a text."""
    asked = "".join(json.dumps(row["text"]) + "\n" for row in rows)
    code = WORKER.format(load=LOAD[tool])
    done = subprocess.run([python, "-c", code], input=asked, capture_output=True, text=True, check=False)  # noqa: S603
    if done.returncode:
        raise SystemExit(f"{tool}: exit code {done.returncode}\n{done.stderr}")
    first, memory, answers = json.loads(done.stdout.splitlines()[-1])
    right = defaultdict(list)
    for row, (names, _) in zip(rows, answers, strict=True):
        right[row["kind"]].append(is_right(row, names))
    times: list[float] = sorted(time for _, time in answers)
    kinds = ", ".join(f"{kind} {100 * statistics.mean(each):.1f} % of {len(each)}" for kind, each in right.items())
    sys.stdout.write(
        f"{tool}: first answer {first:.2f} s, median {statistics.median(times):.2f} ms, "
        f"95th percentile {times[int(0.95 * len(times))]:.1f} ms, memory {memory} MB\n  right: {kinds}\n"
    )
    return statistics.median(times)


def is_right(row: Mapping[str, Any], names: Sequence[str]) -> bool:
    """Whether the first name is an expected one; `-only`, `-or-later` and ScanCode's prefix make no difference."""
    if row["kind"] == "none":
        return not names
    expected = {plain(name) for name in (*row["expected_spdx"], *row.get("expected_keys", ()))}
    return bool(names) and plain(names[0]) in expected


def plain(name: str) -> str:
    """A license's id in the spelling that all tools share."""
    return re.sub(r"^licenseref-(scancode-)?|-(only|or-later|plus)$|\+$", "", name.lower())


if __name__ == "__main__":
    sys.exit(main())
