"""How rules are written and found: the decorator, the registry and the cases that rules look at."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Literal

from licensecheck.catalog import LicenseRecord
from licensecheck.policy.schema import Policy, Use
from licensecheck.types import Finding, Outcome, Resolution, Upstream

Subject = Literal["line", "model", "license", "upstream"]
"""What a rule looks at: the line that names the model, the model or a base of it, one license, or one base."""


@dataclass(frozen=True)
class ModelCase:
    """A resolution under a policy: what rules about the model as a whole look at."""

    policy: Policy
    use: Use
    resolution: Resolution


@dataclass(frozen=True)
class LicenseCase(ModelCase):
    """One license of the concluded expression; `evidence` are the indexes that name it."""

    record: LicenseRecord
    evidence: tuple[int, ...]

    @property
    def purpose(self) -> str:
        """The purpose that grants are asked for."""
        return "commercial" if self.use.commercial else "research"

    @property
    def actions(self) -> tuple[str, ...]:
        """What the use does with the model, in the words of the vocabulary."""
        wanted = {
            "use": True,
            "host": self.use.hosted_service,
            "modify": self.use.fine_tune,
            "redistribute": self.use.distribute_weights,
            "redistribute-derivative": self.use.distribute_weights and self.use.fine_tune,
        }
        return tuple(action for action, done in wanted.items() if done)

    @property
    def output_actions(self) -> tuple[str, ...]:
        """What the use does with outputs; a license that is silent on them says nothing against it."""
        return ("use-outputs", "train-on-outputs") if self.use.train_on_outputs else ("use-outputs",)

    @property
    def triggers(self) -> frozenset[str]:
        """Which duties the use sets off."""
        use = self.use
        wanted = {
            "commercial-use": use.commercial,
            "host": use.hosted_service,
            "product": use.commercial or use.hosted_service,
            "redistribute": use.distribute_weights,
            "redistribute-derivative": use.distribute_weights and use.fine_tune,
            "derivative": use.fine_tune,
            "output-trained": use.train_on_outputs,
            # Whether results get published is not a matter of policy: say it, so that nobody forgets.
            "publication": True,
        }
        return frozenset(trigger for trigger, on in wanted.items() if on)


@dataclass(frozen=True)
class UpstreamCase(ModelCase):
    """One base model and what the same policy says of it."""

    upstream: Upstream
    findings: tuple[Finding, ...]
    outcome: Outcome


@dataclass(frozen=True)
class Draft:
    """What a rule function yields: a finding without its code, which the registry adds."""

    outcome: Outcome
    message: str
    clause: str | None = None
    evidence: tuple[int, ...] = ()
    help: str | None = None
    license: str | None = None


@dataclass(frozen=True)
class Rule:
    """A registered rule."""

    code: str
    name: str
    subject: Subject
    check: Callable[[Any], Iterator[Draft]]

    @property
    def doc(self) -> str:
        """The page of the rule: what it checks, why it matters, how to fix it."""
        return re.sub(r"\n {4}", "\n", self.check.__doc__ or "").strip()

    def findings(self, case: ModelCase) -> Iterator[Finding]:
        """Run the rule on a case of its subject."""
        for draft in self.check(case):
            yield Finding(
                code=self.code, rule=self.name, outcome=draft.outcome, message=draft.message, clause=draft.clause,
                evidence=draft.evidence, help=draft.help, license=draft.license,
            )  # fmt: skip


RULES: dict[str, Rule] = {}


def rule(
    code: str, name: str, subject: Subject = "model"
) -> Callable[[Callable[[Any], Iterator[Draft]]], Callable[[Any], Iterator[Draft]]]:
    """Register a rule function under a code that is never reused."""

    def register(check: Callable[[Any], Iterator[Draft]]) -> Callable[[Any], Iterator[Draft]]:
        if code in RULES:
            raise ValueError(f"rule {code} stands twice")
        RULES[code] = Rule(code, name, subject, check)
        return check

    return register
