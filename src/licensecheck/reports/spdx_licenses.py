"""License expressions in the words that an SPDX document admits, and the explanation of each LicenseRef in them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import TYPE_CHECKING

from licensecheck import spdx
from licensecheck.catalog import LicenseRecord
from licensecheck.errors import BadExpressionError
from licensecheck.reports.clean import clean, cut
from licensecheck.types import NOASSERTION, NONE, Resolution

if TYPE_CHECKING:
    from license_expression import LicenseExpression
    from spdx_tools.spdx.model import ExtractedLicensingInfo, SpdxNoAssertion, SpdxNone

Find = Callable[[str], LicenseRecord | None]
_LONGEST_SPELLING = 80


class Licenses:
    """Translates expressions, and remembers every LicenseRef that it had to use.

    `models` tell where a license text was seen, `texts` hold full texts by LicenseRef, `find` knows the records.
    """

    def __init__(self, models: Iterable[Resolution], *, texts: Mapping[str, str], find: Find) -> None:
        self._texts, self._find = texts, find
        self._places = dict(_places(models))
        self._spellings: dict[str, str] = {}

    def expression(self, text: str) -> LicenseExpression | SpdxNoAssertion | SpdxNone:
        """The expression for a package's field; NOASSERTION where a part is unknown, for SPDX has no other way."""
        from license_expression import Licensing
        from spdx_tools.spdx.model import SpdxNoAssertion, SpdxNone

        if text == NONE:
            return SpdxNone()
        try:
            tree = spdx.parse(text)
        except BadExpressionError:
            tree = spdx.Leaf(text)
        if any(leaf.license in {NOASSERTION, NONE} for leaf in spdx.leaves(tree)):
            return SpdxNoAssertion()
        words = spdx.judge(
            tree,
            leaf=self._leaf,
            all_of=lambda parts: spdx.AllOf(tuple(parts)),
            any_of=lambda parts: spdx.AnyOf(tuple(parts)),
        )
        return Licensing().parse(str(words), simple=True)

    def explained(self) -> list[ExtractedLicensingInfo]:
        """What each LicenseRef of the expressions so far stands for, in alphabetical order."""
        return [self._explain(ref, spelling) for ref, spelling in sorted(self._spellings.items())]

    def _leaf(self, leaf: spdx.Leaf) -> spdx.Expression:
        if leaf.exception and not _listed(leaf.exception, exception=True):
            return spdx.Leaf(self._reference(f"{leaf.license}-WITH-{leaf.exception}", str(leaf)))
        if _listed(leaf.license):
            return leaf
        return spdx.Leaf(self._reference(leaf.license, leaf.license), leaf.exception)

    def _reference(self, name: str, spelling: str) -> str:
        ref = spdx.reference(name.removeprefix("LicenseRef-")[:_LONGEST_SPELLING])
        self._spellings.setdefault(ref, spelling)
        return ref

    def _explain(self, ref: str, spelling: str) -> ExtractedLicensingInfo:
        from spdx_tools.spdx.model import ExtractedLicensingInfo

        record = self._find(spelling)
        name = record.name if record else cut(clean(spelling), _LONGEST_SPELLING)
        urls = [url for url in record.text_urls if url.startswith("https://")] if record else []
        return ExtractedLicensingInfo(
            license_id=ref,
            extracted_text=self._texts.get(ref) or self._stand_in(spelling, name, urls),
            license_name=name,
            cross_references=urls,
        )

    def _stand_in(self, spelling: str, name: str, urls: list[str]) -> str:
        parts = [f"The text of {name} was not at hand when this document was made."]
        parts += [f"It was read from {self._places[spelling]}."] if spelling in self._places else []
        parts += [f"Official text: {url}" for url in urls]
        entry = spdx.lookup(spelling)
        if entry and entry.replaced_by:
            parts.append(f"SPDX has replaced this id by {entry.replaced_by}, which may say more than was meant.")
        return " ".join(parts)


def _places(models: Iterable[Resolution]) -> Iterator[tuple[str, str]]:
    for model in models:
        at = f" at {clean(model.revision)}" if model.revision else ""
        for evidence in model.evidence:
            if evidence.kind == "license-file" and evidence.license:
                digest = f", sha256 {clean(evidence.sha256)}" if evidence.sha256 else ""
                yield evidence.license, f"{clean(evidence.locator)} of {clean(model.name)}{at}{digest}"


def _listed(identifier: str, *, exception: bool = False) -> bool:
    """Whether this is a license (or an exception) of SPDX's list; ScanCode's LicenseRefs are not.

    Nor are deprecated ids: the list that spdx-tools validates by holds `GPL-3.0-only`, and `GPL-3.0` does not say that.
    """
    from spdx_tools.common.spdx_licensing import spdx_licensing

    symbol = spdx_licensing.known_symbols.get(identifier)
    return symbol is not None and bool(symbol.is_exception) == exception
