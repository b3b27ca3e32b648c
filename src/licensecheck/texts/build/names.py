"""What a known text is called: the catalog's name for what SPDX, ScanCode or a corpus calls it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from licensecheck import spdx
from licensecheck.catalog import Catalog
from licensecheck.texts.index import Role

_WORD = re.compile(r"[A-Za-z0-9.+_-]+")
_OPERATORS = frozenset({"AND", "OR", "WITH"})


@dataclass(frozen=True)
class Name:
    """A license as the index names it: key of the catalog, SPDX id, and what it is."""

    key: str
    spdx_id: str
    role: Role


class Names:
    """The names of one build; `names` are all that were asked for, by SPDX id."""

    def __init__(self, catalog: Catalog, table: Mapping[str, Any], scancode: Iterable[tuple[str, Mapping[str, Any]]]):
        self.names: dict[str, Name] = {}
        self._catalog = catalog
        self._endings = tuple(table["endings"])
        self._policies = frozenset(table["policies"])
        self._scancode = dict(scancode)
        self._renamed: Mapping[str, str] = table["scancode"]
        self._nameless = frozenset(table["nameless"])

    def of_spdx(self, identifier: str, *, role: Role = "license") -> str:
        """The id under which the index holds an SPDX id."""
        record = self._catalog.find(identifier) if role == "license" else None
        name = (
            Name(record.key, record.spdx_id, role)
            if record and not record.ambiguous
            else Name(identifier.lower(), identifier, role)
        )
        return self.names.setdefault(name.spdx_id, name).spdx_id

    def of_key(self, key: str) -> str:
        """The same for a key of the catalog, or of a policy or a license that has no record there."""
        record = None if self.is_policy(key) else self._catalog.find(key)
        if record and not record.ambiguous:
            return self.of_spdx(record.spdx_id)
        name = Name(key, spdx.reference(key), "policy" if self.is_policy(key) else "license")
        return self.names.setdefault(name.spdx_id, name).spdx_id

    def of_scancode(self, key: str) -> str:
        """The same for a key of ScanCode."""
        if key in self._renamed:
            return self.of_key(self._renamed[key])
        head = self._scancode[key]
        identifier = head.get("spdx_license_key") or f"LicenseRef-scancode-{key}"
        flags: dict[Role, bool] = {
            "unknown": bool(head.get("is_unknown")) or key in self._nameless,
            "generic": bool(head.get("is_generic")),
            "exception": bool(head.get("is_exception")),
        }
        return self.of_spdx(identifier, role=next((role for role, on in flags.items() if on), "license"))

    def of_text(self, key: str) -> str:
        """The same for the text of a ScanCode license: that of GPL-2.0 does not say that only this version holds."""
        # ScanCode's text of GPL-2.0-or-later is not that of the license but the notice that says "or later".
        return self.bare(self.of_scancode(key), *(each for each in self._endings if each != "-or-later"))

    def of_expression(self, expression: str) -> str:
        """An expression of ScanCode keys, in the index's ids."""
        return _WORD.sub(
            lambda word: word[0].upper() if word[0].upper() in _OPERATORS else self.of_scancode(word[0]), expression
        )

    def bare(self, identifier: str, *endings: str) -> str:
        """The id without what its text does not say (`-or-later`), where there is such an id."""
        short = identifier
        for ending in (endings or self._endings) * 2:  # twice: -invariants-only has two of them
            short = short.removesuffix(ending)
        return self.of_spdx(short) if short != identifier and self._catalog.find(short) else identifier

    def is_policy(self, key: str) -> bool:
        """Whether this key of the catalog or of ScanCode is an acceptable use policy, which is no license."""
        return key in self._policies or self._renamed.get(key) in self._policies
