"""What the caller did wrong: one tree of exceptions, each naming its place and the fix.

Doubt about a license is never an exception: it is a finding of the report.
"""

from __future__ import annotations

from collections.abc import Sequence


class LicensecheckError(Exception):
    """The root of all errors this package raises on purpose.

    `place` is where the fault stands (`models.txt:3:7`, `policy.toml [use] commercial`); `help` is what to do.
    """

    exit_code = 2

    def __init__(self, message: str, *, place: str | None = None, help: str | None = None) -> None:  # noqa: A002
        self.message, self.place, self.help = message, place, help
        super().__init__(message)

    def __str__(self) -> str:
        text = f"{self.place}: {self.message}" if self.place else self.message
        return f"{text}\n  help: {self.help}" if self.help else text


class BadReferenceError(LicensecheckError):
    """A model reference that has none of the valid forms."""


class BadExpressionError(LicensecheckError):
    """A license expression that does not parse."""


class CatalogError(LicensecheckError):
    """A license file of the catalog that breaks the schema, or an id asked for that it does not hold."""


class ListError(LicensecheckError):
    """All bad lines of a model list, shown at once."""

    def __init__(self, errors: Sequence[LicensecheckError]) -> None:
        self.errors = tuple(errors)
        super().__init__("\n".join(str(error) for error in self.errors))


class PolicyError(LicensecheckError):
    """A policy that is missing, does not parse or breaks the schema."""


class UsageError(LicensecheckError):
    """Options or inputs that do not go together."""


class NothingToCheckError(LicensecheckError):
    """A list that names no model."""

    exit_code = 4


class PolicyViolation(LicensecheckError):  # noqa: N818  the name is the documented one
    """A model is denied, or needs a review that has not happened."""

    exit_code = 1


class IncompleteAudit(LicensecheckError):  # noqa: N818  the name is the documented one
    """A model could not be judged."""

    exit_code = 3
