"""The digest file, made from a small corpus."""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any

import pytest

from licensecheck.catalog import catalog
from licensecheck.errors import CatalogError, UsageError
from licensecheck.texts import build
from licensecheck.texts.normalize import digest

LICENSE = (
    "Example License\n\nYou may do as you please with the example, but:\n\n1. keep this text;\n2. say whose it is.\n"
)


@pytest.fixture
def target(tmp_path: Path) -> Path:
    return tmp_path / "digests.tsv"


def _corpus(folder: Path, *, licenses: dict[str, str] | None = None, texts: list[dict[str, Any]] | None = None) -> Path:
    (folder / "licenses").mkdir(parents=True)
    (folder / "texts").mkdir()
    with (folder / "licenses" / "INDEX.jsonl").open("w") as index:
        for slug, text in (licenses or {}).items():
            (folder / "licenses" / f"{slug}.txt").write_text(text)
            index.write(json.dumps({"slug": slug, "hub_id": slug if slug == "apache-2.0" else None}) + "\n")
    row = {"id": "x/1", "source": "spdx-list", "kind": "full-text", "name": "x"}
    for name, rows in {"open": texts or [], "robust": []}.items():
        with gzip.open(folder / "texts" / f"{name}.jsonl.gz", "wt") as file:
            file.writelines(json.dumps(row | each) + "\n" for each in rows)
    return folder


def _names(target: Path) -> dict[str, str]:
    return {row.digest: f"{row.kind} {row.key}" for row in build.read(target)}


def test_licenses_policies_and_spdx_texts(tmp_path: Path, target: Path) -> None:
    corpus = _corpus(
        tmp_path / "corpus",
        licenses={
            "apache-2.0": LICENSE,
            "no-such-license": LICENSE.replace("Example", "Other"),
            "llama3.1-aup": LICENSE.replace("License", "Policy"),
            "no-such-license~2": LICENSE.replace("Example", "Near"),
            "nvidia-open-model-lookalike": LICENSE.replace("Example", "False"),
        },
        texts=[
            {"expected_spdx": ["GPL-3.0-or-later"], "text": LICENSE + "third"},
            {"expected_spdx": ["MIT", "ISC"], "text": LICENSE + "both"},
            {"expected_spdx": ["MIT"], "text": LICENSE + "hearsay", "source": "sc-glc"},
            {"expected_spdx": ["MIT"], "text": LICENSE + "a header", "kind": "header"},
        ],
    )
    report = build.build(corpus, target)
    names = _names(target)
    assert set(names.values()) == {
        "license apache-2.0",
        "license no-such-license",
        "policy llama3.1-aup",
        f"license {catalog().get('GPL-3.0').key}",
    }
    assert names[digest(LICENSE)] == "license apache-2.0"
    assert report[1] == "1 keys without a record in the catalog: no-such-license"


def test_other_list_marks_and_titles_are_known_too(tmp_path: Path, target: Path) -> None:
    text = LICENSE.replace("Example License", "MIT License")
    build.build(_corpus(tmp_path / "corpus", texts=[{"expected_spdx": ["MIT"], "text": text}]), target)
    names = _names(target)
    for variant in (
        text.replace("1. ", "* ").replace("2. ", "* "),
        text.replace("1. ", "a) ").replace("2. ", "b) "),
        text.replace("MIT License", "The MIT License (MIT)"),
        text.removeprefix("MIT License"),
    ):
        assert names.get(digest(variant)) == "license mit"
    assert digest(text.replace("2. ", "3. ")) not in names


def test_a_wrapped_number_is_no_list_mark(tmp_path: Path, target: Path) -> None:
    text = LICENSE + "\nThis is under version\n2. And no other.\n"
    build.build(_corpus(tmp_path / "corpus", licenses={"apache-2.0": text}), target)
    assert digest(text.replace("version\n2.", "version")) not in _names(target)


def test_one_text_under_two_names_is_an_error(tmp_path: Path, target: Path) -> None:
    corpus = _corpus(tmp_path / "corpus", licenses={"apache-2.0": LICENSE, "other": LICENSE.upper()})
    with pytest.raises(CatalogError, match=r"apache-2.0 \(corpus/licenses/apache-2.0\) and other"):
        build.build(corpus, target)
    assert not target.exists()


def test_the_same_corpus_gives_the_same_bytes_and_added_rows_stay(tmp_path: Path, target: Path) -> None:
    corpus = _corpus(tmp_path / "corpus", licenses={"apache-2.0": LICENSE})
    build.build(corpus, target)
    before = target.read_bytes()
    build.build(corpus, target)
    assert target.read_bytes() == before
    text = tmp_path / "LICENSE"
    text.write_text(LICENSE + "added")
    build.add("llama3.1", text, target)
    build.build(corpus, target)
    assert _names(target)[digest(LICENSE + "added")] == "license llama3.1"


def test_add_names_by_the_key_of_the_record(tmp_path: Path, target: Path) -> None:
    text = tmp_path / "LICENSE"
    text.write_text(LICENSE)
    assert build.add("LicenseRef-llama3.1", text, target)[0].endswith("added")
    assert build.add("llama3.1", text, target)[0].endswith("known already")
    assert _names(target) == {digest(LICENSE): "license llama3.1"}


def test_add_refuses(tmp_path: Path, target: Path) -> None:
    text = tmp_path / "LICENSE"
    text.write_text(LICENSE)
    with pytest.raises(CatalogError, match=r"no license `llama3\.11`"):
        build.add("llama3.11", text, target)
    build.add("llama3.1", text, target)
    with pytest.raises(CatalogError, match="two names"):
        build.add("apache-2.0", text, target)
    text.write_text("MIT License")
    with pytest.raises(UsageError, match="2 words"):
        build.add("mit", text, target)


@pytest.mark.parametrize("arguments", [[], ["no-such-folder"], ["add", "mit"], ["add", "nothing-like-it", "LICENSE"]])
def test_the_command_explains_what_is_wrong(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert build.main(arguments) == 2
    assert "help:" in capsys.readouterr().err or "nothing-like-it" in arguments
