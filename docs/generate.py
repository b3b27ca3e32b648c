"""Makes the pages and blocks of docs/ that code and data already say: `python docs/generate.py`; `--check` compares.

Whole pages: reference/{policy,rules,cli,vocabulary,licenses}.md and a page a
license in reference/licenses/. Blocks, on any page: what stands in the fence behind a
comment `<!-- output: licensecheck ... -->` is what that command prints in the root of the repository, or in FOLDER with
`<!-- output in FOLDER: licensecheck ... -->`. Give such commands `--offline`.
"""

from __future__ import annotations

import inspect
import os
import re
import shlex
import subprocess
import sys
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Annotated, Any, Literal, get_args, get_origin

import click
from pydantic import BaseModel
from pydantic.fields import FieldInfo

from licensecheck.catalog import catalog
from licensecheck.catalog.vocabulary import words
from licensecheck.cli.app import app
from licensecheck.policy.rules import RULES
from licensecheck.policy.rules.registry import Subject
from licensecheck.policy.schema import Fact, Policy
from licensecheck.reports.license_page import as_markdown, commercial

DOCS = Path(__file__).resolve().parent
ROOT = DOCS.parent
REFERENCE = DOCS / "reference"
_BLOCK = re.compile(
    r"(<!-- output(?: in (?P<folder>\S+))?: (?P<command>licensecheck [^\n]+?) -->\n\n?```text\n)(?P<output>.*?)(?=```)",
    re.DOTALL,
)
_WIDTH = "100"


_QUESTIONS_HEAD = """# Questions a company asks

Answered by the engine from the catalog; a test asks each again. `unknown` means that a fact about the company, or a
decision of the maker, is missing: it is never a yes.
"""


def pages() -> dict[Path, str]:
    """Every page that is made or holds made blocks, with the text it must have."""
    made = {
        REFERENCE / "policy.md": policy_page(),
        REFERENCE / "rules.md": rules_page(),
        REFERENCE / "cli.md": cli_page(),
        REFERENCE / "vocabulary.md": vocabulary_page(),
        REFERENCE / "licenses.md": licenses_page(),
        DOCS / "explanation" / "questions.md": questions_page(),
        **{REFERENCE / "licenses" / f"{each.key}.md": as_markdown(each) for each in catalog()},
    }
    for path in [ROOT / "README.md", *sorted(DOCS.rglob("*.md"))]:
        if path not in made and path.exists():
            text = path.read_text(encoding="utf-8")
            if _BLOCK.search(text):
                made[path] = _BLOCK.sub(
                    lambda block: block[1] + output_of(block["command"], block["folder"] or "."), text
                )
    return made


