"""Makes data/index.bin, by which license texts are known.

    python -m licensecheck.texts.build FOLDER        all of it anew; FOLDER holds INDEX.jsonl and <slug>.txt
    python -m licensecheck.texts.build add KEY FILE  one more text of a license of the catalog

The first needs the packages of the extra `index`: the ScanCode LicenseDB and the SPDX license list.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

from licensecheck.errors import LicensecheckError, UsageError
from licensecheck.texts.build import add, build


def main(arguments: Sequence[str]) -> int:
    """The command; returns the exit code."""
    try:
        match arguments:
            case ["add", key, file]:
                report = add(key, Path(file))
            case [folder] if (Path(folder) / "INDEX.jsonl").is_file():
                report = build(Path(folder))
            case _:
                raise UsageError(
                    "neither a folder with an INDEX.jsonl nor `add KEY FILE`",
                    help=(__doc__ or "").partition("\n\n")[2],
                )
    except LicensecheckError as error:
        sys.stderr.write(f"{error}\n")
        return error.exit_code
    sys.stdout.write("\n".join(report) + "\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
