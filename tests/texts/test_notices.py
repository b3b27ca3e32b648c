"""Copyright notices go, and nothing goes with them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from licensecheck.texts.normalize import tokens

LICENSE = "Permission is hereby granted to use the Software."

NOTICES = [
    "Copyright 2024 Foo",
    "Copyright (c) 2024 Foo, Inc.",
    "Copyright (C) 2019-2024, Foo Inc. and its affiliates. All rights reserved.",
    "(c) Copyright 2023 by Jane Q. Doe <jane@example.org>",
    "(c) 2024 Foo Bar Ltd.",
    "© 2023–2024 The Foo Authors (https://example.org/foo)",
    "Copyright © Foo GmbH & Co. KG",
    "Copyright (c) 2012-present, Foo & Bar contributors.\nCopyright (c) 2010 Baz\nAll rights reserved.",
    "2009-2024 (c) Jane Doe <jane@example.org>\n2012 (c) Dr. John Doe",
    "Copyright (c) 1991, 1999 Example Foundation, Inc.\n51 Franklin Street, Fifth Floor, Boston, MA 02110-1301 USA",
    "Copyright (c) 2023 Example Research Institute for Informatics",
    "Copyright (c) 2020 The Regents of the University of Example. All rights reserved.",
    "Copyright (c) 2020 Foo Software, Inc.\nCopyright (c) 2021 Bar Limited\nCopyright 2018- The Foo Model Team",
    "Copyright (c) <year> <copyright holders>",
    "Copyright [yyyy] [name of copyright owner]",
    "Copyright (C) 19yy  <name of author>",
    "# Copyright (c) Foo Platforms, Inc. and affiliates.\n# All rights reserved.",
    "<p>Copyright &copy; 2024 Élodie Müller</p>",
    "All rights reserved.",
]

# notice with a rider -> the words that must stay
RIDERS = {
    "Copyright 2024 Foo. Non-commercial use only": "noncommercial use only",
    "Copyright 2024 Foo - non-commercial use only": "noncommercial use only",
    "Copyright (c) 2024 Foo for research": "for research",
    "Copyright (c) 2024 Foo (academic use)": "academic use",
    "Copyright (c) 2024 Foo, Inc. Evaluation copy.": "evaluation copy",
    "Copyright 2024 Foo. All rights reserved. Not for military use.": "not for military use",
    "Copyright 2024 Foo 30 days": "30 days",
    "Copyright (c) 2024 清华大学 仅供学术研究使用": "仅 供 学 术 研 究 使 用",
    "Copyright (c) 2024 仅限清华大学": "仅 限 清 华 大 学",
    "© 2024 Foo. Nur für Forschung": "nur für forschung",
    "Copyright 2024 Foo. Licensed under the Example License": "licensed under the example license",
    "Copyright 2024 Foo; trial": "trial",
    "Copyright 2024 Foo, Inc. for hobbyists": "for hobbyists",
    "Copyright 2024 Foo Software. Research": "software research",
    "Copyright 2024 Foo. Teams of five at most": "teams of five at most",
}

SENTENCES = [
    "The above copyright notice and this permission notice shall be included.",
    "Copyright Holder means the person who holds the copyright.",
    "In 2024 copyright law was changed.",
    "(c) 2024 revenue exceeds $10 million;",
    "Display: Built with Foo, Copyright © Foo Platforms, Inc. All Rights Reserved.",
    "You must not remove copyright, patent or trademark notices.",
]


@pytest.mark.parametrize("notice", NOTICES)
def test_a_notice_goes(notice: str) -> None:
    assert tokens(f"{notice}\n\n{LICENSE}") == tokens(LICENSE)


@pytest.mark.parametrize("notice", NOTICES[:3])
def test_a_notice_goes_from_the_paragraph_it_shares(notice: str) -> None:
    assert tokens(f"Example License {notice} {LICENSE}") == tokens(f"Example License {LICENSE}")


@pytest.mark.parametrize(("notice", "words"), RIDERS.items())
def test_a_rider_stays(notice: str, words: str) -> None:
    assert tokens(f"{notice}\n\n{LICENSE}") == words.split() + tokens(LICENSE)


@pytest.mark.parametrize("sentence", SENTENCES)
def test_a_sentence_about_copyright_stays(sentence: str) -> None:
    plain = sentence.replace("opyright", "opywrong").replace("©", "")
    assert [word.replace("opywrong", "opyright") for word in tokens(plain)] == tokens(sentence)


def test_a_name_as_long_as_a_sentence_is_none() -> None:
    assert len(tokens("Copyright 2024 " + "foo bar " * 20)) > 40


@given(
    st.sampled_from(
        ["noncommercial", "commercial", "research", "not", "only", "academic", "license", "permission", "may", "use"]
    ),
    st.sampled_from(NOTICES),
    st.sampled_from([" ", ", ", ". ", "\n", " - ", " ("]),
)
def test_no_word_that_matters_is_lost(word: str, notice: str, between: str) -> None:
    assert word in tokens(f"{notice}{between}{word.upper()} foo")
