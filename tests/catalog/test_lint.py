"""The lint of the catalog: the shipped catalog is sound, and each kind of fault is told with its place and its fix."""

from __future__ import annotations

import re
import subprocess
import sys
import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from click.testing import CliRunner

from licensecheck.catalog import Catalog, catalog
from licensecheck.catalog.lint import __main__ as command
from licensecheck.catalog.lint import answers_digest, check, missing_anchors, plain
from licensecheck.catalog.lint.texts import FolderTexts, fetched
from licensecheck.errors import CatalogError
from tests.catalog.coverage import count, share_of_unknown

ROOT = Path(__file__).parents[2]
SOUND = """key = "acme-1.0"
spdx-id = "LicenseRef-acme-1.0"
name = "Acme License 1.0"
family = "acme"
date = 2026-01-01
class = "community"
text-urls = ["https://acme.example/license"]

[review]
by = "A reader"
on = 2026-02-01
basis = "license-text"

[[terms.grants]]
actions = ["use", "host", "modify", "redistribute", "redistribute-derivative"]
value = "conditional"
clause = "2"
anchor = "more than one million users"

[[terms.grants.conditions]]
type = "threshold"
metric = "monthly-active-users"
op = ">"
value = 1_000_000
as-of = "rolling"
who = "licensee"
then = "license-required"
clause = "2"
anchor = "more than one million users"
"""
FAULTS = {
    "no clause": (
        'clause = "2"\nanchor = "more than one million users"\n\n[[', "[[", "a term without its clause and anchor",
    ),
    "no number": ("value = 1_000_000\n", "", "a threshold without `value`"),
    "a word that is none": (
        'then = "license-required"', 'then = "licence-required"', "did you mean `license-required`?",
    ),
    "no currency": ("monthly-active-users", "annual-revenue", "`annual-revenue` without a currency"),
    "another key": ('key = "acme-1.0"', 'key = "acme-2.0"', "stands in acme/acme-1.0.toml"),
    "another id": ("LicenseRef-acme-1.0", "LicenseRef-Acme", "is not spelled as SPDX spells it"),
    "no address": ("https://acme.example/license", "acme license", "is no web address"),
    "reviewed too early": ("on = 2026-02-01", "on = 2025-02-01", "is after the review"),
    "forbidden, and allowed": (
        'class = "community"', 'class = "research"', None,
    ),
    "an action left out": ('"use", "host", ', '"use", ', "nothing is said on `host` for commercial use"),
    "a place that is none": (
        'type = "threshold"', 'type = "region"\nexcluded = ["Atlantis"]\nbasis = "domicile"', "`Atlantis` is no place",
    ),
    "itself": ("[review]", 'supersedes = ["acme-1.0"]\n\n[review]', "names the record itself"),
    "nobody": ("[review]", 'supersedes = ["acme-0.9"]\n\n[review]', "`acme-0.9` is no license of the catalog"),
    "a field that is none": ("[review]", 'sence = "x"\n\n[review]', "Extra inputs are not permitted"),
}  # fmt: skip


@pytest.fixture
def folder(tmp_path: Path) -> Callable[[str], Catalog]:
    def make(text: str) -> Catalog:
        (tmp_path / "acme").mkdir()
        (tmp_path / "acme" / "acme-1.0.toml").write_text(text, encoding="utf-8")
        return Catalog(tmp_path)

    return make


def test_the_shipped_catalog_is_sound() -> None:
    assert [str(problem) for key in catalog().all_keys() for problem in check(catalog(), key)] == []


def test_it_is_large() -> None:
    assert sum(not record.ambiguous for record in catalog()) >= 220


def test_a_sound_record_has_no_problem(folder: Callable[[str], Catalog]) -> None:
    assert check(folder(SOUND), "acme-1.0") == []


@pytest.mark.parametrize(("old", "new", "message"), FAULTS.values(), ids=FAULTS)
def test_fault(folder: Callable[[str], Catalog], old: str, new: str, message: str | None) -> None:
    assert old in SOUND
    text = SOUND.replace(old, new, 1)
    if message is None:
        text, message = text.replace('"conditional"', '"allow"'), "commercial use is allowed"

    told = "\n".join(map(str, check(folder(text), "acme-1.0")))

    assert message in told
    assert told.startswith("acme-1.0.toml")
    assert "help:" in told


def test_two_records_with_one_name(folder: Callable[[str], Catalog], tmp_path: Path) -> None:
    room = folder(SOUND)
    (tmp_path / "acme" / "acme-2.0.toml").write_text(
        SOUND.replace("acme-1.0", "acme-2.0").replace("[review]", 'aliases = ["acme-1.0"]\n\n[review]'),
        encoding="utf-8",
    )

    with pytest.raises(CatalogError, match="names both"):
        room.check_names()


def test_an_anchor_must_stand_in_one_copy(folder: Callable[[str], Catalog], tmp_path: Path) -> None:
    record = folder(SOUND).get("acme-1.0")
    (tmp_path / "acme-1.0.txt").write_text("2. You have  MORE than *one million* users.", encoding="utf-8")

    assert missing_anchors(record, FolderTexts(tmp_path)(record)) == []
    assert missing_anchors(record, [plain("nothing of it")]) == ["more than one million users"]
    assert missing_anchors(record, []) == []


def test_a_page_is_fetched(folder: Callable[[str], Catalog]) -> None:
    class Page(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.end_headers()
            self.wfile.write(b"<html><body><p>If you have more than <b>one million</b> users</p></body></html>")

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Page)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        address = f"http://127.0.0.1:{server.server_port}/license"
        record = folder(SOUND.replace("https://acme.example/license", address)).get("acme-1.0")
        assert missing_anchors(record, fetched(record)) == []
    finally:
        server.shutdown()
        server.server_close()


@pytest.mark.parametrize(("key", "code"), [("mit", 0), ("mitt", 1)])
def test_command(key: str, code: int) -> None:
    run = subprocess.run(  # noqa: S603  our own command
        [sys.executable, "-m", "licensecheck.catalog.lint", key], capture_output=True, text=True, check=False
    )

    assert run.returncode == code
    assert ("did you mean" if code else "0 problems") in run.stderr
    assert "Traceback" not in run.stderr


def test_command_tells_of_a_record_that_breaks_the_schema(
    folder: Callable[[str], Catalog], monkeypatch: pytest.MonkeyPatch
) -> None:
    room = folder(SOUND.replace("[review]", 'sence = "x"\n\n[review]', 1))
    monkeypatch.setattr(command, "catalog", lambda: room)

    run = CliRunner().invoke(command.lint, [])

    assert (run.exit_code, type(run.exception)) == (1, SystemExit)
    assert "acme-1.0.toml sence: Extra inputs are not permitted" in run.output


@pytest.mark.shared
def test_names_of_real_models_are_known(shared: Path) -> None:
    kinds, _ = count(shared / "corpus")

    assert kinds["resolved"] > 1500
    assert share_of_unknown(kinds) <= 0.03


def test_a_changed_answer_is_told_in_the_changelog() -> None:
    told = re.search(r"digest of all answers: `([0-9a-f]{12})`", (ROOT / "CHANGELOG.md").read_text(encoding="utf-8"))

    assert told, "the section Catalog names the digest"
    assert told[1] == answers_digest(catalog()), (
        "an answer of the catalog changed: say which under Catalog in CHANGELOG.md, and write the new digest there"
    )
