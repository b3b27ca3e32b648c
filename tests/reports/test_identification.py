"""How an identification reads."""

from __future__ import annotations

from syrupy.assertion import SnapshotAssertion

from licensecheck.reports.identification import Identified, as_json, as_text
from licensecheck.texts.identification import Difference, Identification, Part

TEXT = "one\ntwo\nthree\nfour five six\nseven\n"
PART = Part(license="acme-1.0", match="exact", content="license", start=0, end=13, similarity=1.0)
OTHER = Part(license="acme-2.0", match="variant", content="license", start=14, end=34, similarity=0.9996)
SAMPLES = {
    "exact": Identification(
        license="acme-1.0", spdx_id="LicenseRef-acme-1.0", expression="LicenseRef-acme-1.0", content="license",
        match="exact", similarity=1.0, nearest="acme-1.0", parts=(PART,),
    ),
    "equivalent": Identification(
        license="acme-1.0", spdx_id="LicenseRef-acme-1.0", expression="LicenseRef-acme-1.0", content="exception",
        match="equivalent", similarity=0.98, nearest="acme-1.0", parts=(PART,),
        differences=(Difference(kind="inserted", words="the", critical=False, start=4, end=7),),
    ),
    "variant": Identification(
        content="license", match="variant", similarity=0.9996, nearest="acme-2.0", parts=(PART, OTHER),
        differences=(
            Difference(kind="inserted", words="two " * 60, critical=True, start=4, end=7),
            Difference(kind="deleted", words="no thing", critical=True, start=14, end=14),
            Difference(kind="changed", words="five", was="5", critical=True, start=19, end=23),
            Difference(kind="inserted", words="a", critical=False, start=28, end=29),
        ),
    ),
    "many": Identification(
        content="license", match="partial", similarity=0.5, nearest="acme-2.0", parts=(OTHER,),
        differences=tuple(
            Difference(kind="inserted", words=str(i), critical=True, start=i, end=i + 1) for i in range(30)
        ),
    ),
    "several": Identification(
        expression="LicenseRef-acme-1.0 AND LicenseRef-acme-2.0", content="license", match="exact", similarity=0.5,
        nearest="acme-1.0", parts=(PART, OTHER),
    ),
    "policy": Identification(
        content="policy", match="exact", similarity=1.0, nearest="acme-aup",
        parts=(PART.model_copy(update={"license": "acme-aup", "content": "policy"}),),
    ),
    "notice": Identification(
        license="acme-1.0", spdx_id="LicenseRef-acme-1.0", expression="LicenseRef-acme-1.0", content="notice",
        match="exact", similarity=1.0, nearest="acme-1.0", parts=(PART.model_copy(update={"content": "notice"}),),
    ),
    "notice-among-words": Identification(
        content="notice", match="partial", similarity=0.2, nearest="acme-1.0",
        parts=(PART.model_copy(update={"content": "notice"}),),
        differences=(Difference(kind="inserted", words="but not you", critical=True, start=14, end=18),),
    ),
    "unknown": Identification(match="unknown"),
    "unknown-with-nearest": Identification(match="unknown", similarity=0.4, nearest="acme-2.0"),
}  # fmt: skip


def test_reads_like_this(snapshot: SnapshotAssertion) -> None:
    assert as_text([Identified(name, TEXT, found) for name, found in SAMPLES.items()]) == snapshot


def test_json_has_every_field(snapshot: SnapshotAssertion) -> None:
    assert as_json([Identified("LICENSE", TEXT, SAMPLES["variant"])]) == snapshot


def test_no_line_is_wider_than_asked() -> None:
    text = as_text([Identified(name, TEXT, found) for name, found in SAMPLES.items()], width=60)
    assert max(len(line) for line in text.splitlines() if line.startswith("  line")) <= 60
