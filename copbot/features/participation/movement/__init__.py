"""Who moves between the levels, who falls silent, and who comes back."""
