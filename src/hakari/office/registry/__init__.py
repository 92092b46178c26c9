"""The register: use cases with their versions, what they are made of, who supplied it, and who may see what."""
