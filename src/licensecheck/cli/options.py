"""Options that several commands share, and what they mean: the models to check and the sources to ask."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import wraps
from pathlib import Path
from typing import Any, TypeVar

import click

from licensecheck.errors import NothingToCheckError, UsageError
from licensecheck.inputs import models_txt
from licensecheck.sources import Sources
from licensecheck.types import ModelRef, Requirement

F = TypeVar("F", bound=Callable[..., Any])
_TRUE = {"1", "true", "yes", "on"}


def option(*names: str, **attributes: Any) -> Callable[[F], F]:
    """A click option that is also read from `LICENSECHECK_<OPTION>`."""
    long = next(name for name in names if name.startswith("--")).split("/")[0]
    variable = "LICENSECHECK_" + long.lstrip("-").upper().replace("-", "_")
    return click.option(*names, envvar=variable, show_envvar=False, **attributes)


def format_option(*names: str) -> Callable[[F], F]:
    """The option `--format`; the first name is the default."""
    choice = click.Choice(names)
    return option(
        "-f", "--format", "format_", type=choice, default=names[0], show_default=True, help="Format of stdout."
    )


@dataclass(frozen=True)
class Inputs:
    """Which models to look at, and where to find them."""

    requirements: tuple[Requirement, ...]
    sources: Sources
    max_workers: int

    def require_any(self) -> None:
        """Raise NothingToCheckError where the lists name no model."""
        if not self.requirements:
            raise NothingToCheckError("nothing to read: the list names no model", help="name models, or fill the list")


def inputs(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add the model arguments and source options to a command, which gets them as `inputs`."""

    @click.argument("models", nargs=-1, metavar="[MODEL]...")
    @option("-r", "--requirement", multiple=True, metavar="FILE", help="A model list; `-` is stdin. Repeatable.")
    @option("--hf-cache", is_flag=False, flag_value="", metavar="[DIR]", help="Every model in the Hugging Face cache.")
    @option("--offline", is_flag=True, help="Open no socket: folders, the cache and bundled facts (HF_HUB_OFFLINE=1).")
    @option("--endpoint", metavar="URL", help="The Hub to ask [default: HF_ENDPOINT or https://huggingface.co].")
    @option("--token", metavar="TOKEN", help="Access token [default: HF_TOKEN or the stored login].")
    @option("--timeout", type=click.FloatRange(min=0.1), default=10.0, show_default=True, help="Seconds per request.")
    @option(
        "--max-workers", type=click.IntRange(1, 64), default=16, show_default=True, help="Models fetched at a time."
    )
    @wraps(command)
    def wrapped(
        models: Sequence[str], requirement: Sequence[str], hf_cache: str | None, offline: bool, endpoint: str | None,
        token: str | None, timeout: float, max_workers: int, **rest: Any,
    ) -> Any:  # fmt: skip
        if not models and not requirement and hf_cache is None:
            raise UsageError("no models given", help="name models, or a list with -r FILE, or --hf-cache")
        cache_dir = _cache_dir(hf_cache)
        listed = models_txt.merge([*_named(models), *_lists(requirement), *_cached(hf_cache, cache_dir)])
        sources = _sources(
            offline=offline or _on("HF_HUB_OFFLINE"),
            cache_dir=cache_dir,
            endpoint=endpoint,
            token=token,
            timeout=timeout,
        )
        return command(inputs=Inputs(listed, sources, max_workers), **rest)

    return wrapped


def _named(models: Sequence[str]) -> list[Requirement]:
    for text in models:
        # A name that is also a file or folder here would be asked of the Hub, where a stranger's model may answer.
        if Path(text).is_file():
            raise UsageError(f"`{text}` is a file", help=f"a model list is named with -r {text}")
        if Path(text).is_dir() and ModelRef.parse(text).source == "hub":
            raise UsageError(
                f"`{text}` is also a folder here", help=f"write `./{text}` for it, `hf://{text}` for the Hub"
            )
    return [Requirement(model=ModelRef.parse(text)) for text in models]


def _lists(files: Sequence[str]) -> list[Requirement]:
    found: list[Requirement] = []
    for name in files:
        text = sys.stdin.read() if name == "-" else None
        listed = models_txt.read(name if name == "-" else Path(name), environment=os.environ, stdin=text)
        found += [_from_here(each, Path(name).parent) for each in listed]
    return found


def _from_here(requirement: Requirement, folder: Path) -> Requirement:
    """The line with its folder as seen from the current folder: a list names folders relative to itself."""
    ref = requirement.model
    if ref.source != "directory" or Path(ref.name).expanduser().is_absolute() or folder == Path():
        return requirement
    path = (folder / ref.name).as_posix()
    name = path if folder.is_absolute() or path.startswith("../") else f"./{path}"
    return requirement.model_copy(update={"model": ref.model_copy(update={"name": name})})


def _cached(hf_cache: str | None, cache_dir: Path) -> list[Requirement]:
    from licensecheck.sources import cache

    if hf_cache is None:
        return []
    if not cache_dir.is_dir():
        raise UsageError(f"no Hugging Face cache at {cache_dir}", help="name its folder: --hf-cache DIR")
    return [Requirement(model=ref) for ref in cache.models(cache_dir)]


def _cache_dir(hf_cache: str | None) -> Path:
    from licensecheck.sources import cache

    return Path(hf_cache) if hf_cache else cache.default_cache_dir()


def _sources(*, offline: bool, cache_dir: Path, endpoint: str | None, token: str | None, timeout: float) -> Sources:
    if offline:
        return Sources.offline(root=Path.cwd(), cache_dir=cache_dir)
    endpoint = endpoint or os.environ.get("HF_ENDPOINT") or "https://huggingface.co"
    if not endpoint.startswith(("https://", "http://")):
        raise UsageError(f"`{endpoint}` is not an endpoint", place="--endpoint", help="e.g. https://huggingface.co")
    return Sources.online(root=Path.cwd(), endpoint=endpoint.rstrip("/"), token=token, timeout=timeout)


def _on(variable: str) -> bool:
    return os.environ.get(variable, "").lower() in _TRUE
