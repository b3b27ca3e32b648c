"""docs/how-to/add-a-license.md, followed literally in a copy of the catalog."""

from __future__ import annotations

import re
from pathlib import Path

from licensecheck.catalog import Catalog
from licensecheck.catalog.lint import check
from licensecheck.reports.license_page import as_text

PAGE = (Path(__file__).parents[2] / "docs" / "how-to" / "add-a-license.md").read_text(encoding="utf-8")


def test_the_record_of_the_page_is_a_sound_license(tmp_path: Path) -> None:
    place = re.search(r"`src/licensecheck/catalog/data/licenses/(acme/[\w.-]+\.toml)`", PAGE)
    record = re.search(r"```toml\n(.*?)```", PAGE, re.DOTALL)
    assert place
    assert record
    file = tmp_path / place[1]
    file.parent.mkdir()
    file.write_text(record[1], encoding="utf-8")

    room = Catalog(tmp_path)

    assert check(room, file.stem) == []
    assert room.get("Acme Community License").key == file.stem
    assert "at most 1,000,000 monthly active users" in as_text(room.get(file.stem))


def test_the_page_names_the_commands_that_check_it() -> None:
    commands = "\n".join(re.findall(r"```sh\n(.*?)```", PAGE, re.DOTALL))

    for command in ("licensecheck licenses show", "python -m licensecheck.catalog.lint", "python docs/generate.py"):
        assert command in commands
