"""How a license record reads: a page a lawyer can check, as text or JSON."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable
from dataclasses import asdict
from typing import Any

from licensecheck import spdx
from licensecheck.catalog import LicenseRecord
from licensecheck.catalog.vocabulary import words
from licensecheck.reports.clean import json_text
from licensecheck.reports.license_lines import WIDTH, Line, lines, wrapped


def as_json(records: Iterable[LicenseRecord]) -> str:
    """A list with one object a license; keys in snake case."""
    return json_text([row(each) for each in records])


def row(record: LicenseRecord) -> dict[str, Any]:
    """One license as plain data: `key, spdx_id, name, family, version, ..., terms, review`."""
    data = record.model_dump(mode="json", exclude_none=True)
    data["class"] = data.pop("class_")
    return {"key": record.key, "spdx_id": record.spdx_id, "name": record.name, "aliases": list(record.aliases), **data}


def as_table(records: Iterable[LicenseRecord]) -> str:
    """One line a license: key, SPDX id, class, commercial use, name."""
    rows = [(each.key, each.spdx_id, each.class_, commercial(each), each.name) for each in records]
    if not rows:
        return "no license\n"
    widths = [max(len(row[i]) for row in rows) for i in range(4)]
    lines = (
        "  ".join([*(f"{cell:<{width}}" for cell, width in zip(row, widths, strict=False)), row[4]]) for row in rows
    )
    return "".join(f"{line}\n" for line in lines)


def commercial(record: LicenseRecord) -> str:
    """The answer on commercial use in a word or two."""
    if record.ambiguous:
        return "which one?"
    grant = record.terms.grant("use", "commercial")
    return {"allow": "commercial", "deny": "no commercial", "conditional": "conditional"}.get(
        grant.value if grant else "", "unknown"
    )


def as_text(record: LicenseRecord) -> str:
    """The whole page for the terminal."""
    head = [f"{record.spdx_id}  {record.name}", ""]
    for label, value in {"key": record.key, **_facts(record)}.items():
        if value is not None:
            head += textwrap.wrap(str(value), WIDTH, initial_indent=f"{label:<14}", subsequent_indent=" " * 14)
    body = [each for line in lines(record) for each in _told(line)]
    return "".join(f"{line}\n" for line in [*head, "", *body])


def _facts(record: LicenseRecord) -> dict[str, object]:
    """What identifies a license, by label; None where it is not known."""
    listed = spdx.lookup(record.spdx_id)
    return {
        "family": record.family, "version": record.version, "date": record.date,
        "steward": record.steward, "class": f"{record.class_}: {words()['class'][record.class_]}",
        "text": ", ".join(record.text_urls) or None, "also known as": ", ".join(record.aliases) or None,
        "reviewed": f"{record.review.on} by {record.review.by}, {words()['basis'][record.review.basis]}",
        "read again": f"{record.review.second.on}" if record.review.second else None,
        "SPDX list": _listed(listed), "note": record.note,
    }  # fmt: skip


def exception(entry: spdx.SpdxId) -> str:
    """What is known of a license exception: it changes a license, and is none."""
    what = "an exception: it stands behind WITH in an expression, and permits nothing alone"
    return f"{entry.id}  {_listed(entry) or entry.id}\n{what}"


def _listed(entry: spdx.SpdxId | None) -> str | None:
    """What the SPDX list says of an id, where it is on the list."""
    if entry is None or entry.name is None:
        return None
    said = {True: "yes", False: "no", None: "nothing said"}
    old = ", deprecated" if entry.deprecated else ""
    return f"{entry.name}{old}; OSI approved: {said[entry.osi_approved]}; FSF libre: {said[entry.fsf_libre]}"


def as_markdown(record: LicenseRecord) -> str:
    """The whole page as Markdown: what identifies the license, then a table of what it says."""
    facts = {"SPDX id": f"`{record.spdx_id}`", "key": f"`{record.key}`", **_facts(record)}
    head = [f"# {record.name}", "", *(f"- {label}: {value}" for label, value in facts.items() if value is not None)]
    rows = [
        f"| {line.label} | {_cell(line.text)}{f' ({_cell(line.note)})' if line.note else ''} | {_cell(line.clause)} |"
        for line in lines(record)
    ]
    return "\n".join([*head, "", "| | what it says | clause |", "| --- | --- | --- |", *rows]) + "\n"


def difference(one: LicenseRecord, other: LicenseRecord) -> list[tuple[str, Line]]:
    """What two licenses say differently: `("-", line)` of the first, `("+", line)` of the second, by question."""
    first, second = list(lines(one)), list(lines(other))
    said = [{(line.label, line.text) for line in each} for each in (first, second)]
    gone = [("-", line) for line in first if (line.label, line.text) not in said[1]]
    come = [("+", line) for line in second if (line.label, line.text) not in said[0]]
    labels = list(dict.fromkeys(line.label for line in (*first, *second)))
    return sorted([*gone, *come], key=lambda each: labels.index(each[1].label))


def difference_as_text(one: LicenseRecord, other: LicenseRecord) -> str:
    """The differences for the terminal, each with its clause."""
    head = [f"- {one.key}  {one.name}", f"+ {other.key}  {other.name}", ""]
    body = [
        f"{sign} {text}" if not i else f"  {text}"
        for sign, line in difference(one, other)
        for i, text in enumerate(_told(line))
    ]
    return "\n".join([*head, *(body or ["the records say the same"])]) + "\n"


def difference_as_json(one: LicenseRecord, other: LicenseRecord) -> str:
    """The differences as data: a list of `{sign, license, label, text, clause, note}`."""
    keys = {"-": one.key, "+": other.key}
    return json_text([{"sign": sign, "license": keys[sign], **asdict(line)} for sign, line in difference(one, other)])


def _told(line: Line) -> list[str]:
    """A line with its clause and note, wrapped."""
    clause = f"  (section {line.clause})" if line.clause else ""
    note = wrapped(f"{'':8}{line.note}") if line.note else []
    return [*wrapped(f"{line.label:<8}{line.text}{clause}"), *note]


def _cell(text: str | None) -> str:
    return (text or "").replace("|", "\\|")