def output_of(command: str, folder: str = ".") -> str:
    """What a command of this program prints to stdout in a folder of the repository, with no Hugging Face cache."""
    run = subprocess.run(  # noqa: S603  the commands stand in our own pages
        [sys.executable, "-m", "licensecheck", *shlex.split(command)[1:]],
        cwd=ROOT / folder,
        env={
            **os.environ,
            "COLUMNS": _WIDTH,
            "NO_COLOR": "1",
            "HF_HUB_CACHE": str(DOCS / "no-cache"),
            "PYTHONPATH": str(ROOT / "src"),
        },
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    if not run.stdout:
        raise SystemExit(f"{command}: {run.stderr}")
    return run.stdout


def policy_page() -> str:
    """Every key of a policy: its values and default by the schema, its meaning by policy-keys.toml."""
    meanings = tomllib.loads((REFERENCE / "policy-keys.toml").read_text(encoding="utf-8"))
    meanings["uses.NAME"] = meanings.pop("uses")["NAME"]
    lines = [_POLICY_HEAD, *_policy_table("", Policy, meanings.pop(""))]
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
    lines = [_RULES_HEAD]
    for code, rule in sorted(RULES.items()):
        what, _, rest = rule.doc.partition("\n\n")
        lines += [
            f"## {code} {rule.name}",
            "",
            what,
            "",
            rest.replace("\n", "  \n"),
            "",
            f"Looks at: {_SUBJECTS[rule.subject]}.",
            "",
        ]
    return "\n".join(lines)


def cli_page() -> str:
    """Every command with its arguments and options."""
    lines = [_CLI_HEAD]
    for path, command in sorted(_commands(app, "licensecheck")):
        arguments = [each for each in command.params if isinstance(each, click.Argument)]
        usage = " ".join([path, "[OPTIONS]", *(each.metavar or str(each.name).upper() for each in arguments)])
        help_ = inspect.cleandoc(command.help or "").replace("\b\n", "")
        paragraphs = [inspect.cleandoc(each) for each in help_.split("\n\n")]
        lines += [f"## {path}", "", f"`{usage}`", "", "\n\n".join(paragraphs), ""]
        options = [each for each in command.params if isinstance(each, click.Option)]
        lines += [*_table(("option", "meaning", "default", "environment"), map(_option_row, options)), ""]
    return "\n".join(lines)


def vocabulary_page() -> str:
    """The closed vocabulary of the catalog."""
    lines = [_VOCABULARY_HEAD]
    for group, meanings in words().items():
        rows = ((f"`{word}`", meaning) for word, meaning in meanings.items())
        lines += [f"## {group}", "", *_table(("word", "meaning"), rows), ""]
    return "\n".join(lines)


def licenses_page() -> str:
    """Every license with a record of its own, in one table."""
    records = list(catalog())
    rows = (
        (
            f"[`{each.key}`](licenses/{each.key}.md)",
            f"`{each.spdx_id}`",
            each.name,
            each.class_,
            commercial(each),
            each.review.basis,
        )
        for each in records
    )
    table = _table(("key", "SPDX id", "name", "class", "commercial use", "basis"), rows)
    return "\n".join([_LICENSES_HEAD.format(count=len(records)), *table]) + "\n"


def questions_page() -> str:
    """The questions of tests/catalog/questions.toml with the answers that the tests hold the engine to."""
    table = tomllib.loads((ROOT / "tests" / "catalog" / "questions.toml").read_text(encoding="utf-8"))
    rows = (
        (each["question"], each["answer"].replace("|", "/"), f"`{each['license']}`", each.get("clause", ""))
        for each in table["questions"]
    )
    return "\n".join([_QUESTIONS_HEAD, *_table(("question", "answer", "license", "clause"), rows)]) + "\n"


def main(arguments: list[str]) -> int:
    """Write the pages; with `--check` only name those that differ. Returns the exit code."""
    check = "--check" in arguments
    stale = {path: text for path, text in pages().items() if not path.exists() or path.read_text("utf-8") != text}
    for path, text in stale.items():
        if not check:
            path.parent.mkdir(exist_ok=True)
            path.write_text(text, encoding="utf-8", newline="\n")
        sys.stdout.write(f"{'stale' if check else 'wrote'} {path.relative_to(ROOT)}\n")
    return 1 if stale and check else 0


def _section(field: FieldInfo) -> type[BaseModel] | None:
    """The table of the policy that a field holds, directly or by name; None for a plain value."""
    kinds = (field.annotation, *get_args(field.annotation))
    return next((kind for kind in kinds if isinstance(kind, type) and issubclass(kind, BaseModel)), None)


def _policy_table(title: str, section: type[BaseModel], meanings: dict[str, str]) -> list[str]:
    rows = []
    intro = meanings.pop("", "")
    for name, field in section.model_fields.items():
        key = name.replace("_", "-")
        if name == "sha256" or (_section(field) and title not in _OPTIONAL):
            continue
        if key not in meanings:
            raise SystemExit(f"policy-keys.toml does not explain `{key}` of [{title}]")
        rows.append((f"`{key}`", meanings.pop(key), _values(field), _default(field, optional=title in _OPTIONAL)))
    if meanings:
        raise SystemExit(f"policy-keys.toml explains keys of [{title}] that the schema lacks: {', '.join(meanings)}")
    return [*([intro.replace("\n", " "), ""] if intro else []), *_table(("key", "meaning", "values", "default"), rows)]


_OPTIONAL = {"organization", "uses.NAME"}


def _values(field: FieldInfo) -> str:
    names = {bool: "`true`, `false`", int: "number", str: "text", tuple: "list of texts"}
    if Fact in _leaves(field.annotation):
        return "figure, list of figures"
    leaves = [names.get(leaf, f"`{leaf}`") for leaf in _leaves(field.annotation) if leaf is not type(None)]
    return ", ".join(dict.fromkeys(leaves))


def _leaves(annotation: Any) -> Iterator[Any]:
    """The plain types and literal values within an annotation; a tuple of any kind is `tuple`."""
    origin = get_origin(annotation)
    if origin is None or origin is tuple:
        yield origin or annotation
    elif origin is Literal:
        yield from get_args(annotation)
    else:
        parts = get_args(annotation)[:1] if origin is Annotated else get_args(annotation)
        yield from (leaf for part in parts for leaf in _leaves(part))


def _default(field: FieldInfo, *, optional: bool) -> str:
    if field.is_required():
        return "must be given"
    if field.default is None or optional:
        return "not given"
    if isinstance(field.default, tuple):
        return "`[]`"
    return f"`{str(field.default).lower()}`"


def _commands(group: click.Group, path: str) -> Iterator[tuple[str, click.Command]]:
    context = click.Context(group)
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        if isinstance(command, click.Group):
            yield from _commands(command, f"{path} {name}")
        elif command:
            yield f"{path} {name}", command


def _option_row(option: click.Option) -> tuple[str, str, str, str]:
    names = ", ".join(f"`{name}`" for name in (*option.opts, *option.secondary_opts))
    choices = getattr(option.type, "choices", ())
    value = option.metavar or ("" if option.is_flag else "|".join(choices) or "NUMBER")
    default = str(option.default) if option.show_default else ""
    return (f"{names} {value}".strip(), option.help or "", default, f"`{option.envvar}`" if option.envvar else "")


def _table(head: tuple[str, ...], rows: Iterable[tuple[Any, ...]]) -> list[str]:
    lines = [head, tuple("---" for _ in head), *rows]
    return ["| " + " | ".join(str(cell).replace("|", "\\|") for cell in line) + " |" for line in lines]


_SUBJECTS: Mapping[Subject, str] = {
    "line": "each line of the model list",
    "model": "each model and base model",
    "license": "each license of the concluded expression",
    "upstream": "each base model of a model",
}
_POLICY_HEAD = """\
# The policy file

<!-- Made by docs/generate.py from the schema and docs/reference/policy-keys.toml; change it there. -->

A policy is a TOML file, or the table `[tool.licensecheck.policy]` of a pyproject.toml. It is UTF-8 text. An unknown
key is an error that names the nearest valid one. Every table but `[use]` may be left out.

Levels: `allow` passes, `review` means that a person decides, `deny` stops. How to write one:
[write a policy](../how-to/write-a-policy.md).
"""
_RULES_HEAD = """\
# Rules

<!-- Made by docs/generate.py from the docstrings in src/licensecheck/policy/rules; change it there. -->

A code is never reused. LC0xx: the list. LC1xx: use. LC2xx: missing, unknown, contradictory. LC3xx: conditions and
duties. LC4xx: changed models, outputs, base models. LC7xx: fetching. How findings become an outcome:
[how a verdict is reached](../explanation/how-a-verdict-is-reached.md).

Version 0.1.0 has no waivers and no clarifications: a license that was read and accepted goes on a list under
`[licenses]`.
"""
_CLI_HEAD = """\
# Commands

<!-- Made by docs/generate.py from the click commands in src/licensecheck/cli; change it there. -->

Data goes to stdout. Progress, hints and errors go to stderr. Exit codes: [exit codes](exit-codes.md).

Most options can also be set as an environment variable (named in the table), and in pyproject.toml as a key of
`[tool.licensecheck]` with the long name of the option. A flag goes before the environment, the environment before
pyproject.toml. Colours: `NO_COLOR`, `FORCE_COLOR`. A traceback is shown only with `LICENSECHECK_DEBUG=1`.
"""
_VOCABULARY_HEAD = """\
# Vocabulary

<!-- Made by docs/generate.py from src/licensecheck/catalog/data/terms.toml; change it there. -->

The words that license records may use, and no others. To see a record: `licensecheck licenses show llama3.1`.
"""
_LICENSES_HEAD = """\
# Licenses

<!-- Made by docs/generate.py from src/licensecheck/catalog/data/licenses; change it there. -->

{count} licenses and families of licenses have a record of their own. Other SPDX ids, and most
`LicenseRef-scancode-` ids, are known by the category that a public index gives them (basis `category`), and pass only
on an allow list. The columns `class` and `basis` are words of the [vocabulary](vocabulary.md).
"""

if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
