"""The policies that ship: valid, explained line by line, and what each makes of well-known licenses."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Any

import pytest

from licensecheck.errors import UsageError
from licensecheck.policy.engine import judge
from licensecheck.policy.mistakes import valid_keys
from licensecheck.policy.preset import preset, presets
from licensecheck.policy.schema import Policy
from licensecheck.types import NOASSERTION, NONE, Outcome

from .cases import LEVELS, resolution

FOLDER = Path(__file__).parents[2] / "policies"
TABLE = tomllib.loads((Path(__file__).parent / "presets.toml").read_text(encoding="utf-8"))
NAMES = tuple(TABLE["presets"])
ROWS = [
    (name, license_, expected)
    for license_, row in TABLE["licenses"].items()
    for name, expected in zip(NAMES, row, strict=True)
]


def outcome(name: str, fields: dict[str, Any]) -> Outcome:
    return judge(resolution({"model": "acme/tiny@" + "0" * 40, **fields}), Policy.parse(preset(name))).outcome


def test_the_table_asks_every_preset() -> None:
    assert tuple(presets()) == NAMES
    assert {each.stem for each in FOLDER.glob("*.toml")} == set(NAMES)


@pytest.mark.parametrize(("name", "license_", "expected"), ROWS)
def test_outcome(name: str, license_: str, expected: str) -> None:
    assert outcome(name, {"concluded": license_}) == expected


@pytest.mark.parametrize("name", NAMES)
def test_what_ships_is_what_the_repository_shows(name: str) -> None:
    # The package holds the folder as a link; a wheel holds copies.
    assert preset(name) == (FOLDER / f"{name}.toml").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", NAMES)
def test_a_preset_leaves_no_level_to_a_default(name: str) -> None:
    data = tomllib.loads(preset(name))
    assert {(table, key) for table, key in LEVELS if key not in data[table]} == set()
    assert {*data} >= {"schema-version", "name", *(table for table, _ in LEVELS)}


@pytest.mark.parametrize("name", NAMES)
def test_a_preset_explains_itself(name: str) -> None:
    text = preset(name)
    purpose, *_ = presets()[name].splitlines()
    assert re.fullmatch(r"[A-Z].{20,200}", purpose)
    # A comment that quotes a key must quote one that can be written there.
    quoted = re.findall(r"^# ([a-z-]+) = ", text, flags=re.MULTILINE)
    assert set(quoted) <= set(valid_keys(Policy, ["organization"]))


def test_the_preset_to_start_from_has_a_word_on_every_decision() -> None:
    bare = [
        line for line in preset("commercial-hosted").splitlines()
        if re.match(r"[a-z-]+ = ", line) and "#" not in line
        and not line.startswith(("schema-version", "name", "allow", "review", "deny", "max-depth"))
    ]  # fmt: skip
    accepted = {'license-copy = "allow"', 'notice = "allow"', 'credit = "allow"', 'train-on-outputs-forbidden = "deny"'}
    assert set(bare) <= accepted


@pytest.mark.parametrize("name", NAMES)
def test_no_preset_lets_a_doubt_pass(name: str) -> None:
    no_license = {"concluded": NOASSERTION, "declared": NONE}
    unread = {"concluded": NOASSERTION, "declared": "MIT"}
    unfetched = {"concluded": NOASSERTION, "complete": False}
    assert {outcome(name, each) for each in (no_license, unread)} <= {Outcome.REVIEW, Outcome.DENY}
    assert outcome(name, unfetched) == Outcome.INCOMPLETE


@pytest.mark.parametrize("name", NAMES)
def test_a_permissive_label_does_not_hide_the_base(name: str) -> None:
    base = {"relation": "finetune", "concluded": "CC-BY-NC-ND-4.0"}
    assert outcome(name, {"concluded": "MIT", "upstream": [base]}) in {Outcome.REVIEW, Outcome.DENY}


def test_a_preset_by_another_name() -> None:
    with pytest.raises(UsageError) as caught:
        preset("comercial-hosted")
    assert caught.value.help == "did you mean `commercial-hosted`?"
    with pytest.raises(UsageError) as caught:
        preset("../../types")
    assert caught.value.help
    assert "permissive-only" in caught.value.help
