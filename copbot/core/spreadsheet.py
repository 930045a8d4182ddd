"""Text in the cells of a CSV file, which people open in a spreadsheet."""

_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def inert(text: str) -> str:
    """A text that a spreadsheet would take for a formula is made one no more."""
    return f"'{text}" if text.startswith(_FORMULA) else text
