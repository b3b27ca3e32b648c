"""From a Snapshot to Evidence: the one reader of all sources. It states what is written where, no more."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping
from pathlib import PurePosixPath
from typing import Any

from licensecheck.cards import frontmatter, metadata
from licensecheck.cards.bases import base_families, merged_models
from licensecheck.cards.gate import gate, strings
from licensecheck.cards.keys import PLACEHOLDER_IDS
from licensecheck.cards.statements import Statement, plain, statements
from licensecheck.cards.translations import is_translation
from licensecheck.catalog import catalog
from licensecheck.catalog.expressions import interpret
from licensecheck.errors import BadReferenceError
from licensecheck.texts.identification import Identification
from licensecheck.texts.identify import identify
from licensecheck.types import (
    EmbeddedMetadata,
    Evidence,
    EvidenceKind,
    HubMetadata,
    ModelRef,
    Relation,
    Scope,
    Snapshot,
    TextFile,
)

_QUOTE = 160
_SURE, _LIKELY, _OPEN = 0.9, 0.8, 0.5
"""Confidence of a statement in prose: behind a label, on the weights, on what nobody can tell."""
_UNDECODED = 3
"""From this many undecodable characters on, a card counts as not read: its words may be lost."""
_IN_WORDS = ("tags", "description", "summary")
"""Keys of the metadata in which people write sentences."""
_RELATIONS: dict[str, Relation] = {
    "finetune": "finetune", "adapter": "adapter", "quantized": "quantized", "merge": "merge", "distill": "distilled",
    "distilled": "distilled",
}  # fmt: skip
_GGUF_FIELDS = {
    "general.license": "license",
    "general.license.name": "license_name",
    "general.license.link": "license_link",
}
_EMBEDDED_LICENSE = re.compile(r"(?:^|[._])(?:model_)?licen[cs]es?(?:_id)?$")
_WEAK = {"salvaged": 0.7, "misplaced": 0.5}
_POLICY_WORDS = {"policy", "policies"}
_OTHER_THINGS = {
    "data", "dataset", "datasets", "tokenizer", "vocab", "font", "fonts", "third", "party", "thirdparty", "vendor",
    "docs", "documentation", "images", "software", "library", "tools", "scripts", "inter",
}  # fmt: skip
_UNREAD = {"unreadable", "too-large", "bad-response", "timeout", "gated", "unreachable", "rate-limited"}
_WEIGHT_WORDS = {"model", "models", "weight", "weights"}


def read(snapshot: Snapshot) -> tuple[Evidence, ...]:
    """Everything the snapshot states about licenses and base models, in a fixed order. Never raises on content."""
    found: list[Evidence] = []
    if snapshot.card and snapshot.card.text is not None:
        found += _card(snapshot.card, snapshot.card.text, snapshot.name)
    for each in _hub(snapshot, snapshot.metadata) if snapshot.metadata else ():
        # The Hub makes its metadata and tags from the card: what only repeats it is no second witness.
        if each.kind == "lineage" or not any(_repeats(each, one) for one in found):
            found.append(each)
    found += _files(snapshot)
    for embedded in snapshot.embedded:
        found += _embedded(embedded)
    return tuple(found)


def _repeats(each: Evidence, other: Evidence) -> bool:
    if each.kind == "gate":
        return other.kind == "gate" and each.sha256 == other.sha256
    return other.kind == "metadata" and (each.field, each.spelling) == (other.field, other.spelling)


def upstream_id(written: str) -> str | None:
    """The Hub id that a base model field names (`org/name`, also as a URL), or None for a path or a sentence."""
    try:
        ref = ModelRef.parse(written)
    except BadReferenceError:
        return None
    return ref.name if ref.source == "hub" and ref.kind == "model" else None


def _card(card: TextFile, text: str, name: str) -> Iterator[Evidence]:
    front = frontmatter.parse(text)
    for field in metadata.license_fields(front):
        yield from _statement(
            "metadata", f"{card.path}:{field.line}", field.meaning, field.value,
            quote=f"{field.key}: {field.value}", link=field.link,
            placeholder=field.note == "placeholder", form=field.form,
        )  # fmt: skip
        if field.note == "duplicate-key":
            quote = f"`{field.key}` stands more than once in the metadata; only its last value is read"
            yield Evidence(
                kind="metadata",
                locator=f"{card.path}:{field.line}",
                quote=quote,
                field="license",
                confidence=_WEAK["salvaged"],
            )
    relation = _RELATIONS.get((metadata.relation(front) or "").lower())
    bases = metadata.base_models(front)
    for base in bases:
        kind = relation or ("merge" if len(bases) > 1 else "unknown")
        confidence = _WEAK.get(base.form, 1.0)
        yield _lineage(f"{card.path}:{base.line}", f"base_model: {base.value}", base.value, kind, confidence)
    yield from _gate(card.path, front.data, front.lines, name)
    body = frontmatter.body_lines(text, front)
    for each in statements(body, name):
        yield _stated(each, f"{card.path}:{each.line}")
    for family in base_families(body, name):
        yield Evidence(
            kind="prose", locator=f"{card.path}:{family.line}", quote=_short(family.quote), license=family.license,
            scope="base", confidence=0.6,
        )  # fmt: skip
    words = (word for key in _IN_WORDS for word in strings(front.data.get(key)))
    told = (f"{key.replace('_', ' ')}: {value}" for key, value in front.data.items() if "commercial" in key.lower())
    yield from _restrictions(f"{card.path} tags", "\n".join((*words, *told)), kind="metadata")
    if text.count("\ufffd") >= _UNDECODED:
        yield Evidence(
            kind="license-file", locator=card.path, quote="(not read) bytes that are no UTF-8", scope="unclear"
        )
    for merged, line in merged_models(body):
        yield _lineage(f"{card.path}:{line}", f"merge configuration: {merged}", merged, "merge", 0.9)


def _statement(
    kind: EvidenceKind, locator: str, field: str, value: str, *, quote: str, link: str | None = None,
    placeholder: bool = False, form: str = "plain",
) -> Iterator[Evidence]:  # fmt: skip
    """One license field: what it names, and what a link in it names."""
    name = None if placeholder or value.lower() in PLACEHOLDER_IDS else interpret(value)
    if field == "license_link":
        name = _linked(value)
    yield Evidence(
        kind=kind,
        locator=locator,
        quote=_short(quote),
        license=name,
        field=field,
        spelling=None if placeholder else value,
        confidence=_WEAK.get(form, 1.0),
    )
    if link:
        yield Evidence(
            kind=kind, locator=locator, quote=_short(link), license=_linked(link), field="license_link", spelling=link
        )


def _linked(link: str) -> str | None:
    record = catalog().by_url(link if "://" in link else f"https://{link}") if "/" in link else None
    return record.spdx_id if record else None


def _gate(path: str, data: Mapping[str, Any], lines: Mapping[str, int], name: str) -> Iterator[Evidence]:
    """The texts and fields of the gate: a whole agreement, or a checkbox that forbids commercial use."""
    for each in gate(data, lines):
        locator = f"{path}:{each.line}" if each.line else f"{path} {each.key}"
        if each.whole:
            yield _text("gate", locator, each.text, scope="weights")
        for stated in statements(frontmatter.numbered(each.text), name):
            yield _stated(stated, locator, kind="gate")


def _restrictions(locator: str, text: str, *, kind: EvidenceKind) -> Iterator[Evidence]:
    """What takes rights away in a text that is no card."""
    for each in plain(text):
        yield _stated(each, locator, kind=kind)


def _stated(each: Statement, locator: str, *, kind: EvidenceKind = "prose") -> Evidence:
    """A statement in words as evidence; one that only leads to a text is a link."""
    leads = each.license is None and each.spelling is None and each.link is not None
    return Evidence(
        kind=kind, locator=locator, quote=_short(each.quote), license=each.license, restriction=each.restriction,
        scope=each.scope, field="license_link" if leads else "license" if each.label else None,
        spelling=each.link if leads else each.spelling, strength=each.strength, language=each.language,
        confidence=_SURE if each.label else _LIKELY if each.scope == "weights" else _OPEN,
    )  # fmt: skip


def _hub(snapshot: Snapshot, hub: HubMetadata) -> Iterator[Evidence]:
    place = f"bundled facts of {snapshot.as_of}" if snapshot.source == "bundled" else "cardData"
    card = hub.card_data or {}
    for field in ("license", "license_name", "license_link"):
        for value in _strings(card.get(field)):
            yield from _statement("metadata", f"{place} {field}", field, value, quote=f"{field}: {value}")
    relation = _RELATIONS.get(str(card.get("base_model_relation")).lower())
    bases = _strings(card.get("base_model"))
    for value in bases:
        kind = relation or ("merge" if len(bases) > 1 else "unknown")
        yield _lineage(f"{place} base_model", f"base_model: {value}", value, kind, 1.0)
    yield from _gate("cardData", card, {}, snapshot.name)
    for tag in hub.tags:
        head, _, rest = tag.partition(":")
        if head == "license" and rest:
            yield from _statement("tag", "tags", "license", rest, quote=tag)
        elif head == "base_model" and rest:
            named, _, name = rest.partition(":")
            if named in _RELATIONS and name:
                yield _lineage("tags", tag, name, _RELATIONS[named], 1.0)


def _files(snapshot: Snapshot) -> Iterator[Evidence]:
    roles = {file.path: _role(file.path) for file in snapshot.files}
    own_license = any(role == ("license-file", "weights") and _names_weights(path) for path, role in roles.items())
    for file in snapshot.files:
        if is_translation(file.path):
            yield from _translation(file, snapshot.name)
            continue
        kind, scope = roles[file.path]
        if own_license and kind == "license-file" and scope == "weights" and not _names_weights(file.path):
            scope = "unclear"  # MODEL_LICENSE beside LICENSE: the plain one may be the code's
        if file.text is None:
            yield Evidence(kind=kind, locator=file.path, quote="(not read)", scope=scope, sha256=None)
        else:
            yield _text(kind, file.path, file.text, scope=scope)
            if kind == "notice-file":
                yield from _restrictions(file.path, file.text, kind="notice-file")
    told = {file.path for file in snapshot.files}
    for problem in snapshot.problems:
        if not problem.fatal and problem.kind in _UNREAD and problem.path and problem.path not in told:
            yield Evidence(
                kind="license-file", locator=problem.path, quote=f"(not read) {problem.message}", scope="unclear"
            )


def _translation(file: TextFile, name: str) -> Iterator[Evidence]:
    """What the card in another language states."""
    if file.text is None:
        yield Evidence(kind="license-file", locator=file.path, quote="(not read)", scope="unclear", sha256=None)
        return
    front = frontmatter.parse(file.text)
    for each in statements(frontmatter.body_lines(file.text, front), name):
        yield _stated(each, f"{file.path}:{each.line}")


def _role(path: str) -> tuple[EvidenceKind, Scope]:
    """What a file is by its name: its kind, and whether it speaks of the weights.

    Only a plain name (`LICENSE`, `COPYING.txt`) or one that names the model does; a name with other words in it
    (`LICENSE-DATA`, `THIRD_PARTY_LICENSES`) or in a folder of its own may speak of something else.
    """
    pure = PurePosixPath(path)
    words = set(filter(None, re.split(r"[^a-z]+", pure.name.lower())))
    scope: Scope = "weights"
    if "code" in words and not words & _WEIGHT_WORDS:
        scope = "code"
    elif len(pure.parts) > 1 or (words & _OTHER_THINGS and not words & _WEIGHT_WORDS):
        scope = "unclear"
    if words & _POLICY_WORDS:
        return "policy-file", scope
    if words & {"notice", "notices"} and not words & {"license", "licence", "licenses"}:
        return "notice-file", scope
    return "license-file", scope


def _names_weights(path: str) -> bool:
    """Whether a file name says that it is the license of the model as against the code (`MODEL_LICENSE`)."""
    return bool(set(re.split(r"[^a-z]+", PurePosixPath(path).name.lower())) & _WEIGHT_WORDS)


def _text(kind: EvidenceKind, locator: str, text: str, *, scope: Scope) -> Evidence:
    """What a whole text is: a license only where nothing that matters differs from a known one."""
    found = identify(text)
    license_ = None
    if kind != "policy-file":
        license_ = interpret(found.expression) if found.expression else _only_link(text)
    first = next((line.strip() for line in text.splitlines() if line.strip()), "(empty)")
    policy = found.nearest if found.content == "policy" and found.match in {"exact", "equivalent"} else None
    return Evidence(
        kind=kind, locator=locator, quote=_short(first), license=license_, scope=scope,
        sha256=hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest(), spelling=found.license or policy,
        nearest=None if license_ or policy else found.nearest, difference=None if license_ else _difference(found),
    )  # fmt: skip


def _only_link(text: str) -> str | None:
    """The license that a text leads to which is nothing but an address."""
    address = text.strip().strip("<>")
    return _linked(address) if address and not re.search(r"\s", address) else None


def _difference(found: Identification) -> str | None:
    """The first words that matter, and whether they are more, fewer or others than the license has."""
    first = next((each for each in found.differences if each.critical), None)
    if first is None:
        return None
    if first.kind == "deleted":
        return f"without “{_short(first.words)}”"
    was = f" instead of “{_short(first.was)}”" if first.was else ""
    return f"with “{_short(first.words)}”{was}"


def _embedded(embedded: EmbeddedMetadata) -> Iterator[Evidence]:
    part = "/" in embedded.path  # the header of a part (a VAE, a projector) does not speak of the whole
    for key, value in embedded.values.items():
        locator = f"{embedded.path} {key}"
        field = _GGUF_FIELDS.get(key) or ("license" if _EMBEDDED_LICENSE.search(key.lower()) else None)
        for text in strings(value) if field else _strings(value):
            if field:
                stated = _statement("embedded", locator, field, text, quote=f"{key}: {text}")
                yield from (each.model_copy(update={"scope": "unclear"}) if part else each for each in stated)
            elif key == "base_model_name_or_path":
                yield _lineage(locator, f"{key}: {text}", text, "adapter", 0.9)
            elif key == "_name_or_path" and "/" in text and upstream_id(text):
                yield _lineage(locator, f"{key}: {text}", text, "unknown", 0.6)
            elif re.fullmatch(r"general\.base_model\.\d+\.repo_url", key):
                yield _lineage(locator, f"{key}: {text}", text, "quantized", 0.9)


def _lineage(locator: str, quote: str, written: str, relation: Relation, confidence: float) -> Evidence:
    return Evidence(
        kind="lineage", locator=locator, quote=_short(quote), scope="base", confidence=confidence,
        upstream=upstream_id(written) or written, relation=relation, spelling=written, field="base_model",
    )  # fmt: skip


def _strings(value: Any) -> tuple[str, ...]:
    if isinstance(value, str):
        return (value,) if value.strip() else ()
    if isinstance(value, list | tuple):
        return tuple(each for each in value if isinstance(each, str) and each.strip())
    return ()


def _short(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= _QUOTE else text[: _QUOTE - 1] + "…"
