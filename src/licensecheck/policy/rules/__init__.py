"""The rules: one function a rule, its docstring is its documentation."""

from licensecheck.policy.rules import commercial, conditions, derivatives, fetching, lineage, lists, unknown
from licensecheck.policy.rules.registry import RULES, LicenseCase, ModelCase, Rule, UpstreamCase

__all__ = [
    "RULES", "LicenseCase", "ModelCase", "Rule", "UpstreamCase",
    "commercial", "conditions", "derivatives", "fetching", "lineage", "lists", "unknown",
]  # fmt: skip
