"""Pages of this room: one's own, and those by which accounts, units and roles are kept."""
