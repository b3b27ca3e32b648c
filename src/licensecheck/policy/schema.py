"""The policy file: what an organization does with models, what is true of it, and what it accepts.

Every key is checked: an unknown one is an error that names the nearest valid key, so that a misspelling can
never switch a rule off.
"""

from __future__ import annotations

import datetime
import difflib
import hashlib
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from licensecheck.catalog import catalog
from licensecheck.catalog.vocabulary import words
from licensecheck.errors import PolicyError
from licensecheck.types import Outcome

Level = Literal[Outcome.ALLOW, Outcome.REVIEW, Outcome.DENY]
NotFetchedLevel = Literal[Outcome.INCOMPLETE, Outcome.REVIEW, Outcome.DENY]
NO_POLICY_HELP = "make one with `licensecheck policy init`, or name one with --policy FILE"


class Section(BaseModel):
    """The base of all tables of the file: kebab-case keys, no others."""

    model_config = ConfigDict(
        frozen=True, extra="forbid", alias_generator=lambda name: name.replace("_", "-"), populate_by_name=False
    )


class Use(Section):
    """What the organization does with the models. Each key must be given: silence is not `false`."""

    commercial: bool
    hosted_service: bool
    fine_tune: bool
    distribute_weights: bool
    train_on_outputs: bool


class PartialUse(Section):
    """A named use under `[uses.NAME]`; what it leaves out is as in `[use]`."""

    commercial: bool | None = None
    hosted_service: bool | None = None
    fine_tune: bool | None = None
    distribute_weights: bool | None = None
    train_on_outputs: bool | None = None


class Fact(Section):
    """A figure about the organization and the day it held; `peak` is the highest it has been up to that day."""

    value: int = Field(ge=0)
    as_of: datetime.date | None = None
    peak: int | None = Field(default=None, ge=0)

    @model_validator(mode="before")
    @classmethod
    def _plain_number(cls, data: Any) -> Any:
        return {"value": data} if isinstance(data, int) and not isinstance(data, bool) else data


Figures = Fact | tuple[Fact, ...]


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
    domicile: str | None = Field(default=None, pattern=r"^[A-Z]{2}$")
    regions: tuple[str, ...] | None = None

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
    """What follows when something is missing, unknown or contradictory. Nothing unfetched can be allowed."""

    no_license: Level = Outcome.DENY
    unrecognized: Level = Outcome.REVIEW
    contradiction: Level = Outcome.REVIEW
    unresolved_upstream: Level = Outcome.REVIEW
    not_fetched: NotFetchedLevel = Outcome.INCOMPLETE
    unpinned: Level = Outcome.ALLOW


class Lineage(Section):
    """How far base models are followed, and what a relabelled derivative amounts to."""

    follow: bool = True
    max_depth: int = Field(default=8, ge=1, le=64)
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
    sha256: str = Field(default="", exclude=True, alias="_sha256")

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
            data = data.get("tool", {}).get("licensecheck", {}).get("policy")
            if data is None:
                raise PolicyError("no table [tool.licensecheck.policy]", place=name, help=NO_POLICY_HELP)
        try:
            policy = cls.model_validate({**data, "_sha256": hashlib.sha256(text.encode()).hexdigest()})
        except ValidationError as error:
            raise _policy_error(error, name) from error
        _check_lists(policy, name)
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
        data.update({key: _fact_value(key, value) for key, value in facts.items()})
        try:
            return self.model_copy(update={"organization": Organization.model_validate(data)})
        except ValidationError as error:
            raise _policy_error(error, "--fact") from error


def _fact_value(key: str, value: str) -> Any:
    if key == "domicile":
        return value.strip()
    if key == "regions":
        return [each.strip() for each in value.split(",")]
    number, _, day = value.replace("_", "").partition("@")
    try:
        return {"value": int(number), **({"as-of": datetime.date.fromisoformat(day)} if day else {})}
    except ValueError as error:
        raise PolicyError(
            f"`{value}` is not a figure", place=f"--fact {key}", help="e.g. 1200000@2026-10-01"
        ) from error


def _check_lists(policy: Policy, name: str) -> None:
    for level in ("allow", "review", "deny"):
        for entry in getattr(policy.licenses, level):
            place = f"{name} [licenses] {level}"
            if entry.startswith("@"):
                _check_class(entry, place)
                continue
            record = catalog().find(entry)
            if record is None:
                near = catalog().nearest(entry)
                help_ = f"did you mean `{near[0]}`?" if near else "see `licensecheck licenses search`"
                raise PolicyError(f"`{entry}` is not a known license", place=place, help=help_)
            if level == "allow" and record.ambiguous:
                raise PolicyError(
                    f"`{entry}` names several licenses, which may differ",
                    place=place,
                    help=f"name those you mean: {', '.join(record.candidates)}",
                )


def _check_class(entry: str, place: str) -> None:
    classes = words()["class"]
    if entry[1:] not in classes:
        near = difflib.get_close_matches(entry[1:], classes, n=1)
        help_ = f"did you mean `@{near[0]}`?" if near else f"classes: {', '.join('@' + each for each in classes)}"
        raise PolicyError(f"`{entry}` is not a class of licenses", place=place, help=help_)


def _policy_error(error: ValidationError, name: str) -> PolicyError:
    """All faults of the file in one error, each with its key and the fix."""
    lines = []
    for each in error.errors():
        path = [str(part) for part in each["loc"] if not str(part).startswith(("function-", "Fact", "tuple["))]
        place = ".".join(path)
        if each["type"] == "extra_forbidden":
            near = difflib.get_close_matches(path[-1], _keys(path[:-1]), n=1, cutoff=0.5)
            hint = f"did you mean `{near[0]}`?" if near else f"valid keys: {', '.join(_keys(path[:-1]))}"
            lines.append(f"unknown key `{place}`: {hint}")
        elif each["type"] == "missing":
            lines.append(f"missing key `{place}`: it must be given")
        else:
            lines.append(f"`{place}`: {each['msg']}, not {each['input']!r}"[:300])
    return PolicyError("; ".join(dict.fromkeys(lines)), place=name)


def _keys(path: list[str]) -> list[str]:
    """The valid keys of the table at this path of the file."""
    section: type[BaseModel] = Policy
    for part in path:
        if part in Use.model_fields or (section is Policy and part == "uses"):
            section = PartialUse
            continue
        field = next((field for key, field in section.model_fields.items() if key.replace("_", "-") == part), None)
        kind = field.annotation if field else None
        if isinstance(kind, type) and issubclass(kind, BaseModel):
            section = kind
    return [key.replace("_", "-") for key in section.model_fields if key != "sha256"]
