"""What readers see of the committee: the one page, votes as far as they may be known, and what waits for whom."""
