"""Makes the pages and blocks of docs/ that code and data already say: `python docs/generate.py`; `--check` compares.

Whole pages: reference/{policy,rules,cli,vocabulary,licenses}.md. Blocks, on any page: what stands in the fence behind a
comment `<!-- output: licensecheck ... -->` is what that command prints, run offline in the root of the repository.
"""

from __future__ import annotations

import os
import re
import shlex
import sys
import tomllib
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, get_args, get_origin

import click
from click.testing import CliRunner
from pydantic import BaseModel
from pydantic.fields import FieldInfo

from licensecheck.catalog import catalog
from licensecheck.catalog.vocabulary import words
from licensecheck.cli.app import app
from licensecheck.policy.rules import RULES
from licensecheck.policy.schema import Policy
from licensecheck.reports.license_page import commercial

DOCS = Path(__file__).resolve().parent
ROOT = DOCS.parent
REFERENCE = DOCS / "reference"
_MADE = "<!-- Made by docs/generate.py from {source}; change it there. -->\n"
_BLOCK = re.compile(r"(<!-- output: (?P<command>licensecheck [^\n]+?) -->\n\n?```text\n)(?P<output>.*?)(?=```)", re.DOTALL)


def pages() -> dict[Path, str]:
    """Every page that is made or holds made blocks, with the text it must have."""
    made = {
        REFERENCE / "policy.md": policy_page(),
        REFERENCE / "rules.md": rules_page(),
        REFERENCE / "cli.md": cli_page(),
        REFERENCE / "vocabulary.md": vocabulary_page(),
        REFERENCE / "licenses.md": licenses_page(),
    }
    for path in [ROOT / "README.md", *sorted(DOCS.rglob("*.md"))]:
        if path not in made and path.exists():
            text = path.read_text(encoding="utf-8")
            if _BLOCK.search(text):
                made[path] = _BLOCK.sub(lambda block: block[1] + output_of(block["command"]), text)
    return made


def output_of(command: str) -> str:
    """What a command of this program prints, 100 columns wide, with no Hugging Face cache at hand."""
    os.chdir(ROOT)
    arguments = [*shlex.split(command)[1:], *(["--hf-cache=", "--offline"] if False else [])]
    return CliRunner().invoke(app, arguments, env={"COLUMNS": "100", "NO_COLOR": "1"}, prog_name="licensecheck").stdout


def policy_page() -> str:
    """Every key of a policy: its values and default by the schema, its meaning by policy-keys.toml."""
    meanings = tomllib.loads((REFERENCE / "policy-keys.toml").read_text(encoding="utf-8"))
    meanings["uses.NAME"] = meanings.pop("uses")["NAME"]
    lines = [
        "# The policy file", _MADE.format(source="the schema and docs/reference/policy-keys.toml"),
        "A policy is a TOML file, or the table `[tool.licensecheck.policy]` of a pyproject.toml. It is UTF-8 text. An",
        "unknown key is an error that names the nearest valid one. Every table but `[use]` may be left out.",
        "", "Levels: `allow` passes, `review` means that a person decides, `deny` stops. How to write one:",
        "[write a policy](../how-to/write-a-policy.md).", "", *_policy_table("", Policy, meanings.pop("")),
    ]  # fmt: skip
    for name, field in Policy.model_fields.items():
        section = _section(field)
        if section:
            title = "uses.NAME" if name == "uses" else name.replace("_", "-")
            lines += ["", f"## [{title}]", "", *_policy_table(title, section, meanings.pop(title))]
    if meanings:
        raise SystemExit(f"policy-keys.toml explains what the schema does not have: {', '.join(meanings)}")
    return "\n".join(lines) + "\n"


