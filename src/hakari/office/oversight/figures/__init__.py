"""Figures: what the dashboards count. Each asks the database for sums, over the cases that its reader sees."""
