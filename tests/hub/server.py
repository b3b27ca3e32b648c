"""An in-process HTTP server that speaks the Hub's API to the real client, for tests without the network.

Wire shapes: https://github.com/huggingface/huggingface_hub (`hf_raise_for_status`, `get_hf_file_metadata`) and
https://huggingface.co/docs/hub/rate-limits. A `Repo` is a repository and how its server misbehaves.
"""

from __future__ import annotations

import hashlib
import json
import threading
import time
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, Literal
from urllib.parse import parse_qs, unquote, urlsplit

Fault = Literal["rate-limit", "error", "slow", "cut", "html", "truncated", "wrong-length", "drip"]


@dataclass
class Repo:
    """A repository on the test hub.

    `fault` strikes `times` times (None: always) on paths that contain `fault_on`; `gate` closes files, or the
    metadata too; `moved_to` answers 307; `via` sends file requests elsewhere first, as the live Hub does;
    `info` replaces fields of the metadata answer, or, as bytes, all of it.
    """

    id: str
    files: dict[str, bytes] = field(default_factory=dict)
    kind: Literal["model", "dataset"] = "model"
    sha: str = ""
    revisions: dict[str, str] = field(default_factory=dict)
    card_data: dict[str, Any] | None = None
    tags: list[str] = field(default_factory=list)
    gated: Literal[False, "auto", "manual"] = False
    gate: Literal["none", "files", "all"] = "none"
    gate_status: int = 403
    private: bool = False
    disabled: bool = False
    moved_to: str | None = None
    via: Literal["direct", "resolve-cache", "foreign"] = "direct"
    fault: Fault | None = None
    fault_on: str = ""
    status: int = 503
    times: int | None = None
    seconds: float = 1.0
    info: dict[str, Any] | bytes = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.sha = self.sha or hashlib.sha1(self.id.encode(), usedforsecurity=False).hexdigest()
        self.revisions = {"main": self.sha, **self.revisions, self.sha: self.sha}

    @classmethod
    def read(cls, folder: Path) -> Repo:
        """A case folder: the fields above under `[repo]` in `repo.toml`, the repository in `files/`."""
        root = folder / "files"
        files = {path.relative_to(root).as_posix(): path.read_bytes() for path in root.rglob("*") if path.is_file()}
        return cls(files=files, **tomllib.loads((folder / "repo.toml").read_text(encoding="utf-8"))["repo"])

    def metadata(self, sha: str) -> bytes:
        """The body of `GET /api/models/{id}?blobs=true`."""
        if isinstance(self.info, bytes):
            return self.info
        siblings = [{"rfilename": path, "size": len(data), "blobId": _blob(data)} for path, data in self.files.items()]
        data = {
            "id": self.id, "modelId": self.id, "sha": sha, "private": self.private, "gated": self.gated,
            "disabled": self.disabled, "tags": self.tags, "downloads": 7, "likes": 1,
            "lastModified": "2024-05-06T07:08:09.000Z", "createdAt": "2024-05-06T07:08:09.000Z",
            "cardData": self.card_data, "siblings": siblings,
        }  # fmt: skip
        return json.dumps({**data, **self.info}).encode()


@dataclass(frozen=True)
class Request:
    """A request as the server saw it; header names in lower case."""

    method: str
    path: str
    query: Mapping[str, list[str]]
    headers: Mapping[str, str]