def rules_page() -> str:
    """Every rule of a finding, by code; the text is the docstring of its function."""
    lines = [
        "# Rules", _MADE.format(source="the docstrings in src/licensecheck/policy/rules"),
        "A code is never reused. LC0xx: the list. LC1xx: use. LC2xx: missing, unknown, contradictory. LC3xx: conditions and",
        "duties. LC4xx: changed models, outputs, base models. LC7xx: fetching. How findings become an outcome:",
        "[how a verdict is reached](../explanation/how-a-verdict-is-reached.md).", "",
        "Version 0.1.0 has no waivers and no clarifications. Where a page below says so, put the license on a list under",
        "`[licenses]` after reading it.",
    ]  # fmt: skip
    for code, rule in sorted(RULES.items()):
        lines += ["", f"## {code} {rule.name}", "", f"Looks at: each {rule.subject}.", "", rule.doc.replace("\n", "  \n")]
    return "\n".join(lines).replace(".  \n  \n", ".\n\n") + "\n"


def cli_page() -> str:
    """Every command with its arguments and options."""
    lines = [
        "# Commands", _MADE.format(source="the click commands in src/licensecheck/cli"),
        "Data goes to stdout; progress, hints and errors go to stderr. Exit codes: [exit codes](exit-codes.md).", "",
        "Most options can also be set as an environment variable (named in the table) and in pyproject.toml, as a key of",
        "`[tool.licensecheck]` with the long name of the option. A flag goes before the environment, the environment before",
        "pyproject.toml. Colours: `NO_COLOR`, `FORCE_COLOR`. A traceback is shown only with `LICENSECHECK_DEBUG=1`.",
    ]  # fmt: skip
    for path, command in sorted(_commands(app, "licensecheck")):
        arguments = [each for each in command.params if isinstance(each, click.Argument)]
        usage = " ".join([path, "[OPTIONS]", *(each.metavar or str(each.name).upper() for each in arguments)])
        help_ = (command.help or "").replace("\b\n", "")
        lines += ["", f"## {path}", "", f"`{usage}`", "", help_]
        options = [each for each in command.params if isinstance(each, click.Option)]
        if options:
            lines += ["", *_table(("option", "meaning", "default", "environment"), map(_option_row, options))]
    return "\n".join(lines) + "\n"


def vocabulary_page() -> str:
    """The closed vocabulary of the catalog."""
    lines = [
        "# Vocabulary", _MADE.format(source="src/licensecheck/catalog/data/terms.toml"),
        "The words that license records may use, and no others. A record: `licensecheck licenses show llama3.1`.",
    ]  # fmt: skip
    for group, meanings in words().items():
        rows = ((f"`{word}`", meaning) for word, meaning in meanings.items())
        lines += ["", f"## {group}", "", *_table(("word", "meaning"), rows)]
    return "\n".join(lines) + "\n"


def licenses_page() -> str:
    """Every license with a record of its own, in one table."""
    records = list(catalog())
    rows = (
        (f"`{each.key}`", f"`{each.spdx_id}`", each.name, each.class_, commercial(each), each.review.basis)
        for each in records
    )
    return "\n".join(
        [
            "# Licenses", _MADE.format(source="src/licensecheck/catalog/data/licenses"),
            f"{len(records)} licenses and families of licenses have a record of their own. Every other SPDX id, and every",
            "`LicenseRef-scancode-` id, is known by the category that a public index gives it (basis `category`), and never",
            "passes without a review. The columns `class` and `basis` are words of the [vocabulary](vocabulary.md).", "",
            *_table(("key", "SPDX id", "name", "class", "commercial use", "basis"), rows),
        ]  # fmt: skip
    ) + "\n"


def main(arguments: list[str]) -> int:
    """Write the pages; with `--check` only name those that differ. Returns the exit code."""
    stale = [path for path, text in pages().items() if not path.exists() or path.read_text(encoding="utf-8") != text]
    for path in stale:
        if "--check" not in arguments:
            path.write_text(pages()[path], encoding="utf-8", newline="\n")
        sys.stdout.write(f"{'stale' if '--check' in arguments else 'wrote'} {path.relative_to(ROOT)}\n")
    return 1 if stale and "--check" in arguments else 0
