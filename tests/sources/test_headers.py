"""The heads of weight files: real ones, written here, and hostile ones."""

from __future__ import annotations

import json
import struct
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from licensecheck.sources import headers
from licensecheck.types import EmbeddedMetadata, Problem

GENERAL: dict[str, Any] = {
    "general.architecture": "llama",
    "general.license": "other",
    "general.license.name": "acme-license",
    "general.license.link": "https://example.com/license",
    "general.base_model.count": 1,
    "general.base_model.0.repo_url": "https://huggingface.co/acme/base",
    "general.tags": ["text-generation", "zz"],
}


def string(text: str, order: str = "<", count: str = "Q") -> bytes:
    return struct.pack(order + count, len(text.encode())) + text.encode()


def value(item: object, order: str, count: str) -> bytes:
    """A GGUF value with its type in front; lists hold values of one type."""
    if isinstance(item, str):
        return struct.pack(order + "I", 8) + string(item, order, count)
    if isinstance(item, bool):
        return struct.pack(order + "I?", 7, item)
    if isinstance(item, int):
        return struct.pack(order + "II", 4, item)
    if isinstance(item, float):
        return struct.pack(order + "If", 6, item)
    assert isinstance(item, list)
    items = [value(each, order, count) for each in item]
    kind = items[0][:4] if items else struct.pack(order + "I", 8)
    return (
        struct.pack(order + "I", 9)
        + kind
        + struct.pack(order + count, len(items))
        + b"".join(each[4:] for each in items)
    )


def gguf(values: Mapping[str, object], *, version: int = 3, order: str = "<", pairs: int | None = None) -> bytes:
    count = "I" if version == 1 else "Q"
    head = b"GGUF" + struct.pack(f"{order}I{count}{count}", version, 0, len(values) if pairs is None else pairs)
    return head + b"".join(string(key, order, count) + value(item, order, count) for key, item in values.items())


def safetensors(header: object, *, length: int | None = None) -> bytes:
    data = json.dumps(header).encode()
    return struct.pack("<Q", len(data) if length is None else length) + data


def read(folder: Path, name: str, data: bytes) -> EmbeddedMetadata | Problem | None:
    (folder / name).write_bytes(data)
    return headers.read(folder / name, name)


@pytest.mark.parametrize(("version", "order"), [(1, "<"), (2, "<"), (3, "<"), (3, ">")])
def test_gguf(tmp_path: Path, version: int, order: str) -> None:
    others: dict[str, object] = {
        "llama.context_length": 4096,
        "llama.rope": 0.5,
        "tokenizer.ggml.tokens": [f"token {number}" for number in range(1000)],
        "tokenizer.ggml.types": [1, 2, 3],
        "tokenizer.nested": [["a"], ["b", "c"]],
        "general.matrix": [[1], [2]],
        "general.flag": True,
    }
    found = read(tmp_path, "model.gguf", gguf({**others, **GENERAL}, version=version, order=order))
    assert found == EmbeddedMetadata(path="model.gguf", format="gguf", values={"general.flag": True, **GENERAL})


def test_safetensors(tmp_path: Path) -> None:
    metadata = {"format": "pt", "modelspec.license": "mit"}
    found = read(tmp_path, "a.safetensors", safetensors({"__metadata__": metadata, "w": {"dtype": "F32"}}) + b"\0" * 9)
    assert found == EmbeddedMetadata(path="a.safetensors", format="safetensors", values=metadata)


@pytest.mark.parametrize(
    ("name", "data", "values"),
    [
        ("config.json", {"_name_or_path": "acme/base", "hidden_size": 8}, {"_name_or_path": "acme/base"}),
        ("config.json", {"License": "mit", "license_link": ["a", "b"]}, {"License": "mit", "license_link": ["a", "b"]}),
        ("config.json", {"hidden_size": 8, "license": {"id": "mit"}}, None),
        ("adapter_config.json", {"base_model_name_or_path": "acme/base"}, {"base_model_name_or_path": "acme/base"}),
    ],
)
def test_json(tmp_path: Path, name: str, data: object, values: object) -> None:
    found = read(tmp_path, name, json.dumps(data).encode())
    assert (found.values if isinstance(found, EmbeddedMetadata) else found) == values


HUGE = 1 << 62


