"""The Hub's request quotas, shared by the threads of one client, so that they pause before a quota is used up.

The Hub says in every answer what is left: `RateLimit: "api";r=12;t=251` (https://huggingface.co/docs/hub/rate-limits).
"""

from __future__ import annotations

import re
import threading
import time
from dataclasses import dataclass
from urllib.parse import urlsplit

_HEADER = re.compile(r'"(?P<bucket>\w+)"\s*;\s*r\s*=\s*(?P<left>\d{1,9})\s*;\s*t\s*=\s*(?P<seconds>\d{1,9})')


@dataclass
class _Quota:
    left: int
    until: float


class Gate:
    """What is left of each quota until its window ends; safe to use from many threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._quotas: dict[str, _Quota] = {}

    def take(self, url: str) -> float:
        """Count one request to the URL; the seconds to wait instead of sending it, 0 if it may go now."""
        bucket = "api" if urlsplit(url).path.startswith("/api/") else "resolvers"
        with self._lock:
            quota = self._quotas.get(bucket)
            if quota is None or quota.left > 0:
                if quota:
                    quota.left -= 1
                return 0.0
            wait = quota.until - time.monotonic()
            if wait <= 0:
                del self._quotas[bucket]  # a new window: the next answer tells its size
            return max(wait, 0.0)

    def seen(self, header: str | None) -> None:
        """Learn from the `RateLimit` header of an answer."""
        match = _HEADER.search(header or "")
        if not match:
            return
        now, left = time.monotonic(), int(match["left"])
        with self._lock:
            quota = self._quotas.get(match["bucket"])
            if quota and quota.until > now:
                left = min(left, quota.left)  # answers overtake each other: what is left only shrinks within a window
            self._quotas[match["bucket"]] = _Quota(left, now + int(match["seconds"]))
