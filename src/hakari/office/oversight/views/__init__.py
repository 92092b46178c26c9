"""Pages: dashboards, the programme report, the calendar."""