@pytest.mark.parametrize(
    ("name", "data", "kind"),
    [
        ("a.gguf", b"", "unreadable"),
        ("a.gguf", b"PK\3\4" + b"\0" * 99, "unreadable"),
        ("a.gguf", gguf({}, version=9), "unreadable"),
        ("a.gguf", gguf({}, pairs=HUGE), "unreadable"),
        ("a.gguf", gguf(GENERAL)[:-1], "unreadable"),
        ("a.gguf", gguf({}, pairs=1) + struct.pack("<Q", HUGE), "unreadable"),
        ("a.gguf", gguf({}, pairs=1) + string("general.x") + struct.pack("<IQ", 8, HUGE), "unreadable"),
        ("a.gguf", gguf({}, pairs=1) + string("x") + struct.pack("<IIQ", 9, 8, HUGE), "unreadable"),
        ("a.gguf", gguf({}, pairs=1) + string("x") + struct.pack("<IIQ", 9, 4, HUGE), "unreadable"),
        ("a.gguf", gguf({}, pairs=1) + string("x") + struct.pack("<I", 99), "unreadable"),
        ("a.gguf", gguf({"x": [[[[[[1]]]]]]}), "unreadable"),
        ("a.gguf", gguf({"general.license": "x" * 2_000_001}), "too-large"),
        ("a.safetensors", b"", "unreadable"),
        ("a.safetensors", safetensors({}, length=HUGE), "unreadable"),
        ("a.safetensors", safetensors([]), "unreadable"),
        ("a.safetensors", safetensors({"__metadata__": ["mit"]}), "unreadable"),
        ("a.safetensors", struct.pack("<Q", 100_000) + b"[" * 100_000, "unreadable"),
        ("config.json", b"", "unreadable"),
        ("config.json", b"[]", "unreadable"),
        ("config.json", b"{" * 100_000, "unreadable"),
    ],
)
def test_hostile(tmp_path: Path, name: str, data: bytes, kind: str) -> None:
    found = read(tmp_path, name, data)
    assert isinstance(found, Problem)
    assert (found.kind, found.path, found.fatal) == (kind, name, False)


def test_a_header_beyond_the_limit_of_a_large_file(tmp_path: Path) -> None:
    file = tmp_path / "a.safetensors"
    file.write_bytes(struct.pack("<Q", headers.MAX_HEADER + 1))
    with file.open("r+b") as stream:
        stream.truncate(headers.MAX_HEADER * 2)  # a sparse file: takes no space
    found = headers.read(file, file.name)
    assert isinstance(found, Problem)
    assert found.kind == "too-large"


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("a.gguf", gguf({"llama.context_length": 1})),
        ("a.safetensors", safetensors({"w": {}})),
        ("a.safetensors", b"version https://git-lfs.github.com/spec/v1\noid sha256:0\n"),
        ("pytorch_model.bin", b"anything"),
    ],
)
def test_nothing_to_tell(tmp_path: Path, name: str, data: bytes) -> None:
    assert read(tmp_path, name, data) is None


def test_an_absent_file(tmp_path: Path) -> None:
    assert isinstance(headers.read(tmp_path / "a.gguf", "a.gguf"), Problem)


def test_what_is_kept_can_be_written_out(tmp_path: Path) -> None:
    metadata = safetensors({"__metadata__": {"license": "\ud800"}})
    for name, data in {"a.safetensors": metadata, "a.gguf": gguf({"general.a": float("nan"), "general.b": 1})}.items():
        found = read(tmp_path, name, data)
        assert isinstance(found, EmbeddedMetadata)
        assert json.dumps(dict(found.values), ensure_ascii=False, allow_nan=False).encode()


NAMES = ("a.gguf", "a.safetensors", "config.json")
HEADS: Sequence[bytes] = (
    b"",
    b"GGUF\3\0\0\0",
    gguf(GENERAL),
    safetensors({"__metadata__": {"a": "b"}}),
    b'{"license": 1}',
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(name=st.sampled_from(NAMES), head=st.sampled_from(HEADS), tail=st.binary(), cut=st.integers(0, 400))
def test_random_bytes_never_raise(tmp_path: Path, name: str, head: bytes, tail: bytes, cut: int) -> None:
    found = read(tmp_path, name, head[:cut] + tail)
    assert found is None or found.path == name
