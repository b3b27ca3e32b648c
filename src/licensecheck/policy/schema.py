"""The policy file: what an organization does with models, what is true of it, and what it accepts.

Every key is checked: an unknown one is an error that names the nearest valid key, so that a misspelling can
never switch a rule off.
"""

from __future__ import annotations

import datetime
import hashlib
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Literal, Self

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Discriminator,
    Field,
    PrivateAttr,
    Strict,
    Tag,
    ValidationError,
    model_validator,
)

from licensecheck.errors import PolicyError
from licensecheck.policy.mistakes import list_mistakes, policy_error, schema_mistakes, shown, unknown_key, valid_keys
from licensecheck.policy.regions import checked_place
from licensecheck.types import Outcome

Level = Literal[Outcome.ALLOW, Outcome.REVIEW, Outcome.DENY]
UnknownLevel = Literal[Outcome.REVIEW, Outcome.DENY]
NotFetchedLevel = Literal[Outcome.REVIEW, Outcome.INCOMPLETE, Outcome.DENY]
Flag = Annotated[bool, Strict()]
Count = Annotated[int, Strict(), Field(ge=0)]
Place = Annotated[str, AfterValidator(checked_place)]
NO_POLICY_HELP = "make one with `licensecheck policy init`, or name one with --policy FILE"


class Section(BaseModel):
    """The base of all tables of the file: kebab-case keys, no others."""

    model_config = ConfigDict(
        frozen=True, extra="forbid", alias_generator=lambda name: name.replace("_", "-"), populate_by_name=False
    )


class Use(Section):
    """What the organization does with the models. Each key must be given: silence is not `false`."""

    commercial: Flag
    hosted_service: Flag
    fine_tune: Flag
    distribute_weights: Flag
    train_on_outputs: Flag


class PartialUse(Section):
    """A named use under `[uses.NAME]`; what it leaves out is as in `[use]`."""

    commercial: Flag | None = None
    hosted_service: Flag | None = None
    fine_tune: Flag | None = None
    distribute_weights: Flag | None = None
    train_on_outputs: Flag | None = None


class Fact(Section):
    """A figure about the organization and the day it held; `peak` is the highest it has been up to that day."""

    value: Count
    as_of: Annotated[datetime.date, Strict()] | None = None
    peak: Count | None = None

    @model_validator(mode="before")
    @classmethod
    def _plain_number(cls, data: Any) -> Any:
        if isinstance(data, int) and not isinstance(data, bool):
            return {"value": data}
        if not isinstance(data, (dict, Fact)):
            raise ValueError(f"must be a figure, e.g. 1_200_000 or {_DATED}, not {shown(data)}")
        return data

    @model_validator(mode="after")
    def _peak_fits(self) -> Self:
        if self.peak is not None and self.as_of is None:
            raise ValueError(f"has a peak without the day up to which it held: {_DATED}")
        if self.peak is not None and self.peak < self.value:
            raise ValueError("has a peak below its value")
        return self


_DATED = "{ value = 1_200_000, as-of = 2026-10-01, peak = 1_500_000 }"


def _arm(data: Any) -> str:
    return "<several>" if isinstance(data, (list, tuple)) else "<one>"


# The arm is chosen by the shape, so that a mistake in one figure is not reported once more as no list.
Figures = Annotated[Annotated[Fact, Tag("<one>")] | Annotated[tuple[Fact, ...], Tag("<several>")], Discriminator(_arm)]


class Organization(Section):
    """Facts that license conditions depend on. What is not known is left out, and asked for where it matters."""

    monthly_active_users: Figures | None = None
    daily_active_users: Figures | None = None
    monthly_visits: Figures | None = None
    annual_revenue_usd: Figures | None = None
    annual_revenue_cny: Figures | None = None
    annual_revenue_jpy: Figures | None = None
    monthly_revenue_usd: Figures | None = None
    funding_raised_usd: Figures | None = None
    output_tokens_per_month: Figures | None = None
    devices: Figures | None = None
    people: Figures | None = None
    domicile: Place | None = None
    regions: tuple[Place, ...] | None = None

    def figures(self, name: str) -> tuple[Fact, ...]:
        """The facts under this key (`monthly-active-users`), empty where none is given."""
        value = getattr(self, name.replace("-", "_"), None)
        return () if value is None else (value,) if isinstance(value, Fact) else value


class Licenses(Section):
    """Lists by license; they beat terms, and the stricter list wins. `default` decides for every other license."""

    allow: tuple[str, ...] = ()
    review: tuple[str, ...] = ()
    deny: tuple[str, ...] = ()
    default: Literal["terms", "review", "deny"] = "terms"


class CommercialUse(Section):
    """What follows when commercial use is forbidden or conditional."""

    forbidden: Level = Outcome.DENY
    condition_met: Level = Outcome.ALLOW
    condition_unmet: Level = Outcome.DENY
    fact_missing: Level = Outcome.REVIEW


class Attribution(Section):
    """Which duties of a permitted use the organization accepts, by kind."""

    license_copy: Level = Outcome.ALLOW
    notice: Level = Outcome.ALLOW
    credit: Level = Outcome.ALLOW
    display: Level = Outcome.REVIEW
    naming: Level = Outcome.REVIEW


class Derivatives(Section):
    """What follows from terms on changed models and on outputs."""

    forbidden: Level = Outcome.DENY
    share_alike: Level = Outcome.REVIEW
    network_copyleft: Level = Outcome.DENY
    use_restrictions: Level = Outcome.REVIEW
    train_on_outputs_forbidden: Level = Outcome.DENY


