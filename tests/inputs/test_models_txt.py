"""The models.txt grammar: what each line means, and what every mistake is told."""

from __future__ import annotations

import shlex
import string
from typing import TYPE_CHECKING

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from licensecheck.errors import ListError
from licensecheck.inputs.models_txt import merge, parse
from licensecheck.types import ListLine, ModelRef, Requirement

if TYPE_CHECKING:
    from pathlib import Path

    from licensecheck.errors import LicensecheckError

ENVIRONMENT = {"ORG": "acme", "REV": "v1.0", "EMPTY": "", "TWO": "org/a org/b", "OPTION": "--use=x", "BELL": "\a"}


def listed(text: str, folder: Path) -> tuple[Requirement, ...]:
    return parse(text, name="models.txt", folder=folder, environment=ENVIRONMENT)


def faults(text: str, folder: Path) -> list[tuple[str | None, str, str]]:
    with pytest.raises(ListError) as caught:
        listed(text, folder)
    return [(error.place, error.message, error.help or "") for error in caught.value.errors]


def written(one: Requirement) -> str:
    """The shortest line that says the same as a requirement."""
    words = [shlex.quote(str(one.model))]
    words += [f"--use={shlex.quote(one.use)}"] if one.use else []
    words += [f"--base={shlex.quote(str(base))}" for base in one.bases]
    words += [f"--note={shlex.quote(one.note)}"] if one.note else []
    return " ".join(words)


# text, one `line number: line` for each requirement
LISTS = [
    ("", []),
    ("\n \t\n# org/a\n   # org/b\n#", []),
    ("org/a", ["1: org/a"]),
    ("org/a\norg/b\n", ["1: org/a", "2: org/b"]),
    ("\ufefforg/a\r\norg/b\r\n", ["1: org/a", "2: org/b"]),
    ("org/a\rorg/b", ["1: org/a", "2: org/b"]),
    ("  org/a@main  # why", ["1: org/a@main"]),
    ("org/a@v1#2", ["1: 'org/a@v1#2'"]),
    ("hf://org/a@v1\nhttps://huggingface.co/org/b/tree/v2", ["1: org/a@v1", "2: org/b@v2"]),
    ("datasets/org/a\npkg:huggingface/org/b@v1", ["1: datasets/org/a", "2: org/b@v1"]),
    ("./dir/\n../a", ["1: ./dir", "2: ../a"]),
    ("'./my models' # quoted", ["1: './my models'"]),
    ('"./my models/$5"', ["1: './my models/$5'"]),
    ("./my' mod'els", ["1: './my models'"]),
    ("C:\\models\\a", ["1: 'C:\\models\\a'"]),
    ("org/a --use=saas", ["1: org/a --use=saas"]),
    ("org/a --use saas", ["1: org/a --use=saas"]),
    ("--use saas org/a", ["1: org/a --use=saas"]),
    ("org/a --base=org/b --base org/c@v1", ["1: org/a --base=org/b --base=org/c@v1"]),
    ("org/a --base=org/b --base=hf://org/b", ["1: org/a --base=org/b"]),
    ("org/a --base=./b", ["1: org/a --base=./b"]),
    ("org/a --base=org/a@v1", ["1: org/a --base=org/a@v1"]),
    ('org/a --note="kept # no comment"', ["1: org/a --note='kept # no comment'"]),
    ("org/a --note 'it is '\"so\"", ["1: org/a --note='it is so'"]),
    (r'org/a --note="a \"b\" \\ \$c \d"', [r"""1: org/a --note='a "b" \ $c \d'"""]),
    ("org/a --note '-5 %'", ["1: org/a --note='-5 %'"]),
    ("org/a \\\n  --use=saas \\\n  --note=x\norg/b", ["1: org/a --use=saas --note=x", "4: org/b"]),
    ("\\\norg/a", ["2: org/a"]),
    ("org/a\\\n--use=saas", ["1: org/a --use=saas"]),
    ("org/a \\\r\n --use=saas", ["1: org/a --use=saas"]),
    ("org/a \\\n\norg/b", ["1: org/a", "3: org/b"]),
    ("org/a \\\n# comment\norg/b", ["1: org/a", "3: org/b"]),
    ("# comment \\\norg/a # another \\\norg/b", ["2: org/a", "3: org/b"]),
    ("org/a \\", ["1: org/a"]),
    ("${ORG}/a@${REV}", ["1: acme/a@v1.0"]),
    ('"${ORG}/a" --note="for ${ORG}"', ["1: acme/a --note='for acme'"]),
    ("org/a --note='${ORG}' --use=\"\\${ORG}\"", ["1: org/a --use='${ORG}' --note='${ORG}'"]),
    ("org/a --note=${TWO}", ["1: org/a --note='org/a org/b'"]),
    ("org/a --note=${OPTION}", ["1: org/a --note=--use=x"]),
    ("org/a --note ${OPTION}", ["1: org/a --note=--use=x"]),
]


