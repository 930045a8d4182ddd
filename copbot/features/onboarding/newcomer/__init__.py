"""Newcomers as their moderators see them."""
