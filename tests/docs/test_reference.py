"""The documentation says what the code does: made pages are current, links lead somewhere, examples work."""

from __future__ import annotations

import importlib.util
import re
import shlex
import tomllib
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import click
import pytest

from licensecheck.audit import audit
from licensecheck.catalog import LicenseRecord, catalog
from licensecheck.cli.app import app
from licensecheck.inputs import models_txt
from licensecheck.policy.rules import RULES
from licensecheck.policy.schema import Policy
from licensecheck.sources import Sources
from licensecheck.types import Outcome

ROOT = Path(__file__).parents[2]
PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", ROOT / "CHANGELOG.md", *sorted((ROOT / "docs").rglob("*.md"))]
BY_PATH = {str(path.relative_to(ROOT)): path for path in PAGES}
FENCE = re.compile(r"^```(?P<language>\w*)\n(?P<code>.*?)^```", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"(?<!\!)\[[^\]]*\]\((?P<target>[^)\s]+)\)")


def generator() -> ModuleType:
    spec = importlib.util.spec_from_file_location("generate", ROOT / "docs" / "generate.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def fences(path: Path, *languages: str) -> list[str]:
    found = FENCE.finditer(path.read_text(encoding="utf-8"))
    return [match["code"] for match in found if match["language"] in languages]


def test_made_pages_and_outputs_are_current() -> None:
    stale = [
        str(path.relative_to(ROOT))
        for path, text in generator().pages().items()
        if not path.exists() or path.read_text(encoding="utf-8") != text
    ]
    assert not stale, "run: python docs/generate.py"


# Links


def headings(path: Path) -> set[str]:
    """The anchors that GitHub gives the headings of a page."""
    titles = re.findall(r"^#+ (.+)$", FENCE.sub("", path.read_text(encoding="utf-8")), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for title in titles}


@pytest.mark.parametrize("name", BY_PATH)
def test_links_lead_somewhere(name: str) -> None:
    path = BY_PATH[name]
    for match in LINK.finditer(FENCE.sub("", path.read_text(encoding="utf-8"))):
        target, _, anchor = match["target"].partition("#")
        if "://" not in target:
            page = (path.parent / target).resolve() if target else path
            assert page.exists(), match["target"]
            assert not anchor or anchor in headings(page), match["target"]


def test_every_page_is_reached_from_the_readme() -> None:
    seen, waiting = set(), [ROOT / "README.md"]
    while waiting:
        path = waiting.pop()
        seen.add(path)
        links = LINK.finditer(path.read_text(encoding="utf-8"))
        pages = {
            (path.parent / link["target"].partition("#")[0]).resolve() for link in links if "://" not in link["target"]
        }
        waiting += [page for page in pages if page.suffix == ".md" and page not in seen]
    assert {str(path.relative_to(ROOT)) for path in PAGES} == {str(path.relative_to(ROOT)) for path in seen}


# Rules and policy


def test_rules_named_in_the_docs_exist_and_each_has_its_page() -> None:
    page = (ROOT / "docs" / "reference" / "rules.md").read_text(encoding="utf-8")
    assert set(re.findall(r"^## (LC\d{3}) ", page, re.MULTILINE)) == set(RULES)
    page = (ROOT / "docs" / "how-to" / "add-a-format-or-rule.md").read_text(encoding="utf-8")
    examples = set(re.findall(r'@rule\("(LC\d{3})"', page))
    assert not examples & set(RULES), "the example of a new rule needs a code that is free"
    for path in PAGES:
        assert set(re.findall(r"\bLC\d{3}\b", path.read_text(encoding="utf-8"))) <= set(RULES) | examples, path.name


def policies(path: Path) -> Iterator[str]:
    """The policy examples of a page; parts of a file are put upon a policy that is whole."""
    whole = next(
        text for text in fences(ROOT / "docs" / "how-to" / "write-a-policy.md", "toml") if "schema-version" in text
    )
    for text in fences(path, "toml"):
        if "schema-version" in text:
            yield text
        elif re.match(r"\[(?:organization|licenses)\]", text):
            yield f"{whole}\n{text}"
        elif text.startswith("allow = "):
            yield f"{whole}\n[licenses]\n{text}"


@pytest.mark.parametrize("name", BY_PATH)
def test_policy_examples_are_valid(name: str) -> None:
    for text in policies(BY_PATH[name]):
        assert Policy.parse(text).schema_version == 1


def test_the_policy_of_the_tutorial_differs_from_the_preset_in_the_list_only() -> None:
    preset = Policy.load(ROOT / "policies" / "commercial-hosted.toml")
    policy = Policy.load(ROOT / "docs" / "examples" / "tutorial" / "after" / "license-policy.toml")
    assert policy.licenses.allow == ("llama3.1",)
    assert policy.model_dump(exclude={"licenses"}) == preset.model_dump(exclude={"licenses"})


def test_the_license_of_the_how_to_is_a_valid_record() -> None:
    (text,) = fences(ROOT / "docs" / "how-to" / "add-a-license.md", "toml")
    record = LicenseRecord.model_validate(tomllib.loads(text))
    assert catalog().find(record.key) is None
    assert [grant.value for grant in record.terms.grants] == ["conditional", "allow", "silent"]
    for action in ("use", "host", "modify", "redistribute", "redistribute-derivative"):
        assert record.terms.grant(action, "commercial") == record.terms.grants[0]
        assert record.terms.grant(action, "research") == record.terms.grants[1]


# Commands


def commands(path: Path) -> Iterator[list[str]]:
    """The words of each call of this program in shell and workflow examples, and in inline code."""
    text = path.read_text(encoding="utf-8")
    lines = [line for code in fences(path, "sh", "yaml") for line in code.replace("\\\n", " ").splitlines()]
    for code in [*lines, *re.findall(r"`(licensecheck [^`\n]+)`", FENCE.sub("", text))]:
        match = re.search(r"(?:^|[\s/])licensecheck (?P<words>(?:[a-z]+ |[a-z]+$|--).*)", code)
        if match:
            yield shlex.split(match["words"], comments=True)


def complaint(words: list[str]) -> str | None:
    """What is wrong with a call; None where the command and all its options exist and take these values."""
    context = click.Context(app)
    group: click.Group = app
    while words and (command := group.get_command(context, words[0])):
        words = words[1:]
        if not isinstance(command, click.Group):
            try:
                command.make_context("licensecheck", list(words), resilient_parsing=False)
            except click.exceptions.Exit:
                return None
            except click.UsageError as error:
                return error.message
            return None
        group = command
    unknown = [word for word in words if word not in {"--version", "--help", "[OPTIONS]"}]
    return f"no command {unknown[0]}" if unknown and group is app else None


def test_complaints_are_made() -> None:
    assert complaint(["audit", "--nope"])
    assert complaint(["audit", "--format", "html"])
    assert complaint(["explain", "LC301"])
    assert complaint(["policy", "init", "--preset", "x"]) is None
    assert sum(len(list(commands(path))) for path in PAGES) > 40


@pytest.mark.parametrize("name", BY_PATH)
def test_commands_and_options_exist(name: str) -> None:
    if name == "docs/reference/cli.md":
        pytest.skip("made from the commands themselves")
    for words in commands(BY_PATH[name]):
        assert complaint(words) is None, words


# Examples


@pytest.mark.parametrize("name", BY_PATH)
def test_python_examples_run(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    monkeypatch.setattr("licensecheck.policy.rules.registry.RULES", dict(RULES))
    for code in fences(BY_PATH[name], "python"):
        exec(compile(code, name, "exec"), {"__name__": "example"})  # noqa: S102  our own pages


def test_the_example_list_shows_each_outcome_and_none_is_incomplete() -> None:
    listed = models_txt.read(ROOT / "docs" / "examples" / "models.txt", environment={})
    policy = Policy.load(ROOT / "policies" / "commercial-hosted.toml")
    report = audit(listed, policy=policy, sources=Sources.offline())
    outcomes = {verdict.outcome for verdict in report.verdicts}
    assert outcomes == {Outcome.ALLOW, Outcome.REVIEW, Outcome.DENY}


def test_the_lists_of_the_tutorial_are_those_it_shows() -> None:
    shown = fences(ROOT / "docs" / "tutorial" / "first-audit.md", "text")
    before, after = (
        (ROOT / "docs" / "examples" / "tutorial" / step / "models.txt").read_text("utf-8")
        for step in ("before", "after")
    )
    assert before in shown
    assert after == before.replace("nvidia/NV-Embed-v2", "BAAI/bge-m3")


def test_the_markers_that_ci_looks_for() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    for marker in ("audit", "tests"):
        match = re.search(rf"<!-- command: {marker} -->\n\n```sh\n(?P<line>.+)\n```", readme)
        assert match, marker
        assert match["line"].startswith("python3 -m venv .venv && ")
