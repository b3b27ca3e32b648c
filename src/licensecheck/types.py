"""The nouns that cross a seam between two rooms: frozen, valid by construction, without I/O."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from typing import Any, Literal, Self
from urllib.parse import quote, unquote, urlsplit

from pydantic import BaseModel, ConfigDict, Field

from licensecheck.errors import BadReferenceError, IncompleteAudit, PolicyViolation

NOASSERTION = "NOASSERTION"
"""SPDX: nothing certain can be said about the license."""
NONE = "NONE"
"""SPDX: the model states no license at all."""

REFERENCE_FORMS = (
    "org/name, org/name@revision, hf://org/name@revision, https://huggingface.co/org/name/tree/revision, "
    "pkg:huggingface/org/name@revision, datasets/org/name, ./local/dir"
)


class Noun(BaseModel):
    """The base of all value objects."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Outcome(StrEnum):
    """What a finding or a verdict amounts to, mildest first."""

    INFO = "info"
    ALLOW = "allow"
    REVIEW = "review"
    INCOMPLETE = "incomplete"
    DENY = "deny"

    @property
    def rank(self) -> int:
        """The place in the order above; a verdict takes the highest of its findings."""
        return list(Outcome).index(self)


SourceName = Literal["hub", "directory", "cache", "bundled"]
Relation = Literal["finetune", "adapter", "quantized", "merge", "distilled", "unknown"]
EvidenceKind = Literal[
    "metadata", "tag", "prose", "license-file", "notice-file", "policy-file", "gate", "embedded", "lineage",
    "clarification",
]  # fmt: skip
Scope = Literal["weights", "code", "data", "base", "outputs", "other-model", "unclear"]
Strength = Literal["grant", "condition", "prohibition", "advice", "intended-use"]
"""How strongly a statement is put: a condition or a prohibition binds, advice and an intended use are to be read."""
ContradictionKind = Literal[
    "tag-vs-prose", "prose-vs-prose", "tag-vs-file", "tag-vs-name", "tag-vs-gate", "tag-vs-embedded", "tag-vs-upstream",
    "file-vs-file", "list-ambiguous", "malformed", "misplaced",
]  # fmt: skip
ProblemKind = Literal[
    "not-found", "private-or-missing", "gated", "renamed", "rate-limited", "unreachable", "timeout", "bad-response",
    "revision-not-found", "offline", "too-large", "unreadable", "disabled",
]  # fmt: skip


class ListLine(Noun):
    """A place in a model list: file name as given and 1-based line number."""

    file: str
    line: int

    def __str__(self) -> str:
        return f"{self.file}:{self.line}"


_SEGMENT = r"[A-Za-z0-9](?:[A-Za-z0-9._-]{0,94}[A-Za-z0-9_-])?"
_REPO = re.compile(rf"(?:(?P<datasets>datasets)/)?(?P<id>{_SEGMENT}(?:/{_SEGMENT})?)(?:@(?P<revision>[^\s@]+))?\Z")
_PAGE = re.compile(
    r"/(?P<id>(?:datasets/)?[^/]+/[^/]+?)"
    r"(?:/(?:tree|blob|resolve|commit)/(?P<revision>refs(?:/|%2F)[^/]+(?:/|%2F)[^/]+|[^/]+)(?:/.*)?)?/?\Z",
    re.IGNORECASE,
)
_NO_OWNERS = {
    "api",
    "blog",
    "collections",
    "docs",
    "join",
    "learn",
    "login",
    "organizations",
    "papers",
    "spaces",
    "tasks",
}
"""First parts of Hub addresses that name no owner of a repository."""
_LOCAL = ("./", "../", "/", "~", ".\\", "..\\")


