"""Bringing the community's history in."""

from copbot.features.history.service import Imported, import_history
from copbot.features.history.views import summary

__all__ = ["Imported", "import_history", "summary"]
