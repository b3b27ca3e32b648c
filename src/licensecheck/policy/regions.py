"""Which places there are: ISO 3166-1 country codes, and the territories that license texts name."""

from __future__ import annotations

import difflib
import tomllib
from collections.abc import Iterable
from functools import lru_cache
from importlib.resources import files

from licensecheck.catalog.vocabulary import territories


def is_place(name: str) -> bool:
    """Whether this is a country code (`DE`) or a territory of the catalog (`EU`, `UK`)."""
    return name in territories() or name in _codes()


def countries(names: Iterable[str]) -> frozenset[str]:
    """The country codes of countries and territories; names that are neither are left out."""
    found = (territories().get(name, [name] if name in _codes() else []) for name in names)
    return frozenset(country for group in found for country in group)


def checked_place(name: str) -> str:
    """The name as it is; raises ValueError with the nearest place where there is no such place."""
    if is_place(name):
        return name
    near = difflib.get_close_matches(name.upper(), [*territories(), *sorted(_codes())], n=1)
    hint = f"did you mean `{near[0]}`?" if near else "give an ISO 3166 country code"
    raise ValueError(f"must be a country code such as DE or US, or EU, not `{name}`; {hint}")


@lru_cache
def _codes() -> frozenset[str]:
    data = tomllib.loads(files(__package__).joinpath("countries.toml").read_text(encoding="utf-8"))
    return frozenset(data["codes"].split())
