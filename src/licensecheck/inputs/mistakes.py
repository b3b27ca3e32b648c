"""What people write into a model list instead of a reference, and what to write."""

from __future__ import annotations

import re


def advice(text: str, written: str) -> str | None:
    """Say what to write instead of a word that is no reference; None where no known mistake fits.

    `text` is the word without quotes and with its variables put in, `written` the word as it stands in the list.
    """
    for sign, help_ in _MISTAKES:
        if sign.search(text) or sign.search(written):
            return help_
    return None


# Each mistake is told by its sign; the first row that fits gives the help.
_MISTAKES = tuple(
    (re.compile(sign), help_)
    for sign, help_ in (
        (r"\A\s*\Z", "nothing stands here: an empty quote or an empty variable"),
        (
            r"""\A[\[\]{}*-]|\A["']?\w+["']?:\Z|["'],\Z|\A=\Z""",
            "a list is plain text, not JSON, YAML or TOML: one reference a line, no brackets, dashes, keys or commas",
        ),
        (r"github\.com[/:]", "GitHub repositories cannot be checked: clone it and write `./dir`, or find its Hub name"),
        (r"\A(?:www\.)?(?:huggingface\.co|hf\.co)/", "write `org/name`, or the address with `https://`"),
        (r"\A(?!hf:|https?:|pkg:)(?i:hf|https?|pkg):", "write the scheme in lower case: `hf://org/name`"),
        (r"\Apkg:(?!huggingface/)", "only package URLs that begin with `pkg:huggingface/` name a model"),
        (
            r"\Ahttps?://(?:\w+@)?(?:www\.)?(?:huggingface|hf)\.co\b",
            "this page is not a repository: copy the address of the model's main page, or write `org/name`",
        ),
        (r"\A(?!hf:)[\w.+-]+://", "only huggingface.co addresses can be checked: write the Hub name `org/name`"),
        (r"\\\Z", "`\\` continues a line only as its very last character"),
        (r"\\", "write a local folder with forward slashes, from `./`, `../` or a drive: `./models/dir`, `C:/models`"),
        (r",", "write no commas: one reference a line; repeat `--base` for several bases"),
        (r";", "write no `;`: a list has no environment markers"),
        (r"\$[\w(]", "write a variable as `${NAME}`"),
        (r"[=~!]|[<>](?=[\d=])", "a model has no versions: write a branch, tag or commit as `org/name@revision`"),
        (r"[<>]|(?<!\$)\{", "put a real name in place of the placeholder"),
        (
            r"\A(?!hf:)[\w./-]+:[\w.-]*\Z",
            "`:tag` is Ollama's form: write the Hub name, a revision as `org/name@revision`",
        ),
        (r"@\Z", "no revision stands behind `@`: write a branch, tag or commit, or leave out the `@`"),
        (r"\s", 'a name has no spaces; a local folder with spaces begins with `./` and is quoted: `"./my models"`'),
        (r"[^ -~]", "a name has only ASCII letters, digits, `.`, `_` and `-`: type it anew"),
        (r"\A[^/@]+/[^/@]+/\Z", "leave out the last `/`; a local folder begins with `./`"),
        (
            r"\A(?:hf://)?(?:datasets/)?[^/@]+/[^/@]+/.",
            "a reference names a repository, not a file in it: write `org/name`; a local folder begins with `./`",
        ),
    )
)
