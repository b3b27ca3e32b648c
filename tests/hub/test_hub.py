"""The Hub source against a server that speaks the Hub's API: what comes back, and at what cost in requests."""

from __future__ import annotations

import socket
import tomllib
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from licensecheck.errors import UsageError
from licensecheck.sources import hub as source
from licensecheck.sources import select
from licensecheck.sources.blobs import blob_id
from licensecheck.sources.hub import Hub
from licensecheck.types import ModelRef, Problem, Snapshot

from .conftest import CASES
from .server import HubServer, Repo, recorded

TOKEN = "hf_test"  # noqa: S105  a made-up one
CARD = b"---\nlicense: mit\n---\n# A synthetic card\n"
FILES = {"README.md": CARD, "LICENSE": b"A synthetic license text.\n"}


def client(
    endpoint: str, *, token: str | bool = False, timeout: float = 3.0, retries: int = 3, max_wait: float = 5.0
) -> Hub:
    return Hub(endpoint=endpoint, token=token, timeout=timeout, retries=retries, backoff=0.01, max_wait=max_wait)


def fetch(hub: HubServer, text: str = "acme/case", *, timeout: float = 3.0, retries: int = 3) -> Snapshot:
    return client(hub.endpoint, timeout=timeout, retries=retries).fetch(ModelRef.parse(text))


def told(problems: tuple[Problem, ...]) -> list[str]:
    """Each problem as its kind, `!` if it is fatal, and its path."""
    return [problem.kind + "!" * problem.fatal + (f" {problem.path}" if problem.path else "") for problem in problems]


def texts(snapshot: Snapshot) -> Mapping[str, str | None]:
    return {file.path: file.text for file in (*([snapshot.card] if snapshot.card else []), *snapshot.files)}


@pytest.mark.parametrize("case", sorted(CASES.iterdir()), ids=lambda path: path.name)
def test_case(hub: HubServer, case: Path) -> None:
    repo = Repo.read(case)
    expect: dict[str, Any] = tomllib.loads((case / "repo.toml").read_text(encoding="utf-8"))["expect"]
    ref = ModelRef(name=repo.id, kind=repo.kind)
    snapshot = client(hub.endpoint).fetch(ref)
    answering = hub.repos.get(expect.get("name", ""), repo)
    assert snapshot.model == ref
    assert snapshot.source == "hub"
    assert snapshot.name == answering.id
    assert told(snapshot.problems) == expect.get("problems", [])
    assert {path: text for path, text in texts(snapshot).items() if text is not None} == {
        path: answering.files[path].decode() for path in expect["read"]
    }
    assert [path for path, text in texts(snapshot).items() if text is None] == expect.get("unread", [])
    assert len(hub.requests()) == expect["requests"]
    assert all(problem.help for problem in snapshot.problems)


def test_snapshot_holds_what_the_hub_says(hub: HubServer) -> None:
    snapshot = fetch(hub, "acme/plain")
    repo = hub.repos["acme/plain"]
    assert snapshot.revision == repo.sha
    assert set(snapshot.siblings) == set(repo.files)
    assert snapshot.metadata is not None
    assert snapshot.metadata.tags == ("license:mit", "region:us")
    assert snapshot.metadata.card_data == {"license": "mit"}
    assert (snapshot.metadata.downloads, snapshot.metadata.gated, snapshot.metadata.private) == (7, False, False)
    assert snapshot.metadata.last_modified == "2024-05-06T07:08:09.000Z"
    assert snapshot.card is not None
    assert snapshot.card.blob_id == blob_id(repo.files["README.md"])


def test_texts_are_read_at_the_commit_of_the_metadata(hub: HubServer) -> None:
    repo = hub.add(Repo("acme/case", dict(FILES), revisions={"refs/pr/1": "b" * 40, "v1.0": "c" * 40}))
    for revision, commit in {**repo.revisions, "main": repo.sha}.items():
        assert fetch(hub, f"acme/case@{revision}").revision == commit
        assert hub.requests()[-3:] == [
            f"/api/models/acme/case/revision/{revision}",
            f"/acme/case/resolve/{commit}/README.md",
            f"/acme/case/resolve/{commit}/LICENSE",
        ]


def test_gated_metadata_field(hub: HubServer) -> None:
    snapshot = fetch(hub, "acme/gated-files")
    assert snapshot.metadata is not None
    assert snapshot.metadata.gated == "manual"


@pytest.mark.parametrize(
    ("reference", "token", "expected"),
    [
        ("acme/no-such-model", False, "private-or-missing!"),
        ("acme/no-such-model", TOKEN, "not-found!"),
        ("datasets/acme/plain", TOKEN, "not-found!"),
        ("acme/plain@no-such-branch", False, "revision-not-found!"),
    ],
)
def test_missing(hub: HubServer, reference: str, token: str | bool, expected: str) -> None:
    snapshot = client(hub.endpoint, token=token).fetch(ModelRef.parse(reference))
    assert told(snapshot.problems) == [expected]
    assert len(hub.requests()) == 1


