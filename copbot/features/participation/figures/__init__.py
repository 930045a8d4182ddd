"""The documents of ``copbot stats``, as the written definitions have them. Pure: counted material in, values out."""

from copbot.features.participation.figures.activity import activity_document, hours_between
from copbot.features.participation.figures.document import Document, calendar_months, iso, rounded
from copbot.features.participation.figures.hours import LocalHours
from copbot.features.participation.figures.members import gini, members_document, shares, top_decile_share
from copbot.features.participation.figures.newcomers import newcomers_document
from copbot.features.participation.figures.retention import retention_document
from copbot.features.participation.figures.threads import WAITS_US, threads_document

__all__ = [
    "WAITS_US",
    "Document",
    "LocalHours",
    "activity_document",
    "calendar_months",
    "gini",
    "hours_between",
    "iso",
    "members_document",
    "newcomers_document",
    "retention_document",
    "rounded",
    "shares",
    "threads_document",
    "top_decile_share",
]
