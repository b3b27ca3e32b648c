"""What the Hub's answers mean: its JSON on a repository, and its many ways to say no.

The JSON is read field by field and never through the client's ModelInfo, which one odd repository can make raise.
Statuses and `X-Error-Code`: https://github.com/huggingface/huggingface_hub, `hf_raise_for_status`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from licensecheck.errors import BadReferenceError
from licensecheck.sources import blobs
from licensecheck.sources.transport import Answer, NoAnswerError
from licensecheck.types import HubMetadata, ModelRef, Problem, ProblemKind

_COMMIT = re.compile(r"[0-9a-f]{40}")


@dataclass(frozen=True)
class Sibling:
    """A file as the API lists it: size in bytes and git blob id, None where it does not say."""

    size: int | None
    blob: str | None


@dataclass(frozen=True)
class Info:
    """The API's answer on a repository: its present id, the commit, its files by path, the rest uninterpreted."""

    name: str
    commit: str | None
    siblings: Mapping[str, Sibling]
    metadata: HubMetadata


def read_info(body: bytes, ref: ModelRef, endpoint: str) -> tuple[Info | None, list[Problem]]:
    """The answer to `GET /api/models/{id}`; None with a fatal problem where it is none to build on."""
    try:
        data = blobs.load_json(body)
    except ValueError:
        return None, [_bad(f"{endpoint} does not answer with JSON", fatal=True)]
    name = data.get("id") if isinstance(data, dict) else None
    if not isinstance(name, str) or not _is_name(name, ref):
        return None, [_bad(f"{endpoint} does not answer with a repository: no usable `id`", fatal=True)]
    fields = _Fields(data)
    commit = fields.get("sha", str)
    if commit is not None and not _COMMIT.fullmatch(commit):
        fields.problems.append(_bad("`sha` is not a commit"))
        commit = None
    problems = fields.problems
    if ref.pinned and commit != ref.revision:
        problems.append(_bad(f"asked for commit {ref.revision}, the answer is on {commit}", fatal=True))
    if data.get("disabled") is True:
        problems.append(_disabled(name))
    if name != ref.name:
        problems.append(_renamed(ref, name))
    return Info(name=name, commit=commit, siblings=_siblings(data, problems), metadata=_metadata(fields)), problems


def no_answer(error: NoAnswerError, endpoint: str) -> Problem:
    """No answer on a repository came."""
    return Problem(kind=error.kind, message=f"{endpoint}: {error.message}", help=_HELP.get(error.kind), fatal=True)


def repository_problem(answer: Answer, ref: ModelRef, endpoint: str) -> Problem:
    """The server said no to the question for a repository."""
    kind = _kind(answer)
    said = _said(answer)
    message = {
        "not-found": f"{ref.name} does not exist on {endpoint}",
        "private-or-missing": f"{ref.name} does not exist on {endpoint}, or is private to others",
        "revision-not-found": f"{ref.name} has no revision `{ref.revision or 'main'}`",
        "gated": f"{ref.name} is gated: not even its metadata is open to you",
        "disabled": f"access to {ref.name} is disabled by {endpoint}",
        "rate-limited": f"{endpoint} answers that there were too many requests",
    }.get(kind, f"{endpoint} answers with status {answer.status}")
    return Problem(kind=kind, message=message + said, help=_HELP.get(kind), fatal=True)


def file_problem(answer: Answer, path: str, name: str, endpoint: str) -> Problem:
    """The server said no to the question for one file of a repository it has."""
    kind = _kind(answer)
    reason = {
        "not-found": "is listed and does not exist",
        "private-or-missing": "is not open to you",
        "gated": f"is behind the gate of {name}",
        "rate-limited": "is not read: there were too many requests",
        "disabled": "is disabled",
    }.get(kind, f"is not read: {endpoint} answers with status {answer.status}")
    return Problem(kind=kind, message=f"{path} {reason}{_said(answer)}", help=_HELP.get(kind), path=path)


class _Fields:
    """The fields of a JSON object by their type; a field of a wrong type is absent and a problem."""

    def __init__(self, data: Mapping[str, Any]) -> None:
        self._data = data
        self.problems: list[Problem] = []

    def get(self, key: str, *types: type) -> Any:
        value = self._data.get(key)
        if value is None or type(value) in types:
            return value
        self.problems.append(_bad(f"`{key}` is of the wrong type and ignored"))
        return None


