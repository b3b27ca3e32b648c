"""The model list `models.txt`: one reference a line, with comments, variables, nested lists and per-line options."""

from __future__ import annotations

import posixpath
import re
from collections import deque
from dataclasses import dataclass, field, replace
from difflib import get_close_matches
from pathlib import Path, PurePath
from typing import TYPE_CHECKING

from licensecheck.errors import BadReferenceError, LicensecheckError, ListError, UsageError
from licensecheck.inputs.mistakes import advice
from licensecheck.inputs.words import Word, expanded, physical_lines, shown, split
from licensecheck.types import REFERENCE_FORMS, ListLine, ModelRef, Requirement

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence


def read(path: Path | str, *, environment: Mapping[str, str], stdin: str | None = None) -> tuple[Requirement, ...]:
    """Read one list file and the lists it names with `-r`, in the order of their lines.

    The path `-` stands for the text `stdin`, shown as `<stdin>`. A file reached twice is read once. Local folders
    come back relative to the folder of `path`, also those of nested lists. Raises ListError with every bad line of
    every file.
    """
    reading = _Reading(environment)
    if str(path) != "-":
        name = str(path).encode(errors="replace").decode()
        reading.file(Path(path), _File(name, Path(path).parent), named=None)
    elif stdin is not None:
        reading.text(stdin, _File("<stdin>", Path()))
    else:
        reading.errors.append(UsageError("standard input was not given", place="<stdin>", help="name a file instead"))
    return reading.result()


def parse(text: str, *, name: str, folder: Path, environment: Mapping[str, str]) -> tuple[Requirement, ...]:
    """Read a list that is already in memory: `name` is shown in errors, `-r` is looked up in `folder`.

    Raises ListError with every bad line, like `read`.
    """
    reading = _Reading(environment)
    reading.text(text, _File(name, folder))
    return reading.result()


def merge(requirements: Iterable[Requirement]) -> tuple[Requirement, ...]:
    """Drop exact duplicates, keeping the first; lines that differ in their notes or bases only all stay.

    Raises ListError naming both lines of every model that stands there with two revisions or two uses.
    """
    kept: dict[tuple[object, ...], Requirement] = {}
    first: dict[tuple[str, str, str], Requirement] = {}
    errors: list[LicensecheckError] = []
    for one in requirements:
        other = first.setdefault((one.model.source, one.model.kind, one.model.name), one)
        if one.model.revision != other.model.revision:
            errors.append(_conflict("revisions", (one, one.model.revision), (other, other.model.revision)))
        elif one.use != other.use:
            errors.append(_conflict("uses", (one, one.use), (other, other.use)))
        kept.setdefault((str(one.model), one.use, tuple(map(str, one.bases)), one.note), one)
    if errors:
        raise ListError(errors)
    return tuple(kept.values())


_LINE_BREAKS = re.compile(r"[\x0b\x0c\x85\u2028\u2029]")
_MAX_LINE = 10_000
_MAX_BYTES = 16 * 1024 * 1024
_MAX_DEPTH = 40

_FORMS = f"valid forms: {REFERENCE_FORMS}"
_STRAY = (
    "one reference a line, no spaces in a name: write a revision as `org/name@revision`, begin a comment with `#`, "
    'quote a local folder with spaces (`"./my models"`)'
)
_OPTIONS = {"--use": "--use", "--base": "--base", "--note": "--note", "--requirement": "-r", "-r": "-r"}
_VALUES = {"--use": "NAME", "--base": "org/name", "--note": '"..."', "-r": "other.txt"}
_FOREIGN_OPTIONS = {
    "-e": "there is no editable mode: write a local folder as `./dir`",
    "--editable": "there is no editable mode: write a local folder as `./dir`",
    "--revision": "write the revision behind the name: `org/name@revision`",
    "--hash": "pin the commit: `org/name@` and its 40 hex digits",
}
# What git forbids in the name of a branch or tag, and what is left over from other grammars.
_BAD_REVISION = re.compile(r"[~^:?*\[\\,;$<>]|\A[=!]")


@dataclass(frozen=True)
class _File:
    """One list: its name as shown, the folder `-r` starts from, the same seen from the first list, the lists above."""

    name: str
    folder: Path
    prefix: PurePath = field(default_factory=PurePath)
    above: Mapping[Path, str] = field(default_factory=dict)


