"""Every format over the same reports: how it reads, that all agree, and that no stranger's text breaks out."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import tomllib
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any, get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from markdown_it import MarkdownIt
from syrupy.assertion import SnapshotAssertion
from syrupy.extensions.single_file import SingleFileSnapshotExtension, WriteMode

from licensecheck import types, version
from licensecheck.reports import FORMATS, spdx_json, table
from licensecheck.reports.wording import OUTCOMES, standing, summary, unexplained
from licensecheck.types import (
    Evidence,
    Finding,
    ListLine,
    ModelRef,
    Obligation,
    Outcome,
    Problem,
    Report,
    Resolution,
    Verdict,
)

FOLDER = Path(__file__).parent
SAMPLES: Mapping[str, Report] = {
    path.stem: Report.model_validate(tomllib.loads(path.read_text("utf-8")))
    for path in sorted(FOLDER.glob("samples/*.toml"))
}
SCHEMA = json.loads((FOLDER.parents[1] / "docs" / "reference" / "report.schema.json").read_text("utf-8"))
TEXT_FORMATS = ("table", "markdown", "github")
# The snapshot must not change with the catalog or the calendar.
FIXED: Mapping[str, Callable[[Report], str]] = {
    **FORMATS,
    "spdx": partial(spdx_json.render, created=datetime(2026, 10, 2, tzinfo=UTC), find=lambda _: None),
}


class TextFile(SingleFileSnapshotExtension):
    _write_mode = WriteMode.TEXT
    file_extension = "txt"


@pytest.mark.parametrize("sample", SAMPLES)
@pytest.mark.parametrize("name", FORMATS)
def test_reads_like_this(name: str, sample: str, snapshot: SnapshotAssertion, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(version, "__version__", "0.0.0")
    assert FIXED[name](SAMPLES[sample]) == snapshot(extension_class=TextFile)


# The JSON Schema


def test_schema_is_one_and_names_what_the_types_name() -> None:
    Draft202012Validator.check_schema(SCHEMA)
    defs = SCHEMA["$defs"]
    told = {
        "outcome": (defs["outcome"], tuple(Outcome)),
        "relation": (defs["relation"], get_args(types.Relation)),
        "source": (defs["verdict"]["properties"]["source"], (*get_args(types.SourceName), None)),
        "evidence": (defs["evidence"]["properties"]["kind"], get_args(types.EvidenceKind)),
        "scope": (defs["evidence"]["properties"]["scope"], get_args(types.Scope)),
        "contradiction": (defs["contradiction"]["properties"]["kind"], get_args(types.ContradictionKind)),
    }
    for name, (schema, words) in told.items():
        assert set(schema["enum"]) == set(words), name


@pytest.mark.parametrize("sample", SAMPLES)
def test_json_follows_the_schema(sample: str) -> None:
    Draft202012Validator(SCHEMA).validate(json.loads(FORMATS["json"](SAMPLES[sample])))


def _places(value: Any, path: tuple[str | int, ...] = ()) -> list[tuple[str | int, ...]]:
    if isinstance(value, dict):
        return [place for key, each in value.items() for place in [(*path, key), *_places(each, (*path, key))]]
    if isinstance(value, list):
        return [place for index, each in enumerate(value) for place in _places(each, (*path, index))]
    return []


def _may_be_missing(place: tuple[str | int, ...]) -> bool:
    free = place[:2] in {("policy", "use"), ("policy", "facts")} and len(place) > 2
    return free or place[2::2] in {("findings", "license"), ("evidence", "upstream"), ("evidence", "relation")}


@pytest.mark.parametrize("sample", ["allowed", "denied", "review"])
def test_schema_notices_a_field_that_is_missing_or_new(sample: str) -> None:
    text = FORMATS["json"](SAMPLES[sample])
    validator = Draft202012Validator(SCHEMA)
    for place in _places(json.loads(text)):
        data = json.loads(text)
        parent = data
        for key in place[:-1]:
            parent = parent[key]
        value = parent.pop(place[-1])
        assert validator.is_valid(data) == _may_be_missing(place), f"without {place}"
        parent[place[-1]] = value
        parent["surprise"] = "new"
        assert validator.is_valid(data) == ("facts" in place[:-1]), f"with something beside {place}"


def test_json_has_the_published_shape() -> None:
    verdict = json.loads(FORMATS["json"](SAMPLES["denied"]))["verdicts"][0]
    assert list(verdict) == [
        "model", "source", "revision", "line", "outcome", "license", "findings", "obligations", "evidence",
        "contradictions", "upstream",
    ]  # fmt: skip
    assert verdict["license"] == {
        "declared": "MIT",
        "concluded": "MIT AND LicenseRef-acme-extra",
        "comment": "the card adds a condition to the tag",
    }
    assert "license" in verdict["findings"][0]
    assert "license" not in verdict["findings"][1]
    assert "upstream" in verdict["evidence"][2]
    assert "upstream" not in verdict["evidence"][0]


# All formats tell the same


@pytest.mark.parametrize("sample", SAMPLES)
def test_all_formats_tell_the_same_outcomes(sample: str) -> None:
    report = SAMPLES[sample]
    data = json.loads(FORMATS["json"](report))
    line = summary(report)
    told = {"models": 0, "allow": 0, "review": 0, "deny": 0, "incomplete": 0}
    names = {word: str(outcome) for outcome, word in OUTCOMES.items()} | dict.fromkeys(("model", "models"), "models")
    for count, word in re.findall(r"(\d+) (\w+)", line):
        told[names[word]] = int(count)
    assert told == data["summary"]
    assert all(line in FORMATS[name](report) for name in TEXT_FORMATS)

    packages = json.loads(FIXED["spdx"](report)).get("packages", [])
    outcomes = [package["comment"].split()[1] for package in packages if "comment" in package]
    assert outcomes == [OUTCOMES[verdict.outcome] for verdict in report.verdicts]


@pytest.mark.parametrize("sample", SAMPLES)
@pytest.mark.parametrize("name", TEXT_FORMATS)
def test_every_standing_finding_is_told_with_its_model(name: str, sample: str) -> None:
    text = FORMATS[name](SAMPLES[sample])
    for verdict in SAMPLES[sample].verdicts:
        for finding in standing(verdict):
            assert f"{finding.code} {finding.rule}" in text
        reason = unexplained(verdict)
        assert reason is None or reason in text


# The terminal


def test_only_failing_models_and_no_mere_information() -> None:
    text = table.render(SAMPLES["denied"], show="failing")
    assert "acme/tuned-7b" in text
    assert "acme/free" not in text
    assert "2 models: 1 allowed, 1 denied" in text
    assert "LC390" in table.render(SAMPLES["review"], show="all")
    assert "LC390" not in table.render(SAMPLES["review"], show="failing")


@pytest.mark.parametrize("sample", SAMPLES)
def test_colour_adds_nothing_but_colour(sample: str) -> None:
    painted = table.render(SAMPLES[sample], color=True)
    assert "\x1b[" in painted
    bare = re.sub(r"\x1b\[[0-9;]*m", "", painted)
    assert [line.rstrip() for line in bare.splitlines()] == table.render(SAMPLES[sample]).splitlines()


@pytest.mark.parametrize("width", [80, 120])
def test_messages_wrap_at_the_width(width: int) -> None:
    lines = table.render(SAMPLES["denied"], width=width).splitlines()
    assert max(len(line) for line in lines if line.startswith("  ")) <= width
    assert (
        " ".join(" ".join(lines).split()).count("a derivative cannot be more permissive than what it is made of") == 1
    )


def test_a_format_is_imported_only_when_asked_for() -> None:
    script = "import sys, licensecheck.reports; print({'spdx_tools', 'rich', 'license_expression'} & {*sys.modules})"
    run = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)  # noqa: S603
    assert run.stdout.strip() == "set()"


# Strangers' text

NASTY = st.text(
    alphabet=st.one_of(
        st.characters(exclude_categories=["Cs"]), st.sampled_from("\n\r\x1b\u202e:#@|`<>[]()%,!*_~\\& a1")
    )
)
ATTACKS = st.sampled_from(
    [
        "::error::x",
        "\n::stop-commands::x",
        "##[add-mask]x",
        "##vso[task]",
        "\x1b]0;x\x07",
        "\u202ex",
        "](https://evil.example)",
        "<img src=https://evil.example>",
        "`\n```\n",
        "| a | b |",
        "@everyone",
        "https://evil.example",
        "[x]: https://evil.example",
        "![x](https://evil.example/x.png)",
        "\n\n# x",
        "\\|",
        "\\`",
        "<!--",
        "1. x",
        "- x",
        "&lt;b&gt;",
        "www.evil.example",
    ]
)
HOSTILE = st.lists(NASTY | ATTACKS, min_size=1, max_size=3).map("".join)
OUTCOME = st.sampled_from([Outcome.ALLOW, Outcome.REVIEW, Outcome.INCOMPLETE, Outcome.DENY])


@st.composite
def verdicts(draw: st.DrawFn) -> Verdict:
    text = partial(draw, HOSTILE)
    line = draw(st.none() | st.builds(ListLine, file=HOSTILE, line=st.integers(1, 9)))
    model = ModelRef(
        source=draw(st.sampled_from(["hub", "directory"])), name=text(), revision=draw(st.none() | HOSTILE), line=line
    )
    evidence = Evidence(
        kind=draw(st.sampled_from(["prose", "lineage", "license-file"])),
        locator=text(),
        quote=text(),
        license=text(),
        upstream=text(),
        relation="merge",
    )
    finding = Finding(
        code="LC101",
        rule="some-rule",
        outcome=draw(OUTCOME),
        message=text(),
        clause=text(),
        evidence=(0,),
        help=text(),
        waiver=draw(st.none() | HOSTILE),
    )
    obligation = Obligation(kind="notice", text=text(), where=text(), license=text(), clause=text())
    resolution = Resolution(
        model=model, name=text(), revision=draw(st.none() | HOSTILE), declared=text(), concluded=text(), comment=text(),
        evidence=(evidence,), problems=(Problem(kind="timeout", message=text(), fatal=True),),
    )  # fmt: skip
    return Verdict(
        model=model, resolution=resolution, findings=(finding,), obligations=(obligation,), outcome=draw(OUTCOME)
    )


REPORTS = st.builds(
    lambda name, verdicts: SAMPLES["empty"].model_copy(
        update={"policy": SAMPLES["empty"].policy.model_copy(update={"name": name}), "verdicts": tuple(verdicts)}
    ),
    HOSTILE,
    st.lists(verdicts(), min_size=1, max_size=2),
)


@settings(deadline=None, max_examples=1500)
@given(REPORTS)
@pytest.mark.parametrize("name", FORMATS)
def test_nothing_invisible_and_no_command_gets_out(name: str, report: Report) -> None:
    text = FIXED[name](report)
    assert text.endswith("\n")
    assert text.replace("\n", "").isprintable()
    if name in {"table", "markdown"}:
        assert not re.search(r"^\s*::", text, re.MULTILINE)
        assert not re.search(r"##\w*\[", text)


COMMAND = re.compile(r"::(?:error|warning|notice) (?:file=[^:,]*,line=[0-9]+,)?title=[^:,]*::\S.*")


@settings(deadline=None, max_examples=1500)
@given(REPORTS)
def test_github_gets_one_whole_command_a_finding(report: Report) -> None:
    *commands, last = FORMATS["github"](report).removesuffix("\n").split("\n")
    assert last == summary(report)
    assert all(COMMAND.fullmatch(command) for command in commands)
    assert all(not re.search(r"%(?!25|0A|3A|2C)", command) for command in commands)
    failing = [
        finding for verdict in report.verdicts for finding in verdict.findings if finding.outcome is not Outcome.ALLOW
    ]
    assert len(commands) == len(failing) + sum(unexplained(verdict) is not None for verdict in report.verdicts)


@settings(deadline=None, max_examples=1500)
@given(REPORTS)
def test_markdown_holds_no_markup_of_strangers(report: Report) -> None:
    tokens = MarkdownIt("commonmark").enable(["table", "strikethrough"]).parse(FORMATS["markdown"](report))
    flat = [each for token in tokens for each in [token, *(token.children or [])]]
    assert not {each.type for each in flat} & {
        "html_block",
        "html_inline",
        "image",
        "em_open",
        "s_open",
        "blockquote_open",
        "hr",
    }
    assert all(
        str(each.attrs["href"]).startswith("https://huggingface.co/") for each in flat if each.type == "link_open"
    )
    assert [each.tag for each in flat if each.type == "heading_open"].count("h2") == 1
    assert sum(each.type == "td_open" for each in flat) == 4 * len(report.verdicts)
    prose = "".join(each.content for each in flat if each.type == "text")
    assert not re.search(r"@\w|https?://|www\.", prose, re.IGNORECASE)