def _metadata(fields: _Fields) -> HubMetadata:
    tags = fields.get("tags", list) or []
    return HubMetadata(
        tags=tuple(tag for tag in tags if isinstance(tag, str)),
        card_data=fields.get("cardData", dict),
        gated=fields.get("gated", bool, str) or False,
        private=fields.get("private", bool) or False,
        downloads=fields.get("downloads", int),
        last_modified=fields.get("lastModified", str),
    )


def _siblings(data: Mapping[str, Any], problems: list[Problem]) -> dict[str, Sibling]:
    """The files by path. Without a list the license texts are unknown, which must not pass for there being none."""
    entries = data.get("siblings")
    if not isinstance(entries, list):
        problems.append(_bad("the answer has no list of files", fatal=True))
        return {}
    found = {}
    for entry in entries:
        path = entry.get("rfilename") if isinstance(entry, dict) else None
        if not isinstance(path, str) or not path:
            problems.append(_bad("a listed file has no name"))
            continue
        size, blob = entry.get("size"), entry.get("blobId")
        found[path] = Sibling(
            size if type(size) is int and size >= 0 else None,
            blob if isinstance(blob, str) and _COMMIT.fullmatch(blob) else None,
        )
    return found


def _kind(answer: Answer) -> ProblemKind:
    if kind := _CODES.get(answer.headers.get("x-error-code", "")):
        return kind
    if answer.headers.get("x-error-message") == "Access to this resource is disabled.":
        return "disabled"
    return _STATUSES.get(answer.status, "bad-response")


def _is_name(name: str, ref: ModelRef) -> bool:
    """Whether an id from outside is of the form a reference can have; it becomes part of URLs."""
    try:
        return ModelRef.parse(name) == ModelRef(name=name)
    except BadReferenceError:
        return name == ref.name


def _renamed(ref: ModelRef, name: str) -> Problem:
    message = f"{ref.name} is now called {name}"
    return Problem(kind="renamed", message=message, help=f"write {name} in the model list")


def _disabled(name: str) -> Problem:
    message = f"{name} is disabled: nobody can download it"
    return Problem(kind="disabled", message=message, help=_HELP["disabled"], fatal=True)


def _bad(message: str, *, fatal: bool = False) -> Problem:
    return Problem(kind="bad-response", message=message, help=_HELP["bad-response"], fatal=fatal)


def _said(answer: Answer) -> str:
    """The server's own words, made fit for a terminal."""
    words = "".join(each for each in answer.headers.get("x-error-message", "") if each.isprintable())[:200].strip()
    return f' (it says: "{words}")' if words else ""


_CODES: Mapping[str, ProblemKind] = {
    "RepoNotFound": "not-found",
    "RevisionNotFound": "revision-not-found",
    "EntryNotFound": "not-found",
    "GatedRepo": "gated",
}
_STATUSES: Mapping[int, ProblemKind] = {
    401: "private-or-missing",  # the Hub's answer to a question without a token for what is missing, too
    403: "private-or-missing",
    404: "not-found",
    408: "timeout",
    429: "rate-limited",
    451: "disabled",
    504: "timeout",
}
_HELP: Mapping[ProblemKind, str] = {
    "not-found": "check the spelling; ids are `org/name`",
    "private-or-missing": "check the spelling, or give a token that may read it (HF_TOKEN, `hf auth login`)",
    "revision-not-found": "name a branch, tag or commit that the repository has",
    "gated": "accept its conditions on its page, and give a token of that account (HF_TOKEN, `hf auth login`)",
    "rate-limited": "wait as long, give a token for a larger quota, or check fewer models at once",
    "timeout": "try again, or allow more time (--timeout)",
    "unreachable": "check the network, the proxy and the endpoint (--endpoint), or work offline (--offline)",
    "offline": "unset HF_HUB_OFFLINE, or ask for offline work (--offline)",
    "bad-response": "try again; check that the endpoint is a Hugging Face Hub",
    "disabled": "use another model, or ask the Hub's operator",
}
