"""Who invited whom, and the thanks for it."""
