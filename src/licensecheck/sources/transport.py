"""One bounded GET with the session of huggingface_hub: limits on time, size, retries and waiting.

The session is a requests one up to huggingface_hub 0.36, an httpx one from 1.0; a user's own proxies and
certificates, set through huggingface_hub, apply in both.
"""

from __future__ import annotations

import errno
import re
import socket
import ssl
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from licensecheck.sources.ratelimit import Gate
from licensecheck.types import ProblemKind

RETRIED = frozenset({408, 429, 500, 502, 503, 504})


@dataclass(frozen=True)
class Answer:
    """An HTTP answer: `headers` have lower-case names, `body` is cut behind the limit of the request."""

    status: int
    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True)
class Limits:
    """Seconds and counts. A request is tried `retries` times more, and waits `max_wait` in all for a quota."""

    timeout: float
    retries: int
    backoff: float
    max_wait: float


class NoAnswerError(Exception):
    """No answer came, for a reason the caller can report."""

    def __init__(self, kind: ProblemKind, message: str, *, retry: bool = True) -> None:
        super().__init__(message)
        self.kind, self.message, self.retry = kind, message, retry


class Transport:
    """GETs under one set of headers, limits and quotas; safe to use from many threads."""

    def __init__(self, headers: Mapping[str, str], limits: Limits) -> None:
        from huggingface_hub import get_session

        self._headers, self._limits = dict(headers), limits
        self._gate = Gate()
        get_session()  # before threads ask for it: up to huggingface_hub 1.2 each first asker gets one of its own

    def get(self, url: str, *, limit: int) -> Answer:
        """The answer to a GET, up to `limit` + 1 bytes of it, whatever its status; redirects are followed.

        Retries what may pass: lost connections, timeouts, 408, 429 and 5xx. Raises NoAnswerError where no answer
        came, or a quota stays closed for longer than the limits allow to wait.
        """
        limits, waited = self._limits, 0.0
        started = time.monotonic()
        for attempt in range(limits.retries + 1):
            waited += self._pass_gate(url, limits.max_wait - waited)
            patient = attempt < limits.retries and time.monotonic() - started - waited < 2 * limits.timeout
            pause = limits.backoff * 2**attempt
            try:
                answer = self._once(url, limit)
            except NoAnswerError as error:
                if not (patient and error.retry):
                    raise
            else:
                if not patient or answer.status not in RETRIED:
                    return answer
                pause = max(pause, _retry_after(answer))
            if waited + pause > limits.max_wait:
                raise NoAnswerError("rate-limited", f"the server asks to wait {pause:.0f} s before the next request")
            time.sleep(pause)
            waited += pause
        raise AssertionError("the last attempt returns or raises")

    def _pass_gate(self, url: str, patience: float) -> float:
        """Wait until the quota allows a request; the seconds waited."""
        waited = 0.0
        while wait := self._gate.take(url):
            if waited + wait > patience:
                raise NoAnswerError("rate-limited", f"the request quota is used up; it opens again in {wait:.0f} s")
            time.sleep(wait)
            waited += wait
        return waited

    def _once(self, url: str, limit: int) -> Answer:
        deadline = time.monotonic() + 3 * self._limits.timeout  # the session's timeout is one of each read only
        body = bytearray()
        try:
            with _stream(url, self._headers, self._limits.timeout) as (response, chunks):
                headers = {str(name).lower(): str(value) for name, value in response.headers.items()}
                self._gate.seen(headers.get("ratelimit"))
                for chunk in chunks:
                    body += chunk
                    if len(body) > limit:
                        break
                    if time.monotonic() > deadline:
                        raise TimeoutError("the answer comes too slowly")
                return Answer(response.status_code, headers, bytes(body[: limit + 1]))
        except Exception as error:  # three HTTP libraries raise: each has errors outside its own tree
            raise _no_answer(error) from error


@contextmanager
def _stream(url: str, headers: Mapping[str, str], timeout: float) -> Iterator[tuple[Any, Iterator[bytes]]]:
    """The response to a GET and its body in pieces; both libraries drop the token on a redirect to another host.

    The pieces are small, so that the caller can look at the clock between them.
    """
    from huggingface_hub import get_session

    session: Any = get_session()  # asked for each time: another thread's trouble may have made the client replace it
    if callable(getattr(session, "stream", None)):
        with session.stream("GET", url, headers=headers, timeout=timeout, follow_redirects=True) as response:
            yield response, response.iter_bytes()
    else:
        with session.get(url, headers=headers, timeout=timeout, stream=True, allow_redirects=True) as response:
            yield response, response.iter_content(1024)


def _retry_after(answer: Answer) -> float:
    """Seconds of a `Retry-After` header; 0 without one, and for the date form, which the Hub does not use."""
    value = answer.headers.get("retry-after", "").strip()
    return float(value) if re.fullmatch(r"[0-9]{1,9}", value) else 0.0


def _no_answer(error: Exception) -> NoAnswerError:
    """Why nothing came, told from the whole chain of causes; to urllib3, all failed connections are timeouts."""
    chain = list(_causes(error))
    names = {cls.__name__ for each in chain for cls in type(each).__mro__}
    text = " ".join(str(each) for each in chain)
    if "OfflineModeIsEnabled" in names:
        return NoAnswerError("offline", "huggingface_hub is set to offline mode (HF_HUB_OFFLINE)", retry=False)
    if any(isinstance(each, ssl.SSLError) for each in chain) or "CERTIFICATE_VERIFY_FAILED" in text:
        return NoAnswerError("unreachable", f"no secure connection: {_short(error)}", retry=False)
    if any(isinstance(each, socket.gaierror) for each in chain) or "NameResolutionError" in names:
        return NoAnswerError("unreachable", "the host name is not found", retry=False)
    if any(isinstance(each, OSError) and each.errno == errno.ECONNREFUSED for each in chain):
        return NoAnswerError("unreachable", "the connection is refused", retry=False)
    if any("Timeout" in name for name in names):
        return NoAnswerError("timeout", "the server does not answer in time")
    return NoAnswerError("unreachable", f"the connection broke: {_short(error)}")


def _causes(error: BaseException) -> Iterator[BaseException]:
    """An exception and those it was made from: causes, contexts, and the arguments requests wraps them in."""
    seen: set[int] = set()
    waiting: list[object] = [error]
    while waiting:
        each = waiting.pop()
        if not isinstance(each, BaseException) or id(each) in seen:
            continue
        seen.add(id(each))
        yield each
        waiting += [each.__cause__, each.__context__, getattr(each, "reason", None), *each.args]


def _short(error: Exception) -> str:
    return re.sub(r"\s+", " ", str(error))[:200] or type(error).__name__
