"""What a text is said to be."""

from __future__ import annotations

import textwrap
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import licensecheck as lc
from licensecheck.catalog import catalog
from licensecheck.texts.identification import Identification
from licensecheck.texts.identify import identify
from licensecheck.texts.wordlists import critical_words

# The Zero-Clause BSD license is short enough to stand here.
ZERO_BSD = """\
Permission to use, copy, modify, and/or distribute this software for any purpose with or without fee is hereby granted.

THE SOFTWARE IS PROVIDED "AS IS" AND THE AUTHOR DISCLAIMS ALL WARRANTIES WITH REGARD TO THIS SOFTWARE INCLUDING ALL
IMPLIED WARRANTIES OF MERCHANTABILITY AND FITNESS. IN NO EVENT SHALL THE AUTHOR BE LIABLE FOR ANY SPECIAL, DIRECT,
INDIRECT, OR CONSEQUENTIAL DAMAGES OR ANY DAMAGES WHATSOEVER RESULTING FROM LOSS OF USE, DATA OR PROFITS, WHETHER IN AN
ACTION OF CONTRACT, NEGLIGENCE OR OTHER TORTIOUS ACTION, ARISING OUT OF OR IN CONNECTION WITH THE USE OR PERFORMANCE OF
THIS SOFTWARE.
"""
APACHE = (Path(__file__).parents[2] / "LICENSE").read_text(encoding="utf-8")
CASES: dict[str, dict[str, Any]] = tomllib.loads(Path(__file__).with_name("identify.toml").read_text(encoding="utf-8"))
LAYOUTS: dict[str, Callable[[str], str]] = {
    "re-wrapped": lambda text: "\n\n".join(
        textwrap.fill(part, 40, break_long_words=False) for part in text.split("\n\n")
    ),
    "one line a paragraph": lambda text: "\n\n".join(" ".join(part.split()) for part in text.split("\n\n")),
    "comment": lambda text: textwrap.indent(text, "# ", lambda _: True),
    "block comment": lambda text: "/*\n" + textwrap.indent(text, " * ", lambda _: True) + " */\n",
    "Windows": lambda text: "\ufeff" + text.replace("\n", "\r\n"),
    "upper case": str.upper,
    "HTML": lambda text: "<html><body>" + "".join(f"<p>{part}</p>\n" for part in text.split("\n\n")) + "</body></html>",
    "Markdown": lambda text: "> " + text.replace("\n", "\n> "),
}


def _text(case: dict[str, Any]) -> str:
    text: str = case.get("text", ZERO_BSD)
    for old, new in case.get("edit", []):
        found = old if old in text else old.upper()
        assert found in text
        text = text.replace(found, new)
    text = text[: int(len(text) * case.get("keep", 1))]
    return f"{case.get('before', '')}{text * (2 if case.get('twice') else 1)}{case.get('after', '')}"


@pytest.mark.parametrize("case", CASES.values(), ids=CASES.keys())
def test_case(case: dict[str, Any]) -> None:
    found = identify(_text(case))
    assert (found.license, found.match) == (case.get("license"), case["match"])
    assert found.nearest == case.get("nearest", case.get("license", found.nearest))
    if found.license:
        assert found.expression == found.spdx_id == catalog().get(found.license).spdx_id
        assert not [each for each in found.differences if each.critical]
    if "expression" in case:
        assert found.expression == case["expression"]
    if "critical" in case:
        assert [f"{each.kind}: {each.words}" for each in found.differences if each.critical] == case["critical"]
    assert found.content == case.get("content", found.content)


@pytest.mark.parametrize("layout", LAYOUTS.values(), ids=LAYOUTS.keys())
@pytest.mark.parametrize(("text", "key"), [(ZERO_BSD, "0bsd"), (APACHE, "apache-2.0")], ids=["0bsd", "apache-2.0"])
def test_layout_makes_no_difference(text: str, key: str, layout: Callable[[str], str]) -> None:
    found = identify(layout(text))
    assert (found.license, found.match) == (key, "exact")


@pytest.mark.parametrize("layout", LAYOUTS.values(), ids=LAYOUTS.keys())
def test_a_rider_is_seen_in_any_layout(layout: Callable[[str], str]) -> None:
    found = identify(layout(APACHE + "\nNo commercial use without a contract.\n"))
    assert (found.license, found.match, found.nearest) == (None, "variant", "apache-2.0")


def test_two_licenses_in_one_file() -> None:
    text = f"{APACHE}\n\n{ZERO_BSD}"
    found = identify(text)
    assert (found.license, found.expression, found.match) == (None, "Apache-2.0 AND 0BSD", "exact")
    assert [part.license for part in found.parts] == ["apache-2.0", "0bsd"]
    assert text[found.parts[1].start : found.parts[1].end] == ZERO_BSD.strip().removesuffix(".")


def test_of_two_licenses_one_may_be_changed() -> None:
    found = identify(f"{APACHE}\n\n{ZERO_BSD.replace('any purpose', 'any private purpose')}")
    assert (found.license, found.expression) == (None, None)
    assert [(part.license, part.match) for part in found.parts] == [("apache-2.0", "exact"), ("0bsd", "variant")]


def test_the_public_name_is_the_same_function() -> None:
    assert lc.identify(ZERO_BSD) == identify(ZERO_BSD)
    assert isinstance(lc.identify(""), lc.Identification)


def _is_sound(text: str, found: Identification) -> None:
    places = [(part.start, part.end) for part in found.parts]
    places += [(each.start, each.end) for each in found.differences]
    assert all(0 <= start <= end <= len(text) for start, end in places)
    assert [each.start for each in found.differences] == sorted(each.start for each in found.differences)
    assert 0 <= found.similarity <= 1
    if found.license:
        assert found.match in {"exact", "equivalent"}
        assert found.parts


WORDS = st.sampled_from(
    ["only", "not", "research", "noncommercial", "military", "fee", "sell", "7", "Foo", "nur", "商"]
)


@given(st.text(max_size=400))
def test_any_text_has_an_answer(text: str) -> None:
    _is_sound(text, identify(text))


@given(st.data(), WORDS)
def test_no_word_goes_unseen(data: st.DataObject, word: str) -> None:
    words = ZERO_BSD.split(" ")
    place = data.draw(st.integers(1, len(words) - 1))
    text = " ".join([*words[:place], word, *words[place:]])
    found = identify(text)
    _is_sound(text, found)
    assert (found.license, found.match, found.nearest) == (None, "variant", "0bsd")
    assert any(word in each.words for each in found.differences if each.critical)


@given(st.data())
def test_no_lost_word_goes_unseen(data: st.DataObject) -> None:
    place = data.draw(st.integers(0, 19))
    words = ZERO_BSD.split(" ")
    lost = words[place].strip(",.").lower()
    found = identify(" ".join([*words[:place], *words[place + 1 :]]))
    if lost in critical_words()["harmless"]:
        assert (found.license, found.match) == ("0bsd", "equivalent")
    else:
        assert found.license is None
        assert found.nearest == "0bsd"
