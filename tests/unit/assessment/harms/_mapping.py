"""A mapping for tests, over the shipped library: one harm handled, one ruled out, one of our own."""

from __future__ import annotations

from hakari.assessment.harms import HarmMap, read_map
from hakari.packs.harms import load_harms

FACTS = {"decides_about_people": True, "affects_people": True}

WRITTEN = """\
# Talked through on 3 November.
exposures:
  subject_of: {who: Applicants of six years, by: owner, at: "2026-11-03T09:00:00+00:00"}   # from the archive
  excluded_from: {who: unknown}
harms:
  # The one that matters most.
  scoring-wrong-no:
    applies: yes
    motives:
      - {held_by: deployer, motive: saving}
      - {held_by: creator, motive: to be done by spring}
    against: A person looks at each no.
    by: owner
    at: "2026-11-04T09:00:00+00:00"
  scoring-past-repeated: {applies: no, because: Past decisions are not learnt from.}
  longer-queue: {title: A longer queue, applies: yes, exposures: [excluded_from, suffers_due_to]}
# The end.
"""


def mapping(text: str = WRITTEN) -> HarmMap:
    """Return the mapping in `text`."""
    return read_map(text.encode(), load_harms())
