"""Asking one member whether they know: from a moderator's press to "I'll answer" or "Not me"."""
