"""The command line: one file a command; parses, calls, prints, decides nothing."""

from __future__ import annotations

import io
import os
import sys

_OTHER = "licensecheck"


def main() -> None:
    """Run the command line; ends the process with the exit code of docs/reference/exit-codes.md."""
    if _other_is_installed():
        sys.exit(_print_other())
    from licensecheck.cli.app import INTERRUPTED, run

    _speak_utf8()
    code = run()
    if code == INTERRUPTED:
        # An ordinary exit waits for the threads, that is for every request on its way to time out.
        sys.stdout.flush()
        os._exit(code)
    sys.exit(code)


def _speak_utf8() -> None:
    # Cards quote any script: a code page that lacks a letter (cp1252 in a pipe on Windows) must not end the audit.
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding=None if stream.isatty() else "utf-8", errors="backslashreplace")


def _other_is_installed() -> bool:
    # The distribution `licensecheck` on the Python index owns the same import name and script: its files and ours
    # lie in one folder, and what runs is the mixture. Checked before anything else of this package is imported.
    from importlib.metadata import PackageNotFoundError, distribution

    try:
        distribution(_OTHER)
    except PackageNotFoundError:
        return False
    return True


def _print_other() -> int:
    sys.stderr.write(
        "error: the distribution `licensecheck` is installed beside `licensecheck-models`; both own the package "
        "`licensecheck`, so neither works\n"
        "  help: pip uninstall licensecheck licensecheck-models, then pip install licensecheck-models "
        "(in an environment of its own if you need both)\n"
    )
    return 2
