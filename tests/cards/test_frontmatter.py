"""The metadata block of a card: found where the Hub finds it, read as written, never raising."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from licensecheck.cards import yamltext
from licensecheck.cards.frontmatter import FrontMatter, Misplaced, hub_block, parse
from licensecheck.cards.keys import SPELLINGS

ROWS = yaml.safe_load((Path(__file__).parent / "frontmatter" / "blocks.yaml").read_text(encoding="utf-8"))

# huggingface_hub.repocard.REGEX_YAML_BLOCK, the rule this room promises to follow
HUB = re.compile(r"^(\s*---(?:\r\n|\r|\n))([\S\s]*?)((?:\r\n|\r|\n)---[ \t]*(\r\n|\n|$))")

LINES = (
    "---", "--- ", "----", "", "license: mit", "  license: x", "licence:", "- a", "widget:", "model-index:", "  - b",
    "'", "base_model: [a", "<!-- ---", "--- -->", "```", "# Title", "Prose.", "x: &a [*a]", "x: !y z", "\u2028: 1",
)  # fmt: skip
FILLER = ("a: b", "# x", "", "tags:", "- x", "widget:", "  - y", "s: '\u2028'")

hostile = st.text(alphabet="-- \t\r\n\nalicense:[]{}&*!'\"<>#`|\ufeff\u2028\x85\x07\ud800ü", max_size=80)
cards = st.one_of(
    hostile,
    st.text(max_size=40),
    st.lists(
        st.sampled_from(LINES),
        max_size=14,
    ).flatmap(lambda lines: st.sampled_from(["\n", "\r\n", "\r"]).map(lambda end: end.join(lines))),
)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row["name"])
def test_row(row: dict[str, Any]) -> None:
    front = parse(row["card"])
    for name, expected in row["expect"].items():
        actual = getattr(front, name)
        if name == "message" and expected:
            assert expected in actual
        elif name == "misplaced":
            assert [_told(block, wanted) for block, wanted in zip(actual, expected, strict=True)] == expected
        else:
            assert _plain(actual) == expected, name


def test_front_matter_of_nothing_is_empty() -> None:
    assert parse("") == FrontMatter(status="none")


def test_rows_have_their_own_names() -> None:
    assert len({row["name"] for row in ROWS}) == len(ROWS)


def test_lone_surrogate_is_an_error_not_an_exception() -> None:
    front = parse("---\nlicense: mit\nx: \ud800\n---\n")
    assert front.status == "yaml-error"
    assert front.salvaged == {"license": ("mit",)}


def test_license_on_line_2603() -> None:
    results = "".join(f"  - task: t{number}\n    value: {number}\n" for number in range(1299))
    front = parse(f"---\nmodel-index:\n- results:\n{results}  - task: last\nlicense: mit\n---\n")
    assert front.lines["license"] == 2603
    assert front.data == {"model-index": None, "license": "mit"}


@pytest.mark.parametrize("loader", [yaml.SafeLoader, getattr(yaml, "CSafeLoader", yaml.SafeLoader)])
@pytest.mark.parametrize("text", ["[" * 100_000, "- " * 100_000, "? " * 100_000, "{a: " * 100_000])
def test_nesting_is_bounded(monkeypatch: pytest.MonkeyPatch, loader: type, text: str) -> None:
    monkeypatch.setattr(yamltext, "_LOADER", loader)
    with pytest.raises(yamltext.Malformed, match=r"levels of nesting|nesting depth|a key that is not plain text"):
        yamltext.read(text)


@pytest.mark.parametrize(
    ("text", "offset"),
    [
        ("a: é\nb: \x07", 8),
        ('a: "\\UFFFFFFFF"', None),
        ("%YAML " + "9" * 5000 + ".1\n---\na", None),
        ("a: b\nc: @d", 8),
    ],
)
def test_python_loader_gives_the_same_errors(monkeypatch: pytest.MonkeyPatch, text: str, offset: int | None) -> None:
    monkeypatch.setattr(yamltext, "_LOADER", yaml.SafeLoader)
    with pytest.raises(yamltext.Malformed) as caught:
        yamltext.read(text)
    assert offset is None or caught.value.offset == offset


@given(cards)
def test_any_text_is_read(card: str) -> None:
    front = parse(card)
    lines = re.split("\r\n|\r|\n", card.removeprefix("\ufeff"))
    assert (front.message is None) == (front.status == "ok" or (front.status == "none" and not front.misplaced))
    assert 1 <= front.body_line <= len(lines) + 1
    assert (front.status == "ok") >= bool(front.data)
    blocks: tuple[FrontMatter | Misplaced, ...] = (front, *front.misplaced)
    for block in blocks:
        assert all(key in block.lines for key in block.data)
        assert all(1 <= line <= len(lines) for line in block.lines.values())


@given(st.text(alphabet="-- \t\r\nx", max_size=40))
def test_block_is_the_hubs(card: str) -> None:
    expected = HUB.match(card)
    assert hub_block(card) == (expected[2] if expected else None)
    assert (parse(card).status in {"none", "unterminated"}) == (expected is None)


@given(
    before=st.sampled_from(["", "\n", " \n\n", "\ufeff", "\ufeff\n"]),
    end=st.sampled_from(["\n", "\r\n"]),
    filler=st.lists(st.sampled_from(FILLER), max_size=8, unique=True),
    key=st.sampled_from([spelling for spellings in SPELLINGS.values() for spelling in spellings]),
)
def test_lines_point_to_the_key(before: str, end: str, filler: list[str], key: str) -> None:
    card = before + end.join(["---", *filler, f"{key}: value", "---", "prose"])
    front = parse(card)
    lines = re.split("\r\n|\r|\n", card.removeprefix("\ufeff"))
    named = front.lines if front.status in {"ok", "yaml-error"} else {key: 0}
    assert lines[named[key] - 1].startswith(key + ":")
    assert lines[(front.first_line or 0) - 1] == lines[(front.last_line or 0) - 1] == "---"
    assert lines[front.body_line - 1] == "prose"


@given(st.dictionaries(st.text("abc", min_size=1), st.text(max_size=12), max_size=4))
def test_text_comes_back_as_written(data: dict[str, str]) -> None:
    text = yaml.safe_dump(data, default_style='"', allow_unicode=False)
    assert parse(f"---\n{text}\n---\n").data == data


def _told(block: Misplaced, wanted: dict[str, Any]) -> dict[str, Any]:
    return {name: _plain(getattr(block, name)) for name in wanted}


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _plain(inner) for key, inner in value.items()}
    return [_plain(inner) for inner in value] if isinstance(value, tuple | list) else value
