"""Where a Snapshot comes from: fetches and interprets nothing."""

from licensecheck.sources.chain import Fetch, Sources

__all__ = ["Fetch", "Sources"]
