"""The register as a file: what a person sees taken away, and a register from elsewhere brought in."""
