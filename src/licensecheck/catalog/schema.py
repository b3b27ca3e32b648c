"""The shape of a license record: what a license permits, on which condition, and what it demands.

A record is one TOML file; `design` of the words is in data/terms.toml. Every term carries the clause it stands in
and an anchor, a phrase of at most twelve words that stands in that clause, so that a machine can check it.
"""

from __future__ import annotations

import datetime
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator

from licensecheck.catalog.vocabulary import word

MAX_ANCHOR_WORDS = 12
_MAX_ANCHOR_CHARACTERS = 120  # Chinese and Japanese anchors have no spaces to count words by

Class = Annotated[str, word("class")]
Action = Annotated[str, word("action")]
Purpose = Annotated[str, word("purpose")]
Trigger = Annotated[str, word("trigger")]
AsOf = datetime.date | Literal["rolling", "prior-year", "unknown"]


class _Part(BaseModel):
    model_config = ConfigDict(
        frozen=True,
        extra="forbid",
        alias_generator=lambda name: name.replace("_", "-").rstrip("-"),
        populate_by_name=True,
    )


class Term(_Part):
    """What every statement about a license has: its clause, an anchor phrase from it, a note."""

    clause: str | None = None
    anchor: str | None = None
    note: str | None = None

    @field_validator("anchor")
    @classmethod
    def _short(cls, anchor: str | None) -> str | None:
        if anchor and (len(anchor.split()) > MAX_ANCHOR_WORDS or len(anchor) > _MAX_ANCHOR_CHARACTERS):
            raise ValueError(f"an anchor has at most {MAX_ANCHOR_WORDS} words")
        return anchor


class Condition(Term):
    """What must hold for a conditional grant or duty.

    A threshold is *met while* `metric` does not satisfy `op value`: `op=">", value=700_000_000` is broken by more
    than 700 million. `as_of` is the date on which it is tested once, or `rolling`, or `prior-year`.
    """

    type: Annotated[str, word("condition")]
    metric: Annotated[str, word("metric")] | None = None
    op: Literal[">", ">="] | None = None
    value: int | None = None
    currency: str | None = None
    as_of: AsOf | None = None
    who: Annotated[str, word("who")] | None = None
    then: Annotated[str, word("then")] | None = None
    excluded: tuple[str, ...] = ()
    basis: Annotated[str, word("region-basis")] | None = None
    applies_to: Literal["all", "multimodal"] = "all"
    end_users_exempt: bool = False


class Grant(Term):
    """Whether actions are permitted for purposes. Without `purposes` the grant speaks of every purpose."""

    actions: tuple[Action, ...]
    purposes: tuple[Purpose, ...] = ()
    value: Annotated[str, word("value")]
    conditions: tuple[Condition, ...] = ()


class Duty(Term):
    """What the licensee owes, what triggers it, and the exact text if the license gives one.

    A duty with `conditions` is owed only where they are broken (a name to show above 100 million users).
    """

    kind: Annotated[str, word("duty")]
    text: str | None = None
    where: Annotated[str, word("where")] | None = None
    triggers: tuple[Trigger, ...] = ()
    conditions: tuple[Condition, ...] = ()


class ShareAlike(Term):
    """How far the license reaches into what is made of the model."""

    level: Annotated[str, word("share-alike")]


class Outputs(Term):
    """What may be done with outputs; `naming` is the word that models trained on them must carry."""

    ownership: str | None = None
    use: Annotated[str, word("output-use")] = "unknown"
    train_others: Annotated[str, word("train-others")] = "unknown"
    naming: str | None = None


class AcceptableUse(Term):
    """An acceptable use policy that belongs to the license."""

    place: Annotated[str, word("policy-place")]
    url: str | None = None
    incorporated: bool
    mutable: bool = False


class FieldOfUse(Term):
    """A field of use that is excluded."""

    field: Annotated[str, word("field")]


class Patent(Term):
    """Patent grant and what a lawsuit does to the license."""

    grant: Annotated[str, word("patent-grant")] = "unknown"
    retaliation: Annotated[str, word("retaliation")] = "unknown"


class End(Term):
    """How the license ends or changes. None = not read."""

    trigger: str | None = None
    revocable: bool | None = None
    licensor_may_amend: bool | None = None


class Law(Term):
    """The law that governs the license: a state or a country, in the license's words."""

    of: str


class Terms(_Part):
    """All terms of one license version."""

    grants: tuple[Grant, ...] = ()
    duties: tuple[Duty, ...] = ()
    share_alike: ShareAlike | None = None
    outputs: Outputs | None = None
    policy: AcceptableUse | None = None
    fields: tuple[FieldOfUse, ...] = ()
    patent: Patent | None = None
    end: End | None = None
    law: Law | None = None

    def grant(self, action: str, purpose: str) -> Grant | None:
        """The first grant that speaks of this action and purpose; None where the record does not say."""
        for grant in self.grants:
            if action in grant.actions and (not grant.purposes or purpose in grant.purposes):
                return grant
        return None


class Reading(_Part):
    """One reading of a license text: by whom, when, and what was noticed."""

    by: str
    on: datetime.date
    note: str | None = None


class Review(Reading):
    """Who read the terms, when, and from what; `second` is a later, independent reading against the text.

    The note of the second reading says what it changed, and why.
    """

    basis: Annotated[str, word("basis")]
    second: Reading | None = None


class LicenseRecord(_Part):
    """One license version (or one family name, with `candidates`) and what it says.

    `key` is the Hub's id where there is one; `spdx_id` the SPDX id or `LicenseRef-` and the key. A record with
    `candidates` names several licenses: it is never resolved to one of them, and `decides` says what would.
    """

    key: str = Field(pattern=r"^[a-z0-9][a-z0-9.+-]*$")
    spdx_id: str
    name: str
    family: str
    version: str | None = None
    date: datetime.date | None = None
    steward: str | None = None
    class_: Class
    text_urls: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()
    supersedes: tuple[str, ...] = ()
    candidates: tuple[str, ...] = ()
    decides: str | None = None
    note: str | None = None
    review: Review
    terms: Terms = Terms()

    @property
    def is_permissive(self) -> bool:
        """Whether it is permissive, or a dedication to the public domain."""
        return self.class_ in {"permissive", "public-domain"}

    @property
    def ambiguous(self) -> bool:
        """Whether the name stands for several licenses."""
        return bool(self.candidates) or self.class_ == "family"