@pytest.mark.parametrize(
    ("repo", "problems", "requests"),
    [
        # faults that pass
        (Repo("acme/case", FILES, fault="error", times=2), [], 5),
        (Repo("acme/case", FILES, fault="error", status=500, times=3), [], 6),
        (Repo("acme/case", FILES, fault="error", fault_on="LICENSE", times=1), [], 4),
        (Repo("acme/case", FILES, fault="cut", times=1), [], 4),
        (Repo("acme/case", FILES, fault="wrong-length", times=1), [], 4),
        (Repo("acme/case", FILES, fault="rate-limit", seconds=0, times=2), [], 5),
        # faults that stay, on the metadata
        (Repo("acme/case", FILES, fault="error"), ["bad-response!"], 4),
        (Repo("acme/case", FILES, fault="error", status=504), ["timeout!"], 4),
        (Repo("acme/case", FILES, fault="error", status=418), ["bad-response!"], 1),
        (Repo("acme/case", FILES, fault="error", status=403), ["private-or-missing!"], 1),
        (Repo("acme/case", FILES, fault="error", status=451), ["disabled!"], 1),
        (Repo("acme/case", FILES, fault="cut"), ["unreachable!"], 4),
        (Repo("acme/case", FILES, fault="html"), ["bad-response!"], 1),
        (Repo("acme/case", FILES, fault="truncated"), ["bad-response!"], 1),
        (Repo("acme/case", FILES, fault="rate-limit", seconds=299), ["rate-limited!"], 1),
        # faults that stay, on one text
        (Repo("acme/case", FILES, fault="error", fault_on="LICENSE"), ["bad-response LICENSE"], 6),
        (Repo("acme/case", FILES, fault="error", fault_on="README", status=404), ["not-found README.md"], 3),
        (Repo("acme/case", FILES, fault="cut", fault_on="LICENSE"), ["unreachable LICENSE"], 6),
        (Repo("acme/case", FILES, fault="wrong-length", fault_on="LICENSE"), ["unreachable LICENSE"], 6),
        (Repo("acme/case", FILES, fault="truncated", fault_on="README"), ["bad-response README.md"], 3),
        (Repo("acme/case", FILES, fault="html", fault_on="LICENSE"), ["bad-response LICENSE"], 3),
    ],
    ids=lambda value: (
        f"{value.fault}-{value.fault_on or 'api'}-{value.status}-{value.times}" if isinstance(value, Repo) else ""
    ),
)
def test_faults(hub: HubServer, repo: Repo, problems: list[str], requests: int) -> None:
    hub.add(replace(repo))  # a copy: the server counts its faults down
    snapshot = fetch(hub)
    assert told(snapshot.problems) == problems
    assert len(hub.requests()) == requests
    assert [path for path, text in texts(snapshot).items() if text is None] == [
        each.partition(" ")[2] for each in problems if " " in each
    ]


@pytest.mark.parametrize(
    ("repo", "problem"),
    [
        (Repo("acme/case", FILES, fault="slow", seconds=2), "timeout!"),
        (Repo("acme/case", FILES, fault="slow", seconds=2, fault_on="LICENSE"), "timeout LICENSE"),
        (Repo("acme/case", FILES, fault="drip", seconds=0.02), "timeout!"),
    ],
)
def test_slow_server(hub: HubServer, repo: Repo, problem: str) -> None:
    hub.add(repo)
    assert told(fetch(hub, timeout=0.1, retries=0).problems) == [problem]


def test_waits_for_a_short_quota_window(hub: HubServer) -> None:
    hub.add(Repo("acme/case", FILES, fault="rate-limit", seconds=1, times=1))
    assert told(fetch(hub).problems) == []
    assert len(hub.requests()) == 4


def test_a_used_up_quota_is_told_with_its_end(hub: HubServer) -> None:
    hub.add(Repo("acme/case", FILES, fault="rate-limit", seconds=299))
    one = client(hub.endpoint)
    (problem,) = one.fetch(ModelRef(name="acme/case")).problems
    assert "opens again in 299 s" in problem.message
    asked = len(hub.requests())
    assert told(one.fetch(ModelRef(name="acme/plain")).problems) == ["rate-limited!"]
    assert len(hub.requests()) == asked, "a quota known to be used up costs no more requests"


