"""Who takes part how in a community now: its picture, the diagnosis, and who could do more."""
