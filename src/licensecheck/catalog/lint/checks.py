"""What must hold for every record of the catalog, beyond the schema. Each check yields what it finds wrong."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from urllib.parse import urlsplit

from licensecheck import spdx
from licensecheck.catalog.lint.anchors import terms_of
from licensecheck.catalog.lookup import Catalog
from licensecheck.catalog.schema import Condition, Duty, Grant, LicenseRecord, Outputs, Patent, Term
from licensecheck.catalog.vocabulary import territories
from licensecheck.errors import CatalogError

JUDGED = ("use", "host", "modify", "redistribute", "redistribute-derivative")
_UNSAID = frozenset({"silent", "unknown", "none"})
_MONEY = frozenset({"annual-revenue", "monthly-revenue", "funding-raised"})


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong: `place` is the file and field, `help` the fix."""

    place: str
    message: str
    help: str

    def __str__(self) -> str:
        return f"{self.place}: {self.message}\n  help: {self.help}"


Found = Iterator[tuple[str, str, str]]  # field, message, help


def check(catalog: Catalog, key: str) -> list[Problem]:
    """All problems of one record; a file that breaks the schema has this one."""
    try:
        record = catalog.get(key)
    except CatalogError as error:
        return [Problem(error.place or f"{key}.toml", error.message, error.help or "correct the field")]
    if (record.family, record.key) != (catalog.path(key).parent.name, key):
        place = f"{catalog.path(key).parent.name}/{key}.toml"
        return [Problem(f"{key}.toml key", f"stands in {place}", f"move it to {record.family}/{record.key}.toml")]
    checks = _FAMILY if record.ambiguous else _LICENSE
    found = [each for one in (*_EVERY, *checks) for each in one(catalog, record)]
    return [Problem(f"{key}.toml {field}".strip(), message, help_) for field, message, help_ in found]


def _spdx_id(_: Catalog, record: LicenseRecord) -> Found:
    expected = (
        spdx.reference(record.key) if record.spdx_id.startswith("LicenseRef-") else spdx.normalize(record.spdx_id)
    )
    if record.spdx_id != expected:
        yield "spdx-id", f"`{record.spdx_id}` is not spelled as SPDX spells it", f"write `{expected}`"


def _names(catalog: Catalog, record: LicenseRecord) -> Found:
    for field in ("candidates", "supersedes"):
        for name in getattr(record, field):
            found = catalog.find(name)
            if found is None:
                yield field, f"`{name}` is no license of the catalog", "name a key, or add its record"
            elif found.key == record.key:
                yield field, "names the record itself", "leave it out"
            elif field == "candidates" and found.ambiguous:
                yield field, f"`{name}` stands for several licenses itself", "name its candidates instead"
    if record.key in _ancestors(catalog, record):
        yield "supersedes", "a record supersedes itself in a circle", "follow the dates: the older is superseded"


def _ancestors(catalog: Catalog, record: LicenseRecord) -> set[str]:
    seen: set[str] = set()
    todo = list(record.supersedes)
    while todo:
        older = catalog.find(todo.pop())
        if older is not None and older.key not in seen:
            seen.add(older.key)
            todo += older.supersedes
    return seen


def _dates(catalog: Catalog, record: LicenseRecord) -> Found:
    if record.date and record.date > record.review.on:
        yield "date", f"{record.date} is after the review of {record.review.on}", "correct one of the two"
    second = record.review.second
    if second and second.on < record.review.on:
        yield "review.second.on", "the second reading is before the first", "correct one of the two"
    for name in record.supersedes:
        older = catalog.find(name)
        if older and older.date and record.date and older.date > record.date:
            yield "supersedes", f"`{name}` is of {older.date}, later than {record.date}", "correct date or supersedes"


def _urls(_: Catalog, record: LicenseRecord) -> Found:
    policy = record.terms.policy
    for url in (*record.text_urls, *((policy.url,) if policy and policy.url else ())):
        parts = urlsplit(url)
        if parts.scheme not in {"https", "http"} or "." not in parts.netloc or re.search(r"\s", url):
            yield "text-urls", f"`{url}` is no web address", "write the whole address, with https://"


def _candidates(_: Catalog, record: LicenseRecord) -> Found:
    if record.class_ != "family" or not record.candidates or not record.decides:
        yield (
            "candidates",
            "an ambiguous name needs its class, candidates and what decides",
            ('write class = "family", candidates = [...] and decides = "..."'),
        )
    if record.terms.grants or record.terms.duties:
        yield "terms", "an ambiguous name has terms", "terms belong into the record of one license version"


def _answers(_: Catalog, record: LicenseRecord) -> Found:
    for action in JUDGED:
        grant = record.terms.grant(action, "commercial")
        if grant is None:
            yield "terms.grants", f"nothing is said on `{action}` for commercial use", "`silent` and `unknown` exist"
        elif grant.value == "conditional" and not grant.conditions:
            yield "terms.grants", f"`{action}` is conditional, but on nothing", "add [[terms.grants.conditions]]"
    use = record.terms.grant("use", "commercial")
    if record.class_ in {"non-commercial", "research"} and use and use.value == "allow":
        yield "class", f"`{record.class_}`, but commercial use is allowed", "correct the class or the grant"


def _conditions(_: Catalog, record: LicenseRecord) -> Found:
    for place, term in terms_of(record.terms):
        if not isinstance(term, Condition):
            continue
        needed = {"threshold": ("metric", "op", "value", "as_of", "who", "then"), "region": ("excluded", "basis")}
        for name in needed.get(term.type, ()):
            if getattr(term, name) in (None, ()):
                yield place, f"a {term.type} without `{name.replace('_', '-')}`", "read it in the text"
        for name in term.excluded:
            if name not in territories() and not re.fullmatch(r"[A-Z]{2}", name):
                yield place, f"`{name}` is no place that is known", "a country code, or a name of data/regions.toml"
        if term.metric in _MONEY and not term.currency:
            yield place, f"`{term.metric}` without a currency", 'write currency = "USD"'


def _clauses(_: Catalog, record: LicenseRecord) -> Found:
    if record.review.basis != "license-text":
        return
    for place, term in terms_of(record.terms):
        if _says_something(term) and not (term.clause and term.anchor):
            yield place, "a term without its clause and anchor", "name the clause, and a phrase that stands in it"


def _says_something(term: Term) -> bool:
    """Whether a term claims that the text says something: silence has no clause."""
    match term:
        case Grant():
            return term.value not in _UNSAID
        case Outputs():
            return not {term.use, term.train_others} <= _UNSAID
        case Patent():
            return not {term.grant, term.retaliation} <= _UNSAID
        case Duty() | Condition():
            return True
    return getattr(term, "level", None) not in _UNSAID


_EVERY: tuple[Callable[[Catalog, LicenseRecord], Found], ...] = (_spdx_id, _names, _dates, _urls)
_FAMILY: tuple[Callable[[Catalog, LicenseRecord], Found], ...] = (_candidates,)
_LICENSE: tuple[Callable[[Catalog, LicenseRecord], Found], ...] = (_answers, _conditions, _clauses)
