"""What makes two license texts the same: the sequence of their words, whatever the layout, markup or spelling.

Kept: every word, every number, and the signs that change a number (currency, percent, +, comparisons). Dropped: letter
case, punctuation, line breaks, comment signs, HTML tags, Markdown signs and link targets, brackets of placeholders,
list numbers (see markers.py) and copyright notices (see notices.py).

Every step leaves the text as long as it was: what goes is blanked, or filled where it stands inside a word. So a word
is found again in the text as written. All patterns run in linear time, also on hostile input.
"""

from __future__ import annotations

import html
import re
import unicodedata
from bisect import bisect_left, bisect_right
from collections.abc import Mapping
from functools import cached_property

from licensecheck.texts.markers import without_markers
from licensecheck.texts.notices import is_plain_title, notices
from licensecheck.texts.wordlists import table

_FILL = "\0"
"""Stands for a sign that is dropped without ending the word around it."""

_CJK = "\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"


def _token(letter: str, sign: str, currency: str) -> re.Pattern[str]:
    """A word, a version, or a sign that changes a number. What a sign must stand behind is looked for behind it."""
    return re.compile(
        rf"{letter}++(?:\0++{letter}++)*+(?:(?<=\d)\.\d{letter}*+)*+\+*+"
        rf"|[{sign}]|[{currency}](?=\s?\d)|%(?:(?<=\d.)|(?<=\d .))"
        rf"|[<>]=?(?:(?<=\w [<>])|(?<=\w [<>]=))(?=\s?[{currency}]?\d)|~~|~(?=[a-z])"
    )


_TOKEN = _token(rf"[^\W_{_CJK}]", rf"{_CJK}≤≥❌⛔🚫", "$€£¥")
_ASCII_TOKEN = _token("[a-z0-9]", "\1", "$")
"""The same for plain ASCII text, twice as fast."""
_GROUPED = re.compile(r",(?<=\d.)(?=\d{3}(?!\d))")
_APART = re.compile(r"(?:non|sub|per)(?<=\b...)[ \t\n]++(?=(?:commercial|infringement|licen[cs]e|cent)\b)")
"""Words that are as often written in one (SPDX matching guidelines), and what comes behind."""
_BLANK = re.compile(r"[ \n]")
_PIECE = 256

_NEWLINE = re.compile(r"[\r\f\v\x1c-\x1e\x85\u2028\u2029]")
_PARAGRAPH = re.compile(r"\n(?:[^\w\n]*+\n)++")
_NOTICE_WORDS = re.compile(r"copyright|©|\(c\)|reserved")
_WORD_LEADER = re.compile(r"[ \t]*+(dnl|rem)\b", re.IGNORECASE)
_LEADER = re.compile(r"^[ \t]*+[#*;%>|/!\\.\"'\0-]++", re.MULTILINE)
_FENCE = re.compile(r"^[ \t>*#]*+(?:`{3,}|~{3,})[ \t]*(?:te?xt|plain|plaintext|markdown|md)?[ \t]*$", re.MULTILINE)
_EMPHASIS = re.compile(r"[*`\\](?:(?<!\\)|(?=[^\w\s]))")
_LINK_TARGET = re.compile(r"\]\((?:https?://|mailto:|#|\.{0,2}/|www\.)[^()\s]*+\)")
# The signs stand first in these patterns, what must be before them behind: so they are searched for at once.
_IN_WORD = re.compile(
    r"(?:'(?:(?<=[^\W\d_].)|(?<=\0.))'?+|-(?:(?<=[^\W\d_].)|(?<=\0.))[ \t]*+(?:\n[ \t]*+)?)\0*+(?=[^\W\d_])"
)

