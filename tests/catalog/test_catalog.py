"""Every record of the catalog is valid, findable, and never found by a name that is not its own."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from licensecheck import catalog as room
from licensecheck import spdx
from licensecheck.catalog import Catalog, LicenseRecord, catalog, fold
from licensecheck.catalog.lint.anchors import terms_of
from licensecheck.catalog.lookup import head
from licensecheck.catalog.vocabulary import words
from licensecheck.errors import CatalogError

HERE = Path(__file__).parent
FOLDER = Path(room.__file__).parent / "data" / "licenses"
FILES = sorted(FOLDER.rglob("*.toml"))
PLACEHOLDERS = {"other", "unknown"}
HUB_IDS = [line for line in (HERE / "hub_ids.txt").read_text().splitlines() if not line.startswith("#")]
SPELLINGS: dict[str, dict[str, str]] = tomllib.loads((HERE / "spellings.toml").read_text(encoding="utf-8"))
JUDGED = ("use", "host", "modify", "redistribute", "redistribute-derivative")


def rows(*groups: str) -> list[Any]:
    return [pytest.param(name, key, id=f"{group}:{name}") for group in groups for name, key in SPELLINGS[group].items()]


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_the_quick_reader_of_heads_reads_what_toml_says(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    data = tomllib.loads(text)

    expected = {name: data[name] for name in ("spdx-id", "family", "aliases", "text-urls") if name in data}
    assert {name: value for name, value in head(text).items() if name in expected} == expected


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_file(path: Path) -> None:
    data = tomllib.loads(path.read_text(encoding="utf-8"))
    record = catalog().get(path.stem)

    assert (data["key"], data["family"]) == (path.stem, path.parent.name)
    if record.ambiguous:
        assert record.class_ == "family"
        assert record.candidates
        assert record.decides
        assert record.terms == type(record.terms)()
        return
    if record.review.basis == "license-text":
        assert any(term.anchor for _, term in terms_of(record.terms)), "a record read from the text shows where"
    for action in JUDGED:
        grant = record.terms.grant(action, "commercial")
        assert grant is not None, f"says nothing on {action} for commercial use"
        assert grant.value != "conditional" or grant.conditions
    if record.class_ in {"non-commercial", "research"}:
        assert record.terms.grant("use", "commercial").value != "allow"  # type: ignore[union-attr]


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_spdx_id(path: Path) -> None:
    record = catalog().get(path.stem)

    if record.spdx_id.startswith("LicenseRef-"):
        assert record.spdx_id == spdx.reference(record.key)
    else:
        assert spdx.normalize(record.spdx_id) == record.spdx_id
    assert catalog().find(record.spdx_id) == record


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_names_lead_to_records(path: Path) -> None:
    record = catalog().get(path.stem)

    for name in (*record.candidates, *record.supersedes):
        assert catalog().find(name), name
    for alias in record.aliases:
        assert catalog().find(alias) == record


@pytest.mark.parametrize("hub_id", HUB_IDS)
def test_hub_ids(hub_id: str) -> None:
    record = catalog().find(hub_id)

    if hub_id in PLACEHOLDERS:
        assert record is None
    else:
        assert record is not None
        assert record.key == hub_id
        assert record.review.basis != "category"


@pytest.mark.parametrize(("spelling", "key"), rows("names", "families", "derived", "traps", "nothing"))
def test_spelling(spelling: str, key: str) -> None:
    record = catalog().find(spelling)

    assert (record.key if record else "") == key


@pytest.mark.parametrize(("spelling", "key"), rows("families"))
def test_family_names_no_license(spelling: str, key: str) -> None:
    record = catalog().get(spelling)

    assert record.ambiguous
    assert all(not catalog().get(candidate).ambiguous for candidate in record.candidates)


@pytest.mark.parametrize(("spelling", "key"), rows("derived"))
def test_derived_record_says_so(spelling: str, key: str) -> None:
    record = catalog().get(spelling)

    assert (record.family, record.review.basis) == ("spdx", "category")


def test_every_spdx_id_gives_a_record_or_nothing() -> None:
    found = [catalog().find(entry.id) for entry in spdx.ids().values()]

    assert sum(record is not None for record in found) > 2000
    for record in filter(None, found):
        assert record.review.basis in words()["basis"]


@pytest.mark.parametrize(
    ("url", "key"),
    [
        ("https://creativecommons.org/licenses/by-nc/4.0/", "cc-by-nc-4.0"),
        ("http://www.creativecommons.org/licenses/by-nc/4.0/legalcode.en", "cc-by-nc-4.0"),
        ("https://creativecommons.org/licenses/by-nc/4.0/deed.de", "cc-by-nc-4.0"),
        ("https://creativecommons.org/licenses/by-sa/3.0/legalcode", "cc-by-sa-3.0"),
        ("creativecommons.org/licenses/by/4.0", "cc-by-4.0"),
        ("https://creativecommons.org/publicdomain/zero/1.0/?ref=chooser-v1", "cc0-1.0"),
        ("https://CreativeCommons.org/licenses/by/", "cc-by"),
        ("https://www.apache.org/licenses/LICENSE-2.0", "apache-2.0"),
        ("http://apache.org/licenses/LICENSE-2.0.html", "apache-2.0"),
        ("https://opensource.org/licenses/MIT", "mit"),
        ("https://spdx.org/licenses/MIT", "mit"),
        ("https://www.gnu.org/licenses/gpl-3.0.en.html#license-text", "gpl-3.0"),
        ("https://www.gnu.org/licenses/gpl.html", "gpl"),
        ("https://spdx.org/licenses/GPL-3.0-only.html", "gpl-3.0-only"),
        ("https://creativecommons.org/licenses/by/3.0/de/", None),
        ("https://creativecommons.org/licenses/by/4.0/extra", None),
        ("https://creativecommons.org.example.com/licenses/by/4.0/", None),
        ("https://example.com/licenses/MIT", None),
        ("ftp://opensource.org/licenses/MIT", None),
        ("https://[broken", None),
        ("LICENSE", None),
        ("", None),
    ],
)
def test_by_url(url: str, key: str | None) -> None:
    record = catalog().by_url(url)

    assert (record.key if record else None) == key


def test_a_shared_address_names_nobody(tmp_path: Path) -> None:
    for key in ("a-1.0", "b-1.0"):
        write(tmp_path / f"{key}.toml", key=key, urls=["https://example.org/license"])

    assert Catalog(tmp_path).by_url("https://example.org/license") is None


def test_an_alias_names_one_license(tmp_path: Path) -> None:
    write(tmp_path / "a-1.0.toml", key="a-1.0", aliases=["same"])
    write(tmp_path / "b-1.0.toml", key="b-1.0", aliases=["Same"])

    with pytest.raises(CatalogError, match="names both"):
        Catalog(tmp_path).find("a-1.0")


def test_one_file_a_license(tmp_path: Path) -> None:
    for folder in ("x", "y"):
        (tmp_path / folder).mkdir()
        write(tmp_path / folder / "a-1.0.toml", key="a-1.0")

    with pytest.raises(CatalogError, match="two files"):
        Catalog(tmp_path).find("a-1.0")


def test_unknown_word_names_the_nearest(tmp_path: Path) -> None:
    write(tmp_path / "a-1.0.toml", key="a-1.0", class_="permisive")

    with pytest.raises(CatalogError, match="did you mean `permissive`"):
        Catalog(tmp_path).get("a-1.0")


def test_get_names_the_nearest() -> None:
    with pytest.raises(CatalogError) as caught:
        catalog().get("apache-2.1")

    assert "`apache-2.0`" in str(caught.value)


@pytest.mark.parametrize(
    ("spelling", "family"),
    [("llama4.5", "llama"), ("cc-by-9.9", "cc"), ("gpl-4.0", "gpl"), ("ccx", None), ("glamour", None), ("", None)],
)
def test_family_of_an_unknown_version(spelling: str, family: str | None) -> None:
    assert catalog().family(spelling) == family


def test_digest_depends_on_every_file(tmp_path: Path) -> None:
    path = tmp_path / "a-1.0.toml"
    write(path, key="a-1.0")
    before = Catalog(tmp_path).digest
    write(path, key="a-1.0", aliases=["b"])

    assert Catalog(tmp_path).digest != before


def known_names() -> set[str]:
    names = {fold(name) for record in catalog() for name in (record.key, record.spdx_id, *record.aliases)}
    return names | {identifier.lower() for identifier in spdx.ids()}


KNOWN = known_names()
AROUND = ("-license-agreement", "-agreement", "-license")


def is_known(spelling: str) -> bool:
    folded = fold(spelling)
    bare = folded.removeprefix("the-")
    forms = {
        folded,
        bare,
        folded.removesuffix("+"),
        spelling.strip().lower(),
        spelling.strip().lower().removesuffix("+"),
    }
    return bool(KNOWN & (forms | {bare.removesuffix(ending) for ending in AROUND}))


pieces = st.sampled_from(
    ["mit", "apache", "cc", "by", "nc", "gpl", "bsd", "the", "license", "2.0", "3", "v4", "+", "llama", "x"]
)
near_misses = st.lists(pieces, max_size=6).map("-".join)


@given(st.one_of(st.text(), near_misses))
def test_find_answers_known_names_only(spelling: str) -> None:
    record = catalog().find(spelling)

    assert record is None or is_known(spelling)


@given(
    st.sampled_from(sorted(KNOWN)), st.sampled_from([str.upper, str.title, lambda name: f" {name.replace('-', '_')} "])
)
def test_letter_case_and_blanks_do_not_matter(name: str, respell: Any) -> None:
    own = catalog().find(name)
    if own is None or own.review.basis == "category":
        return

    assert catalog().find(respell(name)) == own


@given(st.text())
def test_by_url_never_raises(url: str) -> None:
    record = catalog().by_url(url)

    assert record is None or isinstance(record, LicenseRecord)


def write(
    path: Path, *, key: str, aliases: list[str] | None = None, urls: list[str] | None = None, class_: str = "permissive"
) -> None:
    path.write_text(
        f'key = "{key}"\nspdx-id = "LicenseRef-{key}"\nname = "A"\nfamily = "a"\nclass = "{class_}"\n'
        f"text-urls = {urls or []}\naliases = {aliases or []}\n"
        '\n[review]\nby = "me"\non = 2026-01-01\nbasis = "general-knowledge"\n',
        encoding="utf-8",
    )
