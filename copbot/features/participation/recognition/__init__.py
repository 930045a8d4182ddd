"""Thanks to members, in private, for what they do for others."""