@pytest.mark.parametrize(("text", "expected"), LISTS, ids=[repr(text) for text, _ in LISTS])
def test_lists(text: str, expected: list[str], tmp_path: Path) -> None:
    found = [f"{one.model.line.line if one.model.line else None}: {written(one)}" for one in listed(text, tmp_path)]
    assert found == expected


def test_a_requirement_in_full(tmp_path: Path) -> None:
    (found,) = listed("\n${ORG}/a@v1 --use=saas --base=org/b --note='a b'", tmp_path)
    line = ListLine(file="models.txt", line=2)
    assert found == Requirement(
        model=ModelRef(name="acme/a", revision="v1", line=line),
        use="saas",
        bases=(ModelRef(name="org/b", line=line),),
        note="a b",
    )


# text, place of the one error, fragments of its message and its help
FAULTS = [
    ("org/name==1.0", "1:1", "`org/name==1.0` is not a model reference", "`org/name@revision`"),
    ("org/name>=1", "1:1", "is not a model", "`org/name@revision`"),
    ("org/name == 1.0", "1:10", "`==` stands behind `org/name`", "`org/name@revision`"),
    ("org/name@>=1", "1:1", "is not a model", "`org/name@revision`"),
    ("org/name@==1", "1:1", "is not a model", "`org/name@revision`"),
    ("org/name@v[1]", "1:1", "is not a model", "valid forms: "),
    ("org/name:latest", "1:1", "is not a model", "Ollama"),
    ("llama3:8b", "1:1", "is not a model", "Ollama"),
    ("hf.co/org/name:Q4_K_M", "1:1", "is not a model", "with `https://`"),
    ("huggingface.co/org/name", "1:1", "is not a model", "with `https://`"),
    ("\n  Qwen 3 8B", "2:8", "`3` stands behind `Qwen`", "no spaces in a name"),
    ("org/a org/b", "1:7", "`org/b` stands behind `org/a`", "one reference a line"),
    ("'my model'", "1:1", "`my model` is not", "no spaces"),
    ("${TWO}", "1:1", "`org/a org/b` is not", "no spaces"),
    ("${OPTION}", "1:1", "`--use=x` is not a model", "JSON"),
    ("org/a ${OPTION}", "1:7", "stands behind", ""),
    ("https://github.com/org/name", "1:1", "is not a model", "GitHub"),
    ("git@github.com:org/name.git", "1:1", "is not a model", "GitHub"),
    ("https://huggingface.co/org/name/discussions", "1:1", "is not a model", "main page"),
    ("https://ollama.com/library/llama3", "1:1", "is not a model", "only huggingface.co"),
    ("https://[x", "1:1", "is not a model", "only huggingface.co"),
    ("pkg:pypi/name@1", "1:1", "is not a model", "`pkg:huggingface/`"),
    ("models\\name", "1:1", "is not a model", "forward slashes"),
    ("\\\\server\\models", "1:1", "is not a model", "forward slashes"),
    ("org/name/file.gguf", "1:1", "is not a model", "not a file in it"),
    ("hf://org/name/file.gguf", "1:1", "is not a model", "not a file in it"),
    ("org/name/", "1:1", "is not a model", "last `/`"),
    ("HF://org/name", "1:1", "is not a model", "lower case"),
    ("Https://huggingface.co/org/name", "1:1", "is not a model", "lower case"),
    ("-e ./dir", "1:1", "`-e` is not an option", "`./dir`"),
    ("org/name,", "1:1", "is not a model", "no commas"),
    ("org/name@main,", "1:1", "is not a model", "no commas"),
    ("./dir,", "1:1", "is not a model", "no commas"),
    ("org/name;", "1:1", "is not a model", "environment markers"),
    ("org/a --base=org/b,org/c", "1:14", "is not a model", "repeat `--base`"),
    ('["org/a", "org/b"]', "1:1", "is not a model", "JSON"),
    ('"org/name",', "1:1", "is not a model", "JSON"),
    ("{", "1:1", "is not a model", "JSON"),
    ("- org/name", "1:1", "`-` is not a model", "YAML"),
    ("* org/name", "1:1", "`*` is not a model", "dashes"),
    ("models:", "1:1", "is not a model", "YAML"),
    ('models = ["org/name"]', "1:8", "`=` stands behind", "TOML"),
    ("<org>/<name>", "1:1", "is not a model", "placeholder"),
    ("org/name@", "1:1", "is not a model", "behind `@`"),
    ("$ORG/name", "1:1", "is not a model", "`${NAME}`"),
    ("org/name@$REV", "1:1", "is not a model", "`${NAME}`"),
    ("org/na\u200bme", "1:1", "`org/na\\u200bme` is not", "ASCII"),
    ("@org/name", "1:1", "is not a model", "valid forms: org/name, org/name@revision"),
    ('""', "1:1", "is not a model", "empty"),
    ("${EMPTY}", "1:1", "is not a model", "empty variable"),
    ("org/a@v1 \\ \norg/b", "1:10", "`\\` stands behind", "very last character"),
    ("org/a@v1\\\norg/b", "2:1", "`org/b` stands behind `org/a@v1`", "one reference a line"),
    ("${NOPE}/name", "1:1", "the variable NOPE is not set", "set it"),
    ('org/a --note="${NOPE}"', "1:7", "the variable NOPE is not set", "set it"),
    ("${ORG-x}/name", "1:1", "`${ORG-x}` is not a variable", "`${NAME}`"),
    ("${ORG/name", "1:1", "`${ORG/name` is not a variable", "`${NAME}`"),
    ("org/name ${BELL}", "1:10", "control character U+0007", ""),
    ("org/name --note='\x1b[31m'", "1:10", "`--note=\\x1b[31m` holds the control character U+001B", ""),
    ("org/name\0", "1:1", "control character U+0000", ""),
    ("org/name\udcff", "1:1", "control character U+DCFF", ""),
    ("org/name --ues=x", "1:10", "`--ues` is not an option", "did you mean --use?"),
    ("org/name --requirments x", "1:10", "`--requirments` is not", "did you mean --requirement?"),
    ("org/name --zzz", "1:10", "`--zzz` is not", "valid options: --use, --base, --note, --requirement, -r"),
    ("org/name --revision=main", "1:10", "`--revision` is not", "`org/name@revision`"),
    ("org/name --use", "1:10", "--use needs a value", "`--use NAME`"),
    ("org/name --use=", "1:10", "--use needs a value", "`--use NAME`"),
    ("org/name --note=' '", "1:10", "--note needs a value", "`--note"),
    ("org/name --use --base=a/b", "1:10", "--use needs a value", "`--use NAME`"),
    ("org/name --use=a \\\n  --use=b", "2:9", "--use is given twice", "keep one"),
    ("org/name --note=a --note b", "1:26", "--note is given twice", "keep one"),
    ("org/name --base=org/b==1", "1:17", "`org/b==1` is not a model", "`org/name@revision`"),
    ("org/name --base=org/name", "1:17", "not its own base", "remove"),
    ("--use=a", "1:1", "without a model", "begin the line"),
    ("org/name --note=it's", "1:10", "a quote is not closed", "closing '"),
    ('org/name --note="a \\\nb"', "1:10", "a quote is not closed", 'closing "'),
    ("org/a -r more.txt", "1:1", "-r stands on a line of its own", "split"),
    ("-r a.txt -r b.txt", "1:1", "-r stands on a line of its own", "split"),
    ("-r a.txt --use=x", "1:1", "-r stands on a line of its own", "split"),
    ("-r", "1:1", "-r needs a value", "`-r other.txt`"),
    ("-r nope.txt", "1:4", "the list `nope.txt` cannot be read: No such file", "folder of the list"),
    ("--requirement=nope.txt", "1:15", "the list `nope.txt` cannot be read: No such file", "folder of the list"),
    ("-r .", "1:4", "cannot be read: it is a folder", ""),
    ("-r https://example.org/list.txt", "1:4", "never fetched", "save it"),
    ("#\n" + "x" * 10_001, "2:10001", "the line is longer than 10,000 characters", ""),
    ("# " + "x" * 10_000, "1:10001", "the line is longer than 10,000 characters", ""),
]


