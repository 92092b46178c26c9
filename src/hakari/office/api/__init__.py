"""What programs read from the office: JSON under `/api/v1/`, with a token, and never more than its person may see."""
