"""License expressions: read as SPDX means them, written as they were read, judged by worst and best part."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from licensecheck import spdx
from licensecheck.errors import BadExpressionError
from licensecheck.spdx import AllOf, AnyOf, Expression, Leaf
from licensecheck.types import NOASSERTION

WELL_FORMED = {
    "MIT": "MIT",
    "mit": "MIT",
    "  MIT ": "MIT",
    "(MIT)": "MIT",
    "apache-2.0 aNd mit": "Apache-2.0 AND MIT",
    "MIT OR MIT": "MIT",
    "(MIT OR ISC) OR MIT": "MIT OR ISC",
    "MIT AND (ISC AND Zlib)": "MIT AND ISC AND Zlib",
    "MIT OR ISC AND Zlib": "MIT OR (ISC AND Zlib)",
    "(MIT OR ISC) AND Zlib": "(MIT OR ISC) AND Zlib",
    "MIT\n AND\tISC": "MIT AND ISC",
    "GPL-2.0": "GPL-2.0",
    "gpl-3.0+": "GPL-3.0+",
    "apache-2.0+": "Apache-2.0+",
    "gpl-2.0-only with classpath-exception-2.0": "GPL-2.0-only WITH Classpath-exception-2.0",
    "MIT WITH Commons-Clause": "MIT WITH Commons-Clause",
    "licenseref-Foo": "LicenseRef-Foo",
    "LicenseRef-foo AND LicenseRef-FOO": "LicenseRef-foo AND LicenseRef-FOO",
    "openrail++": "openrail++",
    "none": "NONE",
    "NoAssertion": "NOASSERTION",
    "MIT AND noassertion": "MIT AND NOASSERTION",
}
MALFORMED = (
    "", " ", "\n", "AND", "OR", "WITH", "MIT AND", "OR MIT", "MIT WITH", "MIT ISC", "(MIT", "MIT)", "()", "( )",
    "() MIT", "( and MIT", "MIT, ISC", "MIT/ISC", "MIT & ISC", "MIT | ISC", "NOT MIT", "!MIT", "~MIT", "[MIT]", "MIT;",
    "MIT\x00", "(MIT OR ISC) WITH x", "MIT WITH (x)", "MIT WITH a WITH b", "x=y", "Größe", "ＭＩＴ", "\u212aM-2.0",
)  # fmt: skip
HOSTILE = {
    "long": "MIT AND " * 5000 + "MIT",
    "long id": "a" * 100_000,
    "deep": "(" * 3000 + "MIT" + ")" * 3000,
    "deep with operators": "MIT AND (ISC OR (" * 1000 + "MIT" + "))" * 1000,
    "one too deep": "(" * 51 + "MIT" + ")" * 51,
    "longer once written with parentheses": " OR ".join(f"a{i} AND b{i}" for i in range(240)),
    "open": "(" * 4000,
    "closed": ")" * 4000,
    "exceptions": "a WITH " * 500 + "b",
    "operators": "AND " * 1000,
}
DEPRECATED = {"GPL-3.0": "GPL-3.0-only", "GPL-2.0+": "GPL-2.0-or-later", "AGPL-3.0": "AGPL-3.0-only"}

ids = st.sampled_from(("MIT", "Apache-2.0", "CC-BY-NC-4.0", "BSD-3-Clause"))
deprecated = st.sampled_from(sorted(DEPRECATED))
references = st.from_regex(r"LicenseRef-[a-zA-Z0-9.-]{1,12}", fullmatch=True)
unknown = st.from_regex(r"qq[a-z0-9]{1,8}", fullmatch=True)
names = st.one_of(ids, deprecated, references, unknown)
leaves = st.builds(
    Leaf, names, st.one_of(st.none(), st.sampled_from(("LLVM-exception", "Classpath-exception-2.0", "qq-exception")))
)
WORDS = {AllOf: " AND ", AnyOf: " OR "}


def written(tree: Expression) -> str:
    """The tree with every parenthesis there can be."""
    return str(tree) if isinstance(tree, Leaf) else "(" + WORDS[type(tree)].join(map(written, tree.parts)) + ")"


def branches(inner: st.SearchStrategy[Expression]) -> st.SearchStrategy[Expression]:
    parts = st.lists(inner, min_size=2, max_size=3).map(tuple)
    return st.one_of(st.builds(AllOf, parts), st.builds(AnyOf, parts))


trees: st.SearchStrategy[Expression] = st.recursive(leaves, branches, max_leaves=8)
tokens = st.sampled_from((
    "(", ")", "()", "AND", "or", "WITH", "MIT", "GPL-2.0+", "LicenseRef-x", "LLVM-exception", "-", ".", "+", "1",
    "TRUE", "NONE", ":", "_", "é", "\t", "NOT", "K",
))  # fmt: skip
hostile = st.one_of(
    st.text(max_size=200),
    st.lists(tokens, max_size=12).map(" ".join),
    st.lists(tokens, max_size=12).map("".join),
)


@pytest.mark.parametrize(("text", "canonical"), WELL_FORMED.items())
def test_normalize(text: str, canonical: str) -> None:
    assert spdx.normalize(text) == canonical


@pytest.mark.parametrize("text", MALFORMED)
def test_malformed(text: str) -> None:
    with pytest.raises(BadExpressionError) as caught:
        spdx.parse(text)
    assert caught.value.help


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_hostile_input_is_refused_in_few_words(text: str) -> None:
    with pytest.raises(BadExpressionError) as caught:
        spdx.parse(text)
    assert len(str(caught.value)) < 400


def test_as_many_open_parentheses_as_are_allowed() -> None:
    assert spdx.normalize("(" * 50 + "MIT" + ")" * 50) == "MIT"
    assert spdx.normalize("MIT AND (ISC OR Zlib) AND " * 60 + "MIT").startswith("MIT AND (ISC OR Zlib)")


@given(trees)
def test_what_is_written_is_read_again(tree: Expression) -> None:
    parsed = spdx.parse(written(tree))
    assert spdx.parse(str(parsed)) == parsed
    assert spdx.normalize(str(parsed)) == str(parsed)
    assert set(spdx.leaves(parsed)) == set(spdx.leaves(tree))


@given(trees)
def test_letter_case_of_known_ids_and_operators_does_not_matter(tree: Expression) -> None:
    text = written(tree)
    lower = " ".join(
        word if word.strip("()").startswith(("LicenseRef-", "qq")) else word.lower() for word in text.split(" ")
    )
    assert spdx.parse(lower) == spdx.parse(text)


@given(hostile)
@example("( and _")
@example("() MIT")
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        canonical = spdx.normalize(text)
    except BadExpressionError:
        return
    assert spdx.normalize(canonical) == canonical
    assert len(canonical) <= spdx.MAX_LENGTH


def truth(tree: Expression, answers: dict[str, bool]) -> bool:
    """What the tree says where a license holds or not, told apart from `judge`."""
    if isinstance(tree, Leaf):
        return answers[tree.license]
    parts = [truth(part, answers) for part in tree.parts]
    return all(parts) if isinstance(tree, AllOf) else any(parts)


@given(trees, st.data())
def test_reading_changes_no_meaning(tree: Expression, data: st.DataObject) -> None:
    found = sorted({leaf.license for leaf in spdx.leaves(tree)})
    answers = dict(
        zip(found, data.draw(st.lists(st.booleans(), min_size=len(found), max_size=len(found))), strict=True)
    )
    assert truth(spdx.parse(written(tree)), answers) == truth(tree, answers)


MARKS = {"MIT": 1, "ISC": 2, "Zlib": 3}


def mark(leaf: Leaf) -> int:
    return MARKS[leaf.license]


def worst(parts: Sequence[int]) -> int:
    return max(parts)


def best(parts: Sequence[int]) -> int:
    return min(parts)


@pytest.mark.parametrize(
    ("text", "expected"),
    [("MIT AND Zlib", 3), ("MIT OR Zlib", 1), ("(Zlib OR MIT) AND ISC", 2), ("Zlib OR MIT AND ISC", 2), ("ISC", 2)],
)
def test_judge_folds_and_by_the_worst_and_or_by_the_best(text: str, expected: int) -> None:
    assert spdx.judge(spdx.parse(text), leaf=mark, all_of=worst, any_of=best) == expected


@pytest.mark.parametrize(("old", "now"), DEPRECATED.items())
def test_deprecated_ids_are_reported_and_not_replaced(old: str, now: str) -> None:
    assert spdx.normalize(old.lower()) == old
    entry = spdx.lookup(old)
    assert entry is not None
    assert (entry.id, entry.deprecated, entry.replaced_by) == (old, True, now)
    current = spdx.lookup(now)
    assert current is not None
    assert not current.deprecated


@pytest.mark.parametrize("identifier", ["", "nobody-knows", "LicenseRef-nobody-knows", "MIT++", "openrail++", "+"])
def test_ids_that_the_index_does_not_hold(identifier: str) -> None:
    assert spdx.lookup(identifier) is None


JOINED: list[tuple[list[str], str]] = [
    ([], NOASSERTION),
    (["MIT"], "MIT"),
    (["MIT", "mit"], "MIT"),
    (["MIT", "Apache-2.0"], "MIT AND Apache-2.0"),
    (["MIT OR ISC", "Zlib"], "(MIT OR ISC) AND Zlib"),
    (["MIT AND ISC", "ISC AND Zlib"], "MIT AND ISC AND Zlib"),
    (["MIT OR ISC AND Zlib"], "MIT OR (ISC AND Zlib)"),
    ([f"LicenseRef-{i}-{'x' * 100}" for i in range(100)], NOASSERTION),
]


@pytest.mark.parametrize(("parts", "expected"), JOINED, ids=lambda each: str(each)[:40])
def test_join(parts: Sequence[str], expected: str) -> None:
    assert spdx.join(parts) == expected


@given(st.lists(trees.map(written), max_size=4))
def test_what_join_says_can_be_read_and_binds_all_parts(parts: list[str]) -> None:
    joined = spdx.parse(spdx.join(parts))
    for part in parts:
        allowed = {leaf.license: False for leaf in spdx.leaves(joined)}
        others = {leaf.license for leaf in spdx.leaves(spdx.parse(part))}
        answers = {license_: license_ not in others for license_ in allowed}
        assert not truth(joined, answers)


@pytest.mark.parametrize(
    ("key", "expected"),
    [
        ("llama3.1", "LicenseRef-llama3.1"),
        ("openrail++", "LicenseRef-openrail-plus-plus"),
        ("My License, v2!", "LicenseRef-My-License-v2"),
        ("模型许可", "LicenseRef-unnamed"),
        ("", "LicenseRef-unnamed"),
    ],
)
def test_reference(key: str, expected: str) -> None:
    assert spdx.reference(key) == expected


@given(st.text(max_size=6000))
def test_a_reference_is_an_expression(key: str) -> None:
    assert spdx.normalize(spdx.reference(key)) == spdx.reference(key)