@dataclass
class _Reading:
    """What has been read so far, over all nested lists."""

    environment: Mapping[str, str]
    found: list[Requirement] = field(default_factory=list)
    errors: list[LicensecheckError] = field(default_factory=list)
    done: set[Path] = field(default_factory=set)

    def result(self) -> tuple[Requirement, ...]:
        if not self.errors:
            return tuple(self.found)
        error = ListError(self.errors)
        references = [one for one in self.errors if isinstance(one, BadReferenceError)]
        if references and all(one.help != _FORMS for one in references):
            error.help = _FORMS
        raise error

    def file(self, path: Path, file: _File, *, named: Word | None) -> None:
        """Read a list file; `named` is the word behind `-r` that names it."""
        try:
            resolved = path.resolve()
            if resolved in file.above or len(file.above) > _MAX_DEPTH:
                raise ValueError(_endless(file, resolved))
            if resolved in self.done:
                return
            text = _decoded(_bytes(path), file.name)
        # RuntimeError: `resolve` of a symlink loop before Python 3.13; ValueError: also a NUL in the path.
        except (OSError, ValueError, RuntimeError) as error:
            reason = getattr(error, "strerror", None) or str(error)
            subject = f"the list `{shown(file.name)}`" if named else "the list"
            place = named.place if named else file.name
            help_ = "its path starts from the folder of the list that names it" if named else None
            self.errors.append(UsageError(f"{subject} cannot be read: {reason}", place=place, help=help_))
        except UsageError as error:
            self.errors.append(error)
        else:
            self.done.add(resolved)
            self.text(text, replace(file, above={**file.above, resolved: file.name}))

    def text(self, text: str, file: _File) -> None:
        words: list[Word] = []
        for number, line in enumerate(physical_lines(text), start=1):
            here = ListLine(file=file.name, line=number)
            continued = False
            if odd := _LINE_BREAKS.search(line):
                place = f"{here}:{odd.start() + 1}"
                message = f"the line holds U+{ord(odd[0]):04X}, which some editors show as a new line"
                self.errors.append(UsageError(message, place=place, help="remove it, or begin a new line there"))
            elif len(line) > _MAX_LINE:
                place = f"{here}:{_MAX_LINE + 1}"
                self.errors.append(UsageError(f"the line is longer than {_MAX_LINE:,} characters", place=place))
            else:
                more, continued = split(line, here)
                words += more
            if not continued:
                self.statement(words, file)
                words = []
        self.statement(words, file)

    def statement(self, words: Sequence[Word], file: _File) -> None:
        """Take in one line, its continuations joined; a fault in it goes to the errors."""
        try:
            plain, options = _sorted([expanded(word, self.environment) for word in words])
            nested = [value for option, value in options if option == "-r"]
            if nested and (plain or len(options) > 1):
                raise UsageError("-r stands on a line of its own", place=words[0].place, help="split the line")
            if nested:
                self.include(nested[0], file)
            elif words:
                self.found.append(_requirement(words[0], plain, options, file.prefix))
        except LicensecheckError as error:
            self.errors.append(error)

    def include(self, word: Word, file: _File) -> None:
        if "://" in word.text:
            raise UsageError("a list is read from a local file, never fetched", place=word.place, help="save it first")
        target = PurePath(word.text)
        name = posixpath.normpath((PurePath(file.name).parent / target).as_posix())
        path = file.folder / target
        self.file(path, _File(name, path.parent, file.prefix / target.parent, file.above), named=word)


def _endless(file: _File, resolved: Path) -> str:
    chain = " -> ".join([*file.above.values(), file.name])
    return f"it includes itself: {chain}" if resolved in file.above else f"too many lists inside each other: {chain}"


def _bytes(path: Path) -> bytes:
    if path.is_dir():
        raise ValueError("it is a folder (a local model is written `./dir` inside a list)")
    with path.open("rb") as stream:
        data = stream.read(_MAX_BYTES + 1)
    if len(data) > _MAX_BYTES:
        raise ValueError(f"it is larger than {_MAX_BYTES // 2**20} MiB")
    return data


def _decoded(data: bytes, name: str) -> str:
    what_to_do = "save the list as plain text in UTF-8"
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise UsageError("the file is in UTF-16 or UTF-32, not UTF-8", place=name, help=what_to_do)
    if b"\0" in data:
        raise UsageError("the file is binary or in UTF-16, not a list", place=name, help=what_to_do)
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        before = physical_lines(data[: error.start].decode("utf-8"))
        place = f"{name}:{len(before)}:{len(before[-1]) + 1}"
        raise UsageError(f"the byte {data[error.start]:#04x} is not UTF-8", place=place, help=what_to_do) from None


