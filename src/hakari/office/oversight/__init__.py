"""How the office itself does: pipeline, ages, coverage, the programme report, the calendar."""
