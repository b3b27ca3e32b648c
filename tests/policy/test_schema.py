"""The policy file: every mistake is named with its key and the fix, and none switches a rule off."""

from __future__ import annotations

import datetime
import os
import re
import tomllib
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from licensecheck.errors import PolicyError
from licensecheck.policy.mistakes import list_mistakes, schema_mistakes, valid_keys
from licensecheck.policy.schema import Fact, Organization, PartialUse, Policy, Section

HEAD = 'schema-version = 1\nname = "test"\n'
USE = """[use]
commercial = true
hosted-service = true
fine-tune = true
distribute-weights = false
train-on-outputs = false
"""
PLAIN = HEAD + USE
POLICY = Policy.parse(PLAIN)
TABLES: dict[str, type[Section]] = {
    "": Policy,
    "uses.saas": PartialUse,
    "organization": Organization,
    "organization.people": Fact,
    **{
        str(field.alias): field.annotation
        for field in Policy.model_fields.values()
        if isinstance(field.annotation, type) and issubclass(field.annotation, Section)
    },
}
KEYS = [(table, key) for table, section in TABLES.items() for key in valid_keys(section)]
# What a person who does not write Python cannot read.
JARGON = re.compile(
    r"Input should|pydantic|tuple|\bdict\b|\bbool\b|\bint\b|\bstr\b|Outcome|Fact\b|http|<|>|None|function-|Value error|"
    r"True|False|_sha256|model_type",
)


def mistakes(text: str, **options: Any) -> str:
    with pytest.raises(PolicyError) as caught:
        Policy.parse(text, name="policy.toml", **options)
    message = str(caught.value)
    assert message.startswith("policy.toml")
    assert not JARGON.search(message), message
    return message


def in_table(table: str, line: str) -> str:
    """The plain policy with this line in this table."""
    if not table:
        return line + "\n" + PLAIN
    return PLAIN + line + "\n" if table == "use" else f"{PLAIN}[{table}]\n{line}\n"


def misspelt(key: str) -> str:
    middle = len(key) // 2
    return key[:middle] + key[middle + 1 :]


def test_the_least_policy() -> None:
    assert POLICY.name == "test"
    assert len(POLICY.sha256) == 64
    assert POLICY.sha256 != Policy.parse(PLAIN + "\n").sha256
    assert Policy.parse("\ufeff" + PLAIN).name == "test"


@pytest.mark.parametrize(("table", "key"), KEYS)
def test_a_misspelt_key_is_named_with_the_nearest_valid_one(table: str, key: str) -> None:
    wrong = misspelt(key)
    message = mistakes(in_table(table, f"{wrong} = 1"))
    path = f"{table}.{wrong}" if table else wrong
    assert f"unknown key `{path}`; did you mean `{key}`?" in message


@pytest.mark.parametrize(("table", "key"), [(table, key) for table, key in KEYS if "-" in key])
def test_an_underscore_is_a_misspelling(table: str, key: str) -> None:
    assert f"did you mean `{key}`?" in mistakes(in_table(table, f"{key.replace('-', '_')} = 1"))


def test_a_key_that_is_near_to_none_names_them_all() -> None:
    message = mistakes(in_table("attribution", "qqqqqq = 1"))
    assert "valid: license-copy, notice, credit, display, naming" in message


def test_the_digest_is_no_key() -> None:
    assert "unknown key `_sha`" in mistakes('_sha = "0"\n' + PLAIN)
    assert "unknown key `sha256`" in mistakes('sha256 = "0"\n' + PLAIN)


@pytest.mark.parametrize("key", valid_keys(PartialUse))
def test_each_answer_of_the_use_must_be_given(key: str) -> None:
    text = "".join(line for line in PLAIN.splitlines(keepends=True) if not line.startswith(key))
    assert mistakes(text) == f"policy.toml: missing key `use.{key}`; it must be given"


