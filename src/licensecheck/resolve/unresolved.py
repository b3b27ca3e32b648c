"""What stays open: statements that name no known license, and texts that nobody has read."""

from __future__ import annotations

import re
from collections.abc import Sequence

from licensecheck.cards.keys import PLACEHOLDER_IDS
from licensecheck.catalog import catalog
from licensecheck.resolve.contradictions import adds
from licensecheck.resolve.work import Work, is_no_license, is_permissive, records, says
from licensecheck.types import ContradictionKind, Evidence, Unresolved

_OF_WEIGHTS = re.compile(r"model|weight|non-?commercial|[-_]nc\b|research|community|agreement|eula", re.IGNORECASE)
"""In the name of a file: it is the license of the weights, and not of the code, or a stricter one."""


def unknown_statements(work: Work, tags: Sequence[int], concluded: str | None, *, permissive: bool) -> None:
    """Statements that name no license of the catalog: contradictions to a tag that names one, else open questions."""
    names = [
        *work.where(kinds=("metadata", "embedded"), fields=("license_name", "license_details")),
        *work.where(kinds=("embedded",), fields=("license",)),
    ]
    labels = [i for i in work.where(kinds=("prose",)) if work.evidence[i].field != "license_link"]
    for i in [*tags, *names, *labels]:
        if not work.evidence[i].license and work.evidence[i].spelling:
            _unknown(work, i, tags, [*names, *labels], concluded)
    links = [
        i for i in work.where(kinds=("metadata", "prose"), fields=("license_link",)) if work.evidence[i].license is None
    ]
    custom = [i for i in links if work.evidence[i].kind == "metadata" and "://" in (work.evidence[i].spelling or "")]
    if permissive and tags and _named(work, tags) is None and custom:
        unread(work, custom[0])
    for i in links if permissive else ():
        name = (work.evidence[i].spelling or "").rpartition("/")[2]
        if _OF_WEIGHTS.search(name) and not _was_read(work, name):
            unread(work, i)
    if concluded is None and not work.unresolved and links:
        _unrecognized(work, links[0], f"`{work.evidence[links[0]].quote}` is a link to a text nobody has read")
    if concluded is None and not work.unresolved:
        _of_what(work)


def _was_read(work: Work, name: str) -> bool:
    """Whether a license file of this name is among the evidence, with its text."""
    files = (each for each in work.evidence if each.kind == "license-file" and each.sha256)
    return any(each.locator.rpartition("/")[2].lower() == name.lower() for each in files)


def _named(work: Work, tags: Sequence[int]) -> int | None:
    return next((i for i in tags if work.evidence[i].license), None)


def _unknown(work: Work, i: int, tags: Sequence[int], others: Sequence[int], concluded: str | None) -> None:
    each, named = work.evidence[i], _named(work, tags)
    if (each.spelling or "").lower() in PLACEHOLDER_IDS:
        if named is not None and i in tags:
            work.contradict("list-ambiguous", tags, f"{says(work, named)}, and `{each.spelling}` beside it")
        elif concluded is None and not any(work.evidence[j].spelling for j in others):
            _unrecognized(work, i, f"`{each.quote}` names no license, and nothing else does")
    elif named is not None and i not in tags:
        if not _only_restricts(work, each, concluded):
            kind: ContradictionKind = "tag-vs-prose" if each.kind == "prose" else "tag-vs-name"
            work.contradict(kind, [*tags, i], f"{says(work, named)}, but {says(work, i)}")
    elif concluded is None or i in tags or (each.kind == "prose" and each.field == "license"):
        _unrecognized(work, i, f"`{each.quote}` is no license that the catalog knows")


def other_texts(work: Work) -> None:
    """Texts that may speak of something else than the weights: a permissive license waits until they are read.

    What is known and permissive is left alone, and so is what speaks of the code.
    """
    for i, each in enumerate(work.evidence):
        legal = each.kind in {"license-file", "notice-file"} and not each.restriction
        open_ = each.license is None and each.kind == "license-file"
        stricter = each.license is not None and not is_permissive(each.license)
        if legal and (each.scope == "unclear" or each.kind == "notice-file") and (open_ or stricter):
            unread(work, i)


def unread(work: Work, i: int) -> None:
    """A text or a link that nobody could identify is an open question."""
    each = work.evidence[i]
    what = {"gate": "the gate text", "policy-file": "the policy", "metadata": "the link", "prose": "the link"}.get(
        each.kind, "the text"
    )
    known = is_no_license(each)
    if each.license:
        known = f"is {each.license}, which may bind the model too"
    elif each.kind in {"metadata", "prose"}:
        known = "leads to a text nobody has read"
    message = f"{what} at {each.locator} (“{each.quote}”) {known}"
    reason = "variant" if each.difference else "unread-text"
    near = (each.nearest,) if each.nearest else ()
    work.unresolved.append(Unresolved(spelling=each.quote, reason=reason, candidates=near, evidence=i, message=message))


def has_policy(concluded: str | None) -> bool:
    """Whether a license in the expression has a policy or gate of its own, so that such a text is expected."""
    if concluded is None:
        return False
    return any(record is not None and record.terms.policy is not None for record in records(concluded))


def _only_restricts(work: Work, each: Evidence, concluded: str | None) -> bool:
    """Whether a label names no license but a restriction that the license has: “Non-commercial license”."""
    same = [one for one in work.evidence if one.restriction and one.locator == each.locator]
    return bool(same and concluded and not any(adds(work, one, concluded) for one in same))


def _of_what(work: Work) -> None:
    """Sentences that name a license, of which nobody can tell what they speak of: not a license, and not none."""
    for i, each in enumerate(work.evidence):
        near: tuple[str, ...] = ()
        reads = f"{each.locator} reads “{each.quote}”, and"
        if each.kind == "prose" and each.scope == "weights" and not each.license and not each.restriction:
            message = f"{reads} that license is not named"
        elif each.kind == "prose" and each.license and each.scope == "unclear":
            near, message = (each.license,), f"{reads} does not say that {each.license} is the license of the model"
        else:
            continue
        work.unresolved.append(
            Unresolved(spelling=each.quote, reason="ambiguous", candidates=near, evidence=i, message=message)
        )
        return


def _unrecognized(work: Work, i: int, message: str) -> None:
    spelling = work.evidence[i].spelling or ""
    family = catalog().family(spelling)
    near = catalog().nearest(spelling)
    if family:
        message += f"; it looks like a version of the {family} family that nobody has recorded"
    if near:
        message += f"; nearest known: {', '.join(near)}"
    reason = "unknown-version" if family else "unrecognized"
    work.unresolved.append(Unresolved(spelling=spelling, reason=reason, candidates=near, evidence=i, message=message))