# A value that is long enough to hide a sentence stays, and its words with it; so does a tag that hides or strikes out.
_ATTRIBUTES = (
    r"(?![^<>]*(?:none|hidden|through|opacity|transparent|white|#fff))"
    r"(?:\s++(?:(?:href|src|id|rel)\s*+=\s*+(?:\"[^\"<>\s]*+\"|'[^'<>\s]*+')"
    r"|(?:class|style)\s*+=\s*+(?:\"[^\"<>]*+\"|'[^'<>]*+')"
    r"|[\w:.-]++(?:\s*+=\s*+(?:\"[^\"<>\s]{0,30}+\"|'[^'<>\s]{0,30}+'|[^\s\"'<>=]++))?+))*+\s*+/?>"
)
_INLINE = re.compile(
    rf"</?(?:a|b|i|em|strong|u|span|code|tt|kbd|font|small|big|abbr|cite|mark)(?:{_ATTRIBUTES})", re.IGNORECASE
)
_BLOCK = re.compile(
    r"</?(?:html|head|body|p|div|h[1-6]|ul|ol|li|dl|dt|dd|table|thead|tbody|tfoot|tr|td|th|caption|blockquote|pre|hr"
    rf"|section|article|main|header|footer|nav|center|sup|sub|link|details|summary|!doctype)(?:{_ATTRIBUTES})",
    re.IGNORECASE,
)
_BREAK = re.compile(r"<br\s*+/?>[ \t]*+\n?", re.IGNORECASE)
_TITLE = re.compile(r"(<title>)([^<>]{0,200})(</title\s*+>)", re.IGNORECASE)
_ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});")

_SIGNS = str.maketrans(
    dict.fromkeys("‘’‚‛ʼʹ′´＇", "'")
    | dict.fromkeys("“”„‟«»″＂", '"')
    | dict.fromkeys("\u2010\u2011\u2212\ufe63\uff0d", "-")
    | dict.fromkeys("\u2012\u2013\u2014\u2015", "\u2013")
    | dict.fromkeys("™®℠", " ")
    | dict.fromkeys("\ufdfa\ufdfb", "\u0635")  # one character that NFKC makes a sentence of
    | {"İ": "I"}  # two characters in lower case
    | dict.fromkeys(
        "\u00ad\u200b\u200c\u200d\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2060\u2066\u2067\u2068\u2069\ufeff",
        _FILL,
    )
)
# Sorting a long run of combining marks is quadratic in unicodedata.normalize; no word has 32 of them.
_MARKS = re.compile(r"[^\w\s\x00-\x7f]{32,}+")
_NOT_ASCII = re.compile(r"[^\0-\x7f]+")
_CHANGING = re.compile(r"[\0-\x7f]?[^\0-\x7f]+")


class Words:
    """The words of a text in the form in which they are compared, and where each one stands in the text.

    A Chinese or Japanese character is a word. Re-wrapping, indenting, comment signs, Markdown, HTML, letter case, list
    numbers, the spelling variants that SPDX lists and copyright notices make no difference; any other word does.
    """

    def __init__(self, text: str) -> None:
        self.text = text
        self._plain = _plain(text)
        self._token = _ASCII_TOKEN if self._plain.isascii() else _TOKEN
        # Read in pieces, so that a word's place is found without looking for the places of all.
        found: list[str] = []
        self._counts, self._bounds = [0], [0]
        while self._bounds[-1] < len(self._plain):
            blank = _BLANK.search(self._plain, self._bounds[-1] + _PIECE)
            bound = blank.start() if blank else len(self._plain)
            found += self._token.findall(self._plain, self._bounds[-1], bound)
            self._counts.append(len(found))
            self._bounds.append(bound)
        if _FILL in self._plain:
            found = "\n".join(found).replace(_FILL, "").split("\n") if found else found
        spellings = _spellings()
        self.words = found if spellings.keys().isdisjoint(found) else [spellings.get(word, word) for word in found]

    def span(self, first: int, behind: int) -> tuple[int, int]:
        """Where words[first:behind], at least one word, stand in the text: characters [start, end)."""
        return self._original(self._place(first)[0]), self._original(self._place(behind - 1)[1])

    def position(self, character: int) -> int:
        """The first word that begins at this character of the text or behind it."""
        return bisect_left(range(len(self.words)), character, key=lambda word: self.span(word, word + 1)[0])

    def _place(self, word: int) -> tuple[int, int]:
        piece = bisect_right(self._counts, word) - 1
        return self._piece(piece)[word - self._counts[piece]]

    def _piece(self, piece: int) -> list[tuple[int, int]]:
        if piece not in self._places:
            found = self._token.finditer(self._plain, self._bounds[piece], self._bounds[piece + 1])
            self._places[piece] = [match.span() for match in found]
        return self._places[piece]

    @cached_property
    def _places(self) -> dict[int, list[tuple[int, int]]]:
        return {}

    def _original(self, position: int) -> int:
        new, old = self._shifts
        i = bisect_right(new, position) - 1
        return min(position - new[i] + old[i], len(self.text))

    @cached_property
    def _shifts(self) -> tuple[list[int], list[int]]:
        """Positions from which on the plain text is shifted against the text, and the positions there in the text."""
        new, old = [0], [0]
        if len(self._plain) != len(self.text):
            shift = 0
            for match in _CHANGING.finditer(self.text):
                change = len(_compatible(match[0])) - len(match[0])
                if change:
                    shift += change
                    new.append(match.end() + shift)
                    old.append(match.end())
        return new, old


