"""What makes two license texts the same: the sequence of their words, whatever the layout, markup or spelling.

Kept: every word, every number (list numbering too, since a number at a line's start may be one that matters) and the
signs that change a number (currency, percent, +, comparisons). Dropped: letter case, punctuation, line breaks, comment
signs, HTML tags, Markdown signs and link targets, brackets of placeholders, and copyright notices (see notices.py).
All patterns run in linear time, also on hostile input.
"""

from __future__ import annotations

import hashlib
import html
import re
import tomllib
import unicodedata
from collections.abc import Mapping, Sequence
from functools import lru_cache
from importlib.resources import files

from licensecheck.texts.notices import is_plain_title, without_notices

_CJK = "\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_TOKEN = re.compile(
    rf"[{_CJK}]"
    rf"|[^\W_{_CJK}]++(?:(?<=\d)(?:\.\d[^\W_{_CJK}]*+|,\d{{3}}(?!\d)))*+\+*+"
    r"|[$€£¥](?=\s?\d)|(?<=\d)%|(?<=\d )%|(?<=\w )[<>]=?(?=\s?[$€£¥]?\d)|[≤≥]"
)
_GROUPED = re.compile(r"(?<=\d),(?=\d)")

_NEWLINE = re.compile(r"\r\n?|[\f\v\x1c-\x1e\x85\u2028\u2029]")
_PARAGRAPH = re.compile(r"\n(?:[^\w\n]*+\n)++")
_WORD_LEADER = re.compile(r"[ \t]*+(dnl|rem)\b", re.IGNORECASE)
_FENCE = re.compile(r"^[ \t>*#]*+(?:`{3,}|~{3,})[ \t]*(?:te?xt|plain|plaintext|markdown|md)?[ \t]*$", re.MULTILINE)
_EMPHASIS = re.compile(r"[*`]|\\(?=[^\w\s])")
_LINK_TARGET = re.compile(r"\]\((?:https?://|mailto:|#|\.{0,2}/|www\.)[^()\s]*+\)")
_IN_WORD = re.compile(r"(?<=[^\W\d_])(?:'|-[ \t]*+(?:\n[ \t]*+(?:[#*;%>|/!-]{1,3}[ \t]++)?)?)(?=[^\W\d_])")

_ATTRIBUTES = r"(?:\s++[\w:.-]++(?:\s*+=\s*+(?:\"[^\"<>]*+\"|'[^'<>]*+'|[^\s\"'<>=]++))?+)*+\s*+/?>"
_INLINE = re.compile(
    rf"</?(?:a|b|i|em|strong|u|span|code|tt|kbd|font|small|big|abbr|cite|mark)(?:{_ATTRIBUTES})", re.IGNORECASE
)
_BLOCK = re.compile(
    r"</?(?:html|head|body|p|div|h[1-6]|ul|ol|li|dl|dt|dd|table|thead|tbody|tfoot|tr|td|th|caption|blockquote|pre|hr"
    rf"|section|article|main|header|footer|nav|center|sup|sub|meta|link|details|summary|!doctype)(?:{_ATTRIBUTES})",
    re.IGNORECASE,
)
_BREAK = re.compile(r"<br\s*+/?>[ \t]*+\n?", re.IGNORECASE)
_TITLE = re.compile(r"<title>([^<>]{0,200})</title\s*+>|<style[^<>]*+>[^<]*+</style\s*+>", re.IGNORECASE)
_ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});")

_SIGNS = str.maketrans(
    dict.fromkeys("‘’‚‛ʼʹ′´＇", "'")
    | dict.fromkeys("“”„‟«»″＂", '"')
    | dict.fromkeys("\u2010\u2011\u2212\ufe63\uff0d", "-")
    | dict.fromkeys("\u2012\u2013\u2014\u2015", " - ")
    | dict.fromkeys("™®℠", " ")
    | dict.fromkeys("\ufdfa\ufdfb", "\u0635")  # one character that NFKC makes a sentence of
    | dict.fromkeys(
        "\u00ad\u200b\u200c\u200d\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2060\u2066\u2067\u2068\u2069\ufeff", None
    )
)
# Sorting a long run of combining marks is quadratic in unicodedata.normalize; no word has 32 of them.
_MARKS = re.compile(r"[^\w\s\x00-\x7f]{32,}+")


