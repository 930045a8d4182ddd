"""Products and their dates: the pinned line, reminders before, a word after."""
