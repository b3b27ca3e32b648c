"""License compliance for AI models: resolve what a model's license is, and check it against your policy.

    import licensecheck as lc

    policy = lc.Policy.load("license-policy.toml")
    report = lc.audit(["Qwen/Qwen3-8B", "nvidia/NV-Embed-v2"], policy=policy)
    report.ok, report.outcome, report.exit_code, report.to_json()

Nothing here prints, ends the process, or reads the clock or the environment; where models come from is
`lc.Sources.online()` (the default) or `lc.Sources.offline()`.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from types import ModuleType
from typing import TYPE_CHECKING, Any

from licensecheck.version import __version__

if TYPE_CHECKING:
    from licensecheck.audit import Report, audit, check, iter_audit, resolve
    from licensecheck.catalog import LicenseRecord
    from licensecheck.errors import IncompleteAudit, LicensecheckError, PolicyViolation
    from licensecheck.policy.schema import Policy
    from licensecheck.sources import Sources
    from licensecheck.texts.identification import Identification
    from licensecheck.texts.identify import identify
    from licensecheck.types import ModelRef, Outcome, Resolution, Verdict

__all__ = [
    "Identification", "IncompleteAudit", "LicenseRecord", "LicensecheckError", "ModelRef", "Outcome", "Policy",
    "PolicyViolation", "Report", "Resolution", "Sources", "Verdict", "__version__", "audit", "check", "identify",
    "iter_audit", "licenses", "resolve",
]  # fmt: skip

_HOMES = {
    "Report": "audit", "audit": "audit", "check": "audit", "iter_audit": "audit", "resolve": "audit",
    "LicenseRecord": "catalog", "IncompleteAudit": "errors", "LicensecheckError": "errors", "PolicyViolation": "errors",
    "Policy": "policy.schema", "Sources": "sources", "ModelRef": "types", "Outcome": "types", "Resolution": "types",
    "Verdict": "types", "Identification": "texts.identification", "identify": "texts.identify",
}  # fmt: skip


def licenses() -> Iterator[LicenseRecord]:
    """All license records of the catalog, by key."""
    from licensecheck.catalog import catalog

    return iter(catalog())


def __getattr__(name: str) -> Any:
    # Imported when first asked for, so that `import licensecheck` costs next to nothing.
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    value = getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted(__all__)


class _Package(ModuleType):
    """This package: importing the rooms `audit` and `resolve` must not hide the functions of the same names."""

    def __setattr__(self, name: str, value: object) -> None:
        if not (name in _HOMES and isinstance(value, ModuleType)):
            super().__setattr__(name, value)


sys.modules[__name__].__class__ = _Package
