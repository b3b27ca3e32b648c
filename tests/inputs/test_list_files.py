"""Lists as files: nested with `-r`, unreadable, or from standard input."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from licensecheck.errors import ListError
from licensecheck.inputs.models_txt import read

if TYPE_CHECKING:
    from pathlib import Path


def write(files: dict[str, str], folder: Path) -> None:
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


# file name -> text; what reading models.txt gives
NESTED = [
    ({"models.txt": "org/a\n-r b.txt\norg/c", "b.txt": "org/b"},
     ["models.txt:1 org/a", "b.txt:1 org/b", "models.txt:3 org/c"]),
    ({"models.txt": "--requirement b.txt", "b.txt": "org/b"}, ["b.txt:1 org/b"]),
    ({"models.txt": "--requirement=b.txt", "b.txt": "org/b"}, ["b.txt:1 org/b"]),
    ({"models.txt": "-rb.txt", "b.txt": "org/b"}, ["b.txt:1 org/b"]),
    ({"models.txt": "-r 'my lists/b.txt'", "my lists/b.txt": "org/b"}, ["my lists/b.txt:1 org/b"]),
    ({"models.txt": "-r ${ORG}/b.txt", "acme/b.txt": "org/b"}, ["acme/b.txt:1 org/b"]),
    ({"models.txt": "-r s/b.txt", "s/b.txt": "-r c.txt", "s/c.txt": "-r ../d.txt", "d.txt": "org/d"},
     ["d.txt:1 org/d"]),
    ({"models.txt": "-r b.txt\n-r c.txt", "b.txt": "-r c.txt", "c.txt": "org/c"}, ["c.txt:1 org/c"]),
    ({"models.txt": "./x\n-r b.txt", "b.txt": "./y"}, ["models.txt:1 ./x", "b.txt:1 ./y"]),
    ({"models.txt": "-r s/b.txt", "s/b.txt": "./x\n.\n.."}, ["s/b.txt:1 ./s/x", "s/b.txt:2 ./s", "s/b.txt:3 ."]),
    ({"models.txt": "-r s/b.txt", "s/b.txt": "../x\n../../y"}, ["s/b.txt:1 ./x", "s/b.txt:2 ../y"]),
    ({"models.txt": "-r s/b.txt", "s/b.txt": "/srv/x\n~/y"}, ["s/b.txt:1 /srv/x", "s/b.txt:2 ~/y"]),
    ({"models.txt": "-r s/b.txt", "s/b.txt": ".\\x\nC:\\y"}, ["s/b.txt:1 ./s/x", "s/b.txt:2 C:\\y"]),
    ({"models.txt": "-r s/b.txt", "s/b.txt": "-r t/c.txt", "s/t/c.txt": "../.hidden"}, ["s/t/c.txt:1 ./s/.hidden"]),
    ({"models.txt": "-r s/b.txt", "s/b.txt": "org/a@v1"}, ["s/b.txt:1 org/a@v1"]),
]  # fmt: skip


@pytest.mark.parametrize(("files", "expected"), NESTED)
def test_nested_lists(
    files: dict[str, str], expected: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(files, tmp_path)
    monkeypatch.chdir(tmp_path)
    found = read("models.txt", environment={"ORG": "acme"})
    assert [f"{one.model.line} {one.model}" for one in found] == expected


def test_bases_of_nested_lists_are_seen_from_the_first_list(tmp_path: Path) -> None:
    write({"models.txt": "-r s/b.txt", "s/b.txt": "org/a --base=./base"}, tmp_path)
    (found,) = read(tmp_path / "models.txt", environment={})
    assert [base.name for base in found.bases] == ["./s/base"]


def test_a_nested_list_with_an_absolute_path_makes_its_folders_absolute(tmp_path: Path) -> None:
    write({"models.txt": f"-r '{tmp_path}/s/b.txt'", "s/b.txt": "./x"}, tmp_path)
    (found,) = read(tmp_path / "models.txt", environment={})
    assert found.model.name == f"{tmp_path}/s/x"


# file name -> text; places and messages of all errors
NESTED_FAULTS = [
    ({"models.txt": "-r models.txt"}, ["models.txt:1:4: the list `models.txt` cannot be read: "
                                       "it includes itself: models.txt -> models.txt"]),
    ({"models.txt": "\n-r s/b.txt", "s/b.txt": " -r ../models.txt\n-r c.txt\norg,", "s/c.txt": "-r b.txt"},
     ["s/b.txt:1:5: the list `models.txt` cannot be read: it includes itself: models.txt -> s/b.txt -> models.txt",
      "s/c.txt:1:4: the list `s/b.txt` cannot be read: it includes itself: models.txt -> s/b.txt -> s/c.txt -> s/b.txt",
      "s/b.txt:3:1: `org,` is not a model reference"]),
    ({"models.txt": "-r s/b.txt\n-r s/b.txt", "s/b.txt": "org,"}, ["s/b.txt:1:1: `org,` is not a model reference"]),
    ({"models.txt": "-r s", "s/b.txt": ""}, ["models.txt:1:4: the list `s` cannot be read: "
                                             "it is a folder (a local model is written `./dir` inside a list)"]),
    ({"models.txt": "-r ${NUL}"}, ["models.txt:1:4: `\\x00` holds the control character U+0000"]),
]  # fmt: skip


@pytest.mark.parametrize(("files", "expected"), NESTED_FAULTS)
def test_nested_faults(
    files: dict[str, str], expected: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(files, tmp_path)
    monkeypatch.chdir(tmp_path)
    with pytest.raises(ListError) as caught:
        read("models.txt", environment={"NUL": "\0"})
    assert [f"{error.place}: {error.message}" for error in caught.value.errors] == expected


def test_very_deep_nesting_is_an_error_not_a_crash(tmp_path: Path) -> None:
    write({f"{number}.txt": f"-r {number + 1}.txt" for number in range(3_000)}, tmp_path)
    with pytest.raises(ListError, match="too many lists inside each other"):
        read(tmp_path / "0.txt", environment={})


def test_forty_levels_are_fine(tmp_path: Path) -> None:
    write({f"{number}.txt": f"-r {number + 1}.txt" for number in range(40)} | {"40.txt": "org/a"}, tmp_path)
    assert len(read(tmp_path / "0.txt", environment={})) == 1


# bytes of the file, place, fragment of the message
BAD_FILES = [
    ("org/a\n".encode("utf-16"), "bad.txt", "in UTF-16"),
    ("org/a\n".encode("utf-16-be"), "bad.txt", "binary or in UTF-16"),
    (b"\xfe\xff" + "org/a\n".encode("utf-16-be"), "bad.txt", "in UTF-16"),
    (b"GGUF\x03\x00\x00\x00", "bad.txt", "binary"),
    (b"org/a\r\n  org/\xfcb", "bad.txt:2:7", "the byte 0xfc is not UTF-8"),
    (b"\xef\xbb\xbf\xc3\xa4\xff", "bad.txt:1:2", "the byte 0xff is not UTF-8"),
    (b"#" * (16 * 2**20 + 1), "bad.txt", "larger than 16 MiB"),
]


@pytest.mark.parametrize(("data", "place", "message"), BAD_FILES, ids=[row[2] + " " + row[1] for row in BAD_FILES])
def test_bad_files(data: bytes, place: str, message: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "bad.txt").write_bytes(data)
    monkeypatch.chdir(tmp_path)
    with pytest.raises(ListError, match=message) as caught:
        read("bad.txt", environment={})
    assert [error.place for error in caught.value.errors] == [place]


@pytest.mark.parametrize(
    ("name", "message"),
    [("nope.txt", "No such file"), (".", "it is a folder"), ("a\0b", "null"), ("x" * 300, "too long")],
)
def test_files_that_are_none(name: str, message: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(ListError, match=f"the list cannot be read: .*{message}") as caught:
        read(name, environment={})
    assert [error.place for error in caught.value.errors] == [name]


def test_a_symlink_loop_is_one_error(tmp_path: Path) -> None:
    (tmp_path / "loop.txt").symlink_to("loop.txt")
    with pytest.raises(ListError, match="the list cannot be read") as caught:
        read(tmp_path / "loop.txt", environment={})
    assert len(caught.value.errors) == 1


def test_standard_input(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write({"s/b.txt": "./x"}, tmp_path)
    monkeypatch.chdir(tmp_path)
    found = read("-", environment={}, stdin="\ufefforg/a\n-r s/b.txt")
    assert [f"{one.model.line} {one.model}" for one in found] == ["<stdin>:1 org/a", "s/b.txt:1 ./s/x"]


def test_standard_input_that_was_not_given() -> None:
    with pytest.raises(ListError, match="<stdin>: standard input was not given"):
        read("-", environment={})
