"""The policies that ship with this package, for an organization to start from."""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from importlib.resources import files

from licensecheck.errors import UsageError

_FOLDER = files(__package__).joinpath("presets")


def presets() -> Mapping[str, str]:
    """The names of all presets, each with the first sentence of its file."""
    found = {each.name.removesuffix(".toml"): each for each in _FOLDER.iterdir() if each.name.endswith(".toml")}
    return {name: found[name].read_text(encoding="utf-8").splitlines()[0].lstrip("# ") for name in sorted(found)}


def preset(name: str) -> str:
    """The text of a preset; raises UsageError that names the nearest."""
    if name not in presets():
        near = difflib.get_close_matches(name, presets(), n=1)
        raise UsageError(
            f"no preset `{name}`", help=f"did you mean `{near[0]}`?" if near else f"presets: {', '.join(presets())}"
        )
    return _FOLDER.joinpath(f"{name}.toml").read_text(encoding="utf-8")
