"""How a report reads: one file a format, each a function from a report to text."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from licensecheck.types import Report

Format = Callable[["Report"], str]


def _format(module: str) -> Format:
    # A format is imported when it is asked for: spdx-tools alone costs 0.3 s, which `--help` need not pay.
    def render(report: Report) -> str:
        text: str = import_module(f"licensecheck.reports.{module}").render(report)
        return text

    return render


FORMATS: Mapping[str, Format] = {
    "table": _format("table"),
    "json": _format("json_report"),
    "markdown": _format("markdown"),
    "github": _format("github"),
    "spdx": _format("spdx_json"),
}
"""Every format by its name on the command line; the text ends with a line feed.

A format's module has a `render` with options of its own (colour, the creation date of an SPDX document).
"""
