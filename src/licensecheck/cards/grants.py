"""License statements of a sentence: a label, a name that something is put under, a link, a file."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from licensecheck.cards import names
from licensecheck.cards.languages import Language, SpokenOf, in_any_language
from licensecheck.cards.markdown import Link
from licensecheck.cards.metadata import PLACEHOLDERS
from licensecheck.cards.scope import named
from licensecheck.cards.sentences import Sentence, Statement
from licensecheck.catalog import catalog
from licensecheck.catalog.expressions import interpret
from licensecheck.types import Scope

_TEMPLATE = re.compile(r"[^\]]*(?:information needed|needs? (?:more )?information)[^\]]*|\[[^\]]*\]", re.IGNORECASE)
_TEXT_FILE = re.compile(
    r"(?:^|/)[\w.+ -]*(?:licen[cs]e|copying|agreement|terms|notice|协议|许可)[\w.+ -]*$", re.IGNORECASE
)
_IN_REPOSITORY = re.compile(r"/(?:blob|raw|resolve|tree)/|\.(?:pdf|txt|md)$", re.IGNORECASE)
_FILE = re.compile(
    r"(?<![\w/.-])(?:[\w-]*[_-])?(?:LICEN[CS]E|COPYING)[\w-]*(?:\.\w{2,4})?(?![\w/])|(?<![\w/.-])\w*licen[cs]e\.(?:txt|md|pdf)\b"
)
_MODEL_NAME = re.compile(r"[A-Za-z][\w.]*-?\d[\w.-]*")
_ENDS = re.compile(r"[\s\"'”*_`)\]]*(?:licen[cs]e\b|$|[.,;(|\[–—-])", re.IGNORECASE)
_MODEL = re.compile(r"[\s-]*(?:\w+\s+)?(?:weights?|models?|series|模型|权重|is|are|has)\b", re.IGNORECASE)
_ASIDE = re.compile(r"\s*[(\[].*", re.DOTALL)
_OF_WEIGHTS = re.compile(r"model|weight", re.IGNORECASE)
_PARTS = re.compile(
    r"\W*(?:all |our |this |pre-?trained |trained |released )*(?:models?|weights?|checkpoints?|ours)\W*|"
    r".*\.(?:safetensors|bin|gguf|pt|pth|ckpt|onnx)|v?\d[\w.]*",
    re.IGNORECASE,
)
"""What a row of a table calls the model itself, or a size, a version or a file of it."""
_LONGEST_VALUE = 400
_LONGEST_NAME_ALONE = 60
_NEAR = 8


def label(sentence: Sentence) -> list[Statement] | None:
    """What a line such as `License: MIT` states; None where it is none, empty where its value says nothing."""
    for language in sentence.spoken:
        match = language.label.match(sentence.text) or _part(sentence.text, language)
        if match and not names.begins(match[0]):
            value = sentence.text[match.end() :].strip()[:_LONGEST_VALUE]
            if _is_placeholder(value):
                return []
            scope = _labelled(sentence, match.groupdict(), language)
            if scope == "data" and sentence.spreads_to_weights:
                scope = "weights"
            return list(_value(sentence, match.end(), value, scope, language))
    return None


def _part(text: str, language: Language) -> re.Match[str] | None:
    """The label of a part such as `Weights:`, where the name of a license and nothing else stands behind it."""
    match = language.part.match(text)
    name = names.begins(text[match.end() :]) if match else None
    return match if match and name and _ENDS.match(text, match.end() + name.end) else None


def grants(sentence: Sentence, default: Scope | None = None, at: int = 0) -> Iterator[Statement]:
    """What the words from a place on put under licenses; `default` is the scope where they do not say of what."""
    if not sentence.mentions_license and not names.may_name(sentence.text):
        return
    found = [name for name in names.names(sentence.text, sentence.links, sentence.spoken) if name.start >= at]
    for name in found:
        if not _is_model(sentence, name):
            scope = _scope(sentence, name, default, at)
            yield _license(sentence, name.start, scope, name.license, name.spelling, _at(sentence.links, name))
    yield from _linked(sentence, found, default, at)
    if not found:
        yield from _alone(sentence, default, at)
        yield from _named_file(sentence, default, at)
        if sentence.inherits:
            yield _license(sentence, at, "weights", None, None, None)


def _is_model(sentence: Sentence, name: names.Name) -> bool:
    """Whether a name is that of the model which a license is named after: `License: ChatGLM2-6B weights are open`."""
    put = name.put and not sentence.text[name.since : name.start].rstrip().endswith((":", "："))
    own = not put and not name.called and sentence.own.is_named(name.spelling)
    return own and bool(_MODEL.match(sentence.text, name.end))


def _scope(sentence: Sentence, name: names.Name, default: Scope | None, at: int) -> Scope | SpokenOf:
    if sentence.inherits:
        return "weights"
    scope = sentence.scope(name.since if name.put else name.start, default, at)
    if scope in {"data", "other-model"} and sentence.spreads_to_weights:
        return "weights"  # “the data set is CC BY-NC, and so is the model”
    alone = name.start < _NEAR and len(sentence.passage.text) <= _LONGEST_NAME_ALONE
    if scope == "unclear" and alone:
        return "weights"  # a passage that is nothing but the name of a license
    if scope == "weights" and not (alone or name.put or name.called):
        return "unclear"  # a mention: “much like CC BY 4.0”
    return scope


def row(sentence: Sentence) -> list[Statement] | None:
    """What a row of a table of models with a column for licenses states; None where it is no such row."""
    head = sentence.passage.head
    columns = [i for i, cell in enumerate(head) if in_any_language("column").search(cell)]
    if sentence.passage.form != "row" or not columns or not head[1:]:
        return None
    cells = sentence.text.split(" | ")
    return [
        each for i in columns if i < len(cells) for each in _cell(sentence, cells, i, head[i] if columns[1:] else "")
    ]


def _cell(sentence: Sentence, cells: Sequence[str], column: int, title: str) -> Iterator[Statement]:
    """What a cell with a license says of the model in its row, or of what the title of its column names."""
    at = sum(len(cell) + 3 for cell in cells[:column])
    name = names.begins(cells[column])
    license_ = name.license if name else names.linked(sentence.links, at, at + len(cells[column]))
    scope = named(title, sentence.spoken) if title else _row_scope(sentence)
    value = cells[column].strip()
    if license_ or (scope == "weights" and not _is_placeholder(value)):
        yield _license(sentence, at, scope or "weights", license_, value, None)


def _row_scope(sentence: Sentence) -> Scope | SpokenOf:
    if sentence.own.is_named(sentence.row_of) or _PARTS.fullmatch(sentence.row_of):
        return "weights"
    match named(sentence.row_of, sentence.spoken):
        case "code" | "data" | "outputs" as part:
            return part
    return "other-model"


def _is_placeholder(value: str) -> bool:
    return value.strip(" .*_`|[]").lower() in PLACEHOLDERS or bool(_TEMPLATE.fullmatch(value))


def _labelled(sentence: Sentence, groups: Mapping[str, str | None], language: Language) -> Scope:
    """What a label speaks of: `Code License`, `License for Foo-7B`, a title above it about the data."""
    whose = groups.get("for") or ""
    about = " ".join(filter(None, (groups.get("subject"), whose, groups.get("aside"))))
    if _MODEL_NAME.search(sentence.passage.parent) and not sentence.own.is_named(sentence.passage.parent):
        return "other-model"
    other = _MODEL_NAME.search(whose)
    if other and not sentence.own.is_named(other[0]):
        return "base"
    match named(about, [language]) if about and not other else sentence.titled:
        case "data" | "code" | "base" | "outputs" as scope:
            return scope
    return "weights"


def _value(sentence: Sentence, at: int, value: str, scope: Scope, language: Language) -> Iterator[Statement]:
    links = [link for link in sentence.links if link.end > at]
    link = links[0].url if links else None
    begun = names.begins(value)
    whole = interpret(value.strip(" .*_`")) or interpret(_ASIDE.sub("", value))
    inside = list(grants(sentence, scope, at))
    if whole or (begun and _ENDS.match(value, begun.end)):
        first = _license(sentence, at, scope, whole or (begun.license if begun else None), value, link, language)
        yield replace(first, label=True)
        yield from (each for each in inside if each.license != first.license)
    elif inside:
        yield from inside
    else:
        leads = link is not None and names.says_nothing(value)
        known = names.linked(links, at, len(sentence.text))
        stated = _license(sentence, at, scope, known, None if leads else value, link, language)
        yield stated if leads else replace(stated, label=True)


def _linked(sentence: Sentence, found: Sequence[names.Name], default: Scope | None, at: int) -> Iterator[Statement]:
    """Links that no name stands at: to a known text, to a file of the repository, to a text nobody has recorded."""
    see = _sends(sentence)
    for link in sentence.links:
        if link.start < at or any(name.start <= link.end + 2 and link.start <= name.end + 2 for name in found):
            continue
        record = catalog().by_url(sentence.own.address(link.url))
        page = link.url.partition("?")[0]
        is_text = _TEXT_FILE.search(page) and ("://" not in page or _IN_REPOSITORY.search(page))
        if record or (see and is_text):
            title = sentence.text[link.start : link.end].strip()
            spelling = None if "://" in title or names.says_nothing(title) else title
            license_ = record.spdx_id if record else interpret(spelling) if spelling else None
            scope = "weights" if sentence.inherits else sentence.scope(link.start, default, at)
            yield _license(sentence, link.start, scope, license_, spelling, link.url)


def _alone(sentence: Sentence, default: Scope | None, at: int) -> Iterator[Statement]:
    """A name that is all that a passage says, below a title about licenses or with `license` behind it."""
    text = sentence.text[at:].strip()
    name = names.begins(text) if len(text) <= _LONGEST_NAME_ALONE and sentence.is_below_license else None
    if name and _ENDS.match(text, name.end):
        yield _license(sentence, at, sentence.settled(None, default), name.license, name.spelling, None)
    elif sentence.is_below_license and not names.says_nothing(text) and _is_title(sentence, text):
        yield _license(sentence, at, sentence.settled(None, default), None, text, None)


def _is_title(sentence: Sentence, text: str) -> bool:
    """Whether a text is nothing but the title of a license that nobody has recorded."""
    return any(each.custom.fullmatch(text.rstrip(".")) for each in sentence.spoken)


def _named_file(sentence: Sentence, default: Scope | None, at: int) -> Iterator[Statement]:
    """The name of a file in a sentence that sends the reader to it."""
    file = _FILE.search(sentence.text, at)
    linked = file and any(link.start <= file.start() < link.end for link in sentence.links)
    if file and not linked and _sends(sentence):
        scope = "weights" if _OF_WEIGHTS.search(file[0]) else sentence.scope(file.start(), default, at)
        yield _license(sentence, file.start(), scope, None, None, file[0])


def _sends(sentence: Sentence) -> bool:
    """Whether a sentence sends the reader to a text, or tells to keep to one."""
    return any(
        pattern.search(sentence.text) for each in sentence.spoken for pattern in (each.see, each.obey, each.under)
    )


def _license(
    sentence: Sentence, at: int, scope: Scope | SpokenOf, license_: str | None, spelling: str | None, link: str | None,
    language: Language | None = None,
) -> Statement:  # fmt: skip
    stated = sentence.statement(at, scope, "grant", language or sentence.spoken[0])
    return replace(stated, license=license_, spelling=spelling, link=link)


def _at(links: Sequence[Link], name: names.Name) -> str | None:
    return next((link.url for link in links if link.start < name.end and name.start <= link.end + 2), None)
