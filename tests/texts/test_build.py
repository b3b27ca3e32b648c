"""The index, made from small sources."""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from licensecheck.catalog import catalog
from licensecheck.errors import CatalogError, UsageError
from licensecheck.texts import build
from licensecheck.texts.build import corpus, scancode, spdxlist
from licensecheck.texts.build.__main__ import main
from licensecheck.texts.build.names import Names
from licensecheck.texts.build.pack import pack, unpack
from licensecheck.texts.build.references import Reference, Slot, marked, read_marked
from licensecheck.texts.index import Index, read, write
from licensecheck.texts.normalize import tokens

LICENSE = (
    "Example License\n\nYou may do as you please with the example, but:\n\n1. keep this text;\n2. say whose it is.\n"
)
TABLE: dict[str, Any] = {
    "endings": ["-only", "-or-later"],
    "policies": ["acme-aup"],
    "nameless": ["some-exception"],
    "scancode": {"acme-usage": "acme-aup"},
    "skip": ["left-out"],
    "keys": {"apache~2": "apache-2.0"},
}
HEADS: list[tuple[str, dict[str, Any]]] = [
    ("mit", {"spdx_license_key": "MIT"}),
    ("gpl-2.0", {"spdx_license_key": "GPL-2.0-only"}),
    ("classpath", {"spdx_license_key": "Classpath-exception-2.0", "is_exception": True}),
    ("other-permissive", {"spdx_license_key": "LicenseRef-scancode-other-permissive", "is_generic": True}),
    ("some-exception", {"is_generic": True}),
    ("acme-usage", {}),
]


@pytest.fixture
def names() -> Names:
    return Names(catalog(), TABLE, HEADS)


@pytest.fixture
def target(tmp_path: Path) -> Path:
    """A small index of one license."""
    path = tmp_path / "index.bin"
    names = Names(catalog(), TABLE, HEADS)
    references = [
        Reference(tuple(tokens(LICENSE)), "text", names.of_key("apache-2.0"), "x", 80, ((0, 2),), (Slot(2, 4, "a.+"),)),
        Reference(tuple(tokens("licensed under mit")), "notice", names.of_scancode("mit"), "y"),
        Reference(tuple(tokens("no license at all")), "false-positive", "", "z"),
    ]
    write(pack(references, names.names), path)
    return path


def _words(path: Path) -> dict[str, str]:
    """Expression -> words, of all references of an index."""
    references, _ = unpack(Index(read(path)))
    return {each.expression: " ".join(each.words) for each in references}


@pytest.mark.parametrize(
    ("key", "name", "role"),
    [
        ("mit", "MIT", "license"),
        ("gpl-2.0", "GPL-2.0-only", "license"),
        ("classpath", "Classpath-exception-2.0", "exception"),
        ("other-permissive", "LicenseRef-scancode-other-permissive", "generic"),
        ("some-exception", "LicenseRef-scancode-some-exception", "unknown"),
        ("acme-usage", "LicenseRef-acme-aup", "policy"),
    ],
)
def test_names_of_scancode(names: Names, key: str, name: str, role: str) -> None:
    assert names.of_scancode(key) == name
    assert names.names[name].role == role


def test_an_expression_keeps_its_form(names: Names) -> None:
    assert names.of_expression("(mit or gpl-2.0) WITH classpath") == (
        "(MIT OR GPL-2.0-only) WITH Classpath-exception-2.0"
    )


def test_a_text_does_not_say_that_only_one_version_holds(names: Names) -> None:
    assert names.of_text("gpl-2.0") == "GPL-2.0"
    assert names.bare("GPL-2.0-or-later") == "GPL-2.0"
    assert names.bare("No-such-license-only") == "No-such-license-only"


def test_a_model_license_is_named_by_its_key(names: Names) -> None:
    assert names.of_key("llama3.1") == "LicenseRef-llama3.1"
    assert names.of_key("acme-community-1.0") == "LicenseRef-acme-community-1.0"
    assert names.names["LicenseRef-acme-community-1.0"].key == "acme-community-1.0"


def test_marks_come_out_at_their_words() -> None:
    words, marks = read_marked(f"one {marked('two three', 0)} four {marked('', 1)} five")
    assert words == ("one", "two", "three", "four", "five")
    assert [(mark.start, mark.end, mark.name) for mark in marks] == [(1, 3, 0), (4, 4, 1)]


