"""What the office writes here: notices and their receipts, initiatives and promises."""