def tokens(text: str) -> list[str]:
    """The words of a license text in the form in which they are compared; a Chinese or Japanese character is a word.

    Re-wrapping, indenting, comment signs, Markdown, HTML, letter case, the spelling variants that SPDX lists and
    copyright notices make no difference; any other word or number does.
    """
    text = _plain(text)
    words: list[str] = []
    for paragraph in _paragraphs(text):
        words += _TOKEN.findall(paragraph)
    return _spelled(words)


def fingerprint(words: Sequence[str]) -> str:
    """sha256 (hex) of a sequence of tokens."""
    return hashlib.sha256("\n".join(words).encode("utf-8", "surrogatepass")).hexdigest()


def digest(text: str) -> str:
    """sha256 (hex) of a text's tokens: equal digests mean the same words in the same order."""
    return fingerprint(tokens(text))


def _plain(text: str) -> str:
    """Lower-case text without markup, with one kind of quote, dash and line break."""
    text = _NEWLINE.sub("\n", text)
    if "<" in text:
        text = _TITLE.sub(_keep_restricting_title, text)
        text = _BREAK.sub("\n", _BLOCK.sub("\n\n", _INLINE.sub("", text)))
    if "&" in text:
        text = _ENTITY.sub(lambda match: html.unescape(match[0]), text)
    if not text.isascii():
        text = _MARKS.sub(_unmarked, text.translate(_SIGNS))
        text = unicodedata.normalize("NFKC", text)
    text = _without_word_leaders(text).casefold()
    text = _EMPHASIS.sub("", _FENCE.sub("", text))
    return _IN_WORD.sub("", _LINK_TARGET.sub("] ", text))


def _keep_restricting_title(match: re.Match[str]) -> str:
    """The title of a page repeats the heading below; where it says more than a name, its words count."""
    words = _TOKEN.findall((match[1] or "").lower())
    return "" if is_plain_title(words) else f"\n\n{match[1]}\n\n"


def _unmarked(match: re.Match[str]) -> str:
    return "".join(character for character in match[0] if not unicodedata.combining(character))


def _without_word_leaders(text: str) -> str:
    """The text without `dnl` or `REM` where it stands before every line; such a word elsewhere is a word."""
    first = _WORD_LEADER.match(text)
    if not first:
        return text
    lines = text.split("\n")
    leaders = [_WORD_LEADER.match(line) for line in lines]
    if not all(leader and leader[1] == first[1] for line, leader in zip(lines, leaders, strict=True) if line.strip()):
        return text
    return "\n".join(line[leader.end() :] if leader else line for line, leader in zip(lines, leaders, strict=True))


def _paragraphs(text: str) -> list[str]:
    if "copyright" not in text and "©" not in text and "(c)" not in text and "reserved" not in text:
        return [text]
    return [without_notices(paragraph) for paragraph in _PARAGRAPH.split(text)]


def _spelled(words: list[str]) -> list[str]:
    """The same words, each in the spelling that stands for all its variants."""
    spellings, phrases = _spellings()
    spelled: list[str] = []
    for word in words:
        one = spellings.get(word, word)
        if one in phrases and spelled and spelled[-1] in phrases[one]:
            spelled[-1:] = phrases[one][spelled[-1]]
        else:
            spelled.append(_GROUPED.sub("", one) if "," in one else one)
    return spelled


@lru_cache
def _spellings() -> tuple[Mapping[str, str], Mapping[str, Mapping[str, list[str]]]]:
    """Spelling -> what it counts as, and second word of a phrase -> first word -> what the phrase counts as."""
    table = tomllib.loads(files(__package__).joinpath("data", "words.toml").read_text(encoding="utf-8"))
    phrases: dict[str, dict[str, list[str]]] = {}
    for phrase, one in table["phrases"].items():
        first, second = phrase.split()
        phrases.setdefault(second, {})[first] = one.split()
    return table["spellings"], phrases
