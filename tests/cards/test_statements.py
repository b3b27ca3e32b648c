"""What the prose of a card states, sentence by sentence and language by language."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from licensecheck.cards import frontmatter
from licensecheck.cards.languages import languages
from licensecheck.cards.statements import Statement, plain, statements
from licensecheck.evidence import read
from licensecheck.resolve.resolution import resolution
from licensecheck.types import ModelRef, Resolution, Snapshot, TextFile

ROWS = tomllib.loads((Path(__file__).parent / "statements.toml").read_text(encoding="utf-8"))
FOLDER = Path(__file__).parent
RESTRICTING = (FOLDER / "restricting.txt").read_text(encoding="utf-8").splitlines()
HARMLESS = (FOLDER / "harmless.txt").read_text(encoding="utf-8").splitlines()
WORDS = st.sampled_from((
    "License", ": ", "MIT", "the model", " weights", "code ", "non-commercial", "\n", "\n\n", "# ", "- ", "| ", "```\n",
    "<!--", "-->", "](", "[", "released under ", "许可", "，", "仅供研究", "Llama 2", "**", "http://", ".", " ",
))  # fmt: skip


def _told(each: Statement) -> str:
    what = each.restriction or each.license
    if not what:
        what = f"? {each.spelling}" if each.spelling else f"-> {each.link}" if each.link else "the license of the base"
    return f"{each.scope} {each.strength} {what}"


@pytest.mark.parametrize("row", ROWS.values(), ids=ROWS.keys())
def test_row(row: dict[str, Any]) -> None:
    assert [_told(each) for each in statements(frontmatter.numbered(row["text"]), "foo/bar-7b")] == row["says"]


def _concluded(sentence: str) -> Resolution:
    """What follows from the sentence in a card under Apache-2.0."""
    card = TextFile(path="README.md", text=f"---\nlicense: apache-2.0\n---\n\n# Foo 7B\n\n{sentence}\n")
    snapshot = Snapshot(model=ModelRef(name="foo/bar-7b"), source="directory", name="foo/bar-7b", card=card)
    return resolution(snapshot, read(snapshot))


@pytest.mark.parametrize("sentence", RESTRICTING)
def test_a_restricting_sentence_does_not_pass_under_a_permissive_tag(sentence: str) -> None:
    found = _concluded(sentence)
    assert found.contradictions or found.unresolved or found.concluded != "Apache-2.0"


@pytest.mark.parametrize("sentence", HARMLESS)
def test_a_harmless_sentence_is_no_contradiction(sentence: str) -> None:
    found = _concluded(sentence)
    assert (found.concluded, found.contradictions, found.unresolved) == ("Apache-2.0", (), ())


def test_lines_are_those_of_the_card() -> None:
    card = "\n\n# Bar\n\nBar is\nreleased under\nthe MIT license. It is for\nresearch only.\n\n| License | MIT |\n"
    found = statements(frontmatter.numbered(card), "foo/bar-7b")
    assert [(each.line, each.license or each.restriction) for each in found] == [
        (7, "MIT"), (8, "research-only"), (10, "MIT"),
    ]  # fmt: skip
    assert found[0].quote == "Bar is released under the MIT license."


def test_the_row_of_this_model_in_a_table_of_models() -> None:
    card = "| Model | License |\n|---|---|\n| Bar-7B | MIT |\n| Bar-70B | CC BY-NC 4.0 |\n"
    found = statements(frontmatter.numbered(card), "foo/bar-7b")
    assert [(each.line, each.scope, each.license) for each in found] == [
        (3, "weights", "MIT"), (4, "other-model", "CC-BY-NC-4.0"),
    ]  # fmt: skip


def test_a_plain_text_has_restrictions_with_their_lines() -> None:
    found = plain("A notice.\nThe weights must not be sold for profit.\nNot for commercial use.")
    assert [(each.line, each.restriction) for each in found] == [(2, "non-commercial"), (3, "non-commercial")]


@pytest.mark.parametrize("language", languages(), ids=lambda language: language.code)
def test_each_language_knows_prohibitions(language: Any) -> None:
    assert {"non-commercial", "research-only"} <= {
        restriction for strength, restriction, _ in language.restrictions if strength == "prohibition"
    }
    assert language.stems
    assert all(stem == stem.lower() for stem in language.stems)


@given(st.lists(WORDS, max_size=40).map("".join))
def test_any_text_can_be_read(text: str) -> None:
    lines = frontmatter.numbered(text)
    for each in statements(lines, "foo/bar-7b"):
        assert 1 <= each.line <= len(lines)
        assert each.quote
        assert (each.restriction is None) != (each.strength != "grant")
