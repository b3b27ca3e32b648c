"""The catalog as a whole: find a record by key, SPDX id or any known spelling; name the nearest for the rest."""

from __future__ import annotations

import difflib
import hashlib
import re
import tomllib
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from functools import cached_property, lru_cache
from importlib.resources import files
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from pydantic import ValidationError

from licensecheck.catalog.derived import derived_record
from licensecheck.catalog.schema import LicenseRecord
from licensecheck.errors import CatalogError


@lru_cache
def catalog() -> Catalog:
    """The catalog that ships with this package."""
    return Catalog(Path(str(files(__package__).joinpath("data", "licenses"))))


class Catalog:
    """The license records below one folder, one TOML file a license.

    Only the head of each file (what stands above its first table) is read to build the index; a whole record is
    read when somebody asks for it, so that a check of one model does not pay for the knowledge on all others.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._records: dict[str, LicenseRecord] = {}

    def get(self, name: str) -> LicenseRecord:
        """The record of a key, an SPDX id or an alias; raises CatalogError that names the nearest."""
        record = self.find(name)
        if record is None:
            near = self.nearest(name)
            raise CatalogError(
                f"no license `{name}` in the catalog", help=f"did you mean {_listing(near)}?" if near else None
            )
        return record

    def find(self, spelling: str) -> LicenseRecord | None:
        """The record that this spelling names, or None: keys, SPDX ids and aliases, compared in folded form.

        A spelling that is not known as it stands is tried without `the` before it and `license` behind it.
        """
        folded = fold(spelling)
        for name in _variants(folded):
            key = self._index.get(name)
            if key is not None:
                return self._load(key)
        return derived_record(spelling.strip()) or derived_record(folded)

    def by_url(self, url: str) -> LicenseRecord | None:
        """The record whose official text this address shows; None for any other address.

        Scheme, `www.`, query, fragment, letter case, a last slash, `.txt`, `.html`, `.en`, and `deed` or
        `legalcode` at the end do not matter. An address that several records list names none of them.
        """
        page = _page(url)
        key = self._pages.get(page) if page else None
        return self._load(key) if key else None

    def nearest(self, spelling: str, *, most: int = 3) -> tuple[str, ...]:
        """Keys of the known licenses whose spelling is closest, best first; for a hint, never for an answer."""
        close = difflib.get_close_matches(fold(spelling), self._index, n=most * 2, cutoff=0.6)
        return tuple(dict.fromkeys(self._index[name] for name in close))[:most]

    def family(self, spelling: str) -> str | None:
        """The family whose name the spelling begins with (`llama4.5` -> `llama`), or None."""
        folded = fold(spelling)
        begun = [name for name in self._families if re.match(rf"{re.escape(name)}(?![a-z])", folded)]
        return max(begun, key=len, default=None)

    def __iter__(self) -> Iterator[LicenseRecord]:
        """All records with a file of their own, by key."""
        return (self._load(key) for key in self.all_keys())

    def all_keys(self) -> list[str]:
        """The keys of all records with a file of their own, sorted."""
        return sorted(self._files)

    def check_names(self) -> None:
        """Raises CatalogError where two records share a key, an SPDX id or an alias, or a file does not parse."""
        _ = self._index

    def path(self, key: str) -> Path:
        """The file of a key that `all_keys` names."""
        return self._paths[key]

    def begins(self, word: str) -> bool:
        """Whether the spelling of some record begins with the first part of this word: quick, before a `find`."""
        return _first_part(fold(word)) in self._beginnings

    @cached_property
    def _beginnings(self) -> frozenset[str]:
        return frozenset(map(_first_part, self._index))

    @cached_property
    def digest(self) -> str:
        """sha256 over all files: the same digest means the same knowledge."""
        total = hashlib.sha256()
        for key in sorted(self._heads):
            total.update(self._files[key].encode())
        return total.hexdigest()

    @cached_property
    def _paths(self) -> Mapping[str, Path]:
        paths: dict[str, Path] = {}
        for path in sorted(self._folder.rglob("*.toml")):
            if paths.setdefault(path.stem, path) != path:
                raise CatalogError(f"two files are named {path.name}", help="one file a license: merge or rename them")
        return paths

    @cached_property
    def _files(self) -> Mapping[str, str]:
        return {key: path.read_text(encoding="utf-8") for key, path in self._paths.items()}

    @cached_property
    def _heads(self) -> Mapping[str, Mapping[str, Any]]:
        return {key: self._parsed(key, head, text) for key, text in self._files.items()}

    @cached_property
    def _families(self) -> frozenset[str]:
        return frozenset(head["family"] for head in self._heads.values() if "family" in head)

    @cached_property
    def _index(self) -> Mapping[str, str]:
        index: dict[str, str] = {}
        for key, head in self._heads.items():
            for name in {fold(each) for each in (key, head.get("spdx-id", key), *head.get("aliases", ()))}:
                if index.setdefault(name, key) != key:
                    raise CatalogError(
                        f"`{name}` names both {index[name]} and {key}",
                        place=f"{key}.toml aliases",
                        help="give the name to one of them, or make it a family record with `candidates`",
                    )
        return index

    @cached_property
    def _pages(self) -> Mapping[str, str | None]:
        pages: dict[str, str | None] = {}
        for key, head in self._heads.items():
            for page in filter(None, map(_page, head.get("text-urls", ()))):
                pages[page] = key if pages.get(page, key) == key else None
        return pages

    def _load(self, key: str) -> LicenseRecord:
        if key not in self._records:
            data = self._parsed(key, tomllib.loads, self._files[key])
            try:
                self._records[key] = LicenseRecord.model_validate(data)
            except ValidationError as error:
                first = error.errors()[0]
                field = ".".join(str(part) for part in first["loc"])
                raise CatalogError(first["msg"], place=f"{key}.toml {field}") from error
        return self._records[key]

    def _parsed(self, key: str, parse: Callable[[str], Mapping[str, Any]], text: str) -> Mapping[str, Any]:
        try:
            return parse(text)
        except tomllib.TOMLDecodeError as error:
            raise CatalogError(str(error), place=f"{key}.toml") from error


_STRING = r'"((?:[^"\\\n]|\\.)*)"'
_HEAD_NAME = re.compile(r"^\s*[\"']?(?:spdx-id|family|aliases|text-urls)\b", re.MULTILINE)
_HEAD_FIELD = re.compile(rf"^(spdx-id|family|aliases|text-urls) = (\[(?:{_STRING}|[\s,])*\]|{_STRING})$", re.MULTILINE)


def head(text: str) -> Mapping[str, Any]:
    """The fields of a license file that the index needs, from the part above its first table.

    Found by the form that the files of this catalog have: parsing 300 heads as TOML takes 80 ms, this 4. A head that
    is written otherwise is parsed. Raises tomllib.TOMLDecodeError.
    """
    top = text.partition("\n[")[0]
    found: dict[str, str | list[str]] = {}
    for field in _HEAD_FIELD.finditer(top):
        strings = [each.replace('\\"', '"') for each in re.findall(_STRING, field[2])]
        found[field[1]] = strings if field[2].startswith("[") else strings[0]
    return found if len(found) == len(_HEAD_NAME.findall(top)) else tomllib.loads(top)


def fold(spelling: str) -> str:
    """The form in which spellings are compared: lower case, `license`, one `-` for blanks, dashes, `_` and `,`.

    Digits, dots and `+` stay: they tell versions apart.
    """
    text = unicodedata.normalize("NFKC", spelling).lower().replace("licence", "license")
    return re.sub(r"[\s_,\u2010-\u2015-]+", "-", text).strip("-.\"'`")


def _first_part(folded: str) -> str:
    """What stands before the first dash or number: `llama` of `llama3.1`."""
    return re.split(r"-|(?<=[a-z])(?=\d)", folded, maxsplit=1)[0]


_ENDINGS = ("-license-agreement", "-agreement", "-license")


def _variants(folded: str) -> Iterator[str]:
    """The spelling as it is, then without the words that only surround a name."""
    yield folded
    bare = folded.removeprefix("the-")
    yield bare
    for ending in _ENDINGS:
        if bare.endswith(ending):
            yield bare.removesuffix(ending)


def _page(url: str) -> str | None:
    """Host and path of an address in the form in which addresses are compared; None for what is no address."""
    try:
        parts = urlsplit(url.strip() if "://" in url else f"https://{url.strip()}")
        host = (parts.hostname or "").removeprefix("www.")
    except ValueError:
        return None
    if parts.scheme.lower() not in {"http", "https"} or "." not in host:
        return None
    path = unquote(parts.path).lower().rstrip("/")
    path = re.sub(r"/(?:resolve|raw)/", "/blob/", path, count=1)
    path = re.sub(r"/(?:deed|legalcode)(?:\.[a-z_-]+)*$|(?:\.(?:txt|html?|en))+$", "", path)
    return host + path


def _listing(names: tuple[str, ...]) -> str:
    return " or ".join(f"`{name}`" for name in names)