@pytest.mark.parametrize(
    ("info", "problems"),
    [
        (b"[]", ["bad-response!"]),
        (b"null", ["bad-response!"]),
        (b"{}", ["bad-response!"]),
        (b'{"id": 7}', ["bad-response!"]),
        (b'{"id": "../../etc/passwd"}', ["bad-response!"]),
        (b'{"id": "acme/case"}', ["bad-response!"]),
        (b"[" * 100_000, ["bad-response!"]),
        (b'{"id": ' + b"9" * 10_000 + b"}", ["bad-response!"]),
        ({"siblings": "README.md"}, ["bad-response!"]),
        ({"siblings": [7, {"rfilename": None}, {}]}, ["bad-response"] * 3),
        ({"siblings": [{"rfilename": "../LICENSE"}, {"rfilename": "/LICENSE"}, {"rfilename": "a//LICENSE"}]}, []),
        ({"siblings": [{"rfilename": "README.md", "size": True, "blobId": 9}]}, []),
        ({"tags": "license:mit"}, ["bad-response"]),
        ({"tags": ["license:mit", 7, None, "\ud800"]}, []),
        ({"tags": None, "cardData": None, "gated": None, "downloads": None, "private": None}, []),
        (
            {"cardData": ["mit"], "gated": 1, "downloads": "many", "private": "no", "lastModified": 3},
            ["bad-response"] * 5,
        ),
        (
            {
                "cardData": {"self": 1, "ignore_metadata_errors": 2, "license": "\udfff"},
                "model-index": [{"results": 7}],
            },
            [],
        ),
        ({"sha": "main"}, ["bad-response"]),
        ({"sha": None}, []),
        ({"id": "acme/other"}, ["renamed", "revision-not-found README.md", "revision-not-found LICENSE"]),
    ],
    ids=lambda value: repr(value)[:50],
)
def test_hostile_metadata(hub: HubServer, info: dict[str, Any] | bytes, problems: list[str]) -> None:
    hub.add(Repo("acme/case", FILES, info=info))
    hub.add(Repo("acme/other"))
    snapshot = fetch(hub)
    assert told(snapshot.problems) == problems
    assert snapshot.model_dump_json().encode(), "what came must be fit to be written out"


def test_an_answer_on_another_commit_than_asked_for(hub: HubServer) -> None:
    hub.add(Repo("acme/case", FILES, info={"sha": "b" * 40}, sha="a" * 40))
    assert told(fetch(hub, "acme/case@" + "a" * 40).problems) == ["bad-response!"]


@pytest.mark.parametrize("listed", [True, False])
def test_large_files_are_not_read(hub: HubServer, listed: bool) -> None:
    large = b"x" * (select.MAX_TEXT + 1)
    info = {} if listed else {"siblings": [{"rfilename": "LICENSE"}]}
    hub.add(Repo("acme/case", {"LICENSE": large}, info=info))
    snapshot = fetch(hub)
    assert told(snapshot.problems) == ["too-large LICENSE"]
    assert texts(snapshot) == {"LICENSE": None}
    assert len(hub.requests()) == (1 if listed else 2)


def test_many_texts(hub: HubServer) -> None:
    names = [f"LICENSE-{number:02}" for number in range(source.MAX_FILES + 2)]
    hub.add(Repo("acme/case", dict.fromkeys(names, b"A synthetic text.\n")))
    snapshot = fetch(hub)
    assert told(snapshot.problems) == [f"too-large {name}" for name in names[-2:]]
    assert [path for path, text in texts(snapshot).items() if text is None] == names[-2:]
    assert len(hub.requests()) == 1 + source.MAX_FILES


def test_the_token_goes_to_the_endpoint_and_nowhere_else(hub: HubServer) -> None:
    client(hub.endpoint, token=TOKEN).fetch(ModelRef(name="acme/foreign-host"))
    sent = {each.path: each.headers.get("authorization") for each in hub.log}
    elsewhere = {path: token for path, token in sent.items() if path.startswith("/elsewhere/")}
    assert list(elsewhere.values()) == [None]
    assert {token for path, token in sent.items() if path not in elsewhere} == {f"Bearer {TOKEN}"}


def test_the_token_survives_a_rename(hub: HubServer) -> None:
    client(hub.endpoint, token=TOKEN).fetch(ModelRef(name="old-acme/renamed"))
    assert {each.headers.get("authorization") for each in hub.log} == {f"Bearer {TOKEN}"}


def test_no_token_and_no_statistics(hub: HubServer) -> None:
    fetch(hub, "acme/plain")
    assert {each.headers.get("authorization") for each in hub.log} == {None}
    assert all(each.headers["user-agent"].startswith("licensecheck/") for each in hub.log)
    assert "/api/agent-harnesses" not in {each.path for each in hub.log}


@pytest.mark.parametrize("endpoint", ["", "huggingface.co", "ftp://huggingface.co", "https://", "http://[::1"])
def test_an_endpoint_that_is_none(endpoint: str) -> None:
    with pytest.raises(UsageError):
        Hub(endpoint=endpoint, token=False)


