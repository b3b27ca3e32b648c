"""What licenses say: the catalog of license records and the closed vocabulary of their terms."""

from licensecheck.catalog.lookup import Catalog, catalog, fold
from licensecheck.catalog.schema import LicenseRecord, Terms

__all__ = ["Catalog", "LicenseRecord", "Terms", "catalog", "fold"]
