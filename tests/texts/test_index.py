"""The shipped digests."""

from __future__ import annotations

from importlib.resources import files

import pytest

from licensecheck.catalog import catalog
from licensecheck.texts.build import DIGESTS, read
from licensecheck.texts.index import identify_exact, known

# The Zero-Clause BSD license is short enough to stand here.
ZERO_BSD = """\
Permission to use, copy, modify, and/or distribute this software for any purpose with or without fee is hereby granted.

THE SOFTWARE IS PROVIDED "AS IS" AND THE AUTHOR DISCLAIMS ALL WARRANTIES WITH REGARD TO THIS SOFTWARE INCLUDING ALL
IMPLIED WARRANTIES OF MERCHANTABILITY AND FITNESS. IN NO EVENT SHALL THE AUTHOR BE LIABLE FOR ANY SPECIAL, DIRECT,
INDIRECT, OR CONSEQUENTIAL DAMAGES OR ANY DAMAGES WHATSOEVER RESULTING FROM LOSS OF USE, DATA OR PROFITS, WHETHER IN AN
ACTION OF CONTRACT, NEGLIGENCE OR OTHER TORTIOUS ACTION, ARISING OUT OF OR IN CONNECTION WITH THE USE OR PERFORMANCE OF
THIS SOFTWARE.
"""


@pytest.mark.parametrize("head", ["", "Copyright (c) 2024 Foo\n\n", "BSD Zero Clause License\n\n© 2024 Foo\n\n"])
def test_a_known_text_is_named(head: str) -> None:
    found = identify_exact(head + ZERO_BSD)
    assert found is not None
    assert (found.key, found.kind) == ("0bsd", "license")
    assert found.digest in known()


@pytest.mark.parametrize(
    "text",
    [
        "",
        "MIT License",
        ZERO_BSD + "\nFor research only.\n",
        ZERO_BSD.replace("any purpose", "any research purpose"),
        ZERO_BSD + ZERO_BSD,
        "Copyright (c) 2024 Foo. Non-commercial use only.\n\n" + ZERO_BSD,
    ],
)
def test_any_other_text_is_not(text: str) -> None:
    assert identify_exact(text) is None


def test_the_file_is_sorted_and_says_each_digest_once() -> None:
    rows = read(DIGESTS)
    assert rows == sorted(rows)
    assert len({row.digest for row in rows}) == len(rows) == len(known())
    assert all(len(row.digest) == 64 and row.source.startswith(("corpus/", "added/")) for row in rows)


def test_the_file_holds_no_text() -> None:
    assert max(map(len, files("licensecheck.texts").joinpath("data", "digests.tsv").read_text().splitlines())) < 200


def test_no_license_is_named_by_an_ambiguous_name() -> None:
    records = {row.key: catalog().find(row.key) for row in read(DIGESTS) if row.kind == "license"}
    assert not [key for key, record in records.items() if record and record.ambiguous]
    assert "llama3.1" in records