@pytest.mark.parametrize(("text", "place", "message", "help_"), FAULTS, ids=[repr(row[0])[:60] for row in FAULTS])
def test_faults(text: str, place: str, message: str, help_: str, tmp_path: Path) -> None:
    found = faults(text, tmp_path)
    assert found[0][0] == f"models.txt:{place}"
    assert message in found[0][1]
    assert help_ in found[0][2]


def test_a_long_name_is_cut_in_the_error(tmp_path: Path) -> None:
    ((_, message, _),) = faults("org/" + "x" * 9_000, tmp_path)
    assert len(message) < 120


def test_the_longest_line(tmp_path: Path) -> None:
    (found,) = listed("org/a --note=" + "x" * (10_000 - len("org/a --note=")), tmp_path)
    assert found.note == "x" * 9_987


MANY_MISTAKES = """\
# models of the search team
Qwen/Qwen3-8B
BAAI/bge-m3==1.0
llama3:8b  # from Ollama
google/gemma-3-4b-it --ues=saas
-r more.txt
-r missing.txt
${TEAM}/reranker
org/name/model.gguf
"""
ALL_ERRORS = """\
models.txt:3:1: `BAAI/bge-m3==1.0` is not a model reference
  help: a model has no versions: write a branch, tag or commit as `org/name@revision`
models.txt:4:1: `llama3:8b` is not a model reference
  help: `:tag` is Ollama's form: write the Hub name, a revision as `org/name@revision`
models.txt:5:22: `--ues` is not an option of a model list
  help: did you mean --use? valid options: --use, --base, --note, --requirement, -r
more.txt:2:3: `org/name,` is not a model reference
  help: write no commas: one reference a line; repeat `--base` for several bases
models.txt:7:4: the list `missing.txt` cannot be read: No such file or directory
  help: its path starts from the folder of the list that names it
models.txt:8:1: the variable TEAM is not set
  help: set it, or write its value
models.txt:9:1: `org/name/model.gguf` is not a model reference
  help: a reference names a repository, not a file in it: write `org/name`; a local folder begins with `./`
  help: valid forms: org/name, org/name@revision, hf://org/name@revision, \
https://huggingface.co/org/name/tree/revision, pkg:huggingface/org/name@revision, datasets/org/name, ./local/dir"""