class HubServer:
    """The server: `endpoint`, the repositories by id, the log of requests. A context manager that stops it."""

    def __init__(self) -> None:
        self.repos: dict[str, Repo] = {}
        self.log: list[Request] = []
        self._lock = threading.Lock()
        self._server = _Server(("127.0.0.1", 0), _Handler)
        self._server.hub = self
        self.endpoint = f"http://127.0.0.1:{self._server.server_port}"
        # The same server under another host name: for a client, a foreign host.
        self.foreign = f"http://localhost:{self._server.server_port}"

    def __enter__(self) -> HubServer:
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def add(self, repo: Repo) -> Repo:
        """Serve a repository."""
        self.repos[("datasets/" if repo.kind == "dataset" else "") + repo.id] = repo
        return repo

    def requests(self, method: str = "GET") -> list[str]:
        """The paths asked for, in order; the client's own question for usage statistics aside."""
        return [each.path for each in self.log if each.method == method and each.path != "/api/agent-harnesses"]

    def note(self, request: Request) -> None:
        """Log a request."""
        with self._lock:
            self.log.append(request)

    def strikes(self, repo: Repo, path: str) -> bool:
        """Whether the repository's fault strikes this request; counts it if so."""
        with self._lock:
            if repo.fault is None or repo.fault_on not in path or repo.times == 0:
                return False
            if repo.times is not None:
                repo.times -= 1
            return True


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False
    request_queue_size = 64
    hub: HubServer

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that gave up on a slow or cut answer is what the tests are about."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True  # head and body are two writes: the second would wait 40 ms for the client
    server: _Server

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        """Tests read `HubServer.log`."""

    def do_HEAD(self) -> None:
        self.do_GET()

    def do_GET(self) -> None:
        url = urlsplit(self.path)
        path = unquote(url.path)
        headers = {name.lower(): value for name, value in self.headers.items()}
        self.server.hub.note(Request(self.command, path, parse_qs(url.query), headers))
        parts = path.strip("/").split("/")
        if parts[0] == "api" and parts[1:2] in (["models"], ["datasets"]):
            self._api(path, parts[1], parts[2:])
        elif parts[0] == "elsewhere":
            self._file(path, parts[1:], arrived=True)
        elif parts[:2] == ["api", "resolve-cache"]:
            self._file(path, parts[2:], arrived=True)
        elif "resolve" in parts:
            self._file(path, parts, arrived=False)
        else:
            self._send(404, b"Not Found")

    def _find(self, kind: str, parts: list[str]) -> tuple[Repo | None, list[str]]:
        prefix = "datasets/" if kind == "datasets" else ""
        for length in (2, 1):
            if repo := self.server.hub.repos.get(prefix + "/".join(parts[:length])):
                return repo, parts[length:]
        return None, []

    def _api(self, path: str, kind: str, parts: list[str]) -> None:
        repo, rest = self._find(kind, parts)
        if repo is None or (repo.private and "authorization" not in {name.lower() for name in self.headers}):
            self._missing()
        elif self.server.hub.strikes(repo, path):
            self._fail(repo, b"" if repo.fault in {"error", "rate-limit", "html"} else repo.metadata(repo.sha))
        elif repo.moved_to:
            self._redirect(f"/api/{kind}/{repo.moved_to}" + (f"/{'/'.join(rest)}" if rest else ""))
        elif repo.gate == "all":
            self._gated(repo)
        elif sha := repo.revisions.get("/".join(rest[1:]) if rest else "main"):
            listing = rest[:1] == ["tree"]
            self._send(200, _tree(repo) if listing else repo.metadata(sha), {"Content-Type": "application/json"})
        else:
            self._send(404, b'{"error":"Invalid rev id"}', {"X-Error-Code": "RevisionNotFound"})

    def _file(self, path: str, parts: list[str], *, arrived: bool) -> None:
        kind = parts.pop(0) if parts[0] in {"models", "datasets"} else "models"
        repo, rest = self._find(kind, parts)
        revision, name = (
            (rest[0], "/".join(rest[1:])) if arrived else (rest[1], "/".join(rest[2:])) if repo else ("", "")
        )
        if repo is None:
            self._missing()
        elif repo.moved_to:
            self._redirect(f"/{repo.moved_to}/{'/'.join(rest)}")
        elif repo.gate != "none" and name != "README.md":
            self._gated(repo)
        elif revision not in repo.revisions:
            self._send(404, b"", {"X-Error-Code": "RevisionNotFound"})
        elif name not in repo.files:
            missing = {"X-Error-Code": "EntryNotFound", "X-Repo-Commit": repo.revisions[revision]}
            self._send(404, b"Entry not found", missing)
        elif self.server.hub.strikes(repo, path):
            self._fail(repo, repo.files[name])
        else:
            where = f"{kind}/{repo.id}/{revision}/{name}"
            self._content(repo, repo.files[name], repo.revisions[revision], "" if arrived else where)

    def _content(self, repo: Repo, data: bytes, commit: str, where: str) -> None:
        headers = {"ETag": f'"{_blob(data)}"', "X-Repo-Commit": commit}
        if repo.via == "resolve-cache" and where:
            self._redirect(f"/api/resolve-cache/{where}")
        elif repo.via == "foreign" and where:
            linked = {"X-Linked-Size": str(len(data)), "X-Linked-ETag": headers.pop("ETag")}
            self._redirect(f"{self.server.hub.foreign}/elsewhere/{where}", status=302, headers=headers | linked)
        else:
            self._send(200, data, headers)

    def _missing(self) -> None:
        if "authorization" in {name.lower() for name in self.headers}:
            return self._send(404, b'{"error":"Repository not found"}', {"X-Error-Code": "RepoNotFound"})
        return self._send(401, b"", {"X-Error-Message": "Invalid username or password."})

    def _gated(self, repo: Repo) -> None:
        headers = {"X-Error-Code": "GatedRepo", "X-Error-Message": f"Access to model {repo.id} is restricted."}
        self._send(repo.gate_status, b"", headers)

    def _redirect(self, target: str, *, status: int = 307, headers: Mapping[str, str] | None = None) -> None:
        self._send(status, b"Temporary Redirect.", {"Location": target, **(headers or {})})

    def _fail(self, repo: Repo, body: bytes) -> None:
        if repo.fault == "rate-limit":
            left = f'"api";r=0;t={int(repo.seconds)}'
            self._send(429, b"", {"RateLimit": left, "RateLimit-Policy": '"fixed window";"api";q=500;w=300'})
        elif repo.fault == "error":
            self._send(repo.status, b"Oops")
        elif repo.fault == "html":
            self._send(200, b"<!doctype html><title>Log in</title>", {"Content-Type": "text/html"})
        elif repo.fault == "truncated":
            self._send(200, body[: len(body) // 2])
        elif repo.fault == "wrong-length":
            self._send(200, body, {"Content-Length": str(len(body) + 100), "Connection": "close"})
        elif repo.fault == "slow":
            time.sleep(repo.seconds)
            self._send(200, body)
        elif repo.fault == "drip":
            self._drip(repo, body)
        else:
            self.close_connection = True

    def _drip(self, repo: Repo, body: bytes) -> None:
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        for byte in body:
            self.wfile.write(bytes([byte]))
            self.wfile.flush()
            time.sleep(repo.seconds)

    def _send(self, status: int, body: bytes, headers: Mapping[str, str] | None = None) -> None:
        self.send_response(status)
        for name, value in {"Content-Length": str(len(body)), **(headers or {})}.items():
            self.send_header(name, value)
        self.close_connection = (headers or {}).get("Connection") == "close"
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)


def recorded(folder: Path) -> Iterator[Repo]:
    """The answers in the shared corpus as repositories: `hubcassette__*.json` and `redirect_307__*.txt`.

    The cards and texts were not recorded: each listed file is served with a few bytes of our own.
    """
    for path in sorted(folder.glob("hubcassette__*.json")):
        body = path.read_bytes()
        data = json.loads(body)
        files = {sibling["rfilename"]: b"recorded name, text of our own\n" for sibling in data["siblings"]}
        yield Repo(id=data["id"], sha=data["sha"], files=files, gated=data["gated"], info=body)
    for path in sorted(folder.glob("redirect_307__*.txt")):
        first, *_, last = path.read_text(encoding="utf-8").strip().splitlines()
        yield Repo(id=first.partition("/api/models/")[2], moved_to=last.partition("/api/models/")[2])


def _tree(repo: Repo) -> bytes:
    entries = [
        {"type": "file", "oid": _blob(data), "size": len(data), "path": path} for path, data in repo.files.items()
    ]
    return json.dumps(entries).encode()


def _blob(data: bytes) -> str:
    return hashlib.sha1(b"blob %d\0" % len(data) + data, usedforsecurity=False).hexdigest()
