"""What is wrong with a policy file, in sentences: the key, what must stand there, and the nearest valid word."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, get_args

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from licensecheck.catalog import catalog
from licensecheck.catalog.vocabulary import words
from licensecheck.errors import PolicyError

_EXPECTED = {
    "bool_type": "true or false",
    "int_type": "a whole number",
    "string_type": "text in quotes",
    "tuple_type": 'a list, e.g. ["MIT"]',
    "date_type": "a date without quotes, e.g. 2026-10-01",
    "model_type": "a table",
    "mapping_type": "a table",
    "dict_type": "a table",
}
"""What a value must be, by the kind of error that pydantic reports."""
_SHOWN = 60
# A class that only says that a license is not known: nothing can be allowed by it.
_SAYS_NOTHING = {"family", "unknown"}


def policy_error(mistakes: Sequence[str], place: str) -> PolicyError:
    """One error for all mistakes of a file, in their order, each once."""
    found = list(dict.fromkeys(mistakes))
    if len(found) == 1:
        return PolicyError(found[0], place=place)
    return PolicyError(f"{len(found)} mistakes" + "".join(f"\n  - {each}" for each in found), place=place)


def schema_mistakes(error: ValidationError, root: type[BaseModel]) -> Iterator[str]:
    """Each fault that pydantic found in data of the section `root`, as a sentence."""
    for each in error.errors(include_url=False):
        # Parts in angle brackets are names of union arms, not keys of the file.
        path = [part for part in each["loc"] if not str(part).startswith("<")]
        if each["type"] == "extra_forbidden":
            yield unknown_key(_dotted(path), valid_keys(root, path[:-1]), written=str(path[-1]))
        elif each["type"] == "missing":
            yield _missing(path, root)
        else:
            yield f"`{_dotted(path)}` {_what_must_stand(each)}"


def list_mistakes(data: Mapping[str, Any]) -> Iterator[str]:
    """Each entry under `[licenses]` that names no license, or in `allow` one that could be several."""
    lists = data.get("licenses")
    for level in ("allow", "review", "deny"):
        entries = lists.get(level) if isinstance(lists, dict) else None
        for entry in entries if isinstance(entries, list) else ():
            wrong = _wrong_entry(entry, level) if isinstance(entry, str) else None
            if wrong:
                yield f"`licenses.{level}`: {wrong}"


def unknown_key(key: str, valid: Sequence[str], *, written: str | None = None) -> str:
    """The sentence for a key that is none of the valid ones; `written` is its last part where `key` is a path."""
    return f"unknown key `{key}`; {_nearest(written or key, valid)}"


def valid_keys(root: type[BaseModel], path: Sequence[object] = ()) -> list[str]:
    """The keys that may stand in the table at this path below `root`."""
    section = root
    for part in path:
        # A part that is no key of the section is a name that the user chose, or the place in a list.
        field = next((field for field in section.model_fields.values() if field.alias == part), None)
        section = (_section_in(field.annotation) if field else None) or section
    return [field.alias or name for name, field in section.model_fields.items()]


def shown(value: object) -> str:
    """A value in the spelling of TOML, shortened."""
    if isinstance(value, (dict, list)):
        return "a table" if isinstance(value, dict) else "a list"
    text = str(value).lower() if isinstance(value, bool) else f'"{value}"' if isinstance(value, str) else str(value)
    return text if len(text) <= _SHOWN else text[:_SHOWN] + "…"


def _missing(path: Sequence[object], root: type[BaseModel]) -> str:
    inside = valid_keys(root, path)
    if inside == valid_keys(root, path[:-1]):
        return f"missing key `{_dotted(path)}`; it must be given"
    return f"missing table [{_dotted(path)}]; it holds {', '.join(inside)}"


def _what_must_stand(fault: ErrorDetails) -> str:
    kind, context, given = fault["type"], fault.get("ctx", {}), shown(fault["input"])
    if kind == "value_error":
        return str(context["error"])
    if kind == "literal_error":
        expected = re.findall(r"'([^']+)'", str(context["expected"])) or [str(context["expected"])]
        why = "; what nobody knows is never allowed" if fault["input"] == "allow" else ""
        return f"must be {_or(expected)}, not {given}{why}"
    if kind in {"greater_than_equal", "less_than_equal"}:
        bound = f"{context['ge']} or more" if kind == "greater_than_equal" else f"{context['le']} or less"
        return f"must be {bound}, not {given}"
    return f"must be {_EXPECTED.get(kind, 'another kind of value')}, not {given}"


def _wrong_entry(entry: str, level: str) -> str | None:
    if entry.startswith("@"):
        return _wrong_class(entry, level)
    record = catalog().find(entry)
    if record is None:
        near = catalog().nearest(entry)
        return f"`{entry}` is not a known license; " + (
            f"did you mean `{near[0]}`?" if near else "see `licensecheck licenses list`"
        )
    if level == "allow" and record.ambiguous:
        members = f": {', '.join(record.candidates)}" if record.candidates else ""
        return f"`{entry}` names several licenses, which may differ; name those you mean{members}"
    return None


def _wrong_class(entry: str, level: str) -> str | None:
    classes = words()["class"]
    if entry[1:] not in classes:
        return f"`{entry}` is not a class of licenses; {_nearest(entry, [f'@{each}' for each in classes])}"
    if level == "allow" and entry[1:] in _SAYS_NOTHING:
        return f"`{entry}` says that a license is not known; it cannot be allowed"
    return None


def _nearest(written: str, valid: Sequence[str]) -> str:
    near = difflib.get_close_matches(written.lower().replace("_", "-"), valid, n=1)
    return f"did you mean `{near[0]}`?" if near else f"valid: {', '.join(valid)}"


def _section_in(annotation: Any) -> type[BaseModel] | None:
    """The section that a field holds, alone, by name or in a list."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    return next(filter(None, map(_section_in, get_args(annotation))), None)


def _dotted(path: Sequence[object]) -> str:
    text = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in path)
    return text.removeprefix(".")


def _or(choices: Sequence[str]) -> str:
    quoted = [choice if choice.isdigit() else f'"{choice}"' for choice in choices]
    return quoted[0] if len(quoted) == 1 else f"{', '.join(quoted[:-1])} or {quoted[-1]}"
