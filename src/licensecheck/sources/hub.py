"""A model on the Hugging Face Hub, or on a server that speaks its API: one metadata request, then the texts."""

from __future__ import annotations

import platform
from collections.abc import Iterator
from dataclasses import dataclass, field
from urllib.parse import quote, urlsplit

from licensecheck.errors import UsageError
from licensecheck.sources import answers, blobs, select
from licensecheck.sources.answers import Info
from licensecheck.sources.transport import Answer, Limits, NoAnswerError, Transport
from licensecheck.types import ModelRef, Problem, Snapshot, TextFile
from licensecheck.version import __version__

MAX_FILES = 12
"""Legal texts read of one repository; those beyond are listed without their text."""
_MAX_INFO = 64_000_000


class Hub:
    """A Hub at one endpoint; safe to use from many threads at once.

    `token`: a token, True for the stored login (UsageError without one), None for the stored login if there is
    one, False for none. `timeout`: seconds for each read; `retries`: further tries after lost connections,
    timeouts, 429 and 5xx, `backoff` seconds apart and doubling; `max_wait`: seconds to wait in all for a request
    quota before giving up on a model. `user_agent` is appended to this program's own.
    Raises UsageError where the endpoint is no http(s) URL.
    """

    def __init__(
        self,
        *,
        endpoint: str,
        token: str | bool | None,
        timeout: float = 10.0,
        retries: int = 3,
        backoff: float = 0.5,
        max_wait: float = 60.0,
        user_agent: str | None = None,
    ) -> None:
        try:
            usable = urlsplit(endpoint).scheme in {"http", "https"} and bool(urlsplit(endpoint).hostname)
        except ValueError:
            usable = False
        if not usable:
            raise UsageError(f"the endpoint `{endpoint}` is not a URL", help="give e.g. https://huggingface.co")
        self._endpoint = endpoint.rstrip("/")
        limits = Limits(timeout=timeout, retries=retries, backoff=backoff, max_wait=max_wait)
        self._transport = Transport(_headers(token, user_agent), limits)

    def fetch(self, ref: ModelRef) -> Snapshot:
        """What the Hub holds of a model or data set at its revision (default: `main`); raises nothing.

        Costs one API request, one for the card and one for each of at most MAX_FILES legal texts, redirects and
        retries aside. Trouble with the repository is a fatal problem; a text that could not be read is listed
        without its text, with a problem that names its path.
        """
        read = _Reading(self._transport, self._endpoint, ref)
        info = read.info()
        if info is None:
            return Snapshot(model=ref, source="hub", name=ref.name, problems=tuple(read.problems))
        paths = () if any(problem.fatal for problem in read.problems) else info.siblings
        card = select.card(paths)
        legal = [path for path in select.legal(paths) if path != card]
        return Snapshot(
            model=ref,
            source="hub",
            name=info.name,
            revision=info.commit,
            card=read.text(info, card) if card else None,
            files=tuple(read.texts(info, legal)),
            siblings=tuple(info.siblings),
            metadata=info.metadata,
            problems=tuple(read.problems),
        )


def _headers(token: str | bool | None, user_agent: str | None) -> dict[str, str]:
    """The request headers, made here and not by `build_hf_headers`: that one calls home for usage statistics."""
    from huggingface_hub import __version__ as client_version
    from huggingface_hub import constants, get_token

    agent = f"licensecheck/{__version__}; hf_hub/{client_version}; python/{platform.python_version()}"
    headers = {"user-agent": f"{agent}; {user_agent}" if user_agent else agent}
    stored = token is True or (token is None and not constants.HF_HUB_DISABLE_IMPLICIT_TOKEN)
    found = get_token() if stored else token
    if token is True and not found:
        raise UsageError("there is no stored Hugging Face login", help="run `hf auth login`, or give a token")
    if isinstance(found, str) and found:
        if not found.isascii() or not found.isprintable() or " " in found:
            raise UsageError("the Hugging Face token holds characters no token has", help="check HF_TOKEN for spaces")
        headers["authorization"] = f"Bearer {found}"
    return headers


@dataclass
class _Reading:
    """One fetch of one model, and the problems met on the way."""

    transport: Transport
    endpoint: str
    ref: ModelRef
    problems: list[Problem] = field(default_factory=list)

    def info(self) -> Info | None:
        """The API's answer on the repository; None, with a fatal problem, where there is none to build on."""
        url = f"{self.endpoint}/api/{self.ref.kind}s/{quote(self.ref.name)}"
        if self.ref.revision:
            url += f"/revision/{quote(self.ref.revision, safe='')}"
        try:
            answer = self.transport.get(url + "?blobs=true", limit=_MAX_INFO)
        except NoAnswerError as error:
            self.problems.append(answers.no_answer(error, self.endpoint))
            return None
        if answer.status != 200:  # noqa: PLR2004  the one status with an answer in it
            self.problems.append(answers.repository_problem(answer, self.ref, self.endpoint))
            return None
        info, problems = answers.read_info(answer.body, self.ref, self.endpoint)
        self.problems += problems
        return info

    def texts(self, info: Info, paths: list[str]) -> Iterator[TextFile]:
        """The legal texts; after one that needs an accepted gate, no other is asked for."""
        closed = False
        for number, path in enumerate(paths):
            before = len(self.problems)
            if closed:
                yield TextFile(path=path, blob_id=info.siblings[path].blob)
            elif number >= MAX_FILES:
                yield self._told(
                    blobs.unread(path, "too-large", f"is not read: it is one of more than {MAX_FILES} texts")
                )
            else:
                yield self.text(info, path)
            closed = closed or any(problem.kind == "gated" for problem in self.problems[before:])

    def text(self, info: Info, path: str) -> TextFile:
        """One text at the commit of `info`; without its text, and with a problem, where it cannot be read."""
        sibling = info.siblings[path]
        if not select.readable(path):
            return self._told(blobs.format_unread(path, blob=sibling.blob))
        if sibling.size is not None and sibling.size > select.MAX_TEXT:
            return self._told(blobs.too_large(path, sibling.size, blob=sibling.blob))
        try:
            answer = self.transport.get(self._url(info, path), limit=select.MAX_TEXT)
        except NoAnswerError as error:
            return self._told(
                blobs.unread(path, error.kind, f"is not read: {error.message}", help=_AGAIN, blob=sibling.blob)
            )
        if answer.status != 200:  # noqa: PLR2004  the one status with a text in it
            self.problems.append(answers.file_problem(answer, path, info.name, self.endpoint))
            return TextFile(path=path, blob_id=sibling.blob)
        return self._told(_text(path, answer, sibling))

    def _url(self, info: Info, path: str) -> str:
        prefix = "datasets/" if self.ref.kind == "dataset" else ""
        return (
            f"{self.endpoint}/{prefix}{quote(info.name)}/resolve/{quote(info.commit or 'main', safe='')}/{quote(path)}"
        )

    def _told(self, found: tuple[TextFile, Problem | None]) -> TextFile:
        text, problem = found
        if problem:
            self.problems.append(problem)
        return text


def _text(path: str, answer: Answer, sibling: answers.Sibling) -> tuple[TextFile, Problem | None]:
    size = len(answer.body)
    if size > select.MAX_TEXT:
        return blobs.too_large(path, sibling.size or size, blob=sibling.blob)
    if sibling.size is not None and sibling.size != size:
        reason = f"came with {size:,} bytes where the repository lists {sibling.size:,}"
        return blobs.unread(path, "bad-response", reason, help=_AGAIN, blob=sibling.blob)
    return blobs.text_file(path, answer.body)


_AGAIN = "run the audit again; if it stays, read the file by hand"