ROWS = tomllib.loads((Path(__file__).parent / "mistakes.toml").read_text(encoding="utf-8"))["row"]


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row["name"])
def test_a_wrong_value_is_told_in_one_sentence(row: dict[str, str]) -> None:
    message = mistakes(row["text"] if "text" in row else in_table(row["table"], row["line"]))
    assert message.startswith(f"policy.toml: {row['told']}")
    assert "\n" not in message


def test_all_mistakes_of_a_file_stand_in_one_error() -> None:
    text = PLAIN.replace("fine-tune", "finetune") + (
        '[licenses]\nallow = ["cc", "MITT"]\n[attribution]\nnotice = "yes"\n[organization]\npeople = -1\n'
    )
    family = "`cc` names several licenses, which may differ; name those you mean"
    head, *told = mistakes(text).splitlines()
    assert head == "policy.toml: 6 mistakes"
    assert [each.partition(":")[0] if family not in each else family for each in told] == [
        "  - missing key `use.fine-tune`; it must be given",
        "  - unknown key `use.finetune`; did you mean `fine-tune`?",
        "  - `organization.people.value` must be 0 or more, not -1",
        '  - `attribution.notice` must be "allow", "review" or "deny", not "yes"',
        family,
        "  - `licenses.allow`",
    ]


def test_an_empty_file() -> None:
    assert mistakes("").splitlines()[0] == "policy.toml: 3 mistakes"


def test_no_toml() -> None:
    assert "not valid TOML" in mistakes("name = ")


@pytest.mark.parametrize("text", ["", "tool = 1", "[tool]\nlicensecheck = 1", "[tool.licensecheck]\npolicy = 1"])
def test_a_pyproject_without_a_policy(text: str) -> None:
    message = mistakes(text, in_pyproject=True)
    assert "no table [tool.licensecheck.policy]" in message
    assert "licensecheck policy init" in message


def test_a_policy_in_pyproject(tmp_path: Path) -> None:
    file = tmp_path / "pyproject.toml"
    table = HEAD + USE.replace("[use]", "[tool.licensecheck.policy.use]")
    file.write_text(f"[project]\nname = 'x'\n[tool.licensecheck.policy]\n{table}", encoding="utf-8")
    assert Policy.load(file).use == POLICY.use
    file.write_text(file.read_text(encoding="utf-8").replace("fine-tune", "finetune"), encoding="utf-8")
    with pytest.raises(PolicyError, match=re.escape("pyproject.toml [tool.licensecheck.policy]: 2 mistakes")):
        Policy.load(str(file))


