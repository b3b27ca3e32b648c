"""Model references: every written form, and the way back from `str`."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from licensecheck.errors import BadReferenceError
from licensecheck.types import REFERENCE_FORMS, ListLine, ModelRef

SHA = "0e9e39f249a16976918f6564b8830bc894c89659"

# written form, the same in its plain form, kind, revision
HUB_FORMS = [
    ("Qwen/Qwen3-8B", "Qwen/Qwen3-8B", "model", None),
    ("gpt2", "gpt2", "model", None),
    (" org/name\t", "org/name", "model", None),
    ("org/name@main", "org/name@main", "model", "main"),
    (f"org/name@{SHA}", f"org/name@{SHA}", "model", SHA),
    ("org/name@refs/pr/1", "org/name@refs/pr/1", "model", "refs/pr/1"),
    ("hf://org/name@v1.0", "org/name@v1.0", "model", "v1.0"),
    ("hf://models/org/name", "org/name", "model", None),
    ("hf://datasets/org/name@v1", "datasets/org/name@v1", "dataset", "v1"),
    ("datasets/org/name", "datasets/org/name", "dataset", None),
    ("datasets/squad", "datasets/squad", "dataset", None),
    ("https://huggingface.co/org/name", "org/name", "model", None),
    ("https://huggingface.co/org/name/", "org/name", "model", None),
    ("https://www.huggingface.co/org/name?library=true#usage", "org/name", "model", None),
    ("https://hf.co/org/name", "org/name", "model", None),
    ("http://HuggingFace.co/org/name", "org/name", "model", None),
    ("https://huggingface.co/org/name/tree/main", "org/name@main", "model", "main"),
    ("https://huggingface.co/org/name/blob/main/LICENSE", "org/name@main", "model", "main"),
    (f"https://huggingface.co/org/name/commit/{SHA}", f"org/name@{SHA}", "model", SHA),
    ("https://huggingface.co/org/name/resolve/v1/a/b.json", "org/name@v1", "model", "v1"),
    ("https://huggingface.co/org/name/tree/refs%2Fpr%2F1", "org/name@refs/pr/1", "model", "refs/pr/1"),
    ("https://huggingface.co/org/name/tree/refs/pr/1/sub", "org/name@refs/pr/1", "model", "refs/pr/1"),
    ("https://huggingface.co/datasets/org/name", "datasets/org/name", "dataset", None),
    ("pkg:huggingface/org/name", "org/name", "model", None),
    (f"pkg:huggingface/org/name@{SHA}", f"org/name@{SHA}", "model", SHA),
    ("pkg:huggingface/org/name@refs%2Fpr%2F1", "org/name@refs/pr/1", "model", "refs/pr/1"),
]

# written form, name
FOLDERS = [
    (".", "."),
    ("..", ".."),
    ("./dir", "./dir"),
    ("./dir/", "./dir"),
    ("./my models/a@b", "./my models/a@b"),
    ("../dir", "../dir"),
    ("/", "/"),
    ("/srv/models/a", "/srv/models/a"),
    ("~/models/a", "~/models/a"),
    (".\\dir", ".\\dir"),
    ("C:\\models\\a", "C:\\models\\a"),
    ("C:/models/a/", "C:/models/a"),
]

NOT_REFERENCES = [
    "pkg:huggingface/org/name@v1?repository_url=https://hub.example.org",
    "https://huggingface.co/org/name?revision=other",
    "https://user:secret@huggingface.co/org/name",
    "https://huggingface.co:8443/org/name",
    "https://huggingface.co/org/name/blob/main/../../../../other/model",
    "https://huggingface.co/docs/transformers",
    "",
    " ",
    "org/",
    "@main",
    "org/name@",
    "org/name@a@b",
    "org/na me",
    "org/name==1.0",
    "org/name:tag",
    "org/name/file.gguf",
    "org//name",
    "org/na--me",
    "org/na..me",
    ".org/name",
    "-org/name",
    "org/name.",
    "org/näme",
    "HF://org/name",
    "hf:org/name",
    "https://huggingface.co/",
    "https://huggingface.co/org/name/discussions",
    "https://example.org/org/name",
    "https://huggingface.co.example.org/org/name",
    "pkg:pypi/name@1",
    "a" * 97,
]


@pytest.mark.parametrize(("written", "plain", "kind", "revision"), HUB_FORMS, ids=[row[0] for row in HUB_FORMS])
def test_hub_forms(written: str, plain: str, kind: str, revision: str | None) -> None:
    ref = ModelRef.parse(written)
    assert (ref.source, ref.kind, ref.revision, str(ref)) == ("hub", kind, revision, plain)
    assert ModelRef.parse(plain) == ref


@pytest.mark.parametrize(("written", "name"), FOLDERS, ids=[row[0] for row in FOLDERS])
def test_folders(written: str, name: str) -> None:
    ref = ModelRef.parse(written)
    assert ref == ModelRef(source="directory", name=name)
    assert ModelRef.parse(str(ref)) == ref


@pytest.mark.parametrize("text", NOT_REFERENCES)
def test_not_a_reference_names_place_and_valid_forms(text: str) -> None:
    with pytest.raises(BadReferenceError) as caught:
        ModelRef.parse(text, line=ListLine(file="models.txt", line=3))
    assert caught.value.place == "models.txt:3"
    assert caught.value.help is not None
    assert REFERENCE_FORMS in caught.value.help


@pytest.mark.parametrize("form", REFERENCE_FORMS.split(", "))
def test_the_forms_named_in_errors_are_valid(form: str) -> None:
    assert str(ModelRef.parse(form)) in {
        "org/name",
        "org/name@revision",
        "datasets/org/name",
        "./local/dir",
    }


@pytest.mark.parametrize(
    ("text", "pinned"),
    [
        ("org/name", False),
        ("org/name@main", False),
        (f"org/name@{SHA[:39]}", False),
        (f"org/name@{SHA.upper()}", False),
        (f"org/name@{SHA}", True),
        ("./dir", True),
    ],
)
def test_pinned(text: str, pinned: bool) -> None:
    assert ModelRef.parse(text).pinned is pinned


@pytest.mark.parametrize(
    ("text", "revision", "purl"),
    [
        ("org/name", None, "pkg:huggingface/org/name"),
        ("org/name@main", SHA, f"pkg:huggingface/org/name@{SHA}"),
        ("datasets/org/name", None, None),
        ("./dir", None, None),
    ],
)
def test_purl(text: str, revision: str | None, purl: str | None) -> None:
    assert ModelRef.parse(text).purl(revision) == purl


def test_line_is_carried_and_left_out_of_the_text() -> None:
    line = ListLine(file="models.txt", line=7)
    ref = ModelRef.parse("org/name@main", line=line)
    assert ref.line == line
    assert str(ref) == "org/name@main"


segments = st.from_regex(r"[A-Za-z0-9](?:[A-Za-z0-9._-]{0,20}[A-Za-z0-9_-])?", fullmatch=True).filter(
    lambda text: ".." not in text and "--" not in text
)
revisions = st.from_regex(
    r"[a-z0-9]{40}|[A-Za-z0-9._+-]{1,12}|refs/(?:pr/[0-9]{1,3}|convert/[a-z]{1,8})", fullmatch=True
)
ids = st.builds("{}/{}".format, segments.filter(lambda org: org not in {"datasets", "models"}), segments)


@given(ids, st.none() | revisions, st.sampled_from(["", "datasets/"]))
def test_round_trip_of_hub_forms(name: str, revision: str | None, prefix: str) -> None:
    at = f"@{revision}" if revision else ""
    tree = f"/tree/{revision.replace('/', '%2F')}" if revision else ""
    written = [f"{prefix}{name}{at}", f"hf://{prefix}{name}{at}", f"https://huggingface.co/{prefix}{name}{tree}"]
    if not prefix:
        written.append(f"pkg:huggingface/{name}{at.replace('/', '%2F')}")
    refs = [ModelRef.parse(text) for text in written]
    assert {str(ref) for ref in refs} == {written[0]}
    assert {ModelRef.parse(str(ref)) for ref in refs} == set(refs) == {refs[0]}


@given(ids, st.none() | st.from_regex(r"[a-z0-9._-]{1,20}", fullmatch=True))
def test_round_trip_of_purls(name: str, revision: str | None) -> None:
    ref = ModelRef(name=name, revision=revision)
    assert ModelRef.parse(ref.purl() or "") == ref


folder_names = st.text(st.characters(exclude_categories=["Cc", "Cs"], exclude_characters="/\\"), min_size=1).filter(
    lambda text: text == text.strip()
)


@given(st.sampled_from(["./", "../", "/", "~/", "C:/", "../../"]), st.lists(folder_names, min_size=1, max_size=4))
def test_round_trip_of_folders(root: str, parts: list[str]) -> None:
    ref = ModelRef.parse(root + "/".join(parts) + "/")
    assert ref == ModelRef(source="directory", name=root + "/".join(parts))
    assert ModelRef.parse(str(ref)) == ref