class ModelRef(Noun):
    """One model as the user names it: a Hub repository or a local folder, at a revision if one is given.

    `str()` gives a form that `parse` reads back to an equal reference (`line` aside).
    """

    source: Literal["hub", "directory"] = "hub"
    kind: Literal["model", "dataset"] = "model"
    name: str
    revision: str | None = None
    line: ListLine | None = None

    @classmethod
    def parse(cls, text: str, *, line: ListLine | None = None) -> Self:
        """Read one reference; raises BadReferenceError with the valid forms."""
        text = text.strip()
        if text in {".", ".."} or text.startswith(_LOCAL) or re.match(r"[A-Za-z]:[\\/]", text):
            return cls(source="directory", name=text.rstrip("/\\") or text, line=line)
        match = _REPO.match(_repo_form(text))
        if not match or ".." in match["id"] or "--" in match["id"]:
            raise BadReferenceError(
                f"`{text}` is not a model reference",
                place=str(line) if line else None,
                help=f"valid forms: {REFERENCE_FORMS}",
            )
        kind: Literal["model", "dataset"] = "dataset" if match["datasets"] else "model"
        return cls(kind=kind, name=match["id"], revision=match["revision"], line=line)

    def __str__(self) -> str:
        prefix = "datasets/" if self.kind == "dataset" else ""
        return f"{prefix}{self.name}" + (f"@{self.revision}" if self.revision else "")

    @property
    def pinned(self) -> bool:
        """Whether the reference names one immutable commit (40 hex digits) or a folder on this disk."""
        return self.source == "directory" or bool(re.fullmatch(r"[0-9a-f]{40}", self.revision or ""))

    def purl(self, revision: str | None = None) -> str | None:
        """The package URL `pkg:huggingface/org/name@revision`; None for a local folder."""
        if self.source == "directory" or self.kind == "dataset":
            return None
        at = revision or self.revision
        return f"pkg:huggingface/{quote(self.name)}" + (f"@{quote(_purl_version(at), safe='')}" if at else "")


def _purl_version(revision: str) -> str:
    """A commit in lower case, as the package URL specification has it; the names of branches and tags as they are."""
    return revision.lower() if re.fullmatch(r"[0-9A-Fa-f]{40}", revision) else revision


def _repo_form(text: str) -> str:
    """Rewrite URLs, hf:// and package URLs to `[datasets/]org/name[@revision]`; other text comes back as it is."""
    if text.startswith("hf://"):
        return text.removeprefix("hf://").removeprefix("models/")
    if text.startswith("pkg:huggingface/"):
        if "repository_url" in text:  # a qualifier that names another registry
            return text
        return unquote(text.removeprefix("pkg:huggingface/").partition("#")[0])
    if text.startswith(("https://", "http://")):
        try:
            url = urlsplit(text)
        except ValueError:  # e.g. `http://[`
            return text
        # What would be dropped from an address (a port, a login, a revision) might have meant another model.
        plain = "revision" not in url.query and url.netloc.lower() == url.hostname and ".." not in url.path.split("/")
        page = _PAGE.match(url.path) if plain else None
        if (
            page
            and page["id"].partition("/")[0] not in _NO_OWNERS
            and url.hostname in {"huggingface.co", "www.huggingface.co", "hf.co"}
        ):
            return page["id"] + (f"@{unquote(page['revision'])}" if page["revision"] else "")
    return text


class Requirement(Noun):
    """One line of a model list: the reference and the options written behind it."""

    model: ModelRef
    use: str | None = None
    bases: tuple[ModelRef, ...] = ()
    note: str | None = None


class Problem(Noun):
    """Something that went wrong, or worth knowing, while a source was read.

    `fatal` problems leave the model without an answer: it is incomplete, never allowed.
    """

    kind: ProblemKind
    message: str
    help: str | None = None
    path: str | None = None
    fatal: bool = False


class TextFile(Noun):
    """One text of a repository; `text` is None where the source lists the file and could not read it."""

    path: str
    text: str | None = None
    blob_id: str | None = None


class EmbeddedMetadata(Noun):
    """Key-value metadata in the header of a weight file (GGUF, safetensors) or beside it (config.json)."""

    path: str
    format: Literal["gguf", "safetensors", "json"]
    values: Mapping[str, Any]


class HubMetadata(Noun):
    """What the Hub's API says of a repository, uninterpreted."""

    tags: tuple[str, ...] = ()
    card_data: Mapping[str, Any] | None = None
    gated: bool | str = False
    private: bool = False
    downloads: int | None = None
    last_modified: str | None = None


class Snapshot(Noun):
    """What one source holds of a model at one revision; fetched, not interpreted.

    `name` is the id the source answers with (it differs from the reference after a rename); `siblings` are all
    file paths; `files` the license, notice and policy texts among them; `as_of` and `origin` the date of recorded
    facts and where they were read.
    """

    model: ModelRef
    source: SourceName
    name: str
    revision: str | None = None
    card: TextFile | None = None
    files: tuple[TextFile, ...] = ()
    siblings: tuple[str, ...] = ()
    metadata: HubMetadata | None = None
    embedded: tuple[EmbeddedMetadata, ...] = ()
    problems: tuple[Problem, ...] = ()
    as_of: date | None = None
    origin: str | None = None