def test_a_mark_that_breaks_a_notice_is_moved() -> None:
    words, marks = read_marked(f"{marked('Copyright (c) 2024 Foo', 0)}\n\nUse {marked('as you like', 1)}.")
    assert words == ("use", "as", "you", "like")
    assert [(mark.start, mark.end, mark.name) for mark in marks] == [(0, 0, 0), (1, 4, 1)]


def test_texts_of_a_corpus(tmp_path: Path, names: Names) -> None:
    slugs = {"apache": "apache-2.0", "acme": None, "acme-aup": None, "left-out": None, "acme~2": None, "apache~2": None}
    with (tmp_path / "INDEX.jsonl").open("w") as index:
        for slug, hub_id in slugs.items():
            index.write(json.dumps({"slug": slug, "hub_id": hub_id}) + "\n")
            (tmp_path / f"{slug}.txt").write_text(f"{LICENSE} {slug}")
    found = {each.origin: (each.expression, each.kind) for each in corpus.texts(tmp_path, names, TABLE)}
    assert found == {
        "corpus/apache": ("Apache-2.0", "text"),
        "corpus/acme": ("LicenseRef-acme", "text"),
        "corpus/acme-aup": ("LicenseRef-acme-aup", "policy"),
        "corpus/apache~2": ("Apache-2.0", "text"),
    }


def test_licenses_and_rules_of_scancode(tmp_path: Path, names: Names) -> None:
    for folder in ("licenses", "rules"):
        (tmp_path / folder).mkdir()
    files = {
        "licenses/gpl-2.0.LICENSE": ("key: gpl-2.0", "This is the license."),
        "licenses/old.LICENSE": ("key: old\nis_deprecated: yes", "Gone."),
        "rules/mit_1.RULE": ("license_expression: mit\nis_license_notice: yes", "Under the {{MIT license}} as it is."),
        "rules/mit_2.RULE": ("license_expression: mit\nis_license_tag: yes\nis_continuous: yes", "license: MIT"),
        "rules/mit_3.RULE": ("license_expression: mit\nis_license_notice: yes", "[MIT](https://example.org/mit)"),
        "rules/false_1.RULE": ("is_false_positive: yes", "mit as a word"),
    }
    for path, (head, text) in files.items():
        (tmp_path / path).write_text(f"---\n{head}\n---\n\n{text}\n")
    found = {each.origin: each for each in scancode.references(tmp_path, names)}
    assert list(found) == ["scancode/gpl-2.0", "scancode/false_1", "scancode/mit_1", "scancode/mit_2"]
    assert (found["scancode/gpl-2.0"].expression, found["scancode/gpl-2.0"].kind) == ("GPL-2.0", "text")
    assert found["scancode/mit_1"].required == ((2, 4),)
    assert (found["scancode/mit_2"].kind, found["scancode/mit_2"].coverage) == ("reference", 100)
    assert (found["scancode/false_1"].kind, found["scancode/false_1"].expression) == ("false-positive", "")
    (tmp_path / "rules" / "broken_1.RULE").write_text("no head")
    with pytest.raises(CatalogError, match=r"broken_1\.RULE"):
        list(scancode.references(tmp_path, names))


def test_the_spdx_list(tmp_path: Path, names: Names) -> None:
    xml = """<SPDXLicenseCollection xmlns="http://www.spdx.org/license"><license licenseId="MIT"><text>
      <titleText><p>The License</p></titleText>
      <list><item><bullet>1.</bullet> Say <alt match="who|what\\s+it" name="x">who</alt> is.</item></list>
      <optional><p>The end.</p></optional></text></license></SPDXLicenseCollection>"""
    (tmp_path / "MIT.xml").write_text(xml)
    licenses = [
        {"licenseId": "MIT", "name": "MIT", "text": "Say who is."},
        {"licenseId": "GPL-2.0+", "name": "old", "text": "Gone.", "isDeprecatedLicenseId": True},
    ]
    exceptions = [{"licenseExceptionId": "Foo-exception", "name": "Foo", "text": "Except foo."}]
    with gzip.open(tmp_path / "bundle.gz", "wt") as bundle:
        json.dump({"licenses": licenses, "exceptions": exceptions}, bundle)
    listed = spdxlist.listed(tmp_path / "bundle.gz")
    template, plain, exception = spdxlist.references(tmp_path, listed, names)
    assert " ".join(template.words) == "the license say who is the end"
    assert template.slots == (Slot(0, 2, None), Slot(3, 4, "who|what it"), Slot(5, 7, None))
    assert (plain.words, plain.slots, plain.expression) == (("say", "who", "is"), (), "MIT")
    assert (exception.expression, names.names["Foo-exception"].role) == ("Foo-exception", "exception")