def test_all_bad_lines_of_all_files_are_shown_at_once(tmp_path: Path) -> None:
    (tmp_path / "more.txt").write_text("org/good\n  org/name,\n", encoding="utf-8")
    with pytest.raises(ListError) as caught:
        listed(MANY_MISTAKES, tmp_path)
    assert str(caught.value) == ALL_ERRORS


def test_the_process_environment_is_not_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SECRET", "org")
    ((_, message, _),) = faults("${SECRET}/name", tmp_path)
    assert message == "the variable SECRET is not set"


# text, the numbers of the lines that stay
MERGED = [
    ("", []),
    ("org/a\norg/b\norg/a", [1, 2]),
    ("org/a@v1\nhf://org/a@v1\nhttps://huggingface.co/org/a/tree/v1", [1]),
    ("org/a --base=org/b\norg/a --base=org/b", [1]),
    ("org/a --note=x\norg/a --note=y", [1, 2]),
    ("org/a --base=org/b\norg/a", [1, 2]),
    ("org/a\ndatasets/org/a@v1", [1, 2]),
    ("a@v1\n./a", [1, 2]),
]


@pytest.mark.parametrize(("text", "lines"), MERGED)
def test_merge(text: str, lines: list[int], tmp_path: Path) -> None:
    merged = merge(listed(text, tmp_path))
    assert [one.model.line.line for one in merged if one.model.line] == lines


