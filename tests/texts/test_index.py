"""The shipped index."""

from __future__ import annotations

import re

from licensecheck.catalog import catalog
from licensecheck.texts.index import FILE, KINDS, index

_MOST_BYTES = 24_000_000
"""On disk; in the wheel it is compressed to less than a third."""


def test_names_are_those_of_the_catalog() -> None:
    """A name that the catalog knows has its key; the rest are names of the sources."""
    wrong = []
    for license_ in index().licenses:
        record = catalog().find(license_.spdx_id) if license_.role == "license" else None
        if record and not record.ambiguous and (record.key, record.spdx_id) != (license_.key, license_.spdx_id):
            wrong.append(license_)
    assert wrong == []


def test_every_license_read_from_its_text_is_known() -> None:
    known = {license_.key for license_ in index().licenses}
    read = [record.key for record in catalog() if record.review.basis == "license-text" and not record.ambiguous]
    missing = [key for key in read if key not in known]
    assert len(missing) <= 0.1 * len(read), missing


def test_no_text_names_a_family() -> None:
    named = {each for i in range(len(index().lengths)) for each in index().expression(i).licenses}
    assert [each for each in named if (record := catalog().find(each.spdx_id)) and record.ambiguous] == []


def test_expressions_are_made_of_their_names() -> None:
    for i in range(0, len(index().lengths), 50):
        expression = index().expression(i)
        names = set(re.findall(r"[^\s()]+", expression.text)) - {"AND", "OR", "WITH"}
        assert names == {license_.spdx_id for license_ in expression.licenses}


def test_references_are_of_every_kind_and_encoded_as_their_words() -> None:
    assert {KINDS[kind] for kind in index().kinds} == set(KINDS)
    for i in range(0, len(index().lengths), 997):
        encoded = index().encoded(i)
        assert index().encode(index().decode(encoded)) == encoded
        assert len(encoded) == index().lengths[i]


def test_the_file_is_of_a_size_to_ship() -> None:
    assert FILE.stat().st_size < _MOST_BYTES
