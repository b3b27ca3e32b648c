"""The program as a process: what no test inside one process can see."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest

PROGRAM = [sys.executable, "-m", "licensecheck"]


def run(
    *arguments: str, environment: dict[str, str] | None = None, text: str | None = None
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(  # noqa: S603  our own words
        [*PROGRAM, *arguments],
        env={**os.environ, **(environment or {})},
        input=text,
        capture_output=True,
        encoding="utf-8",
        check=False,
        timeout=60,
    )


def start(*arguments: str) -> subprocess.Popen[str]:
    command = [*PROGRAM, *arguments]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)  # noqa: S603  as above


@pytest.mark.parametrize(
    ("arguments", "code"),
    [(["./allowed"], 0), (["./denied"], 1), (["./denied", "--strict"], 2), (["./missing"], 3), (["-r", os.devnull], 4)],
)
def test_the_exit_code_leaves_the_process(arguments: list[str], code: int) -> None:
    result = run("audit", "--offline", *arguments)
    assert result.returncode == code
    assert "Traceback" not in result.stderr


def test_a_list_through_a_pipe() -> None:
    result = run("audit", "--offline", "-r", "-", text="./allowed\n./denied\n")
    assert result.returncode == 1
    assert "<stdin>:2" in result.stdout


def test_the_other_distribution_of_the_same_name_is_told_at_once(folder: Path) -> None:
    other = folder / "site" / "licensecheck-2026.0.0.dist-info"
    other.mkdir(parents=True)
    (other / "METADATA").write_text("Metadata-Version: 2.1\nName: licensecheck\nVersion: 2026.0.0\n", encoding="utf-8")
    path = os.pathsep.join([str(folder / "site"), os.environ["PYTHONPATH"]])
    result = run("audit", "--offline", "./allowed", environment={"PYTHONPATH": path})
    assert (result.returncode, result.stdout) == (2, "")
    assert "the distribution `licensecheck` is installed beside `licensecheck-models`" in result.stderr
    assert "pip uninstall" in result.stderr


def test_a_code_page_that_lacks_a_letter_does_not_end_the_audit(folder: Path) -> None:
    (folder / "review" / "README.md").write_text("---\nlicense: mit\n---\n\n仅供学术研究使用\n", encoding="utf-8")
    result = run("audit", "--offline", "./review", environment={"PYTHONIOENCODING": "cp1252"})
    assert result.returncode == 1
    assert "仅供学术研究使用" in result.stdout


def test_a_reader_that_goes_away_is_no_bug_of_ours() -> None:
    process = start("licenses", "list", "-f", "json")
    assert process.stdout is not None
    assert process.stderr is not None
    process.stdout.close()
    errors = process.stderr.read()
    process.stderr.close()
    process.wait(timeout=60)
    assert errors == ""


@pytest.mark.skipif(sys.platform == "win32", reason="no SIGINT for one process there")
def test_ctrl_c_does_not_wait_for_the_rest_of_the_list(folder: Path) -> None:
    (folder / "models.txt").write_text("".join(f"acme/foo-{i}\n" for i in range(100)), encoding="utf-8")
    with socket.create_server(("127.0.0.1", 0)) as silent:  # takes a connection and never answers
        endpoint = f"http://127.0.0.1:{silent.getsockname()[1]}"
        process = start("audit", "-r", "models.txt", "--endpoint", endpoint, "--timeout", "600")
        silent.accept()[0].close()
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=60)
    assert (process.returncode, out) == (130, "")
    assert "Traceback" not in err


def test_a_traceback_is_shown_only_on_request() -> None:
    script = (
        "import sys, licensecheck.cli.audit as audit\n"
        "def broken(*_, **__): raise ZeroDivisionError('a bug of ours')\n"
        "audit.iter_audit = broken\n"
        "from licensecheck.cli import main\n"
        "sys.argv = ['licensecheck', 'audit', '--offline', './allowed']\n"
        "main()\n"
    )
    for debug, shown in (("", False), ("1", True)):
        environment = {**os.environ, "LICENSECHECK_DEBUG": debug}
        command = [sys.executable, "-c", script]
        result = subprocess.run(  # noqa: S603  our own words
            command, env=environment, capture_output=True, text=True, check=False, timeout=60
        )
        assert result.returncode != 0
        assert ("Traceback" in result.stderr) == shown
        assert "a bug of ours" in result.stderr
