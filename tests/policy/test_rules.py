"""Each rule by what it makes of a resolution under a policy: rules/*.toml holds the rows."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from licensecheck.policy import engine
from licensecheck.policy.engine import judge
from licensecheck.policy.mistakes import valid_keys
from licensecheck.policy.rules import RULES, lineage, lists
from licensecheck.policy.rules.unknown import states_no_license
from licensecheck.policy.schema import Policy as PolicyFile
from licensecheck.policy.schema import Section
from licensecheck.types import (
    NOASSERTION,
    NONE,
    Contradiction,
    Evidence,
    Outcome,
    Problem,
    Resolution,
    Unresolved,
    Upstream,
    Verdict,
)

from .cases import LEVELS, USE, Shelf, of_row, policy, resolution, rows

ROWS = rows()
Judge = Callable[..., Verdict]
ORDER = {level: i for i, level in enumerate(("terms", "allow", "review", "incomplete", "deny"))}


@pytest.fixture
def verdict(monkeypatch: pytest.MonkeyPatch) -> Judge:
    """Judges a row, with the levels of the policy changed as asked."""

    def run(row: Mapping[str, Any], **tables: Mapping[str, Any]) -> Verdict:
        synthetic, resolved, differs = of_row(row)
        for module in (engine, lists, lineage):
            monkeypatch.setattr(module, "catalog", lambda: Shelf(synthetic))
        return judge(resolved, policy(differs, **tables))

    return run


def test_rows_have_names_of_their_own() -> None:
    assert len({row["name"] for row in ROWS}) == len(ROWS)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row["name"])
def test_row(row: dict[str, Any], verdict: Judge) -> None:
    given_ = verdict(row)
    assert sorted({each.code for each in given_.findings}) == row["codes"]
    assert given_.outcome == row["expect"]


@pytest.mark.parametrize("code", RULES)
def test_every_rule_is_reached_by_a_row(code: str) -> None:
    assert any(code in row["codes"] for row in ROWS)


@pytest.mark.parametrize("code", RULES)
def test_every_rule_says_what_why_and_how(code: str) -> None:
    what, why_and_how = RULES[code].doc.split("\n\n")
    assert re.fullmatch(r"[A-Z][^.]+\.", what)
    assert re.fullmatch(r"Why it matters: .+\nHow to fix: .+\.", why_and_how, flags=re.DOTALL)


def test_the_levels_tested_are_those_of_the_schema() -> None:
    sections = {
        field.alias: field.annotation
        for field in PolicyFile.model_fields.values()
        if isinstance(field.annotation, type) and issubclass(field.annotation, Section)
    }
    keys = {
        (table, key)
        for table, section in sections.items()
        if table not in {"use", "organization"}
        for key in valid_keys(section)
    }
    no_levels = {("licenses", "allow"), ("licenses", "review"), ("licenses", "deny"), ("lineage", "follow")}
    assert set(LEVELS) == keys - no_levels - {("lineage", "max-depth")}


@pytest.mark.parametrize("key", LEVELS, ids=".".join)
def test_every_level_of_every_key_decides_a_row(key: tuple[str, str], verdict: Judge) -> None:
    table, name = key
    answers = {
        tuple(verdict(row, **{table.replace("-", "_"): {name: level}}).outcome for level in LEVELS[key])
        for row in ROWS
    }  # fmt: skip
    assert any(len(set(each)) == len(LEVELS[key]) for each in answers)


LICENSES = (
    "MIT", "Apache-2.0", "CC-BY-4.0", "CC-BY-SA-4.0", "CC-BY-NC-4.0", "CC-BY-ND-4.0", "GPL-3.0", "AGPL-3.0-only", "AAL",
    "cc", "LicenseRef-llama3.1", "LicenseRef-gemma", "LicenseRef-nobody-knows", NOASSERTION, NONE,
    "Apache-2.0 WITH LLVM-exception", "MIT WITH Commons-Clause",
)  # fmt: skip


def of(licenses: Sequence[str]) -> st.SearchStrategy[str]:
    return st.recursive(
        st.sampled_from(licenses),
        lambda inner: st.builds(
            lambda one, word, other: f"({one}) {word} ({other})", inner, st.sampled_from(("AND", "OR")), inner
        ),
        max_leaves=4,
    )


expressions = of(LICENSES)
named = of([each for each in LICENSES if each not in {NOASSERTION, NONE}])
levels = st.fixed_dictionaries({key: st.sampled_from(values) for key, values in LEVELS.items()})
uses = st.fixed_dictionaries(dict.fromkeys(USE, st.booleans()))
evidence = st.builds(
    Evidence,
    kind=st.sampled_from(("prose", "license-file", "metadata")),
    locator=st.just("README.md:9"),
    quote=st.just("a line"),
    restriction=st.sampled_from((None, "non-commercial", "research-only", "acceptable-use")),
    scope=st.sampled_from(("weights", "data", "unclear")),
)
contradictions = st.builds(
    Contradiction,
    kind=st.sampled_from(("tag-vs-prose", "tag-vs-file", "tag-vs-upstream")),
    evidence=st.just(()),
    message=st.just("they do not agree"),
)
unresolved = st.builds(
    Unresolved,
    spelling=st.just("x"),
    reason=st.sampled_from(("unrecognized", "ambiguous", "unknown-version", "unread-text", "variant")),
    evidence=st.just(0),
    message=st.just("no known license"),
)
relations = st.sampled_from(("finetune", "adapter", "quantized", "merge", "distilled", "unknown"))
PROBLEM = Problem(kind="timeout", message="no answer", fatal=True)


@st.composite
def resolutions(draw: st.DrawFn, depth: int = 1) -> Resolution:
    found = tuple(draw(st.lists(evidence, min_size=1, max_size=2)))
    concluded = draw(expressions)
    complete = draw(st.sampled_from((True, True, True, False)))
    bases = draw(st.lists(st.tuples(relations, resolutions(depth - 1)), max_size=2)) if depth else []
    return resolution(
        {
            "concluded": concluded,
            "declared": draw(st.sampled_from((concluded, NONE, "MIT", "CC-BY-NC-4.0"))),
            "evidence": found,
            "contradictions": draw(st.lists(contradictions, max_size=1)),
            "unresolved": draw(st.lists(unresolved, max_size=1)),
            "problems": () if complete else draw(st.sampled_from(((), (PROBLEM,)))),
            "complete": complete,
        }
    ).model_copy(
        update={"upstream": tuple(Upstream(relation=how, evidence=None, resolution=base) for how, base in bases)}
    )


def with_levels(chosen: Mapping[tuple[str, str], str], use: Mapping[str, bool]) -> PolicyFile:
    tables: dict[str, dict[str, Any]] = {"use": dict(use)}
    for (table, key), level in chosen.items():
        tables.setdefault(table, {})[key] = level
    return policy(tables)


def rank(resolved: Resolution, judged_by: PolicyFile) -> int:
    return judge(resolved, judged_by).outcome.rank


@given(resolutions(), levels, uses, st.sampled_from(sorted(LEVELS)), st.data())
def test_a_stricter_level_is_never_milder(
    resolved: Resolution,
    chosen: dict[tuple[str, str], str],
    use: dict[str, bool],
    key: tuple[str, str],
    data: st.DataObject,
) -> None:
    # `default` is no level: "terms" may deny what "review" leaves to a person.
    known = [level for level in LEVELS[key] if level != "terms"]
    milder, stricter = sorted(
        (data.draw(st.sampled_from(known)), data.draw(st.sampled_from(known))), key=ORDER.__getitem__
    )
    assert rank(resolved, with_levels({**chosen, key: milder}, use)) <= rank(
        resolved, with_levels({**chosen, key: stricter}, use)
    )


@given(resolutions(), levels, uses, st.one_of(evidence, contradictions, st.tuples(relations, resolutions(0))))
def test_more_bad_news_is_never_milder(
    resolved: Resolution, chosen: dict[tuple[str, str], str], use: dict[str, bool], news: Any
) -> None:
    # A known base is good news for a model that states no license: LC201 then leaves it to a person.
    assume(not (isinstance(news, tuple) and states_no_license(resolved)))
    judged_by = with_levels(chosen, use)
    if isinstance(news, Evidence):
        worse = resolved.model_copy(update={"evidence": (*resolved.evidence, news)})
    elif isinstance(news, Contradiction):
        worse = resolved.model_copy(update={"contradictions": (*resolved.contradictions, news)})
    else:
        base = Upstream(relation=news[0], evidence=None, resolution=news[1])
        worse = resolved.model_copy(update={"upstream": (*resolved.upstream, base)})
    assert rank(resolved, judged_by) <= rank(worse, judged_by)


@given(resolutions(), levels, uses, st.sampled_from(("concluded", "complete", "unresolved", "part")))
def test_no_doubt_is_ever_allowed(
    resolved: Resolution, chosen: dict[tuple[str, str], str], use: dict[str, bool], doubt: str
) -> None:
    doubts: dict[str, dict[str, Any]] = {
        "concluded": {"concluded": NOASSERTION},
        "complete": {"complete": False},
        "unresolved": {
            "unresolved": (Unresolved(spelling="x", reason="unrecognized", evidence=0, message="no known license"),)
        },
        "part": {"concluded": f"({resolved.concluded}) AND {NOASSERTION}"},
    }
    assert rank(resolved.model_copy(update=doubts[doubt]), with_levels(chosen, use)) > Outcome.ALLOW.rank


@given(named, named, levels, uses)
def test_the_order_of_an_and_does_not_matter(
    one: str, other: str, chosen: dict[tuple[str, str], str], use: dict[str, bool]
) -> None:
    judged_by = with_levels(chosen, use)
    first = judge(resolution({"concluded": f"({one}) AND ({other})"}), judged_by)
    second = judge(resolution({"concluded": f"({other}) AND ({one})"}), judged_by)
    assert first.outcome == second.outcome
    assert set(first.obligations) == set(second.obligations)


@given(named, named, levels, uses)
def test_an_or_takes_the_best_arm_and_owes_what_that_arm_owes(
    one: str, other: str, chosen: dict[tuple[str, str], str], use: dict[str, bool]
) -> None:
    judged_by = with_levels(chosen, use)
    arms = [judge(resolution({"concluded": each}), judged_by) for each in (one, other)]
    either = judge(resolution({"concluded": f"({one}) OR ({other})"}), judged_by)
    best = min(arms, key=lambda arm: arm.outcome.rank)
    assert either.outcome == best.outcome
    assert set(either.obligations) in [set(arm.obligations) for arm in arms if arm.outcome == best.outcome]


def test_an_obligation_names_its_license_and_clause() -> None:
    shipped = policy({"use": {"distribute-weights": True}})
    owed = judge(resolution({"concluded": "Apache-2.0"}), shipped).obligations
    assert {each.kind for each in owed} == {"license-copy", "change-notice", "keep-notices", "notice"}
    assert {each.license for each in owed} == {"Apache-2.0"}
    assert all(each.clause for each in owed)


def test_the_base_models_duties_are_owed_too() -> None:
    shipped = policy({"use": {"distribute-weights": True}})
    upstream = [{"relation": "finetune", "concluded": "Apache-2.0"}]
    owed = judge(resolution({"concluded": "MIT", "upstream": upstream}), shipped).obligations
    assert {each.license for each in owed} == {"MIT", "Apache-2.0"}
