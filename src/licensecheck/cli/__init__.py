"""The command line: one file a command; parses, calls, prints, decides nothing."""

from __future__ import annotations

import sys

_OTHER = "licensecheck"


def main() -> None:
    """Run the command line; ends the process with the exit code of docs/reference/exit-codes.md."""
    if _other_is_installed():
        sys.exit(_print_other())
    from licensecheck.cli.app import run

    sys.exit(run())


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
