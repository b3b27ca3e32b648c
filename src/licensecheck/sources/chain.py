"""Which source answers for a reference, and in which order they are asked."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from licensecheck.sources import bundled, cache, directory
from licensecheck.types import ModelRef, Problem, Snapshot

Fetch = Callable[[ModelRef], Snapshot | None]
"""A source: None where the reference is none of its own; trouble is told as problems of the snapshot."""
DEFAULT_ENDPOINT = "https://huggingface.co"


class Sources:
    """The sources of one audit; safe to use from many threads.

    `fetch` answers for a model of the list, `fetch_base` for a base model, where bundled facts stand in if the
    Hub does not answer. Offline, no socket is opened: folders, the Hugging Face cache, then bundled facts.
    """

    def __init__(self, models: Sequence[Fetch], bases: Sequence[Fetch], *, remote: bool = True) -> None:
        self._models, self._bases = tuple(models), tuple(bases)
        # Threads help to wait for a network; reading local files they only get into each other's way.
        self.remote = remote

    @classmethod
    def offline(cls, *, root: Path | None = None, cache_dir: Path | None = None) -> Sources:
        """Folders below `root` (default: the current one), the cache (None: not looked at) and bundled facts."""
        chain: list[Fetch] = [_local(root)]
        if cache_dir is not None:
            chain.append(partial(cache.fetch, cache_dir=cache_dir))
        chain += [bundled.fetch, _nowhere]
        return cls(chain, chain, remote=False)

    @classmethod
    def online(
        cls,
        *,
        root: Path | None = None,
        endpoint: str = DEFAULT_ENDPOINT,
        token: str | bool | None = None,
        timeout: float = 10.0,
    ) -> Sources:
        """Folders below `root` and the Hub. `token`: a token, None for the stored login, False for none."""
        from licensecheck.sources.hub import Hub

        hub = Hub(endpoint=endpoint, token=token, timeout=timeout)
        return cls([_local(root), hub.fetch], [_local(root), hub.fetch, bundled.fetch])

    def fetch(self, ref: ModelRef) -> Snapshot:
        """The snapshot of a model of the list."""
        return _first(self._models, ref)

    def fetch_base(self, ref: ModelRef) -> Snapshot:
        """The snapshot of a base model; a later source may answer where an earlier one could not."""
        return _first(self._bases, ref)


def _first(chain: Sequence[Fetch], ref: ModelRef) -> Snapshot:
    """The first answer that is one; if all are fatal, the first of them, which names the cause."""
    failed: Snapshot | None = None
    for fetch in chain:
        snapshot = fetch(ref)
        if snapshot and not any(problem.fatal for problem in snapshot.problems):
            return snapshot
        failed = failed or snapshot
    return failed or _nowhere(ref)


def _local(root: Path | None) -> Fetch:
    def fetch(ref: ModelRef) -> Snapshot | None:
        return directory.fetch(ref, root=root or Path.cwd()) if ref.source == "directory" else None

    return fetch


def _near(ref: ModelRef) -> str:
    near = bundled.nearest(ref.name)
    return f"; did you mean {' or '.join(near)}?" if near else ""


def _nowhere(ref: ModelRef) -> Snapshot:
    problem = Problem(
        kind="offline",
        message=f"{ref} is neither in the cache nor among the bundled facts, and the audit is offline",
        help=f"run without --offline, or download the model first{_near(ref)}",
        fatal=True,
    )
    return Snapshot(model=ref, source="cache", name=ref.name, problems=(problem,))
