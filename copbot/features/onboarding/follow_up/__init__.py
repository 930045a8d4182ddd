"""What comes after the welcome, on each newcomer's own days and hours."""
