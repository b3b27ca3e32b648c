"""The SPDX document: valid, complete, the same for the same input, and read back by spdx-tools."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta, timezone
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from spdx_tools.spdx.model import RelationshipType
from spdx_tools.spdx.parser.jsonlikedict.json_like_dict_parser import JsonLikeDictParser
from spdx_tools.spdx.validation.document_validator import validate_full_spdx_document

from licensecheck.catalog import LicenseRecord
from licensecheck.catalog.schema import Review
from licensecheck.reports import FORMATS, spdx_json
from licensecheck.types import Evidence, ModelRef, Relation, Report, Resolution, Upstream

SAMPLES: Mapping[str, Report] = {
    path.stem: Report.model_validate(tomllib.loads(path.read_text("utf-8")))
    for path in sorted((Path(__file__).parent / "samples").glob("*.toml"))
}
CREATED = datetime(2026, 10, 2, 12, 30, tzinfo=UTC)
RECORD = LicenseRecord(
    key="example-1.0",
    spdx_id="LicenseRef-example-1.0",
    name="Example License 1.0",
    family="example",
    class_="community",
    text_urls=("https://example.org/license",),
    review=Review(by="a test", on=date(2026, 10, 2), basis="license-text"),
)


def find(spelling: str) -> LicenseRecord | None:
    return RECORD if spelling == RECORD.spdx_id else None


document = partial(spdx_json.document, created=CREATED, find=find)
render = partial(spdx_json.render, created=CREATED, find=find)


def model(
    name: str, concluded: str = "MIT", *, bases: Mapping[str, Relation] | None = None, **fields: Any
) -> Resolution:
    upstream = tuple(
        Upstream(relation=relation, evidence=None, resolution=model(base)) for base, relation in (bases or {}).items()
    )
    return Resolution(
        model=ModelRef.parse(name), name=name, declared=concluded, concluded=concluded, upstream=upstream, **fields
    )


def packages(text: str) -> dict[str, dict[str, Any]]:
    return {package["name"]: package for package in json.loads(text)["packages"]}


def relations(text: str) -> list[tuple[str, str, str]]:
    data = json.loads(text)
    names = {package["SPDXID"]: package["name"] for package in data["packages"]} | {"SPDXRef-DOCUMENT": "DOCUMENT"}
    return [
        (names[each["spdxElementId"]], each["relationshipType"], names[each["relatedSpdxElement"]])
        for each in data["relationships"]
    ]


@pytest.mark.parametrize("sample", SAMPLES)
def test_is_valid_and_reads_back(sample: str) -> None:
    made = document(SAMPLES[sample])
    assert validate_full_spdx_document(made) == []
    read = JsonLikeDictParser().parse(json.loads(render(SAMPLES[sample])))
    assert read.packages == made.packages
    assert read.relationships == made.relationships
    assert read.extracted_licensing_info == made.extracted_licensing_info
    assert read.creation_info.document_namespace == made.creation_info.document_namespace


NAMES = st.from_regex(r"[a-z]{1,5}/[A-Za-z0-9._-]{1,8}", fullmatch=True) | st.text(max_size=20)
EXPRESSIONS = st.text(max_size=30) | st.sampled_from(
    [
        "MIT",
        "Apache-2.0+",
        "NONE",
        "NOASSERTION",
        "MIT OR NONE",
        "LicenseRef-a_b AND MIT",
        "GPL-3.0",
        "(MIT",
        "MIT WITH x",
        "LicenseRef-",
    ]
)


@settings(deadline=None, max_examples=80)
@given(st.lists(st.tuples(NAMES, st.none() | st.text(max_size=10), EXPRESSIONS, NAMES), max_size=3))
def test_is_valid_whatever_a_card_says(rows: list[tuple[str, str | None, str, str]]) -> None:
    models = [
        Resolution(
            model=ModelRef(name=name),
            name=name,
            revision=revision,
            declared=expression,
            concluded="NOASSERTION",
            comment=expression,
            evidence=(Evidence(kind="lineage", locator="README.md", quote="", upstream=base),),
        )
        for name, revision, expression, base in rows
    ]
    assert validate_full_spdx_document(document(models)) == []


@pytest.mark.parametrize(
    ("read", "told"),
    [
        ("Apache-2.0", "Apache-2.0"),
        ("MIT OR (Apache-2.0 AND BSD-3-Clause)", "MIT OR (Apache-2.0 AND BSD-3-Clause)"),
        ("GPL-3.0", "LicenseRef-GPL-3.0"),
        ("GPL-3.0-only", "GPL-3.0-only"),
        ("GPL-2.0-only WITH Classpath-exception-2.0", "GPL-2.0-only WITH Classpath-exception-2.0"),
        ("GPL-2.0-only WITH Other-exception", "LicenseRef-GPL-2.0-only-WITH-Other-exception"),
        ("LicenseRef-x WITH Classpath-exception-2.0", "LicenseRef-x WITH Classpath-exception-2.0"),
        ("Classpath-exception-2.0", "LicenseRef-Classpath-exception-2.0"),
        ("Apache-2.0+", "LicenseRef-Apache-2.0-plus"),
        ("LicenseRef-llama3.1 AND MIT", "LicenseRef-llama3.1 AND MIT"),
        ("LicenseRef-scancode-openrail", "LicenseRef-scancode-openrail"),
        ("LicenseRef-odd_name", "LicenseRef-odd-name"),
        ("openrail++", "LicenseRef-openrail-plus-plus"),
        ("ask me, please", "LicenseRef-ask-me-please"),
        ("", "LicenseRef-unnamed"),
        ("MIT AND NOASSERTION", "NOASSERTION"),
        ("NOASSERTION", "NOASSERTION"),
        ("NONE", "NONE"),
    ],
)
def test_expressions_in_the_words_of_spdx(read: str, told: str) -> None:
    models = [model("acme/a", read)]
    assert validate_full_spdx_document(document(models)) == []
    data = json.loads(render(models))
    package = data["packages"][0]
    assert (package["licenseDeclared"], package["licenseConcluded"]) == (told, told)
    refs = [word.strip("()") for word in told.split() if word.startswith("LicenseRef-")]
    assert [info["licenseId"] for info in data.get("hasExtractedLicensingInfos", [])] == refs
    assert (f"declared in full: {read}" in package.get("licenseComments", "")) == (read == "MIT AND NOASSERTION")


def test_a_package_says_where_the_model_is() -> None:
    commit = "0123456789abcdef0123456789abcdef01234567"
    made = render(
        [model("acme/a", revision=commit), model("gpt2"), model("./local"), model("datasets/acme/d", revision="main")],
    )
    told = packages(made)
    hub = told["acme/a"]
    assert hub["downloadLocation"] == f"git+https://huggingface.co/acme/a@{commit}"
    assert (hub["supplier"], hub["versionInfo"], hub["filesAnalyzed"]) == ("Organization: acme", commit, False)
    assert hub["externalRefs"] == [
        {
            "referenceCategory": "PACKAGE-MANAGER",
            "referenceLocator": f"pkg:huggingface/acme/a@{commit}",
            "referenceType": "purl",
        }
    ]
    assert told["gpt2"]["supplier"] == "NOASSERTION"
    assert told["./local"]["downloadLocation"] == "NOASSERTION"
    assert "externalRefs" not in told["./local"]


def test_a_shared_base_is_one_package_and_an_unresolved_one_is_there() -> None:
    lost = Evidence(
        kind="lineage", locator="README.md:3", quote="base_model: other/lost", upstream="other/lost", relation="merge"
    )
    known = Evidence(
        kind="lineage", locator="README.md:2", quote="base_model: ACME/base", upstream="ACME/base", relation="finetune"
    )
    text = render(
        [
            model("acme/one", bases={"acme/base": "finetune"}, evidence=(known, lost)),
            model("acme/two", bases={"acme/base": "quantized"}),
            model("acme/base", bases={"acme/root": "distilled"}),
        ],
    )
    assert sorted(packages(text)) == ["acme/base", "acme/one", "acme/root", "acme/two", "other/lost"]
    assert packages(text)["other/lost"]["licenseConcluded"] == "NOASSERTION"
    assert sorted(relations(text)) == [
        ("DOCUMENT", "DESCRIBES", "acme/base"),
        ("DOCUMENT", "DESCRIBES", "acme/one"),
        ("DOCUMENT", "DESCRIBES", "acme/two"),
        ("acme/base", "DESCENDANT_OF", "acme/root"),
        ("acme/one", "DESCENDANT_OF", "acme/base"),
        ("acme/one", "DESCENDANT_OF", "other/lost"),
        ("acme/two", "DESCENDANT_OF", "acme/base"),
    ]


def test_a_license_that_is_not_spdx_s_is_explained() -> None:
    seen = Evidence(kind="license-file", locator="LICENSE", quote="", license=RECORD.spdx_id, sha256="ab12")
    models = [model("acme/a", RECORD.spdx_id, evidence=(seen,), revision="v1")]

    (info,) = json.loads(render(models))["hasExtractedLicensingInfos"]
    assert info["name"] == "Example License 1.0"
    assert info["seeAlsos"] == ["https://example.org/license"]
    assert "was not at hand" in info["extractedText"]
    assert "LICENSE of acme/a at v1, sha256 ab12" in info["extractedText"]
    assert "https://example.org/license" in info["extractedText"]

    texts = {RECORD.spdx_id: "The whole text.\n\nIn two paragraphs."}
    (info,) = json.loads(render(models, texts=texts))["hasExtractedLicensingInfos"]
    assert info["extractedText"] == texts[RECORD.spdx_id]


def test_the_format_looks_licenses_up_in_the_catalog() -> None:
    (info,) = json.loads(FORMATS["spdx"](SAMPLES["review"]))["hasExtractedLicensingInfos"]
    assert (info["licenseId"], info["name"]) == ("LicenseRef-llama3.1", "Llama 3.1 Community License Agreement")


def test_same_content_same_bytes_and_namespace() -> None:
    models = [model("acme/a")]
    one, other = render(models), render(models)
    assert one == other
    changed = render([model("acme/a", "Apache-2.0")])
    assert json.loads(changed)["documentNamespace"] != json.loads(one)["documentNamespace"]
    assert json.loads(render(models, namespace="https://example.org/1"))["documentNamespace"] == "https://example.org/1"


def test_the_date_is_the_caller_s() -> None:
    def creation(text: str) -> dict[str, str]:
        data: dict[str, str] = json.loads(text)["creationInfo"]
        return data

    local = CREATED.astimezone(timezone(timedelta(hours=2)))
    assert creation(render([], created=local))["created"] == "2026-10-02T12:30:00Z"
    assert "comment" not in creation(render([]))
    assert creation(spdx_json.render([], find=find))["comment"] == "The date of creation was not recorded."


def test_an_empty_document_describes_nothing() -> None:
    made = document([])
    assert validate_full_spdx_document(made) == []
    assert [each.relationship_type for each in made.relationships] == [RelationshipType.DESCRIBES]