class Evidence(Noun):
    """An observed fact and its place.

    `license` is a normalized expression or None; `field` the metadata key a statement stands under and `spelling`
    its value as written; `upstream` and `relation` are set on lineage evidence only. `nearest` is the known license
    that a text resembles without being it, and `difference` the first words that keep it from being that. `strength`
    and `language` (an ISO 639-1 code) belong to statements in prose.
    """

    kind: EvidenceKind
    locator: str
    quote: str
    license: str | None = None
    restriction: str | None = None
    scope: Scope = "weights"
    sha256: str | None = None
    confidence: float = 1.0
    field: str | None = None
    spelling: str | None = None
    upstream: str | None = None
    relation: Relation | None = None
    nearest: str | None = None
    difference: str | None = None
    strength: Strength | None = None
    language: str | None = None


class Contradiction(Noun):
    """Two or more pieces of evidence that do not agree, by their index in the resolution."""

    kind: ContradictionKind
    evidence: tuple[int, ...]
    message: str


class Unresolved(Noun):
    """A license statement that names no single known license, and what is nearest to it."""

    spelling: str
    reason: Literal["unrecognized", "ambiguous", "unknown-version", "unread-text", "variant"]
    candidates: tuple[str, ...] = ()
    evidence: int
    message: str


class Upstream(Noun):
    """A base model: how it was used, and what is known of it."""

    relation: Relation
    evidence: int | None
    resolution: Resolution


class Resolution(Noun):
    """What a model's license is, as far as the evidence carries.

    `files` are the license texts that were read; they are for documents that must quote them, and in no dump.
    """

    model: ModelRef
    source: SourceName | None = None
    name: str
    revision: str | None = None
    as_of: date | None = None
    origin: str | None = None
    declared: str
    concluded: str
    comment: str | None = None
    evidence: tuple[Evidence, ...] = ()
    contradictions: tuple[Contradiction, ...] = ()
    unresolved: tuple[Unresolved, ...] = ()
    upstream: tuple[Upstream, ...] = ()
    problems: tuple[Problem, ...] = ()
    complete: bool = True
    files: tuple[TextFile, ...] = Field(default=(), exclude=True, repr=False)


class Finding(Noun):
    """One reason for an outcome. `evidence` are indexes into the resolution's evidence."""

    code: str
    rule: str
    outcome: Outcome
    message: str
    clause: str | None = None
    evidence: tuple[int, ...] = ()
    help: str | None = None
    license: str | None = None
    waiver: str | None = None


class Obligation(Noun):
    """What an allowed use still owes: kind of duty, exact text if the license gives one, place, license, clause."""

    kind: str
    text: str | None = None
    where: str | None = None
    license: str
    clause: str | None = None


class UpstreamVerdict(Noun):
    """A base model in a verdict."""

    model: str
    relation: Relation
    concluded: str
    outcome: Outcome


class Verdict(Noun):
    """The answer for one model."""

    model: ModelRef
    use: str | None = None
    resolution: Resolution
    findings: tuple[Finding, ...] = ()
    obligations: tuple[Obligation, ...] = ()
    upstream: tuple[UpstreamVerdict, ...] = ()
    outcome: Outcome

    def raise_for_violation(self) -> None:
        """Raise PolicyViolation for deny and review, IncompleteAudit for incomplete; nothing where it is allowed."""
        reasons = "; ".join(f"{each.code} {each.message}" for each in self.findings if each.outcome == self.outcome)
        if self.outcome in {Outcome.DENY, Outcome.REVIEW}:
            raise PolicyViolation(f"{self.model} is not allowed ({self.outcome}): {reasons}")
        if self.outcome == Outcome.INCOMPLETE:
            raise IncompleteAudit(f"{self.model} could not be judged: {reasons}")


class PolicyInfo(Noun):
    """Which policy judged: name, digest of the file, the use and the facts it was judged for."""

    name: str
    sha256: str
    use: Mapping[str, bool]
    facts: Mapping[str, Any]


class Report(Noun):
    """All verdicts of one audit; every format is a function of this."""

    schema_version: int = 1
    catalog: str
    policy: PolicyInfo
    verdicts: tuple[Verdict, ...]
    exit_code: int

    @property
    def outcome(self) -> Outcome | None:
        """The worst outcome of all verdicts; None where nothing was checked."""
        return max((verdict.outcome for verdict in self.verdicts), key=lambda outcome: outcome.rank, default=None)

    @property
    def ok(self) -> bool:
        """Whether the gate passed."""
        return self.exit_code == 0

    @property
    def summary(self) -> dict[str, int]:
        """How many models there are, and how many of each outcome."""
        counts = dict.fromkeys((Outcome.ALLOW, Outcome.REVIEW, Outcome.DENY, Outcome.INCOMPLETE), 0)
        for verdict in self.verdicts:
            counts[verdict.outcome] += 1
        return {"models": len(self.verdicts), **{str(outcome): count for outcome, count in counts.items()}}
