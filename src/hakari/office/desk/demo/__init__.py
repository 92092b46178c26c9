"""The demonstration: a made-up company whose people and use cases show every part of the office.

`people` and `cases` are data, `seeding` makes them through the same actions as the site.
"""

from __future__ import annotations

from hakari.office.desk.demo.seeding import SignIn, SignIns, seed

__all__ = ["SignIn", "SignIns", "seed"]