def tokens(text: str) -> list[str]:
    """The words of a text in the form in which they are compared; see `Words`."""
    return Words(text).words


def _plain(text: str) -> str:
    """Lower-case text without markup, notices and list numbers, as long as the text but for characters that NFKC
    writes out (ligatures, fractions).
    """  # noqa: D205
    text = _NEWLINE.sub("\n", text.replace("\r\n", " \n")).replace(_FILL, " ")
    if "<" in text:
        text = _TITLE.sub(_title, text)
        text = _BREAK.sub(_as_line, _BLOCK.sub(_as_paragraph, _INLINE.sub(_filled, text)))
    if "&" in text:
        text = _ENTITY.sub(_unescaped, text)
    cased = _without_word_leaders(_compatible(text))
    text = cased.lower()
    if "```" in text or "~~~" in text:
        text = _FENCE.sub(_blank, text)
    text = _EMPHASIS.sub(_FILL, text)
    text = _IN_WORD.sub(_filled, _LINK_TARGET.sub(_blank, _LEADER.sub(_blank, text)))
    text = without_markers(_without_notices(text, cased))
    return _APART.sub(_joined, _GROUPED.sub(_FILL, text))


def _compatible(text: str) -> str:
    if text.isascii():
        return text
    text = _NOT_ASCII.sub(lambda match: match[0].translate(_SIGNS), text)
    return unicodedata.normalize("NFKC", _MARKS.sub(_unmarked, text))


def _blank(match: re.Match[str]) -> str:
    return " " * (match.end() - match.start())


def _filled(match: re.Match[str]) -> str:
    return _FILL * (match.end() - match.start())


def _joined(match: re.Match[str]) -> str:
    return match[0].rstrip().ljust(len(match[0]), _FILL)


def _as_paragraph(match: re.Match[str]) -> str:
    return "\n\n".ljust(match.end() - match.start())


def _as_line(match: re.Match[str]) -> str:
    return "\n".ljust(match.end() - match.start())


def _unescaped(match: re.Match[str]) -> str:
    sign = _compatible(html.unescape(match[0]))
    return sign.ljust(len(match[0]), " " if sign.isspace() else _FILL)


def _title(match: re.Match[str]) -> str:
    """The title of a page repeats the heading below; where it says more than a name, its words count."""
    if is_plain_title(_TOKEN.findall(match[2].lower())):
        return _blank(match)
    return "\n\n".ljust(len(match[1])) + match[2] + "\n\n".ljust(len(match[3]))


def _unmarked(match: re.Match[str]) -> str:
    return "".join(_FILL if unicodedata.combining(character) else character for character in match[0])


def _without_word_leaders(text: str) -> str:
    """The text without `dnl` or `REM` where it stands before every line; such a word elsewhere is a word."""
    first = _WORD_LEADER.match(text)
    if not first:
        return text
    lines = text.split("\n")
    leaders = [_WORD_LEADER.match(line) for line in lines]
    if not all(leader and leader[1] == first[1] for line, leader in zip(lines, leaders, strict=True) if line.strip()):
        return text
    return "\n".join(
        " " * leader.end() + line[leader.end() :] if leader else line
        for line, leader in zip(lines, leaders, strict=True)
    )


def _without_notices(text: str, cased: str) -> str:
    if not _NOTICE_WORDS.search(text):
        return text
    readable = text.replace(_FILL, " ")
    kept: list[str] = []
    position, start = 0, 0
    for end in (*(gap.start() for gap in _PARAGRAPH.finditer(text)), len(text)):
        if _NOTICE_WORDS.search(readable, start, end):
            for first, behind in notices(readable[start:end], cased[start:end]):
                kept += (text[position : start + first], " " * (behind - first))
                position = start + behind
        start = end
    return "".join((*kept, text[position:])) if kept else text


def _spellings() -> Mapping[str, str]:
    """Spelling -> what it counts as."""
    spellings: Mapping[str, str] = table("words")["spellings"]
    return spellings
