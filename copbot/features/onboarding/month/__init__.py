"""After a month: did you get what you came for?"""
