"""An SPDX 2.3 document of the models and their bases, through spdx-tools, as JSON.

Source: the SPDX specification 2.3. What it does not admit (free text, `NOASSERTION` inside an expression, ids that are
not on its list) never gets in: such a license becomes a LicenseRef that the document explains.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from licensecheck import version
from licensecheck.catalog import catalog
from licensecheck.errors import BadReferenceError
from licensecheck.reports.clean import clean, json_text
from licensecheck.reports.spdx_licenses import Find, Licenses
from licensecheck.reports.wording import OUTCOMES, hub_url, standing, summary
from licensecheck.types import NOASSERTION, NONE, ModelRef, Relation, Report, Resolution, Verdict

if TYPE_CHECKING:
    from spdx_tools.spdx.model import Document, Package, Relationship

Models = Report | Sequence[Resolution]
_UNDATED = datetime(1970, 1, 1, tzinfo=UTC)
_DOCUMENT = "SPDXRef-DOCUMENT"


def render(
    models: Models,
    *,
    created: datetime = _UNDATED,
    namespace: str | None = None,
    texts: Mapping[str, str] | None = None,
    find: Find | None = None,
) -> str:
    """The document as JSON text; the arguments are those of `document`."""
    return json_text(_plain(document(models, created=created, namespace=namespace, texts=texts, find=find)))


def document(
    models: Models,
    *,
    created: datetime = _UNDATED,
    namespace: str | None = None,
    texts: Mapping[str, str] | None = None,
    find: Find | None = None,
) -> Document:
    """One package a model and a base model, what descends from what, and the licenses that are not SPDX's.

    `created` is the date of the document (without one: 1970-01-01, and the document says that it means nothing);
    `namespace` its URI (without one: a digest of the content, so that equal documents have equal names); `texts` the
    full license texts at hand, by LicenseRef; `find` looks a license up (without one: in the catalog).
    """
    from spdx_tools.spdx.model import Document

    verdicts = models.verdicts if isinstance(models, Report) else ()
    listed = [verdict.resolution for verdict in verdicts] if isinstance(models, Report) else list(models)
    nodes, edges = _graph(listed)
    judged = {_id(verdict.resolution): verdict for verdict in verdicts}
    licenses = Licenses(nodes.values(), texts=texts or {}, find=find or catalog().find)
    made = Document(
        creation_info=_creation_info(models, created),
        packages=[_package(node, licenses, judged.get(key)) for key, node in nodes.items()],
        relationships=_relationships(dict.fromkeys(map(_id, listed)), edges),
        extracted_licensing_info=licenses.explained(),
    )
    made.creation_info.document_namespace = namespace or _namespace(_plain(made))
    return made


def _plain(made: Document) -> dict[str, Any]:
    from spdx_tools.spdx.jsonschema.document_converter import DocumentConverter

    data: dict[str, Any] = DocumentConverter().convert(made)
    for package in data.get("packages", ()):
        for ref in package.get("externalRefs", ()):
            # The official schema of 2.3 spells it PACKAGE-MANAGER; spdx-tools 0.8 writes and reads an underscore too.
            ref["referenceCategory"] = ref["referenceCategory"].replace("_", "-")
    return data


Edges = dict[tuple[str, str], Relation]


def _graph(listed: Sequence[Resolution]) -> tuple[dict[str, Resolution], Edges]:
    """All models by SPDX id, the listed ones first, and the relation between each (model, base)."""
    nodes = {_id(resolution): resolution for resolution in listed}
    edges: Edges = {}
    waiting = list(listed)
    while waiting:
        model = waiting.pop(0)
        for relation, base in _bases(model):
            nodes.setdefault(_id(base), base)
            if (_id(model), _id(base)) not in edges:
                edges[_id(model), _id(base)] = relation
                waiting.append(base)
    return nodes, edges


def _bases(model: Resolution) -> Iterator[tuple[Relation, Resolution]]:
    """The resolved bases, then those that the evidence names and nobody resolved."""
    told = set()
    for upstream in model.upstream:
        told |= {upstream.resolution.name.lower(), upstream.resolution.model.name.lower()}
        yield upstream.relation, upstream.resolution
    for evidence in model.evidence:
        if evidence.upstream:
            base = _named(evidence.upstream)
            if base.name.lower() not in told:
                yield evidence.relation or "unknown", base


def _named(text: str) -> Resolution:
    try:
        ref = ModelRef.parse(text)
    except (BadReferenceError, ValueError):
        # Not a name on the Hub: nothing is known of it but what the card calls it.
        ref = ModelRef(source="directory", name=clean(text))
    return Resolution(model=ref, name=ref.name, declared=NOASSERTION, concluded=NOASSERTION, complete=False)


def _id(resolution: Resolution) -> str:
    """The SPDX id of a model; the digest keeps apart what is equal after odd characters are dropped."""
    model = resolution.model
    identity = f"{model.source} {model.kind} {resolution.name} {_revision(resolution)}"
    slug = re.sub(r"[^A-Za-z0-9.-]+", "-", resolution.name).strip("-.") or "unnamed"
    return f"SPDXRef-{model.kind}-{slug}-{hashlib.sha256(identity.encode()).hexdigest()[:12]}"


def _revision(resolution: Resolution) -> str | None:
    return resolution.revision or resolution.model.revision


def _package(resolution: Resolution, licenses: Licenses, verdict: Verdict | None) -> Package:
    from spdx_tools.spdx.model import Package, SpdxNoAssertion

    revision, home = _revision(resolution), hub_url(resolution)
    at = f"@{clean(revision)}" if revision and re.fullmatch(r"[\w./-]+", revision, re.ASCII) else ""
    return Package(
        spdx_id=_id(resolution),
        name=clean(resolution.name) or "unnamed",
        version=clean(revision) if revision else None,
        download_location=f"git+{home}{at}" if home else SpdxNoAssertion(),
        homepage=home,
        supplier=_supplier(resolution),
        files_analyzed=False,
        license_declared=licenses.expression(resolution.declared),
        license_concluded=licenses.expression(resolution.concluded),
        license_comment=_license_comment(resolution),
        copyright_text=SpdxNoAssertion(),
        comment=_outcome(verdict) if verdict else None,
        external_references=_purl(resolution),
    )


def _supplier(resolution: Resolution) -> Any:
    from spdx_tools.spdx.model import Actor, ActorType, SpdxNoAssertion

    owner, slash, _ = resolution.name.partition("/")
    return Actor(ActorType.ORGANIZATION, owner) if slash and hub_url(resolution) else SpdxNoAssertion()


def _purl(resolution: Resolution) -> list[Any]:
    from spdx_tools.spdx.model import ExternalPackageRef, ExternalPackageRefCategory

    purl = resolution.model.model_copy(update={"name": resolution.name}).purl(_revision(resolution))
    if not purl or not hub_url(resolution):
        return []
    return [ExternalPackageRef(ExternalPackageRefCategory.PACKAGE_MANAGER, "purl", purl)]


def _license_comment(resolution: Resolution) -> str | None:
    """Why concluded and declared differ, what contradicts them, and expressions that SPDX has no way to say."""
    parts = [clean(resolution.comment)] if resolution.comment else []
    for label, text in (("declared", resolution.declared), ("concluded", resolution.concluded)):
        if re.search(rf"\b({NOASSERTION}|{NONE})\b", text) and text not in {NOASSERTION, NONE}:
            parts.append(f"{label} in full: {clean(text)}")
    parts += [clean(each.message) for each in resolution.contradictions]
    parts += [clean(each.message) for each in resolution.unresolved]
    parts = list(dict.fromkeys(parts))
    return "; ".join(parts) or None


def _outcome(verdict: Verdict) -> str:
    reasons = [f"{each.code} {each.rule}" for each in standing(verdict)]
    return clean(f"licensecheck: {OUTCOMES[verdict.outcome]}" + (f" ({', '.join(reasons)})" if reasons else ""))


def _creation_info(models: Models, created: datetime) -> Any:
    from spdx_tools.spdx.model import Actor, ActorType, CreationInfo

    report = models if isinstance(models, Report) else None
    return CreationInfo(
        spdx_version="SPDX-2.3",
        spdx_id=_DOCUMENT,
        name=(report and clean(report.policy.name)) or "AI models",
        document_namespace="https://spdx.org/spdxdocs/licensecheck",
        creators=[Actor(ActorType.TOOL, f"licensecheck-{version.__version__}")],
        created=created,
        creator_comment="The date of creation was not recorded." if created == _UNDATED else None,
        document_comment=_judged(report) if report else None,
    )


def _judged(report: Report) -> str:
    return clean(f"Judged by the policy {report.policy.name} (sha256 {report.policy.sha256}): {summary(report)}")


def _namespace(content: Mapping[str, Any]) -> str:
    return f"https://spdx.org/spdxdocs/licensecheck-{hashlib.sha256(json_text(content).encode()).hexdigest()}"


def _relationships(listed: Mapping[str, None], edges: Edges) -> list[Relationship]:
    from spdx_tools.spdx.model import Relationship, RelationshipType, SpdxNone

    described = [Relationship(_DOCUMENT, RelationshipType.DESCRIBES, key) for key in listed]
    descent = [
        Relationship(model, RelationshipType.DESCENDANT_OF, base, comment=relation)
        for (model, base), relation in edges.items()
    ]
    # A document must describe something; SPDX says "nothing" as NONE.
    return [*described, *descent] or [Relationship(_DOCUMENT, RelationshipType.DESCRIBES, SpdxNone())]
