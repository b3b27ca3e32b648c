"""Which files of a repository are worth reading: the model card, the legal texts, the headers that name a license."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Literal

from licensecheck.cards.translations import is_translation

MAX_TEXT = 2_000_000
"""Bytes; the longest license known is under 200 kB, so a larger file is no license text."""
MAX_DEPTH = 3
"""Path segments: the root and two folders below it."""

HeaderFormat = Literal["gguf", "safetensors", "json"]

_CARDS = ("readme.md", "readme.markdown", "readme", "readme.txt", "readme.rst", "model_card.md", "modelcard.md")

_LEGAL_NAME = re.compile(
    r"""
    (?:^|[^a-z]) (?:un)? licen[cs]es? (?![a-z] | [\W_]*plate)       # LICENSE-MODEL, gemma_license; no license plates
    | ^ (?:un)? licen[cs]e (?! [\W_]*plate) | licen[cs]e [\W_]* agreement
    | ^ copying | ^ copyright | (?:^|[^a-z]|party) notices? (?![a-z])
    | (?:^|[^a-z]) use [\W_]* (?:policy|restrictions?) (?![a-z]) | acceptable [\W_]* use
    | (?:^|[^a-z]) (?: aup | terms | eula | agreement | restrictions? ) (?![a-z]) | ^ patents? (?![a-z])
    | ^ (?: lizenz | licen[cz]ia | licenza | licença | lisens ) | 许可 | 授权 | 协议 | 許可 | 授權 | 協議 | ライセンス
    """,
    re.VERBOSE,
)
_LEGAL_FOLDER = re.compile(r"licen[cs]es?|legal")
_TEXT = frozenset({"", ".md", ".markdown", ".txt", ".text", ".rst", ".html", ".htm"})
_UNREADABLE = frozenset({".pdf", ".doc", ".docx", ".rtf", ".odt"})
_SUFFIX_AS_NAME = re.compile(r"^(?:(?:un)?licen[cs]es?|copying|notices?)\.(?P<suffix>[a-z0-9.+_-]{1,24})$")
_NOT_TEXT = frozenset(
    [
        "bin",
        "c",
        "cfg",
        "cpp",
        "csv",
        "dll",
        "gguf",
        "gif",
        "gz",
        "h",
        "h5",
        "ico",
        "ini",
        "ipynb",
        "java",
        "jpeg",
        "jpg",
        "js",
        "json",
        "jsonl",
        "lock",
        "model",
        "npy",
        "npz",
        "onnx",
        "parquet",
        "pickle",
        "pkl",
        "png",
        "pt",
        "pth",
        "py",
        "pyc",
        "safetensors",
        "sh",
        "so",
        "svg",
        "tar",
        "tgz",
        "toml",
        "ts",
        "tsv",
        "webp",
        "whl",
        "xml",
        "yaml",
        "yml",
        "zip",
    ]
)


def wanted(path: str) -> bool:
    """Whether a repository path (`/` between its parts) is a license, notice or policy text by its name.

    So is the card in another language (`README_zh.md`): it may say what the card does not.

    Letter case does not matter. Formats no text can be read from (PDF, Word) are wanted too: they must be listed.
    """
    parts = path.lower().split("/")
    if len(parts) > MAX_DEPTH or any(part in {"", ".", ".."} for part in parts):
        return False
    name = parts[-1]
    if is_translation(path):
        return True
    if (match := _SUFFIX_AS_NAME.match(name)) and match["suffix"] not in _NOT_TEXT:
        return True
    in_legal_folder = any(_LEGAL_FOLDER.fullmatch(part) for part in parts[:-1])
    stem, extension = _split(name)
    return extension in _TEXT | _UNREADABLE and (in_legal_folder or bool(_LEGAL_NAME.search(stem)))


def readable(path: str) -> bool:
    """Whether text can be read from a wanted file: not from PDF and word processor formats."""
    return _split(path.lower())[1] not in _UNREADABLE


def card(paths: Iterable[str]) -> str | None:
    """The model card among the paths: `README.md` in any letter case, else another README at the root; None without."""
    found = [path for path in paths if path.lower() in _CARDS]
    return min(found, key=lambda path: (_CARDS.index(path.lower()), path != "README.md", path), default=None)


def legal(paths: Iterable[str]) -> list[str]:
    """The wanted ones of the paths, those nearest to the root first."""
    return sorted(filter(wanted, paths), key=lambda path: (path.count("/"), path))


def header(path: str) -> HeaderFormat | None:
    """The format of the metadata to read from a file's head, None for files without."""
    name = path.lower().rpartition("/")[2]
    if name in {"config.json", "adapter_config.json"}:
        return "json"
    for suffix in ("gguf", "safetensors"):
        if name.endswith("." + suffix):
            return "gguf" if suffix == "gguf" else "safetensors"
    return None


def _split(name: str) -> tuple[str, str]:
    """A file name as stem and extension; `license-2.0` and `.license` have no extension."""
    stem, dot, extension = name.rpartition(".")
    if not dot or not stem or not extension.isalpha():
        return name, ""
    return stem, "." + extension
