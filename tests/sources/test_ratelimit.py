"""The request quotas: what is left is counted down, and a closed quota says for how long."""

from __future__ import annotations

import pytest

from licensecheck.sources.ratelimit import Gate

API, FILE = "https://huggingface.co/api/models/acme/case", "https://huggingface.co/acme/case/resolve/main/LICENSE"


def test_requests_use_a_quota_up() -> None:
    gate = Gate()
    gate.seen('"api";r=2;t=300')
    assert [gate.take(API), gate.take(API)] == [0, 0]
    assert 299 < gate.take(API) <= 300
    assert gate.take(FILE) == 0, "files have a quota of their own"


def test_answers_that_overtake_each_other() -> None:
    gate = Gate()
    gate.seen('"api";r=0;t=300')
    gate.seen('"api";r=5;t=300')
    assert gate.take(API) > 0


def test_a_new_window() -> None:
    gate = Gate()
    gate.seen('"api";r=0;t=0')
    assert gate.take(API) == 0
    gate.seen('"api";r=7;t=300')
    assert gate.take(API) == 0


@pytest.mark.parametrize("header", [None, "", "api;r=0;t=300", '"api";r=-1;t=300', '"api";r=0'])
def test_headers_that_say_nothing(header: str | None) -> None:
    gate = Gate()
    gate.seen(header)
    assert gate.take(API) == 0
