"""The journey without a newcomer: every message and form of it, shown to those who run it."""