def test_of_the_same_words_the_first_name_counts(names: Names) -> None:
    slot = (Slot(0, 1, None),)
    rows = [
        Reference(("a", "b"), "text", "MIT", "one"),
        Reference(("a", "b"), "text", "ISC", "two"),
        Reference(("c",), "text", "MIT", "three"),
        Reference(("c",), "text", "MIT", "four", slots=slot),
        Reference((), "text", "MIT", "five"),
    ]
    kept, notes = build.distinct(rows)
    assert [(each.words, each.expression, each.slots) for each in kept] == [
        (("a", "b"), "MIT", ()),
        (("c",), "MIT", slot),
    ]
    assert notes == ["MIT (one) and ISC (two): the same words"]


def test_what_is_packed_comes_out(target: Path, tmp_path: Path) -> None:
    references, names = unpack(Index(read(target)))
    assert [each.kind for each in references] == ["text", "notice", "false-positive"]
    assert references[0].words == tuple(tokens(LICENSE))
    assert (references[0].coverage, references[0].required, references[0].slots) == (
        80,
        ((0, 2),),
        (Slot(2, 4, "a.+"),),
    )
    again = tmp_path / "again.bin"
    write(pack(references, names), again)
    assert again.read_bytes() == target.read_bytes()


def test_add(target: Path, tmp_path: Path) -> None:
    text = tmp_path / "LICENSE"
    text.write_text("A wholly new license of our own, with many words that no other license has, to be sure.")
    assert build.add("LicenseRef-llama3.1", text, target) == [f"llama3.1: 18 words, added to {target}"]
    first = target.read_bytes()
    assert build.add("llama3.1", text, target) == ["llama3.1: 18 words, known already"]
    assert target.read_bytes() == first
    assert set(_words(target)) == {"Apache-2.0", "MIT", "", "LicenseRef-llama3.1"}
    with pytest.raises(CatalogError, match=r"known as LicenseRef-llama3\.1"):
        build.add("apache-2.0", text, target)


def test_add_refuses(target: Path, tmp_path: Path) -> None:
    text = tmp_path / "LICENSE"
    text.write_text(LICENSE)
    with pytest.raises(CatalogError, match=r"no license `llama3\.11`"):
        build.add("llama3.11", text, target)
    with pytest.raises(CatalogError, match="several licenses"):
        build.add("gpl", text, target)
    text.write_text("MIT License")
    with pytest.raises(UsageError, match="2 words"):
        build.add("mit", text, target)


def test_arrays_of_all_kinds_come_back(tmp_path: Path) -> None:
    arrays: dict[str, NDArray[Any]] = {
        "a": np.arange(5, dtype=np.uint16),
        "b": np.zeros((0, 4), np.int32),
        "c": np.array([2**63], np.uint64),
    }
    write(arrays, tmp_path / "x.bin")
    found = read(tmp_path / "x.bin")
    assert {name: array.tolist() for name, array in found.items()} == {name: a.tolist() for name, a in arrays.items()}
    assert {name: array.dtype for name, array in found.items()} == {name: array.dtype for name, array in arrays.items()}


def test_a_missing_package_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(build, "find_spec", lambda name: None)
    with pytest.raises(UsageError, match=r"`licensedcode` is not installed"):
        build.build(tmp_path, tmp_path / "x.bin")


@pytest.mark.parametrize("arguments", [[], ["no-such-folder"], ["add", "mit"], ["add", "nothing-like-it", "LICENSE"]])
def test_the_command_explains_what_is_wrong(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(arguments) == 2
    assert "help:" in capsys.readouterr().err or "nothing-like-it" in arguments


@pytest.mark.parametrize(("data", "says"), [(None, "cannot be read"), (b"\xff\xfe\x00", "no text in UTF-8")])
def test_add_of_what_cannot_be_read(target: Path, tmp_path: Path, data: bytes | None, says: str) -> None:
    file = tmp_path / "LICENSE"
    if data is not None:
        file.write_bytes(data)
    with pytest.raises(UsageError, match=says):
        build.add("llama3.1", file, target)
