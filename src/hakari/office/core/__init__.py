"""What all rooms of the office share: ledger, actions, texts that can be erased, conflicts, and the page frame."""
