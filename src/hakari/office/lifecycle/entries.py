"""Where this room stands in the navigation, and what it knows to need somebody now."""