# text, all errors
CONFLICTS = [
    ("org/a\n#\norg/a@v1",
     ["models.txt:3: `org/a` stands twice with different revisions: v1 here, none at models.txt:1"]),
    ("org/a@v1\norg/a@v2",
     ["models.txt:2: `org/a` stands twice with different revisions: v2 here, v1 at models.txt:1"]),
    ("org/a --use=x\norg/a", ["models.txt:2: `org/a` stands twice with different uses: none here, x at models.txt:1"]),
    ("a\na@1\nb\na@2\n./c\n./c --use=z",
     ["models.txt:2: `a` stands twice with different revisions: 1 here, none at models.txt:1",
      "models.txt:4: `a` stands twice with different revisions: 2 here, none at models.txt:1",
      "models.txt:6: `./c` stands twice with different uses: z here, none at models.txt:5"]),
]  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), CONFLICTS)
def test_conflicts(text: str, expected: list[str], tmp_path: Path) -> None:
    with pytest.raises(ListError) as caught:
        merge(listed(text, tmp_path))
    assert [f"{error.place}: {error.message}" for error in caught.value.errors] == expected


def test_a_conflict_with_a_reference_of_no_list() -> None:
    first, second = (Requirement(model=ModelRef.parse(text)) for text in ("org/a", "org/a@v1"))
    with pytest.raises(ListError, match="v1 here, none at another place"):
        merge([first, second])


segments = st.text(string.ascii_letters + string.digits, min_size=1, max_size=8)
folder_names = st.text(st.characters(exclude_categories=["Cc", "Cs"], exclude_characters="/\\"), min_size=1, max_size=8)
hub_texts = st.builds("{}/{}{}".format, segments, segments, st.just("") | segments.map("@{}".format))
folder_texts = st.builds("{}{}x".format, st.sampled_from(["./", "../", "/", "~/"]), folder_names)
models = (hub_texts | hub_texts.map("datasets/{}".format) | folder_texts).map(ModelRef.parse)
notes = st.text(st.characters(exclude_categories=["Cc", "Cs"]), min_size=1).filter(str.strip)
requirements = st.builds(
    Requirement,
    model=models,
    use=st.none() | notes,
    bases=st.lists(hub_texts.map("base-{}".format).map(ModelRef.parse), max_size=3, unique=True).map(tuple),
    note=st.none() | notes,
)


def without_lines(found: tuple[Requirement, ...]) -> list[Requirement]:
    def bare(model: ModelRef) -> ModelRef:
        return model.model_copy(update={"line": None})

    return [one.model_copy(update={"model": bare(one.model), "bases": tuple(map(bare, one.bases))}) for one in found]


@given(
    expected=st.lists(requirements),
    end=st.sampled_from(["\n", "\r\n", "\n\n", " # comment\n", "  \\\n\n", " # no \\\n"]),
)
def test_writing_requirements_and_reading_them_gives_the_same(
    expected: list[Requirement], end: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    text = "".join(written(one) + end for one in expected)
    assert without_lines(listed(text, tmp_path_factory.getbasetemp())) == expected


def attempt(text: str, folder: Path) -> tuple[tuple[Requirement, ...], tuple[LicensecheckError, ...]]:
    try:
        return listed(text, folder), ()
    except ListError as refused:
        return (), refused.errors


SIGNS = [
    "org/a", "@", "\\", "'", '"', "#", "--use", "--base", "--note", "-r", "=", "${", "ORG", "}", "https://", "hf://",
    "./", "-", ",", "[", "\0", "\ufeff", "\udcff", " ", "\n", "\r", "\u2028",
]  # fmt: skip
scraps = st.lists(st.sampled_from(SIGNS) | st.text(max_size=3)).map("".join)


@given(text=st.text() | scraps)
def test_any_text_is_read_or_refused_with_a_place_for_each_fault(
    text: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    lines = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n").split("\n")
    found, errors = attempt(text, tmp_path_factory.getbasetemp())
    assert len(found) == len({one.model.line for one in found})
    for error in errors:
        name, line, column = (error.place or "").split(":")
        assert name == "models.txt"
        assert 1 <= int(column) <= len(lines[int(line) - 1])


@given(text=scraps)
def test_no_line_is_silently_skipped(text: str, tmp_path_factory: pytest.TempPathFactory) -> None:
    line = "".join(text.splitlines()).strip().rstrip("\\")
    assume(line and not line.startswith("#"))
    found, errors = attempt(f"org/before\n{line}\norg/after", tmp_path_factory.getbasetemp())
    assert errors or [one.model.line.line for one in found if one.model.line] == [1, 2, 3]
