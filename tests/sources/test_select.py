"""Which paths are read, row by row."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from licensecheck.sources import select

WANTED = """
LICENSE license LICENSE.md LICENSE.txt LICENCE License.rst LICENSE.html LICENSE.pdf LICENSE.docx LICENSES.md
LICENSE-MODEL LICENSE_CODE.txt LICENSE-2.0 LICENSE.Apache LICENSE.model_v2 LICENSE-APACHE-2.0.txt LICENSEv2
MODEL_LICENSE MODEL_LICENSE.pdf MODEL_LICENCE.md UNLICENSE UNLICENSE.txt gemma_license.txt Llama-9-LICENSE.md
LicenseAgreement.txt SOFTWARE_LICENSE_AGREEMENT.md COPYING COPYING.LESSER COPYRIGHT.txt NOTICE NOTICE.txt NOTICES
ThirdPartyNotices.txt third_party_notices.md USE_POLICY.md use-policy.txt ACCEPTABLE_USE.md acceptable_use_policy.txt
Prohibited_Use_Policy.md AUP.txt TERMS.md terms_of_use.txt model-terms.txt EULA.txt PATENTS
README_zh.md readme-cn.md README.zh-CN.md README_LICENSE.md
original/LICENSE code/sub/LICENSE.txt LICENSES/MIT.txt licenses/sub/notice legal/policy.md
""".split()  # noqa: SIM905  a list of this length reads better so
UNWANTED = """
README.md config.json LICENSE.py license.json NOTICE.yaml LICENSE.safetensors COPYING.so license_plate_detector.md
license-plates.txt determiners.txt longterms.txt house_policy.md reuse_policy.md licensed.bin noticeable.txt
a/b/c/LICENSE LICENSES/tool.py ../LICENSE /LICENSE ./LICENSE a//LICENSE model.license.json
""".split()  # noqa: SIM905


@pytest.mark.parametrize("path", WANTED)
def test_wanted(path: str) -> None:
    assert select.wanted(path)
    assert select.wanted(path.upper())


@pytest.mark.parametrize("path", [*UNWANTED, ""])
def test_unwanted(path: str) -> None:
    assert not select.wanted(path)


@given(st.text())
def test_any_text_is_a_path(path: str) -> None:
    assert select.wanted(path) in {True, False}
    assert select.header(path) in {None, "gguf", "safetensors", "json"}


@pytest.mark.parametrize(
    ("paths", "card"),
    [
        (["LICENSE", "README", "readme.md", "README.md"], "README.md"),
        (["README.txt", "Readme.MD"], "Readme.MD"),
        (["README"], "README"),
        (["docs/README.md", "README.py"], None),
        ([], None),
    ],
)
def test_card(paths: list[str], card: str | None) -> None:
    assert select.card(paths) == card


def test_legal_nearest_first() -> None:
    assert select.legal(["b/LICENSE", "a.md", "NOTICE", "LICENSE"]) == ["LICENSE", "NOTICE", "b/LICENSE"]


@pytest.mark.parametrize(("path", "readable"), [("LICENSE", True), ("LICENSE.PDF", False), ("a/NOTICE.docx", False)])
def test_readable(path: str, readable: bool) -> None:
    assert select.readable(path) is readable
