"""Moderators' word over the schedule: pause, resume, post now."""
