"""Bytes to text and JSON."""

from __future__ import annotations

import codecs

import pytest
from hypothesis import given
from hypothesis import strategies as st

from licensecheck.sources import blobs

TEXT = "© Acme\r\nline two"


@pytest.mark.parametrize(
    ("data", "text"),
    [
        (TEXT.encode(), TEXT),
        (codecs.BOM_UTF8 + TEXT.encode(), TEXT),
        (codecs.BOM_UTF16_LE + TEXT.encode("utf-16-le"), TEXT),
        (codecs.BOM_UTF16_BE + TEXT.encode("utf-16-be"), TEXT),
        (codecs.BOM_UTF32_LE + TEXT.encode("utf-32-le"), TEXT),
        (codecs.BOM_UTF32_BE + TEXT.encode("utf-32-be"), TEXT),
        (TEXT.encode("latin-1"), "\ufffd Acme\r\nline two"),
        (b"", ""),
        (b"\x1f\x8b\0\0", None),
        (b"version https://git-lfs.github.com/spec/v1\noid sha256:0\n", None),
    ],
)
def test_text(data: bytes, text: str | None) -> None:
    file, problem = blobs.text_file("LICENSE", data)
    assert file.text == text
    assert (problem is None) == (text is not None)


@given(st.binary())
def test_any_bytes_are_a_file(data: bytes) -> None:
    file, problem = blobs.text_file("LICENSE", data)
    assert (problem is None) == (file.text is not None)


def test_blob_id() -> None:
    # `git hash-object` of the empty file and of "test content\n": https://git-scm.com/book/en/v2/Git-Internals-Git-Objects
    assert blobs.blob_id(b"") == "e69de29bb2d1d6434b8b29ae775ad8c2e48c5391"
    assert blobs.blob_id(b"test content\n") == "d670460b4b4aece5915caf5c68d12f560a9fe3e4"


@pytest.mark.parametrize("data", [b"", b"{", b"[" * 100_000, b"9" * 5_000, b"\xff\xfe\xfd"])
def test_no_json(data: bytes) -> None:
    with pytest.raises(ValueError):  # noqa: PT011  the message is that of the parser
        blobs.load_json(data)


def test_half_a_surrogate_pair_can_be_written_out() -> None:
    assert blobs.load_json(b'{"\\ud800": ["\\udfff", "\\ud83d\\ude00"]}') == {"?": ["?", "😀"]}