class Unknown(Section):
    """What follows when something is missing, unknown or contradictory.

    What has no license, no known license or could not be fetched can be reviewed, and never be allowed.
    """

    no_license: UnknownLevel = Outcome.DENY
    unrecognized: UnknownLevel = Outcome.REVIEW
    contradiction: Level = Outcome.REVIEW
    unresolved_upstream: Level = Outcome.REVIEW
    not_fetched: NotFetchedLevel = Outcome.INCOMPLETE
    unpinned: Level = Outcome.ALLOW


class Lineage(Section):
    """How far base models are followed, and what a relabelled derivative amounts to."""

    follow: Flag = True
    max_depth: Annotated[int, Strict()] = Field(default=8, ge=1, le=64)
    relicensed: Level = Outcome.REVIEW


class Policy(Section):
    """One organization policy, valid by construction; `load` and `parse` raise PolicyError with file and key."""

    schema_version: Literal[1]
    name: str
    use: Use
    uses: Mapping[str, PartialUse] = {}
    organization: Organization = Organization()
    licenses: Licenses = Licenses()
    commercial_use: CommercialUse = CommercialUse()
    attribution: Attribution = Attribution()
    derivatives: Derivatives = Derivatives()
    unknown: Unknown = Unknown()
    lineage: Lineage = Lineage()
    _sha256: str = PrivateAttr("")

    @property
    def sha256(self) -> str:
        """The digest of the text that the policy was read from; empty where it was not read from a text."""
        return self._sha256

    @classmethod
    def load(cls, path: str | Path) -> Self:
        """Read a policy file, or the `[tool.licensecheck.policy]` table of a pyproject.toml."""
        path = Path(path)
        try:
            content = path.read_bytes()
        except OSError as error:
            reason = error.strerror or str(error)
            raise PolicyError(f"cannot read the policy: {reason}", place=str(path), help=NO_POLICY_HELP) from error
        try:
            text = content.decode("utf-8")
        except UnicodeDecodeError as error:
            raise PolicyError("the policy is not UTF-8 text", place=str(path), help="save it as UTF-8") from error
        return cls.parse(text, name=str(path), in_pyproject=path.name == "pyproject.toml")

    @classmethod
    def parse(cls, text: str, *, name: str = "policy", in_pyproject: bool = False) -> Self:
        """Read the text of a policy; `name` is what errors call it."""
        try:
            data = tomllib.loads(text.removeprefix("\ufeff"))
        except tomllib.TOMLDecodeError as error:
            raise PolicyError(f"not valid TOML: {error}", place=name) from error
        if in_pyproject:
            data, name = _pyproject_table(data, name), f"{name} [tool.licensecheck.policy]"
        mistakes = list(list_mistakes(data))
        try:
            policy = cls.model_validate(data)
        except ValidationError as error:
            raise policy_error([*schema_mistakes(error, cls), *mistakes], name) from error
        if mistakes:
            raise policy_error(mistakes, name)
        policy._sha256 = hashlib.sha256(text.encode()).hexdigest()
        return policy

    def used_as(self, name: str | None) -> Use:
        """The use that is judged: `[use]`, or `[uses.NAME]` on top of it."""
        if name is None:
            return self.use
        if name not in self.uses:
            known = ", ".join(f"`{each}`" for each in self.uses) or "none"
            raise PolicyError(f"no use `{name}` in the policy `{self.name}`", help=f"named uses: {known}")
        given = self.uses[name].model_dump(exclude_none=True)
        return self.use.model_copy(update=given)

    def with_facts(self, facts: Mapping[str, str]) -> Self:
        """This policy with facts from `--fact KEY=VALUE` (`VALUE@YYYY-MM-DD` dates a figure) over its own."""
        if not facts:
            return self
        data = self.organization.model_dump(by_alias=True, exclude_none=True)
        mistakes = []
        for key, value in facts.items():
            try:
                data[key] = _fact_value(key, value)
            except ValueError as error:
                mistakes.append(str(error))
        try:
            organization = Organization.model_validate(data)
        except ValidationError as error:
            mistakes.extend(schema_mistakes(error, Organization))
        if mistakes:
            raise policy_error(mistakes, "--fact")
        return self.model_copy(update={"organization": organization})


def _pyproject_table(data: Mapping[str, Any], name: str) -> dict[str, Any]:
    table: Any = data
    for key in ("tool", "licensecheck", "policy"):
        table = table.get(key) if isinstance(table, dict) else None
    if not isinstance(table, dict):
        raise PolicyError("no table [tool.licensecheck.policy]", place=name, help=NO_POLICY_HELP)
    return table


def _fact_value(key: str, value: str) -> Any:
    """The value of one `--fact` as the file would hold it; raises ValueError with the sentence to show."""
    keys = valid_keys(Organization)
    if key not in keys:
        raise ValueError(unknown_key(key, keys))
    if key == "domicile":
        return value.strip()
    if key == "regions":
        return [each.strip() for each in value.split(",")]
    number, at, day = value.partition("@")
    try:
        return {"value": int(number), **({"as-of": datetime.date.fromisoformat(day)} if at else {})}
    except ValueError as error:
        raise ValueError(f"`{key}` must be a figure such as 1200000 or 1200000@2026-10-01, not `{value}`") from error