def _sorted(words: Iterable[Word]) -> tuple[list[Word], list[tuple[str, Word]]]:
    """Tell references from options with their values."""
    plain: list[Word] = []
    options: list[tuple[str, Word]] = []
    queue = deque(words)
    while queue:
        word = queue.popleft()
        if not word.is_option:
            plain.append(word)
            continue
        name, glue, text = word.text.partition("=")
        if word.text.startswith("-r") and name != "-r":
            name, glue, text = "-r", "-r", word.text.removeprefix("-r")
        if name not in _OPTIONS:
            raise _unknown_option(name, word)
        value: Word | None = None
        if glue:
            written = word.written.partition(glue)[2]
            value = Word(written, text, word.line, word.column + len(word.written) - len(written))
        elif queue and not queue[0].is_option:
            value = queue.popleft()
        if not value or not value.text.strip():
            raise UsageError(
                f"{name} needs a value", place=word.place, help=f"write `{name} {_VALUES[_OPTIONS[name]]}`"
            )
        options.append((_OPTIONS[name], value))
    return plain, options


def _unknown_option(name: str, word: Word) -> UsageError:
    nearest = get_close_matches(name, _OPTIONS, n=1, cutoff=0.4)
    valid = f"valid options: {', '.join(_OPTIONS)}"
    help_ = _FOREIGN_OPTIONS.get(name) or (f"did you mean {nearest[0]}? {valid}" if nearest else valid)
    return UsageError(f"`{shown(name)}` is not an option of a model list", place=word.place, help=help_)


def _requirement(
    first: Word, plain: Sequence[Word], options: Sequence[tuple[str, Word]], prefix: PurePath
) -> Requirement:
    if not plain:
        raise UsageError(
            "options stand here without a model", place=first.place, help="begin the line with a reference"
        )
    model = _reference(plain[0], prefix)
    if len(plain) > 1:
        message = f"`{shown(plain[1].text)}` stands behind `{shown(str(model))}`"
        help_ = advice(plain[1].text, plain[1].written) or _STRAY
        raise BadReferenceError(message, place=plain[1].place, help=help_)
    bases: dict[str, ModelRef] = {}
    single: dict[str, str] = {}
    for option, value in options:
        if option == "--base":
            base = _reference(value, prefix)
            if str(base) == str(model):
                raise UsageError("a model is not its own base", place=value.place, help="remove this --base")
            bases.setdefault(str(base), base)
        elif option in single:
            raise UsageError(f"{option} is given twice", place=value.place, help="keep one of them")
        else:
            single[option] = value.text
    return Requirement(model=model, use=single.get("--use"), bases=tuple(bases.values()), note=single.get("--note"))


def _reference(word: Word, prefix: PurePath) -> ModelRef:
    try:
        model = ModelRef.parse(word.text, line=word.line)
    except BadReferenceError:
        model = None
    left_over = word.written.endswith((",", ";")) or (model and _BAD_REVISION.search(model.revision or ""))
    if model is None or left_over:
        message = f"`{shown(word.text)}` is not a model reference"
        raise BadReferenceError(message, place=word.place, help=advice(word.text, word.written) or _FORMS)
    if model.source == "directory" and prefix.parts:
        return model.model_copy(update={"name": _seen_from_the_first_list(model.name, prefix)})
    return model


def _seen_from_the_first_list(name: str, prefix: PurePath) -> str:
    if name.startswith((".\\", "..\\")):
        name = name.replace("\\", "/")
    if not name.startswith("."):
        return name
    path = posixpath.normpath((prefix / name).as_posix())
    return path if prefix.is_absolute() or path.split("/")[0] in {".", ".."} else f"./{path}"


def _conflict(what: str, here: tuple[Requirement, str | None], there: tuple[Requirement, str | None]) -> UsageError:
    line, other = here[0].model.line, there[0].model.line
    return UsageError(
        f"`{here[0].model.name}` stands twice with different {what}: "
        f"{here[1] or 'none'} here, {there[1] or 'none'} at {other or 'another place'}",
        place=str(line) if line else None,
        help="keep one of the two",
    )
