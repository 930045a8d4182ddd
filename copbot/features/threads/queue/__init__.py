"""``/cop unanswered``: all that waits, a page at a time, with the same buttons as the cards."""