@pytest.mark.parametrize("name", ["missing.toml", "folder"])
def test_a_file_that_cannot_be_read(name: str, tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    with pytest.raises(PolicyError, match="cannot read the policy") as caught:
        Policy.load(tmp_path / name)
    assert caught.value.place == str(tmp_path / name)
    assert caught.value.help
    assert "licensecheck policy init" in caught.value.help


def test_a_file_that_is_no_utf8(tmp_path: Path) -> None:
    file = tmp_path / "policy.toml"
    file.write_bytes(b'name = "\xff"')
    with pytest.raises(PolicyError, match="not UTF-8"):
        Policy.load(file)


def test_load_reads_windows_line_ends(tmp_path: Path) -> None:
    file = tmp_path / "policy.toml"
    file.write_bytes(PLAIN.replace("\n", "\r\n").encode())
    assert Policy.load(os.fspath(file)).use == POLICY.use


def test_a_named_use_changes_what_it_names() -> None:
    policy = Policy.parse(PLAIN + "[uses.lab]\ncommercial = false\n[uses.same]\n")
    assert policy.used_as(None) == policy.use == policy.used_as("same")
    assert policy.used_as("lab") == policy.use.model_copy(update={"commercial": False})
    with pytest.raises(PolicyError, match=re.escape("no use `laboratory`")) as caught:
        policy.used_as("laboratory")
    assert caught.value.help == "named uses: `lab`, `same`"


GOOD_FACTS: list[tuple[str, str, Any]] = [
    ("people", "12", Fact.model_validate(12)),
    ("people", "1_200_000", Fact.model_validate(1_200_000)),
    ("people", "0", Fact.model_validate(0)),
    ("monthly-active-users", "5@2026-10-01", Fact.model_validate({"value": 5, "as-of": datetime.date(2026, 10, 1)})),
    ("domicile", " DE ", "DE"),
    ("regions", "EU, US", ("EU", "US")),
]
BAD_FACTS = {
    ("monthly-activ-users", "5"): "unknown key `monthly-activ-users`; did you mean `monthly-active-users`?",
    ("monthly_active_users", "5"): "unknown key `monthly_active_users`; did you mean `monthly-active-users`?",
    ("domicil", "DE"): "unknown key `domicil`; did you mean `domicile`?",
    ("people", ""): "`people` must be a figure such as 1200000 or 1200000@2026-10-01, not ``",
    ("people", "1.2M"): "`people` must be a figure such as 1200000 or 1200000@2026-10-01, not `1.2M`",
    ("people", "5@"): "`people` must be a figure such as 1200000 or 1200000@2026-10-01, not `5@`",
    ("people", "5@2026-13-01"): "`people` must be a figure such as 1200000 or 1200000@2026-10-01, not `5@2026-13-01`",
    ("people", "-5"): "`people.value` must be 0 or more, not -5",
    ("domicile", "Germany"): "`domicile` must be a country code such as DE or US, or EU, not `Germany`",
    ("regions", ""): "`regions[0]` must be a country code such as DE or US, or EU, not ``",
}


@pytest.mark.parametrize(("key", "value", "expected"), GOOD_FACTS)
def test_a_fact_from_the_command_line(key: str, value: str, expected: Any) -> None:
    given_ = POLICY.with_facts({key: value})
    assert getattr(given_.organization, key.replace("-", "_")) == expected
    assert given_.sha256 == POLICY.sha256
    assert POLICY.with_facts({}) == POLICY


@pytest.mark.parametrize(("key", "value"), BAD_FACTS)
def test_a_bad_fact_from_the_command_line(key: str, value: str) -> None:
    with pytest.raises(PolicyError) as caught:
        POLICY.with_facts({key: value})
    assert str(caught.value).startswith(f"--fact: {BAD_FACTS[key, value]}")
    assert not JARGON.search(str(caught.value))


def test_a_fact_from_the_command_line_goes_before_the_file() -> None:
    policy = Policy.parse(PLAIN + '[organization]\npeople = 5\ndomicile = "US"\n')
    organization = policy.with_facts({"people": "9"}).organization
    assert organization.figures("people") == (Fact.model_validate(9),)
    assert organization.domicile == "US"


def test_figures() -> None:
    policy = Policy.parse(PLAIN + "[organization]\npeople = [{ value = 1 }, { value = 2 }]\ndevices = 3\n")
    assert [each.value for each in policy.organization.figures("people")] == [1, 2]
    assert [each.value for each in policy.organization.figures("devices")] == [3]
    assert policy.organization.figures("monthly-visits") == policy.organization.figures("no-such-key") == ()


scalars = st.one_of(
    st.booleans(), st.integers(-(10**20), 10**20), st.floats(), st.text(max_size=20), st.dates(), st.times(),
    st.datetimes(),
)  # fmt: skip
values = st.recursive(
    scalars,
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(st.text(max_size=12), inner, max_size=3)),
    max_leaves=6,
)


@given(st.sampled_from(KEYS), values)
def test_any_value_under_any_key_is_read_or_told_without_jargon(at: tuple[str, str], value: Any) -> None:
    table, key = at
    data: dict[str, Any] = tomllib.loads(PLAIN)
    place = data
    for part in table.split(".") if table else ():
        place = place.setdefault(part, {})
    place[key] = value
    told = list(list_mistakes(data))
    try:
        Policy.model_validate(data)
    except ValidationError as error:
        told.extend(schema_mistakes(error, Policy))
    for each in told:
        said = re.sub(r'(not|key|table|`licenses\.\w+`:) [`"\[].*', "", each, flags=re.DOTALL)
        assert not JARGON.search(said), each
