"""Defaults from `[tool.licensecheck]` in pyproject.toml: flag > environment > pyproject > default."""

from __future__ import annotations

import difflib
import tomllib
from pathlib import Path
from typing import Any

import click

from licensecheck.errors import UsageError

_POLICY_TABLE = "policy"


def settings(app: click.Group, context: click.Context) -> dict[str, Any]:
    """The default map for click: command -> parameter -> value. Raises UsageError on a key that no command has."""
    table = _table(Path("pyproject.toml"))
    if not table:
        return {}
    commands = {name: command for name in app.list_commands(context) if (command := app.get_command(context, name))}
    known = {key for command in commands.values() for key in _options(command)}
    for key in table:
        if key not in known:
            near = difflib.get_close_matches(key, known, n=1)
            raise UsageError(
                f"unknown key `{key}`",
                place="pyproject.toml [tool.licensecheck]",
                help=f"did you mean `{near[0]}`?" if near else f"valid keys: {', '.join(sorted(known))}",
            )
    return {name: _defaults(command, table) for name, command in commands.items()}


def _defaults(command: click.Command, table: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = {
        param.name: table[key] for key, param in _options(command).items() if key in table and param.name
    }
    for name, child in command.commands.items() if isinstance(command, click.Group) else ():
        found[name] = _defaults(child, table)
    return found


def _options(command: click.Command) -> dict[str, click.Option]:
    found = {}
    for param in command.params:
        if isinstance(param, click.Option):
            found.update({name.lstrip("-"): param for name in param.opts if name.startswith("--")})
    for child in command.commands.values() if isinstance(command, click.Group) else ():
        found.update(_options(child))
    return found


def _table(path: Path) -> dict[str, Any]:
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise UsageError(f"cannot read the settings: {error}", place=str(path)) from error
    table = data.get("tool", {}).get("licensecheck", {})
    # `policy` as a table is the policy itself (it has a reader of its own); as a string it is the option.
    return {key: value for key, value in table.items() if not (key == _POLICY_TABLE and isinstance(value, dict))}
