"""`python -m licensecheck`."""

from licensecheck.cli import main

if __name__ == "__main__":
    main()
