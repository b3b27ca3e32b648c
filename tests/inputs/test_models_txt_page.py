"""The reference page and the sample list say what the reader does."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from licensecheck.errors import ListError
from licensecheck.inputs.models_txt import merge, parse, read

DOCS = Path(__file__).parents[2] / "docs"
PAGE = (DOCS / "reference" / "models-txt.md").read_text(encoding="utf-8")
# An example is a fenced text; the paragraph before it says `Valid` or `Not valid, PLACE, what the error says`.
EXAMPLES = re.findall(r"^(\S[^\n]*)\n\n```text\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)
MISTAKES = re.findall(r"^\| `([^`]+)` \| `([^`]+)` \|$", PAGE, re.MULTILINE)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "teams").mkdir()
    (tmp_path / "more.txt").write_text("BAAI/bge-m3\n", encoding="utf-8")
    (tmp_path / "teams" / "search.txt").write_text("./reranker\n", encoding="utf-8")
    return tmp_path


def check(text: str, folder: Path) -> int:
    return len(merge(parse(text, name="models.txt", folder=folder, environment={"ORG": "acme"})))


def test_every_example_has_a_caption() -> None:
    assert len(EXAMPLES) == PAGE.count("```text")
    assert {caption.split(",")[0].rstrip(":") for caption, _ in EXAMPLES} == {"Valid", "Not valid"}


@pytest.mark.parametrize(("caption", "text"), EXAMPLES, ids=[text.partition("\n")[0] for _, text in EXAMPLES])
def test_examples(caption: str, text: str, folder: Path) -> None:
    refused = re.fullmatch(r"Not valid, `([0-9:]+)`, (.+)", caption)
    if refused is None:
        assert check(text, folder) >= 1
        return
    with pytest.raises(ListError) as caught:
        check(text, folder)
    assert [error.place for error in caught.value.errors] == [f"models.txt:{refused[1]}"]
    assert refused[2] in str(caught.value)


@pytest.mark.parametrize(("mistake", "instead"), MISTAKES, ids=[mistake for mistake, _ in MISTAKES])
def test_mistakes(mistake: str, instead: str, folder: Path) -> None:
    with pytest.raises(ListError) as caught:
        check(mistake, folder)
    (error,) = caught.value.errors
    assert error.help is not None
    assert not error.help.startswith("valid forms")
    assert check(instead, folder) == 1


def test_the_page_has_a_table_of_mistakes() -> None:
    assert len(MISTAKES) > 10


def test_the_sample_list() -> None:
    found = merge(read(DOCS / "examples" / "models.txt", environment={}))
    assert [one.model.name for one in found] == [
        "Qwen/Qwen3-8B",
        "meta-llama/Llama-3.1-8B-Instruct",
        "mistralai/Mistral-7B-Instruct-v0.3",
        "microsoft/phi-4",
        "zai-org/GLM-4.5",
        "google/gemma-3-4b-it",
        "google/gemma-4-31B-it",
        "deepseek-ai/DeepSeek-R1",
        "moonshotai/Kimi-K2-Instruct",
        "Qwen/Qwen2.5-3B-Instruct",
        "BAAI/bge-m3",
        "sentence-transformers/all-MiniLM-L6-v2",
        "nvidia/NV-Embed-v2",
    ]
    assert not any(one.use for one in found), "the policies that ship with the tool name no uses"
    assert [str(base) for base in found[-1].bases] == ["mistralai/Mistral-7B-v0.1"]
