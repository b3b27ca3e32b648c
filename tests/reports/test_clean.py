"""Untrusted text comes out as one harmless line."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from licensecheck.reports.clean import clean, clean_lines, cut, json_text


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("license: apache-2.0", "license: apache-2.0"),
        ("许可证 «MIT» 🤗 é", "许可证 «MIT» 🤗 é"),
        ("  two\r\n\tlines\u2028three\u0085 ", "two lines three"),
        ("\x1b[31mred\x1b[0m", "\\x1b[31mred\\x1b[0m"),
        ("\x9b2J", "\\x9b2J"),
        ("\u202egnp.exe", "\\u202egnp.exe"),
        ("a\u200bb\ufeffc\u00add", "a\\u200bb\\ufeffc\\xadd"),
        ("\U000e0041", "\\U000e0041"),
        ("\ud800", "\\ud800"),
        ("::error::x", ": :error::x"),
        ("\n :::add-mask::x", ": : :add-mask::x"),
        ("std::vector", "std::vector"),
        ("x ##[error]y ##vso[a]z", "x ## [error]y ## vso[a]z"),
        ("## heading", "## heading"),
    ],
)
def test_what_a_reader_sees(text: str, shown: str) -> None:
    assert clean(text) == shown


@given(st.text() | st.text(alphabet=":#[a \n\x1b"))
def test_is_one_printable_line_and_stays_so(text: str) -> None:
    line = clean(text)
    assert line.isprintable()
    assert clean(line) == line
    assert not line.lstrip().startswith("::")


def test_lines_are_kept_where_they_matter() -> None:
    assert clean_lines("a\n\n b\x07\n::error::c") == ["a", "", "b\\x07", ": :error::c"]


@pytest.mark.parametrize(("most", "shown"), [(5, "abcde"), (4, "abc…"), (1, "…"), (0, "…")])
def test_a_long_line_is_cut(most: int, shown: str) -> None:
    assert cut("abcde", most) == shown


@given(
    st.recursive(
        st.text() | st.integers() | st.none(), lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner)
    )
)
def test_json_loses_nothing_and_hides_nothing(value: object) -> None:
    text = json_text(value)
    assert json.loads(text) == value
    assert text.replace("\n", "").isprintable()


def test_json_knows_no_nan() -> None:
    assert json.loads(json_text({"a": float("nan"), "b": [float("inf")]})) == {"a": None, "b": [None]}
