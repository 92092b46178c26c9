"""Calendars: what a person has to keep in mind as an iCalendar feed (RFC 5545), opened by a secret address."""
