"""A model in a folder of this disk: its card, its legal texts and the headers of its files."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from licensecheck.sources import blobs, headers, select
from licensecheck.types import EmbeddedMetadata, ModelRef, Problem, ProblemKind, Snapshot, SourceName, TextFile

MAX_ENTRIES = 5_000
"""Files and folders looked at; a model beyond that is reported as cut, never silently."""
MAX_HEADERS = 100
"""Files whose header is read: enough for the shards of the largest models."""


def fetch(ref: ModelRef, *, root: Path) -> Snapshot:
    """What the folder `ref.name` holds; relative names start at `root`, `~` is the home folder.

    Reads the root and two levels of folders, hidden folders aside. A folder that is missing or unreadable is a
    fatal problem of the snapshot. Raises nothing.
    """
    try:
        folder = root / Path(ref.name).expanduser()
        found = folder.is_dir()
        reason = "is not a folder" if found or folder.exists() else "does not exist"
    except (OSError, RuntimeError, ValueError) as error:  # no home folder; a null byte in the name
        found, reason = False, f"is not a usable path: {error}"
    if not found:
        problem = Problem(
            kind="not-found",
            message=f"the folder {ref.name} {reason}",
            help="give the folder that holds the README.md",
            fatal=True,
        )
        return Snapshot(model=ref, source="directory", name=ref.name, problems=(problem,))
    return read_folder(folder, ref, source="directory")


def read_folder(folder: Path, ref: ModelRef, *, source: SourceName, revision: str | None = None) -> Snapshot:
    """What an existing folder holds, as the snapshot of `ref`; raises nothing."""
    walk = _Walk(folder.resolve())
    files = dict(walk.files())
    card = select.card(files)
    texts = {
        path: walk.text(path, files[path]) for path in dict.fromkeys([*([card] if card else []), *select.legal(files)])
    }
    embedded = tuple(walk.embedded(files))
    return Snapshot(
        model=ref,
        source=source,
        name=ref.name,
        revision=revision,
        card=texts.get(card) if card else None,
        files=tuple(text for path, text in texts.items() if path != card),
        siblings=tuple(sorted(files)),
        embedded=embedded,
        problems=tuple(walk.problems),
    )


@dataclass
class _Walk:
    """One reading of a folder, and the problems met on the way."""

    folder: Path
    problems: list[Problem] = field(default_factory=list)
    entries: int = 0

    def files(self) -> Iterator[tuple[str, Path]]:
        """All files by their path in the folder, links to places outside aside."""
        home = _home(self.folder)
        for path, file in self._entries(self.folder, ""):
            try:
                target = file.resolve(strict=True)
                regular = stat.S_ISREG(target.stat().st_mode)  # opening a pipe would wait for ever
            except (OSError, RuntimeError) as error:
                self._report(path, "unreadable", f"{path} is not readable: {_reason(error)}")
                continue
            if not target.is_relative_to(home):
                self._report(path, "unreadable", f"{path} links to a place outside the folder and is not read")
            elif regular:
                yield path, target
            else:
                self._report(path, "unreadable", f"{path} is neither a file nor a folder of its own and is not read")

    def text(self, path: str, file: Path) -> TextFile:
        """One text, or the file without a text and a problem."""
        problem: Problem | None
        try:
            size = file.stat().st_size
            if not select.readable(path):
                found, problem = blobs.format_unread(path)
            elif size > select.MAX_TEXT:
                found, problem = blobs.too_large(path, size)
            else:
                found, problem = blobs.text_file(path, file.read_bytes())
        except OSError as error:
            found, problem = blobs.unread(path, "unreadable", f"is not readable: {_reason(error)}")
        if problem:
            self.problems.append(problem)
        return found

    def embedded(self, files: dict[str, Path]) -> Iterator[EmbeddedMetadata]:
        """The metadata in the heads of the files, in path order."""
        paths = sorted(path for path in files if select.header(path))
        for path in paths[:MAX_HEADERS]:
            found = headers.read(files[path], path)
            if isinstance(found, Problem):
                self.problems.append(found)
            elif found:
                yield found
        if len(paths) > MAX_HEADERS:
            left = len(paths) - MAX_HEADERS
            self.problems.append(
                Problem(kind="too-large", message=f"{left} file headers beyond {MAX_HEADERS} are not read")
            )

    def _entries(self, folder: Path, prefix: str) -> Iterator[tuple[str, Path]]:
        """What is in a folder and the visible folders below it, in name order; folders themselves aside."""
        try:
            with os.scandir(folder) as scan:
                entries = sorted(scan, key=lambda entry: entry.name)
        except OSError as error:
            self._report(
                prefix or None,
                "unreadable",
                f"the folder {prefix or folder} is not readable: {_reason(error)}",
                fatal=not prefix,
            )
            return
        for entry in entries:
            self.entries += 1
            if self.entries > MAX_ENTRIES:
                if self.entries == MAX_ENTRIES + 1:
                    self._report(
                        None, "too-large", f"the folder has more than {MAX_ENTRIES:,} entries; the rest is not read"
                    )
                return
            path = prefix + os.fsencode(entry.name).decode("utf-8", "replace")
            if not entry.is_dir(follow_symlinks=False):
                yield path, Path(entry.path)
            elif not entry.name.startswith(".") and path.count("/") + 1 < select.MAX_DEPTH:
                yield from self._entries(Path(entry.path), path + "/")

    def _report(self, path: str | None, kind: ProblemKind, message: str, *, fatal: bool = False) -> None:
        self.problems.append(Problem(kind=kind, message=message, path=path, fatal=fatal))


def _home(folder: Path) -> Path:
    """Where links may lead: the folder itself, or the whole Hugging Face cache it is a snapshot of."""
    repository = folder.parent.parent
    in_cache = folder.parent.name == "snapshots" and repository.name.startswith(("models--", "datasets--"))
    return repository.parent if in_cache else folder


def _reason(error: Exception) -> str:
    return getattr(error, "strerror", None) or str(error)
