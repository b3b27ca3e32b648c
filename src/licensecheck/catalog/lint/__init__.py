"""Is the catalog sound? `python -m licensecheck.catalog.lint [--texts FOLDER --table FILE] [--fetch] [KEY...]`."""

from licensecheck.catalog.lint.anchors import answers_digest, missing_anchors, plain
from licensecheck.catalog.lint.checks import Problem, check

__all__ = ["Problem", "answers_digest", "check", "missing_anchors", "plain"]
