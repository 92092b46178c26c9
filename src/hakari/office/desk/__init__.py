"""Running the office: starting it, the demo company, checking an installation, saving and restoring it."""