@pytest.mark.parametrize("token", ["hf_a b", "hf_\n", "hf_\N{SNOWMAN}"])
def test_a_token_that_is_none(token: str) -> None:
    with pytest.raises(UsageError):
        Hub(endpoint="http://localhost", token=token)


def test_a_stored_login_that_is_absent(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("huggingface_hub.get_token", lambda: None)
    Hub(endpoint="http://localhost", token=None)
    with pytest.raises(UsageError):
        Hub(endpoint="http://localhost", token=True)


def test_a_stored_login(hub: HubServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("huggingface_hub.get_token", lambda: "hf_stored")
    Hub(endpoint=hub.endpoint, token=None).fetch(ModelRef(name="acme/without-card"))
    Hub(endpoint=hub.endpoint, token=False).fetch(ModelRef(name="acme/without-card"))
    assert [each.headers.get("authorization") for each in hub.log] == ["Bearer hf_stored", None]


def test_unreachable() -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        endpoint = f"http://127.0.0.1:{closed.getsockname()[1]}"
        (refused,) = client(endpoint).fetch(ModelRef(name="acme/case")).problems
    (unknown,) = client("http://no-such-host.invalid").fetch(ModelRef(name="acme/case")).problems
    assert (refused.kind, refused.fatal, refused.message) == (
        "unreachable",
        True,
        f"{endpoint}: the connection is refused",
    )
    assert (unknown.kind, unknown.fatal) == ("unreachable", True)
    assert "host name" in unknown.message


def test_a_server_without_tls(hub: HubServer) -> None:
    snapshot = client(hub.endpoint.replace("http://", "https://")).fetch(ModelRef(name="acme/case"))
    assert told(snapshot.problems) == ["unreachable!"]


def test_offline_mode_of_the_client_library(hub: HubServer, monkeypatch: pytest.MonkeyPatch) -> None:
    import huggingface_hub.utils

    # huggingface_hub 0.x looks at the mode where it makes a session
    forget = getattr(huggingface_hub, "close_session", None) or getattr(huggingface_hub.utils, "reset_sessions", None)
    assert forget
    forget()
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_OFFLINE", True)
    assert told(fetch(hub).problems) == ["offline!"]
    forget()


def test_many_threads(hub: HubServer) -> None:
    names = [f"acme/model-{number}" for number in range(60)]
    for name in names:
        hub.add(Repo(name, FILES))
    one = client(hub.endpoint)
    with ThreadPoolExecutor(16) as pool:
        snapshots = list(pool.map(lambda name: one.fetch(ModelRef(name=name)), names))
    assert [(each.name, len(texts(each)), each.problems) for each in snapshots] == [(name, 2, ()) for name in names]
    assert len(hub.requests()) == 3 * len(names)


@pytest.mark.shared
def test_recorded_answers(hub: HubServer, shared: Path) -> None:
    repos = [hub.add(repo) for repo in recorded(shared / "corpus" / "api")]
    one = client(hub.endpoint)
    moved = {repo.id: repo.moved_to for repo in repos if repo.moved_to}
    assert len(repos) - len(moved) == 35
    for repo in repos:
        snapshot = one.fetch(ModelRef(name=repo.id))
        assert told(snapshot.problems) == (["renamed"] if repo.id in moved else [])
        assert snapshot.name == moved.get(repo.id, repo.id)
        assert snapshot.metadata is not None
        assert snapshot.metadata.tags


def test_the_server_speaks_to_the_plain_client(hub: HubServer, tmp_path: Path) -> None:
    from huggingface_hub import HfApi, errors

    api = HfApi(endpoint=hub.endpoint, token=False)
    info = api.model_info("old-acme/renamed", files_metadata=True, timeout=5)
    assert (info.id, info.sha) == ("acme/plain", hub.repos["acme/plain"].sha)
    assert {each.path for each in api.list_repo_tree("acme/plain")} == set(hub.repos["acme/plain"].files)
    for name in ("acme/plain", "acme/resolve-cache", "acme/foreign-host"):
        path = api.hf_hub_download(name, "README.md", cache_dir=tmp_path)
        assert Path(path).read_bytes() == hub.repos[name].files["README.md"]
    with pytest.raises(errors.GatedRepoError):
        api.hf_hub_download("acme/gated-files", "LICENSE", cache_dir=tmp_path)
    with pytest.raises(errors.EntryNotFoundError):
        api.hf_hub_download("acme/plain", "no-such-file", cache_dir=tmp_path)
    with pytest.raises(errors.RevisionNotFoundError):
        api.model_info("acme/plain", revision="no-such-branch")
    with pytest.raises(errors.RepositoryNotFoundError):
        HfApi(endpoint=hub.endpoint, token=TOKEN).model_info("acme/no-such-model")
