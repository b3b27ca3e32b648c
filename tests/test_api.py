"""What `import licensecheck` offers: names, laziness, frozen results, and nothing printed."""

from __future__ import annotations

import inspect
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from pydantic import ValidationError

import licensecheck as lc

ROOT = Path(__file__).parents[1]


@pytest.fixture(scope="module")
def policy() -> lc.Policy:
    return lc.Policy.load(ROOT / "policies" / "commercial-hosted.toml")


@pytest.fixture
def sources(tmp_path: Path) -> lc.Sources:
    for name, license_id in {"allowed": "mit", "review": "llama3.1", "denied": "cc-by-nc-4.0"}.items():
        (tmp_path / name).mkdir()
        (tmp_path / name / "README.md").write_text(f"---\nlicense: {license_id}\n---\n", encoding="utf-8")
    return lc.Sources.offline(root=tmp_path)


@pytest.fixture(autouse=True)
def silent(capfd: pytest.CaptureFixture[str]) -> Iterator[None]:
    """The library prints nothing, on no stream."""
    yield
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize("name", lc.__all__)
def test_every_public_name_is_there_and_documented(name: str) -> None:
    value = getattr(lc, name)
    assert name == "__version__" or inspect.getdoc(value)
    assert not inspect.ismodule(value)


def test_an_unknown_name_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="no attribute 'adit'"):
        _ = lc.adit


def test_audit(policy: lc.Policy, sources: lc.Sources) -> None:
    report = lc.audit(["./denied", "./allowed"], policy=policy, sources=sources)
    assert [str(verdict.model) for verdict in report.verdicts] == ["./denied", "./allowed"]
    assert (report.ok, report.outcome, report.exit_code) == (False, lc.Outcome.DENY, 1)
    assert report.to_json().startswith("{")
    assert lc.audit(["./allowed"], policy=policy, sources=sources).ok
    assert lc.audit(["./review"], policy=policy, sources=sources, fail_on="deny").ok
    assert lc.audit([], policy=policy, sources=sources).exit_code == 4
    assert lc.audit([], policy=policy, sources=sources, allow_empty=True).ok


def test_iter_audit_and_an_early_end(policy: lc.Policy, sources: lc.Sources) -> None:
    verdicts = lc.iter_audit(["./denied"] * 50, policy=policy, sources=sources, max_workers=1)
    assert next(verdicts).outcome == lc.Outcome.DENY
    assert inspect.isgenerator(verdicts)
    verdicts.close()


def test_check_makes_a_gate(policy: lc.Policy, sources: lc.Sources) -> None:
    lc.check("./allowed", policy=policy, sources=sources).raise_for_violation()
    for name in ("./denied", "./review"):
        with pytest.raises(lc.PolicyViolation, match=name):
            lc.check(name, policy=policy, sources=sources).raise_for_violation()
    with pytest.raises(lc.IncompleteAudit, match="does not exist"):
        lc.check("./missing", policy=policy, sources=sources).raise_for_violation()
    with pytest.raises(lc.PolicyViolation):
        lc.audit(["./allowed", "./denied"], policy=policy, sources=sources).raise_for_violation()


def test_resolve_needs_no_policy(sources: lc.Sources) -> None:
    resolution = lc.resolve("./denied", sources=sources)
    assert (resolution.declared, resolution.concluded) == ("CC-BY-NC-4.0", "CC-BY-NC-4.0")
    assert resolution.evidence[0].locator == "README.md:2"


def test_the_catalog() -> None:
    keys = [record.key for record in lc.licenses()]
    assert keys == sorted(keys)
    assert {"apache-2.0", "llama3.1"} <= set(keys)


def test_results_are_frozen(policy: lc.Policy, sources: lc.Sources) -> None:
    verdict = lc.check("./allowed", policy=policy, sources=sources)
    for value, field in ((verdict, "outcome"), (verdict.resolution, "concluded"), (policy, "name")):
        with pytest.raises(ValidationError):
            setattr(value, field, "other")


def test_mistakes_are_exceptions_before_anything_is_fetched(policy: lc.Policy, sources: lc.Sources) -> None:
    with pytest.raises(lc.LicensecheckError, match="not a model reference"):
        lc.audit(["./allowed", "foo bar"], policy=policy, sources=sources)
    with pytest.raises(lc.LicensecheckError, match="no use `saas`"):
        lc.audit(["./allowed"], policy=policy, sources=sources, use="saas")
    with pytest.raises(lc.LicensecheckError, match="cannot read the policy"):
        lc.Policy.load("no-such-policy.toml")


def test_the_same_audit_gives_the_same_bytes(policy: lc.Policy, sources: lc.Sources) -> None:
    models = ["./review", "./denied", "./allowed", "./missing", "Qwen/Qwen3-8B"] * 5
    first = lc.audit(models, policy=policy, sources=sources, max_workers=1).to_json()
    assert lc.audit(models, policy=policy, sources=sources, max_workers=32).to_json() == first


SCRIPTS = {
    "import costs next to nothing": (
        "import sys, licensecheck\n"
        "heavy = {'pydantic', 'huggingface_hub', 'spdx_tools', 'rich', 'click', 'yaml', 'license_expression'}\n"
        "print(sorted(heavy & set(sys.modules)))"
    ),
    "the rooms do not hide the functions of their names": (
        "import types, licensecheck as lc, licensecheck.audit, licensecheck.resolve, licensecheck.resolve.conclude\n"
        "from licensecheck import audit, resolve\n"
        "print([each for each in (lc.audit, lc.resolve, audit, resolve) if isinstance(each, types.ModuleType)])"
    ),
    "help needs no room": (
        "import sys\nfrom licensecheck.cli.app import run\n"
        "sys.stdout = open(__import__('os').devnull, 'w')\n"
        "code = run(['--help'])\nsys.stdout = sys.__stdout__\n"
        "print([] if code == 0 else code, file=sys.stdout) if not {'huggingface_hub', 'spdx_tools', 'rich'}"
        " & set(sys.modules) else print(sorted(sys.modules))"
    ),
}


@pytest.mark.parametrize("name", SCRIPTS)
def test_in_a_fresh_interpreter(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONPATH", str(ROOT / "src"))
    command = [sys.executable, "-c", SCRIPTS[name]]
    result = subprocess.run(command, capture_output=True, text=True, check=True, timeout=60)  # noqa: S603  our own words
    assert (result.stdout, result.stderr) == ("[]\n", "")
