"""The bundled facts: the shipped file, its lookup, and the rules of the build."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from licensecheck.sources import build_bundled, bundled
from licensecheck.types import ModelRef

MODELS = build_bundled.DATA / "models.jsonl"
RECORDS: list[dict[str, Any]] = [json.loads(line) for line in MODELS.read_text(encoding="utf-8").splitlines()]
IDS = [record["id"] for record in RECORDS]

KNOWN = [
    ("mistralai/Mistral-7B-v0.1", "apache-2.0", None),
    ("mistralai/Mistral-Large-Instruct-2407", "other", "mrl"),
    ("mistralai/Codestral-22B-v0.1", "other", "mnpl"),
    ("meta-llama/Llama-2-7b-hf", "llama2", None),
    ("meta-llama/Meta-Llama-3-8B-Instruct", "llama3", None),
    ("meta-llama/Llama-3.1-8B-Instruct", "llama3.1", None),
    ("meta-llama/Llama-3.2-1B", "llama3.2", None),
    ("meta-llama/Llama-3.3-70B-Instruct", "llama3.3", None),
    ("meta-llama/Llama-4-Scout-17B-16E-Instruct", "other", "llama4"),
    ("Qwen/Qwen2.5-7B-Instruct", "apache-2.0", None),
    ("Qwen/Qwen2.5-3B-Instruct", "other", "qwen-research"),
    ("Qwen/Qwen2.5-72B-Instruct", "other", "qwen"),
    ("Qwen/Qwen3-8B", "apache-2.0", None),
    ("deepseek-ai/DeepSeek-R1", "mit", None),
    ("deepseek-ai/deepseek-coder-33b-instruct", "other", "deepseek"),
    ("google/gemma-2-9b-it", "gemma", None),
    ("google/gemma-4-31B-it", "apache-2.0", None),
    ("microsoft/phi-2", "mit", None),
    ("microsoft/Orca-2-13b", "other", "microsoft-research-license"),
    ("MiniMaxAI/MiniMax-M2.5", "other", "modified-mit"),
    ("bigcode/starcoder2-15b", "bigcode-openrail-m", None),
    ("bigscience/bloom", "bigscience-bloom-rail-1.0", None),
    ("CohereLabs/c4ai-command-r-plus", "cc-by-nc-4.0", None),
    ("stabilityai/stable-diffusion-xl-base-1.0", "openrail++", None),
    ("stabilityai/stable-diffusion-3.5-large", "other", "stabilityai-ai-community"),
    ("black-forest-labs/FLUX.1-dev", "other", "flux-1-dev-non-commercial-license"),
    ("black-forest-labs/FLUX.1-schnell", "apache-2.0", None),
    ("coqui/XTTS-v2", "other", "coqui-public-model-license"),
    ("facebook/nllb-200-distilled-600M", "cc-by-nc-4.0", None),
    ("openai/gpt-oss-20b", "apache-2.0", None),
    ("openai/clip-vit-base-patch32", None, None),
    ("tiiuae/falcon-180B-chat", "unknown", None),
]


def ref(text: str) -> ModelRef:
    return ModelRef.parse(text)


@pytest.fixture
def facts_file(tmp_path: Path) -> Path:
    """Two models: one renamed and relicensed with a commit, one that states no license."""
    lines = [
        '{"id": "new/Model", "renamed": ["old/model", "model"], "facts": ['
        '{"license": "mit", "tags": ["license:mit"], "revision": "'
        + "a"
        * 40
        + '", "source": "x", "date": "2025-02-01"}, '
        '{"license": ["gpl-3.0"], "base_model": ["a/b", "c/d"], "source": "y", "date": "2024-01-01"}]}',
        '{"id": "some/quiet", "facts": [{"license": null, "base_model": ["a/b"], "base_model_relation": "adapter", '
        '"source": "x", "date": "2023-04-01"}]}',
    ]
    path = tmp_path / "models.jsonl"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def test_file_is_sorted_unique_and_large_enough() -> None:
    keys = [name.lower() for name in IDS]
    assert keys == sorted(set(keys))
    assert len(keys) >= 1500
    former = [old.lower() for record in RECORDS for old in record.get("renamed", [])]
    assert not set(former) & set(keys)
    assert len(former) == len(set(former))


def test_every_line_is_valid() -> None:
    assert {record["id"]: wrong for record in RECORDS if (wrong := faults(record))} == {}


def faults(record: dict[str, Any]) -> list[str]:
    """Name the rules a line breaks; a null is only written for a license that was looked for and is not stated."""
    facts = bundled.history(record["id"])
    statements = [(fact.license, fact.license_name) for fact in facts]
    own = [fact.date for fact in facts if fact.source != build_bundled.THIRD_PARTY]
    nulls = {key for fact in record["facts"] for key, value in fact.items() if value is None}
    rules = {
        "has facts": bool(facts),
        "has sources": all(fact.source for fact in facts),
        "id is a reference": ModelRef.parse(record["id"]).name == record["id"],
        "statements differ": len(statements) == len(set(statements)),
        "newest first": own == sorted(own, reverse=True),
        "tags are of the recorded kinds": all(
            tag.startswith(build_bundled.TAGS) for fact in facts for tag in fact.tags
        ),
        "no other nulls": nulls <= {"license"},
    }
    return [rule for rule, kept in rules.items() if not kept]


@pytest.mark.parametrize(("name", "license_", "license_name"), KNOWN, ids=[name for name, *_ in KNOWN])
def test_known_facts(name: str, license_: str | None, license_name: str | None) -> None:
    snapshot = bundled.fetch(ref(name))
    assert snapshot is not None
    assert snapshot.metadata is not None
    card = snapshot.metadata.card_data or {}
    assert (card.get("license"), card.get("license_name")) == (license_, license_name)
    assert snapshot.source == "bundled"
    assert snapshot.name == name
    assert not any(problem.fatal for problem in snapshot.problems)


@pytest.mark.parametrize(
    ("name", "then"),
    [
        ("01-ai/Yi-34B", "yi-license"),
        ("microsoft/phi-2", "microsoft-research-license"),
        ("WizardLM/WizardMath-7B-V1.1", "microsoft-research-license"),
    ],
)
def test_relicensed_models_keep_their_history(name: str, then: str) -> None:
    newest, *older = bundled.history(name)
    assert newest.license_name is None
    assert then in {fact.license_name for fact in older}


@pytest.mark.parametrize(
    "text", ["no/such-model", "no-such-model", "datasets/openai/gpt-oss-20b", "./openai/gpt-oss-20b"]
)
def test_unknown_gives_none(text: str) -> None:
    assert bundled.fetch(ref(text)) is None


def test_unknown_has_no_history() -> None:
    assert bundled.history("no/such-model") == ()


@pytest.mark.parametrize("text", ["OpenAI/GPT-OSS-20B", "openai/gpt-oss-20b"])
def test_lookup_ignores_case_and_answers_canonically(text: str) -> None:
    snapshot = bundled.fetch(ref(text))
    assert snapshot is not None
    assert snapshot.name == "openai/gpt-oss-20b"
    assert snapshot.problems == ()


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("bert-base-uncased", "google-bert/bert-base-uncased"),
        ("gpt2", "openai-community/gpt2"),
        ("t5-small", "google-t5/t5-small"),
        ("meta-llama/Meta-Llama-3.1-8B-Instruct", "meta-llama/Llama-3.1-8B-Instruct"),
    ],
)
def test_renamed_ids_answer_with_the_new_one(old: str, new: str) -> None:
    snapshot = bundled.fetch(ref(old))
    assert snapshot is not None
    assert snapshot.name == new
    assert snapshot.model.name == old
    assert [problem.kind for problem in snapshot.problems] == ["renamed"]


def test_snapshot_has_the_shape_of_the_api(facts_file: Path) -> None:
    snapshot = bundled.fetch(ref("new/model"), data=facts_file)
    assert snapshot is not None
    assert snapshot.metadata is not None
    assert snapshot.metadata.card_data == {"license": "mit"}
    assert snapshot.metadata.tags == ("license:mit",)
    assert snapshot.revision == "a" * 40
    assert str(snapshot.as_of) == "2025-02-01"
    assert (snapshot.card, snapshot.files, snapshot.siblings) == (None, (), ())
    older = bundled.history("MODEL", data=facts_file)[1]
    assert (older.license, older.base_model) == (("gpl-3.0",), ("a/b", "c/d"))


def test_no_license_is_an_answer_and_says_what_was_not_read(facts_file: Path) -> None:
    snapshot = bundled.fetch(ref("some/quiet"), data=facts_file)
    assert snapshot is not None
    assert snapshot.metadata is not None
    assert snapshot.metadata.card_data == {"base_model": "a/b", "base_model_relation": "adapter"}
    assert [problem.kind for problem in snapshot.problems] == ["offline"]


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("new/Model@" + "a" * 40, []),
        ("new/Model@" + "b" * 40, ["revision-not-found"]),
        ("old/model@main", ["renamed", "revision-not-found"]),
        ("some/quiet@main", ["revision-not-found", "offline"]),
    ],
)
def test_another_revision_is_told(facts_file: Path, text: str, kinds: list[str]) -> None:
    snapshot = bundled.fetch(ref(text), data=facts_file)
    assert snapshot is not None
    assert [problem.kind for problem in snapshot.problems] == kinds


def test_lookups_from_many_threads_agree(facts_file: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda _: bundled.history("old/model", data=facts_file), range(64)))
    assert found == [found[0]] * 64
    assert len(found[0]) == 2


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    """A corpus with one case for each rule of the build."""
    api_body = {
        "id": "Org/Api",
        "sha": "c" * 40,
        "lastModified": "2024-05-06T07:08:09.000Z",
        "tags": ["license:mit", "pytorch"],
    }
    official = {"raw": "apache-2.0", "name": None, "license_link": None, "metadata_source": "model_card_metadata"}
    card = {"license_name": None, "license_link": None, "base_model": "a/b", "source_repo": "some/copies"}
    mteb = {"revision": "d" * 40, "path": "x.py"}
    rows: dict[str, list[dict[str, Any]]] = {
        "facts/official-models-2026.jsonl": [
            {"id": "org/official", "license": official, "last_seen": "2026-08-02T00:00:00+00:00"},
            {"id": "org/inferred", "license": {**official, "metadata_source": "none"}, "last_seen": "2026-08-02"},
        ],
        "facts/mteb_model_meta_licenses.jsonl": [
            {"model_id": "org/linked", "license": "https://example.org/terms", **mteb},
            {"model_id": "org/unsaid", "license": "not specified", **mteb},
            {"model_id": "org/service", "license": "mit", "revision": "1", "path": "x.py"},
            {"model_id": "org/card", "license": "mit", **mteb},
        ],
        "cards/INDEX.jsonl": [
            {"model_id": "org/card", "file": "card.md", "declared_license": None, "front_matter": "ok", **card},
            {"model_id": "_root_/bare", "file": "card.md", "declared_license": ["mit"], "front_matter": "ok", **card},
            {"model_id": "org/cut", "file": "card.md", "declared_license": None, "front_matter": "none", **card},
            {"model_id": "org/old", "file": "card.md", "declared_license": None, **card, "source_repo": "old/copies"},
        ],
        "cards-modern/INDEX.jsonl": [{"model_id": "unknown/x", "file": "x.md", "declared_license": "mit"}],
        "drift/INDEX.jsonl": [
            {"model_id": "org/card", "license": '"other"', "license_name": "custom", "license_link": "LICENSE"}
            | {"source": "some/copies:README.md", "when": "abc 2023-01-02"},
        ],
    }
    for name, records in rows.items():
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text("".join(json.dumps(record) + "\n" for record in records), encoding="utf-8")
    head = "status,pr_url,model_id,nb_downloads,nb_likes,suggested_license_name,suggested_license_link\n"
    page = "[org/listed](https://huggingface.co/org/listed)"
    own = "https://huggingface.co/org/listed/blob/main/LICENSE"
    (tmp_path / "facts/hub-model_license_other.csv").write_text(f"{head},,{page},1,1,mit,{own}\n", encoding="utf-8")
    keyless = "[org/keyless](https://huggingface.co/org/keyless)"
    listed_twice = f"{head},,{page},1,1,mit,{own}\n,,{keyless},1,1,mit,https://example.org/guess\n"
    (tmp_path / "facts/hub-model_no_license.csv").write_text(listed_twice, encoding="utf-8")
    (tmp_path / "cards/card.md").write_text(
        "---\ndatasets: [d1, d2]\nbase_model_relation: merge\n---\n", encoding="utf-8"
    )
    (tmp_path / "api").mkdir()
    (tmp_path / "api/hubcassette__Org__Api.json").write_text(json.dumps({**api_body, "cardData": {"license": "mit"}}))
    (tmp_path / "api/redirect_307__x.txt").write_text("GET /api/models/api\nRedirecting to /api/models/Org/Api\n")
    return tmp_path


CURATED = """
[renamed]
"bare" = "org/bare"
[copies]
"some/copies" = { date = 2024-05-01, without_front_matter = true }
"old/copies" = { date = 2020-05-01 }
"cards-modern" = { date = 2026-01-01 }
[[facts]]
ids = ["org/official", "ORG/api"]
license = "apache-2.0"
source = "general knowledge"
date = 2099-01-01
"""


@pytest.fixture
def built(corpus: Path) -> dict[str, dict[str, Any]]:
    curated = corpus / "curated.toml"
    curated.write_text(CURATED, encoding="utf-8")
    return {record["id"]: record for record in map(json.loads, build_bundled.build(corpus, curated).splitlines())}


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("org/official", [("apache-2.0", "open-model-license-index", "2026-08-02")]),
        ("org/linked", [("other", "mteb", "2026-01-01")]),
        (
            "org/card",
            [
                (None, "card copy, some/copies", "2024-05-01"),
                ("other", "card copy, some/copies", "2023-01-02"),
                ("mit", "mteb", "2026-01-01"),
            ],
        ),
        ("org/bare", [(["mit"], "card copy, some/copies", "2024-05-01")]),
        ("org/listed", [("other", "hub license list", "2023-10-01")]),
        ("org/keyless", [(None, "hub license list", "2023-10-01")]),
        ("Org/Api", [("apache-2.0", "general knowledge", "2099-01-01"), ("mit", "hub api", "2024-05-06")]),
    ],
)
def test_build_keeps_what_is_said(built: dict[str, dict[str, Any]], name: str, expected: list[Any]) -> None:
    assert [(fact["license"], fact["source"], fact["date"]) for fact in built[name]["facts"]] == expected


def test_build_leaves_out_what_says_nothing(built: dict[str, dict[str, Any]]) -> None:
    known = {"org/official", "org/linked", "org/card", "org/bare", "org/listed", "org/keyless", "Org/Api"}
    assert set(built) == known


def test_build_keeps_links_bases_and_former_ids(built: dict[str, dict[str, Any]]) -> None:
    assert built["org/linked"]["facts"][0]["license_link"] == "https://example.org/terms"
    assert built["org/listed"]["facts"][0]["license_link"].endswith("/org/listed/blob/main/LICENSE")
    assert "license_link" not in built["org/keyless"]["facts"][0]
    bare = built["org/bare"]["facts"][0]
    assert (bare["base_model"], bare["base_model_relation"]) == (["a/b"], "merge")
    assert bare["tags"] == ["dataset:d1", "dataset:d2"]
    assert built["org/bare"]["renamed"] == ["bare"]
    assert built["Org/Api"]["renamed"] == ["api"]
    assert built["Org/Api"]["facts"][1]["tags"] == ["license:mit"]


@pytest.mark.shared
def test_rebuild_gives_the_same_bytes(shared: Path) -> None:
    assert build_bundled.build(shared / "corpus").encode() == MODELS.read_bytes()
