"""What the rule of questions (``core/asks.py``) goes by: the author's own words, marks that ask, and requests in each language."""
