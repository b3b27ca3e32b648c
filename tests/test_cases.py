"""One folder a behaviour: what the audit answers for `cases/<name>/model` is what `expect.toml` beside it says."""

from __future__ import annotations

import gzip
import json
import shutil
import struct
import tomllib
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

import pytest

from licensecheck.audit import check
from licensecheck.inputs import models_txt
from licensecheck.policy.schema import Policy
from licensecheck.sources import Sources
from licensecheck.types import (
    NOASSERTION,
    NONE,
    ContradictionKind,
    ModelRef,
    Noun,
    Outcome,
    Snapshot,
    TextFile,
    UpstreamVerdict,
    Verdict,
)

ROOT = Path(__file__).parents[1]
FOLDERS = sorted(path for path in (ROOT / "tests" / "cases").iterdir() if path.is_dir())


class Owed(Noun):
    """An obligation of the verdict; `text` is compared where it is given."""

    kind: str
    license: str
    text: str | None = None


class Edit(Noun):
    """A change of a file: only the first part is `keep`-t, words are `replace`-d, text comes `after`."""

    file: str = "LICENSE"
    keep: float = 1
    replace: Mapping[str, str] = {}
    after: str = ""


class Expect(Noun):
    """One `expect.toml`; a key that stands nowhere here is an error.

    `why`: the behaviour in one sentence. `line`: the line of a models.txt that is audited; `policy` names a file of
    policies/, `facts` go over its own. `files` are copied into model/ from the repository (`@LICENSE`) or from the
    shared corpus (`shared:licenses/llama3.1.txt`; `shared:texts/robust.jsonl.gz#plain/MIT` is one row), so that no
    license text stands in a case; `edits` change them. `gguf` makes a model.gguf with this metadata in its header.
    The rest is the answer: `rules` the codes above info, sorted; `contradictions` their kinds in order; `says` parts of
    messages; and, where given, `evidence` all locators in order, `obligations` some of them, `upstream` all of them.
    """

    why: str
    line: str = "./model"
    policy: str = "commercial-hosted"
    facts: Mapping[str, str] = {}
    files: Mapping[str, str] = {}
    edits: tuple[Edit, ...] = ()
    gguf: Mapping[str, str] = {}

    declared: str
    concluded: str
    outcome: Outcome
    rules: tuple[str, ...]
    contradictions: tuple[ContradictionKind, ...] = ()
    says: tuple[str, ...] = ()
    evidence: tuple[str, ...] | None = None
    obligations: tuple[Owed, ...] = ()
    upstream: tuple[UpstreamVerdict, ...] | None = None


@pytest.fixture(params=FOLDERS, ids=lambda folder: folder.name)
def case(request: pytest.FixtureRequest) -> Path:
    folder: Path = request.param
    return folder


def test_every_case_is_a_folder_with_its_expectation() -> None:
    found = {path.parent.name for path in (ROOT / "tests" / "cases").rglob("expect.toml")}
    assert found == {folder.name for folder in FOLDERS}
    assert len(FOLDERS) >= 45
    extra = [path for folder in FOLDERS for path in folder.iterdir() if path.name not in {"expect.toml", "model"}]
    assert extra == []


def test_case(case: Path, tmp_path: Path, request: pytest.FixtureRequest) -> None:
    expect = _expectation(case)
    if any(origin.startswith("shared:") for origin in expect.files.values()):
        request.getfixturevalue("shared")
    verdict = _audit(case, expect, tmp_path)
    assert _answer(verdict, expect) == expect.model_dump(include={*_ANSWER}, exclude_none=True)
    messages = " | ".join(finding.message for finding in verdict.findings)
    assert [part for part in expect.says if part not in messages] == [], messages
    owed = {(each.kind, each.license, text) for each in verdict.obligations for text in (each.text, None)}
    assert [each for each in expect.obligations if (each.kind, each.license, each.text) not in owed] == [], owed
    _holds_always(verdict)


