"""Every write of this room: profiles, tokens, sessions, accounts, units, roles, and erasure."""
