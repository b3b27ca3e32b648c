"""The cache source on what the real client downloads from the test hub."""

from __future__ import annotations

from pathlib import Path

import pytest

from licensecheck.sources import cache
from licensecheck.types import ModelRef

from .server import HubServer, Repo

FILES = {
    "README.md": b"---\nlicense: mit\n---\n# A synthetic card\n",
    "LICENSE": b"A synthetic license text.\n",
    "config.json": b'{"_name_or_path": "acme/base"}\n',
}


def test_a_whole_snapshot(hub: HubServer, tmp_path: Path) -> None:
    from huggingface_hub import HfApi

    repo = hub.add(Repo("acme/case", FILES))
    HfApi(endpoint=hub.endpoint, token=False).snapshot_download("acme/case", cache_dir=tmp_path)
    asked = len(hub.log)
    snapshot = cache.fetch(ModelRef(name="acme/case"), cache_dir=tmp_path)
    assert snapshot is not None
    assert (snapshot.source, snapshot.revision, snapshot.problems) == ("cache", repo.sha, ())
    assert snapshot.card is not None
    assert snapshot.card.text == FILES["README.md"].decode()
    assert [(file.path, file.text) for file in snapshot.files] == [("LICENSE", FILES["LICENSE"].decode())]
    assert [dict(each.values) for each in snapshot.embedded] == [{"_name_or_path": "acme/base"}]
    assert set(snapshot.siblings) == set(FILES)
    assert cache.models(tmp_path) == (ModelRef(name="acme/case", revision=repo.sha),)
    assert len(hub.log) == asked, "reading the cache asks nobody"


@pytest.mark.parametrize(
    ("names", "problems"),
    [
        (["config.json"], [("not-found", True)]),
        (["config.json", "README.md"], [("unreadable", False)]),
        (["config.json", "LICENSE"], []),
    ],
)
def test_a_part_of_a_model(hub: HubServer, tmp_path: Path, names: list[str], problems: list[tuple[str, bool]]) -> None:
    from huggingface_hub import HfApi

    hub.add(Repo("acme/case", FILES))
    for name in names:
        HfApi(endpoint=hub.endpoint, token=False).hf_hub_download("acme/case", name, cache_dir=tmp_path)
    snapshot = cache.fetch(ModelRef(name="acme/case"), cache_dir=tmp_path)
    assert snapshot is not None
    assert [(problem.kind, problem.fatal) for problem in snapshot.problems] == problems


def test_a_card_known_to_be_absent(hub: HubServer, tmp_path: Path) -> None:
    from huggingface_hub import HfApi
    from huggingface_hub.errors import EntryNotFoundError

    hub.add(Repo("acme/case", {"config.json": b"{}"}))
    api = HfApi(endpoint=hub.endpoint, token=False)
    api.hf_hub_download("acme/case", "config.json", cache_dir=tmp_path)
    with pytest.raises(EntryNotFoundError):
        api.hf_hub_download("acme/case", "README.md", cache_dir=tmp_path)
    snapshot = cache.fetch(ModelRef(name="acme/case"), cache_dir=tmp_path)
    assert snapshot is not None
    assert (snapshot.card, snapshot.files, snapshot.problems) == (None, (), ())
