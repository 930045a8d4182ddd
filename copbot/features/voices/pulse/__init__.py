"""Pulse surveys: short, anonymous, and each with something that follows from it."""
