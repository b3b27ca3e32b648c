"""What the body of a card states in a fixed form: labelled license lines and merge configurations.

Sentences are not read here: a label (`**License:** MIT`, `| License | MIT |`) is metadata that its author wrote into
the text, and a merge configuration is the machine's own record of what a model was made from.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from licensecheck.cards.frontmatter import Lines
from licensecheck.cards.metadata import PLACEHOLDERS
from licensecheck.catalog import catalog

_LABEL = re.compile(
    r"^[\s>*_+|#`-]{0,20}(?:model[ ])?(?:weights?[ ])?licen[cs]es?(?:\(s\)|[ ]?\([A-Za-z /]{1,30}\))?"
    r"[\s*_`]{0,6}[:：|][\s*_]{0,6}(?P<value>\S.*)$",
    re.IGNORECASE,
)
_HEADING = re.compile(r"^\s{0,3}#{1,6}\s+(?P<title>.*)$")
_LICENSE_HEADING = re.compile(r"\blicen[cs](?:e|ing)\b|许可|协议|許可|ライセンス", re.IGNORECASE)
_OTHER_HEADING = re.compile(
    r"\b(?:data ?sets?|training data|code|corpus|repository|tokenizer)\b|数据|代码", re.IGNORECASE
)
_LINK = re.compile(r"\[(?P<text>[^\][]*)\]\((?P<url>[^()\s]+)\)")
_SENTENCE = re.compile(
    r"(?:(?:this|the|our)[ ])?(?:code[ ]and[ ])?(?:the[ ])?models?(?:[ ]weights)?[ ](?:is|are)[ ]"
    r"(?:licensed|released|available|distributed)[ ]under[ ](?:the[ ])?(?P<name>[^.]*(?:\.\d[^.]*)*)\.?",
    re.IGNORECASE,
)
_TEMPLATE = re.compile(r"\[[^\]]*(?:information|needed|license)[^\]]*\]$", re.IGNORECASE)
_FENCE = re.compile(r"^\s{0,3}(?P<fence>```+|~~~+)")
_MERGED = re.compile(
    r"^\s*(?:-\s+)?(?:base_model|model|source_model|model_path)\s*:\s*[\"']?(?P<id>[\w.-]+/[\w.-]+)[\"']?\s*(?:#.*)?$"
)
_MERGE_KEY = re.compile(r"^\s*(?:merge_method|gate_mode|experts)\s*:", re.MULTILINE)
_MAX_VALUE = 400


@dataclass(frozen=True, slots=True)
class Label:
    """One labelled line: the value without Markdown, the first link in it, the 1-based line of the card."""

    value: str
    link: str | None
    line: int
    quote: str


def license_labels(body: Lines) -> Iterator[Label]:
    """The labelled license lines of the body, outside of code blocks; placeholders are no statements."""
    heading, first = "", False
    for number, text, fenced in _with_fences(body):
        title = None if fenced else _HEADING.match(text)
        if title:
            heading, first = title["title"], True
            continue
        if fenced or not text.strip() or _OTHER_HEADING.search(heading):
            continue
        match = _LABEL.match(text[: _MAX_VALUE * 2])
        if match:
            value, link = _plain(match["value"])
            if value and not _TEMPLATE.fullmatch(value) and value.lower().rstrip(".") not in PLACEHOLDERS:
                yield Label(value[:_MAX_VALUE], link, number, text.strip())
        elif first and _LICENSE_HEADING.search(heading):
            value, link = _plain(text[: _MAX_VALUE * 2])
            if catalog().find(value) or (link and catalog().by_url(link)):
                yield Label(value[:_MAX_VALUE], link, number, text.strip())
        first = False


def merged_models(body: Lines) -> Iterator[tuple[str, int]]:
    """The models that merge configurations (mergekit) in code blocks of the body name, with their lines."""
    block: list[tuple[int, str]] = []
    for number, text, fenced in [*_with_fences(body), (0, "", False)]:
        if fenced:
            block.append((number, text))
        elif block:
            if _MERGE_KEY.search("\n".join(line for _, line in block)):
                yield from ((match["id"], at) for at, line in block if (match := _MERGED.match(line)))
            block = []


def _with_fences(body: Lines) -> Iterator[tuple[int, str, bool]]:
    """Each line of the body: its number, its text, and whether it stands in a code block."""
    fence: str | None = None
    for number, text in body:
        match = _FENCE.match(text)
        if match and (fence is None or match["fence"].startswith(fence)):
            fence = match["fence"] if fence is None else None
            continue
        yield number, text, fence is not None


def _plain(value: str) -> tuple[str, str | None]:
    """The value of a label as words, and its link; nothing where the label is the head of a wider table."""
    value = value.strip().rstrip("|").strip()
    if "|" in value:
        return "", None
    link = _LINK.search(value)
    words = _LINK.sub(lambda match: match["text"], value).strip().strip("*_`").strip()
    bare = re.fullmatch(r"<?(https?://[^\s>]+)>?", words)
    sentence = _SENTENCE.fullmatch(words)
    name = sentence["name"].strip() if sentence else words
    return name.rstrip(".") if sentence else name, link["url"] if link else bare[1] if bare else None
