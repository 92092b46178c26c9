"""Who there is, where they belong, what they may do and until when, and how they show that it is they."""
