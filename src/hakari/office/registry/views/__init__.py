"""The register as pages."""
