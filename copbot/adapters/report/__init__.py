"""A report as a page, as pictures and as files."""
