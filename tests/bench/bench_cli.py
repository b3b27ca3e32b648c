"""How long the command line takes: `python tests/bench/bench_cli.py [--runs N] [--peer]`.

Measures `licensecheck --help` and `licensecheck audit --offline` of ten local models, which it writes. With `--peer` it
also installs the `reuse` tool into a temporary environment and measures its `--help` and its `lint` of the same
folders, one run of each in turn, so that both meet the same machine. No figure is checked.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
import venv
from collections.abc import Mapping, Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
POLICY = ROOT / "policies" / "commercial-hosted.toml"
CARD = "---\nlicense: {license}\nbase_model: {base}\ntags: [text-generation]\n---\n# Model {number}\n\n{body}"
LICENSES = ("apache-2.0", "mit", "cc-by-nc-4.0", "llama3.1", "bsd-3-clause")
BASES = ("Qwen/Qwen3-8B", "meta-llama/Llama-3.1-8B")
PARAGRAPHS = 60


def main() -> int:
    """Measure and print; returns the exit code."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--runs", type=int, default=15, help="runs of each command [default: 15]")
    options.add_argument("--peer", action="store_true", help="also measure the reuse tool")
    given = options.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary) / "models"
        models = write_models(folder, 10)
        ours = [sys.executable, "-m", "licensecheck"]
        commands = {"help": [*ours, "--help"], "audit": [*ours, "audit", *models, "-p", str(POLICY), "--offline"]}
        if given.peer:
            peer = install_peer(Path(temporary) / "peer")
            commands |= {"reuse help": [peer, "--help"], "reuse lint": [peer, "--root", str(folder), "lint"]}
        medians = measure(commands, folder, given.runs)
    sys.stdout.write("".join(f"{name:<12} {seconds:.3f} s\n" for name, seconds in medians.items()))
    for name, other in (("help", "reuse help"), ("audit", "reuse lint")):
        if other in medians:
            sys.stdout.write(f"{name} takes {medians[name] / medians[other]:.2f} of {other}\n")
    return 0


def write_models(folder: Path, count: int) -> list[str]:
    """Write model folders with a card, a license file and a configuration; returns how a list names them."""
    body = "\n\n".join(
        f"Paragraph {i} says what the model was trained for and how it is used." for i in range(PARAGRAPHS)
    )
    names = [f"model-{number}" for number in range(count)]
    for number, name in enumerate(names):
        license_, base = LICENSES[number % len(LICENSES)], BASES[number % len(BASES)]
        (folder / name).mkdir(parents=True)
        card = CARD.format(license=license_, base=base, number=number, body=body)
        (folder / name / "README.md").write_text(card, encoding="utf-8")
        (folder / name / "LICENSE").write_text((ROOT / "LICENSE").read_text(encoding="utf-8"), encoding="utf-8")
        (folder / name / "config.json").write_text('{"model_type": "example"}', encoding="utf-8")
    return [f"./{name}" for name in names]


def install_peer(folder: Path) -> str:
    """Install the peer into an environment of its own; returns the path of its command."""
    venv.create(folder, with_pip=True)
    scripts = folder / ("Scripts" if os.name == "nt" else "bin")
    subprocess.run([scripts / "pip", "install", "--quiet", "reuse"], check=True)  # noqa: S603  fixed words
    return str(scripts / "reuse")


def measure(commands: Mapping[str, Sequence[str]], folder: Path, runs: int) -> dict[str, float]:
    """The median seconds of each command, run in turn after one run to warm up."""
    seconds: dict[str, list[float]] = {name: [] for name in commands}
    for run in range(runs + 1):
        for name, command in commands.items():
            started = time.perf_counter()
            done = subprocess.run(command, cwd=folder, capture_output=True, check=False)  # noqa: S603  our own words
            if run:
                seconds[name].append(time.perf_counter() - started)
            # An exit code of 1 is an answer where something does not pass, and a crash where nothing was printed.
            if done.returncode not in {0, 1} or not done.stdout:
                raise SystemExit(f"{name}: exit code {done.returncode}\n{done.stderr.decode()}")
    return {name: statistics.median(each) for name, each in seconds.items()}


if __name__ == "__main__":
    sys.exit(main())
