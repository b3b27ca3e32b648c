"""The one pipeline: references in, verdicts and a report out. It prints nothing and reads no clock."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Iterator, Sequence, Set
from concurrent.futures import Future, ThreadPoolExecutor, as_completed
from contextlib import contextmanager
from typing import Literal

from licensecheck import evidence, types
from licensecheck.catalog import catalog
from licensecheck.errors import UsageError
from licensecheck.policy.engine import judge
from licensecheck.policy.schema import Policy
from licensecheck.reports import FORMATS
from licensecheck.resolve.resolution import Lookup, resolution
from licensecheck.sources import Sources
from licensecheck.types import (
    NOASSERTION,
    Evidence,
    ModelRef,
    Outcome,
    PolicyInfo,
    Problem,
    Requirement,
    Resolution,
    Snapshot,
    Verdict,
)

Models = Iterable[str | ModelRef | Requirement]
FailOn = Literal["deny", "review"]
PASSED, VIOLATION, INCOMPLETE, EMPTY = 0, 1, 3, 4
"""Exit codes of the gate; 2 is a mistake in the call."""
_Read = tuple[Snapshot, tuple[Evidence, ...]]


class Report(types.Report):
    """All verdicts of one audit, with the formats it can be written in."""

    def to_json(self) -> str:
        """The report as JSON text (docs/reference/report.schema.json)."""
        return FORMATS["json"](self)

    def raise_for_violation(self) -> None:
        """Raise PolicyViolation or IncompleteAudit for the first model that does not pass."""
        for verdict in self.verdicts:
            verdict.raise_for_violation()


def audit(
    models: Models,
    *,
    policy: Policy,
    use: str | None = None,
    sources: Sources | None = None,
    max_workers: int = 16,
    fail_on: FailOn = "review",
    allow_empty: bool = False,
) -> Report:
    """Check models against a policy.

    Args:
        models: references, or lines of a model list; their order is that of the report.
        policy: what the organization allows.
        use: a named use of the policy (`[uses.NAME]`); None for `[use]`. A line's own `--use` goes before it.
        sources: where models come from; default: the real Hub with the stored login.
        max_workers: how many models are fetched at a time.
        fail_on: from which outcome on `exit_code` is 1.
        allow_empty: whether an empty list is exit code 0 instead of 4.

    Raises: PolicyError for an unknown use, BadReferenceError for a string that is no reference.
    """
    requirements = _requirements(models)
    order = {id(each): i for i, each in enumerate(requirements)}
    pairs = list(_verdicts(requirements, policy, use, sources, max_workers))
    verdicts = tuple(verdict for _, verdict in sorted(pairs, key=lambda pair: order[id(pair[0])]))
    return report(verdicts, policy=policy, use=use, fail_on=fail_on, allow_empty=allow_empty)


def iter_audit(
    models: Models, *, policy: Policy, use: str | None = None, sources: Sources | None = None, max_workers: int = 16
) -> Iterator[Verdict]:
    """The verdicts of `audit`, each as soon as it is ready."""
    for _, verdict in _verdicts(_requirements(models), policy, use, sources, max_workers):
        yield verdict


def check(
    model: str | ModelRef | Requirement, *, policy: Policy, use: str | None = None, sources: Sources | None = None
) -> Verdict:
    """Check one model; `check(...).raise_for_violation()` makes a gate of it."""
    return next(iter_audit([model], policy=policy, use=use, sources=sources))


def resolve(model: str | ModelRef | Requirement, *, sources: Sources | None = None, max_depth: int = 8) -> Resolution:
    """Resolve the license of one model and its base models, without a policy."""
    return next(iter_resolve([model], sources=sources, max_depth=max_depth, max_workers=1))


def iter_resolve(
    models: Models, *, sources: Sources | None = None, max_depth: int = 8, max_workers: int = 16
) -> Iterator[Resolution]:
    """The resolutions of models, in their order."""
    sources = sources or Sources.online()
    resolver = _Resolver(sources, max_depth)
    with _workers(sources, max_workers) as pool:
        yield from pool.map(resolver.resolve, _requirements(models))


def report(
    verdicts: Sequence[Verdict],
    *,
    policy: Policy,
    use: str | None,
    fail_on: FailOn = "review",
    allow_empty: bool = False,
) -> Report:
    """The report on these verdicts, with the exit code of the gate."""
    info = PolicyInfo(
        name=policy.name,
        sha256=policy.sha256,
        use=policy.used_as(use).model_dump(by_alias=True),
        facts=policy.organization.model_dump(by_alias=True, exclude_none=True, mode="json"),
    )
    code = _exit_code([verdict.outcome for verdict in verdicts], fail_on, allow_empty=allow_empty)
    return Report(catalog=catalog().digest, policy=info, verdicts=tuple(verdicts), exit_code=code)


def _exit_code(outcomes: Sequence[Outcome], fail_on: FailOn, *, allow_empty: bool) -> int:
    failing = {Outcome.DENY} if fail_on == "deny" else {Outcome.DENY, Outcome.REVIEW}
    if failing & set(outcomes):
        return VIOLATION
    if Outcome.INCOMPLETE in outcomes:
        return INCOMPLETE
    return EMPTY if not outcomes and not allow_empty else PASSED


def _requirements(models: Models) -> list[Requirement]:
    if isinstance(models, str | ModelRef | Requirement):
        models = [models]
    found = []
    for each in models:
        if not isinstance(each, str | ModelRef | Requirement):
            raise UsageError(f"{each!r} is not a model reference", help="give a string: `org/name`, or `./folder`")
        ref = ModelRef.parse(each) if isinstance(each, str) else each
        # A copy, so that the same object given twice stays two lines of the report.
        found.append(ref.model_copy() if isinstance(ref, Requirement) else Requirement(model=ref))
    return found


def _verdicts(
    requirements: Sequence[Requirement], policy: Policy, use: str | None, sources: Sources | None, max_workers: int
) -> Iterator[tuple[Requirement, Verdict]]:
    if not isinstance(policy, Policy):
        raise UsageError(f"{policy!r} is not a policy", help="licensecheck.Policy.load(path) reads one")
    for name in {use, *(each.use for each in requirements)}:
        policy.used_as(name)  # an unknown use is the caller's mistake: say so before anything is fetched
    if not requirements:
        return
    sources = sources or Sources.online()
    resolver = _Resolver(sources, policy.lineage.max_depth if policy.lineage.follow else 0)

    def run(each: Requirement) -> tuple[Requirement, Verdict]:
        return each, judge(resolver.resolve(each), policy, each.use or use)

    with _workers(sources, max_workers) as pool:
        for future in as_completed([pool.submit(run, each) for each in requirements]):
            yield future.result()


@contextmanager
def _workers(sources: Sources, most: int) -> Iterator[ThreadPoolExecutor]:
    """Threads for the fetching. Whoever stops early (Ctrl-C, `break`) does not wait for the rest of the list."""
    pool = ThreadPoolExecutor(most if sources.remote else 1)
    try:
        yield pool
    finally:
        pool.shutdown(wait=False, cancel_futures=True)


class _Resolver:
    """Resolves models and walks to their bases; each model is fetched and read once, however many need it."""

    def __init__(self, sources: Sources, max_depth: int) -> None:
        self._sources, self._max_depth = sources, max_depth
        self._lock = threading.Lock()
        self._bases: dict[str, Future[_Read]] = {}

    def resolve(self, requirement: Requirement) -> Resolution:
        ref = requirement.model
        snapshot, found = _read(self._sources.fetch, ref)
        stated = tuple(_stated(base, ref) for base in requirement.bases)
        folders = {base.name for base in requirement.bases if base.source == "directory"}
        walk = _Walk(self._base, self._max_depth, folders)
        lookup = walk.lookup((snapshot.name.lower(),)) if self._max_depth else None
        return resolution(snapshot, found + stated, lookup=lookup)

    def _base(self, ref: ModelRef) -> _Read:
        key = str(ref).lower()
        with self._lock:
            future = self._bases.get(key)
            mine = future is None
            if future is None:
                future = self._bases[key] = Future()
        if mine:
            future.set_result(_read(self._sources.fetch_base, ref))
        return future.result()


class _Walk:
    """The way up from one model: depth is bounded, a cycle ends it, and each base is resolved once.

    `folders` are those of this machine that the user named as a base: a path in a card is one of its author's machine,
    and a stranger's card must not choose what is read here.
    """

    def __init__(self, read: Callable[[ModelRef], _Read], max_depth: int, folders: Set[str]) -> None:
        self._read, self._max_depth, self._folders = read, max_depth, folders
        self._done: dict[str, Resolution] = {}

    def lookup(self, chain: tuple[str, ...]) -> Lookup:
        """The lookup for the bases of the last model of this chain of lower-case ids."""

        def look(ref: ModelRef) -> Resolution:
            key = ref.name.lower()
            if key in chain:
                return _unresolved(ref, f"{ref.name} is its own base: {' -> '.join((*chain, key))}")
            if ref.source == "directory" and ref.name not in self._folders:
                return _unresolved(ref, f"`{ref.name}` is a path on its author's machine")
            if len(chain) > self._max_depth:
                return _unresolved(ref, f"{ref.name} stands more than {self._max_depth} base models up")
            if key not in self._done:
                snapshot, found = self._read(ref)
                names = (*chain, key, snapshot.name.lower()) if snapshot.name.lower() != key else (*chain, key)
                self._done[key] = resolution(snapshot, found, lookup=self.lookup(names))
            return self._done[key]

        return look


def _read(fetch: Callable[[ModelRef], Snapshot], ref: ModelRef) -> _Read:
    """Fetch and read; a fault of this program in one model must not cost the others their answer."""
    try:
        snapshot = fetch(ref)
        return snapshot, evidence.read(snapshot)
    except Exception as error:
        message = f"internal error while reading {ref}: {type(error).__name__}: {error}"
        problem = Problem(kind="unreadable", message=message, help="please report this", fatal=True)
        return Snapshot(model=ref, source="hub", name=ref.name, problems=(problem,)), ()


def _stated(base: ModelRef, ref: ModelRef) -> Evidence:
    return Evidence(
        kind="lineage",
        locator=str(ref.line or "command line"),
        quote=f"--base={base}",
        scope="base",
        field="base_model",
        upstream=base.name,
        relation="unknown",
        spelling=str(base),
    )


def _unresolved(ref: ModelRef, message: str) -> Resolution:
    problem = Problem(kind="not-found", message=message, fatal=True)
    return Resolution(
        model=ref, name=ref.name, declared=NOASSERTION, concluded=NOASSERTION, problems=(problem,), complete=False
    )