def test_a_cycle_of_base_models_ends() -> None:
    """Two models that name each other as their base: no offline source can show it, so one is made up."""
    bases = {"acme/foo": "acme/bar", "acme/bar": "acme/foo"}

    def fetch(ref: ModelRef) -> Snapshot:
        card = f"---\nlicense: mit\nbase_model: {bases[ref.name]}\n---\n"
        return Snapshot(model=ref, source="hub", name=ref.name, card=TextFile(path="README.md", text=card))

    verdict = check("acme/foo", policy=_policy("commercial-hosted"), sources=Sources([fetch], [fetch]))
    assert verdict.outcome == Outcome.REVIEW
    assert [each.code for each in verdict.findings if each.outcome == Outcome.REVIEW] == ["LC411"]
    (bar,) = verdict.resolution.upstream
    (foo,) = bar.resolution.upstream
    assert (bar.resolution.name, foo.resolution.name, foo.resolution.complete) == ("acme/bar", "acme/foo", False)
    assert "acme/foo is its own base: acme/foo -> acme/bar -> acme/foo" in foo.resolution.problems[0].message


_ANSWER = ("declared", "concluded", "outcome", "rules", "contradictions", "evidence", "upstream")


def _holds_always(verdict: Verdict) -> None:
    """Nothing is allowed by silence, and every index leads to a piece of evidence."""
    resolution = verdict.resolution
    assert verdict.outcome != Outcome.ALLOW or resolution.concluded not in {NOASSERTION, NONE}
    indexes = [each.evidence for each in verdict.findings] + [each.evidence for each in resolution.contradictions]
    assert {i for each in indexes for i in each} <= set(range(len(resolution.evidence)))
    assert verdict.outcome in {Outcome.ALLOW, *(each.outcome for each in verdict.findings)}


def _answer(verdict: Verdict, expect: Expect) -> Mapping[str, Any]:
    resolution = verdict.resolution
    rules = {each.code for each in verdict.findings if each.outcome.rank > Outcome.ALLOW.rank}
    answer: dict[str, Any] = {
        "declared": resolution.declared,
        "concluded": resolution.concluded,
        "outcome": verdict.outcome,
        "rules": tuple(sorted(rules)),
        "contradictions": tuple(each.kind for each in resolution.contradictions),
    }
    if expect.evidence is not None:
        answer["evidence"] = tuple(each.locator for each in resolution.evidence)
    if expect.upstream is not None:
        answer["upstream"] = tuple(each.model_dump() for each in verdict.upstream)
    return answer


def _audit(case: Path, expect: Expect, folder: Path) -> Verdict:
    if (case / "model").is_dir():
        shutil.copytree(case / "model", folder / "model")
    for path, origin in expect.files.items():
        (folder / "model" / path).write_text(_origin(origin), encoding="utf-8")
    for edit in expect.edits:
        _apply(edit, folder / "model" / edit.file)
    if expect.gguf:
        (folder / "model" / "model.gguf").write_bytes(_gguf(expect.gguf))
    (requirement,) = models_txt.parse(expect.line, name="models.txt", folder=folder, environment={})
    policy = _policy(expect.policy).with_facts(expect.facts)
    return check(requirement, policy=policy, sources=Sources.offline(root=folder))


def _origin(origin: str) -> str:
    if origin.startswith("@"):
        return (ROOT / origin.removeprefix("@")).read_text(encoding="utf-8")
    path, _, row = origin.removeprefix("shared:").partition("#")
    file = ROOT.parent / "shared" / "corpus" / path
    if not row:
        return file.read_text(encoding="utf-8")
    with gzip.open(file, "rt", encoding="utf-8") as lines:
        return str(next(each["text"] for each in map(json.loads, lines) if each["id"] == row))


def _apply(edit: Edit, file: Path) -> None:
    text = file.read_text(encoding="utf-8")
    for old, new in edit.replace.items():
        assert old in text
        text = text.replace(old, new)
    file.write_text(text[: int(len(text) * edit.keep)] + edit.after, encoding="utf-8")


@lru_cache
def _policy(name: str) -> Policy:
    return Policy.load(ROOT / "policies" / f"{name}.toml")


def _expectation(case: Path) -> Expect:
    return Expect.model_validate(tomllib.loads((case / "expect.toml").read_text(encoding="utf-8")))


def _gguf(metadata: Mapping[str, str]) -> bytes:
    """A GGUF file without tensors: magic, version 3, counts, then key, type 8 (string), value."""

    def string(text: str) -> bytes:
        return struct.pack("<Q", len(text.encode())) + text.encode()

    pairs = (string(key) + struct.pack("<I", 8) + string(value) for key, value in metadata.items())
    return b"GGUF" + struct.pack("<IQQ", 3, 0, len(metadata)) + b"".join(pairs)
