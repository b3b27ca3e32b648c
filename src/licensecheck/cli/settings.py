"""Defaults from `[tool.licensecheck]` in pyproject.toml: flag > environment > pyproject > default."""

from __future__ import annotations

import difflib
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import click

from licensecheck.errors import UsageError

_POLICY_TABLE = "policy"
_PLACE = "pyproject.toml [tool.licensecheck]"


def settings(app: click.Group, context: click.Context) -> dict[str, Any]:
    """The default map for click: command -> parameter -> value.

    A value counts for the commands that take it (`format = "markdown"` is none of `inspect`). Raises UsageError on a
    key or a value that no command takes.
    """
    table = _table(Path("pyproject.toml"))
    if not table:
        return {}
    commands = {name: command for name in app.list_commands(context) if (command := app.get_command(context, name))}
    takers: dict[str, list[click.Option]] = {}
    for command in commands.values():
        for key, param in _options(command):
            takers.setdefault(key, []).append(param)
    for key, value in table.items():
        _check(key, value, takers, context)
    return {name: _defaults(command, table, context) for name, command in commands.items()}


def _check(key: str, value: Any, takers: Mapping[str, list[click.Option]], context: click.Context) -> None:
    if key not in takers:
        near = difflib.get_close_matches(key, takers, n=1)
        hint = f"did you mean `{near[0]}`?" if near else f"valid keys: {', '.join(sorted(takers))}"
        raise UsageError(f"unknown key `{key}`", place=_PLACE, help=hint)
    reasons = [_refusal(param, value, context) for param in takers[key]]
    if all(reasons):
        raise UsageError(f"`{key}`: {reasons[0]}", place=_PLACE)


def _defaults(command: click.Command, table: Mapping[str, Any], context: click.Context) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for child in command.commands.values() if isinstance(command, click.Group) else ():
        found[child.name or ""] = _defaults(child, table, context)
    for param in command.params:
        for key in _keys(param):
            if key in table and not _refusal(param, table[key], context) and param.name:
                found[param.name] = _value(param, table[key])
    return found


def _refusal(param: click.Parameter, value: Any, context: click.Context) -> str | None:
    """Why a parameter does not take a value; None if it does."""
    if isinstance(value, dict) or (isinstance(value, list) and not param.multiple):
        return f"{value!r} is not one value"
    try:
        param.type_cast_value(context, _value(param, value))
    except click.BadParameter as error:
        return error.message
    return None


def _value(param: click.Parameter, value: Any) -> str | list[str]:
    """The value as click reads it from the command line and the environment, where all is text."""
    if not param.multiple:
        return str(value)
    return [str(each) for each in (value if isinstance(value, list) else [value])]


def _options(command: click.Command) -> Iterator[tuple[str, click.Option]]:
    """Every option of a command and the commands below it, by its long name."""
    yield from ((key, param) for param in command.params if isinstance(param, click.Option) for key in _keys(param))
    for child in command.commands.values() if isinstance(command, click.Group) else ():
        yield from _options(child)


def _keys(param: click.Parameter) -> list[str]:
    return [name.lstrip("-") for name in param.opts if name.startswith("--")]


def _table(path: Path) -> dict[str, Any]:
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise UsageError(f"cannot read the settings: {error}", place=str(path)) from error
    tool = data.get("tool", {})
    table = tool.get("licensecheck", {}) if isinstance(tool, dict) else {}
    if not isinstance(table, dict):
        raise UsageError("it is no table", place=_PLACE)
    # `policy` as a table is the policy itself (it has a reader of its own); as a string it is the option.
    return {key: value for key, value in table.items() if not (key == _POLICY_TABLE and isinstance(value, dict))}
