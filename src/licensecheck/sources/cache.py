"""A model in the Hugging Face cache of this machine, read without the network and without the client library.

Layout: `models--org--name/{refs/<revision>,snapshots/<commit>/,blobs/}`; since huggingface_hub 2.0 blobs may also
lie in a `blobs/` folder that all repositories share (https://huggingface.co/docs/huggingface_hub/guides/manage-cache).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

from licensecheck.errors import BadReferenceError, UsageError
from licensecheck.sources import blobs, directory, select
from licensecheck.types import ModelRef, Problem, Snapshot

_COMMIT = re.compile(r"[0-9a-f]{40}")


def fetch(ref: ModelRef, *, cache_dir: Path) -> Snapshot | None:
    """What the cache holds of a Hub model or data set; None where it does not hold that revision.

    Without a revision: what `main` was when it was last downloaded, else the only snapshot there is. A cache holds
    the files somebody needed, so a card or license text it knows of and does not hold is a problem of the snapshot.
    """
    repository = cache_dir / f"{ref.kind}s--{ref.name.replace('/', '--')}"
    try:
        commit = _commit(repository, ref.revision)
        if ref.source != "hub" or commit is None or not (repository / "snapshots" / commit).is_dir():
            return None
    except (OSError, ValueError):
        return None
    snapshot = directory.read_folder(repository / "snapshots" / commit, ref, source="cache", revision=commit)
    return _with_absent(snapshot, repository, commit)


def models(cache_dir: Path) -> tuple[ModelRef, ...]:
    """Every model of the cache at every commit it holds; raises UsageError where there is no such folder."""
    if not cache_dir.is_dir():
        raise UsageError(
            f"{cache_dir} is not a folder", help="give the folder that holds the `models--org--name` folders"
        )
    found = []
    for snapshot in sorted(cache_dir.glob("models--*/snapshots/*")):
        name = snapshot.parent.parent.name.removeprefix("models--").replace("--", "/")
        try:
            ref = ModelRef.parse(f"{name}@{snapshot.name}")
        except BadReferenceError:
            continue  # a folder of somebody else's making
        if ref.pinned and snapshot.is_dir():
            found.append(ref)
    return tuple(found)


def default_cache_dir() -> Path:
    """Where huggingface_hub keeps its cache on this machine (HF_HUB_CACHE, HF_HOME); reads the environment."""
    from huggingface_hub.constants import HF_HUB_CACHE

    return Path(HF_HUB_CACHE)


def _commit(repository: Path, revision: str | None) -> str | None:
    """The commit a revision stands for in this cache."""
    if revision and _COMMIT.fullmatch(revision):
        return revision
    name = revision or "main"
    reference = repository / "refs" / name
    if ".." not in name.split("/") and reference.is_file():
        commit = reference.read_text(encoding="utf-8").strip()
        return commit if _COMMIT.fullmatch(commit) else None
    commits = [folder.name for folder in (repository / "snapshots").glob("*") if _COMMIT.fullmatch(folder.name)]
    return commits[0] if revision is None and len(commits) == 1 else None


def _with_absent(snapshot: Snapshot, repository: Path, commit: str) -> Snapshot:
    """The snapshot with the texts named that the repository has and the cache has not."""
    tree = _tree(repository / "trees" / f"{commit}.json")
    known = tree.keys() - set(snapshot.siblings)
    card = snapshot.card
    files, problems = list(snapshot.files), list(snapshot.problems)
    for path in [*([found] if not card and (found := select.card(known)) else []), *select.legal(known)]:
        text, problem = blobs.unread(path, "unreadable", "is not in the cache", help=_DOWNLOAD, blob=tree[path])
        problems.append(problem)
        if path == select.card(known):
            card = text
        else:
            files.append(text)
    absent = (repository / ".no_exist" / commit / "README.md").exists()
    if card is None and not files and not tree and not absent:
        message = "the cache holds neither a model card nor a license text: they were not downloaded with the weights"
        problems.append(Problem(kind="not-found", message=message, help=_DOWNLOAD, fatal=True))
    elif not (files or tree or absent or problems):
        message = "the cache holds no license text and no list of the repository's files: one may be missing"
        problems.append(Problem(kind="unreadable", message=message, help=_DOWNLOAD))
    siblings = tuple(sorted({*snapshot.siblings, *known}))
    return snapshot.model_copy(
        update={"card": card, "files": tuple(files), "problems": tuple(problems), "siblings": siblings}
    )


def _tree(file: Path) -> Mapping[str, str | None]:
    """Paths and blob ids of a commit from the listing that huggingface_hub 2 keeps; empty without one."""
    try:
        files = blobs.load_json(file.read_bytes())["files"]
        return {path: entry.get("blob_id") for path, entry in files.items()}
    except (OSError, ValueError, LookupError, TypeError, AttributeError):
        return {}


_DOWNLOAD = "ask the Hub instead of the cache, or download the card and the license texts into it"
