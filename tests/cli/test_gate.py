"""The exit codes of `audit`: what passes, what fails, and what could not be judged."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from licensecheck.sources import Sources
from licensecheck.types import ModelRef, Snapshot

from .conftest import Run

NOWHERE = "http://127.0.0.1:9"
"""An endpoint where nobody answers (the discard port)."""


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["./allowed"], 0),
        (["Qwen/Qwen3-8B"], 0),
        (["./review"], 1),
        (["./denied"], 1),
        (["./allowed", "./review", "./denied"], 1),
        (["./review", "--fail-on", "deny"], 0),
        (["./denied", "--fail-on", "deny"], 1),
        (["./missing"], 3),
        (["./missing", "./allowed"], 3),
        (["./missing", "./denied"], 1),
        (["./missing", "./review", "--fail-on", "deny"], 3),
        (["./denied", "--exit-zero"], 0),
        (["./missing", "--exit-zero"], 3),
        (["-r", "empty.txt"], 4),
        (["-r", "empty.txt", "--exit-zero"], 4),
        (["-r", "empty.txt", "--allow-empty"], 0),
        (["--exit-zero"], 2),
        (["./denied", "--exit-zero", "-p", "missing.toml"], 2),
    ],
)
def test_exit_code(cli: Run, folder: Path, arguments: list[str], code: int) -> None:
    (folder / "empty.txt").write_text("# nothing yet\n\n", encoding="utf-8")
    assert cli("audit", "--offline", *arguments).code == code


def test_an_empty_list_says_so_on_stderr(cli: Run, folder: Path) -> None:
    (folder / "empty.txt").write_text("", encoding="utf-8")
    result = cli("audit", "--offline", "-q", "-r", "empty.txt")
    assert (result.code, result.out) == (4, "")
    assert result.err.startswith("error: nothing to check")
    assert "--allow-empty" in result.err


def test_a_hub_that_does_not_answer_is_no_answer(cli: Run) -> None:
    result = cli("audit", "acme/foo-7b", "./allowed", "--endpoint", NOWHERE, "--timeout", "1")
    assert result.code == 3
    assert "LC701" in result.out
    assert "1 allowed, 1 incomplete" in result.out


def test_offline_never_asks_the_endpoint(cli: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    result = cli("audit", "acme/foo-7b", "--endpoint", NOWHERE)
    assert result.code == 3
    assert "the audit is offline" in " ".join(result.out.split())


def test_one_broken_model_does_not_cost_the_others_their_answer(cli: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    fetch = Sources.fetch

    def broken(self: Sources, ref: ModelRef) -> Snapshot:
        if ref.name == "./review":
            raise ZeroDivisionError("a bug of ours")
        return fetch(self, ref)

    monkeypatch.setattr(Sources, "fetch", broken)
    result = cli("audit", "--offline", "-f", "json", "./allowed", "./review", "./denied")
    verdicts = json.loads(result.out)["verdicts"]
    assert [each["outcome"] for each in verdicts] == ["allow", "incomplete", "deny"]
    assert "internal error" in verdicts[1]["findings"][0]["message"]


def test_an_interrupt_ends_with_130(cli: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("licensecheck.cli.audit.iter_audit", interrupted)
    assert cli("audit", "--offline", "./allowed").code == 130


def test_a_bug_is_told_in_one_line(cli: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object, **__: object) -> None:
        raise ZeroDivisionError("a bug of ours")

    monkeypatch.setattr("licensecheck.cli.audit.iter_audit", broken)
    result = cli("audit", "--offline", "./allowed")
    assert result.code == 2
    assert result.err.startswith("error: internal error: ZeroDivisionError: a bug of ours")
    monkeypatch.setenv("LICENSECHECK_DEBUG", "1")
    with pytest.raises(ZeroDivisionError):
        cli("audit", "--offline", "./allowed")


def test_the_report_keeps_the_order_of_the_list(cli: Run, folder: Path) -> None:
    names = ["./denied", "./allowed", "Qwen/Qwen3-8B", "./review", "./missing"]
    (folder / "models.txt").write_text("\n".join(names), encoding="utf-8")
    verdicts = json.loads(cli("audit", "--offline", "-f", "json", "-r", "models.txt").out)["verdicts"]
    assert [each["model"] for each in verdicts] == names
    assert [each["line"] for each in verdicts] == [{"file": "models.txt", "line": i} for i in range(1, 6)]


def test_a_list_from_standard_input(cli: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    import io

    monkeypatch.setattr("sys.stdin", io.StringIO("./denied  # why not\n"))
    result = cli("audit", "--offline", "-r", "-")
    assert result.code == 1
    assert "<stdin>:1" in result.out


def test_every_model_of_a_hugging_face_cache(cli: Run, folder: Path) -> None:
    commit = "0123456789abcdef0123456789abcdef01234567"
    snapshot = folder / "cache" / "models--acme--foo-7b" / "snapshots" / commit
    snapshot.mkdir(parents=True)
    (snapshot / "README.md").write_text("---\nlicense: apache-2.0\n---\n", encoding="utf-8")
    result = cli("audit", "--offline", "-f", "json", "--hf-cache", "cache")
    (verdict,) = json.loads(result.out)["verdicts"]
    assert result.code == 0
    assert (verdict["model"], verdict["revision"], verdict["source"]) == ("acme/foo-7b", commit, "cache")


def test_a_fact_answers_a_condition(cli: Run) -> None:
    figure = "--fact=monthly-active-users=800000000@2024-07-01"
    asked = cli("audit", "--offline", "./review")
    broken = cli("audit", "--offline", "./review", figure, "--fail-on", "deny")
    assert "LC302" in asked.out
    assert broken.code == 1
    assert "LC301" in broken.out


def test_a_named_use(cli: Run, folder: Path) -> None:
    with (folder / "license-policy.toml").open("a", encoding="utf-8") as file:
        file.write("\n[uses.lab]\ncommercial = false\nhosted-service = false\n")
    assert cli("audit", "--offline", "./denied").code == 1
    assert cli("audit", "--offline", "./denied", "--use", "lab").code == 0
    (folder / "models.txt").write_text("./denied --use=lab\n", encoding="utf-8")
    assert cli("audit", "--offline", "-r", "models.txt").code == 0


def test_the_policy_in_pyproject(cli: Run, folder: Path) -> None:
    policy = (folder / "license-policy.toml").read_text("utf-8")
    table = "[tool.licensecheck.policy]\n" + policy.replace("\n[", "\n[tool.licensecheck.policy.")
    (folder / "pyproject.toml").write_text(table, encoding="utf-8")
    (folder / "license-policy.toml").unlink()
    assert cli("audit", "--offline", "./allowed").code == 0
    assert cli("audit", "--offline", "./denied").code == 1
