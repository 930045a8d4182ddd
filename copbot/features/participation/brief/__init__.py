"""The week in a few lines for the moderators: three numbers, three names, one thing to do."""
