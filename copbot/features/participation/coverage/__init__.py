"""How many questions are answered, and how soon: by channel or by month, with intervals; who answers, and how evenly."""

from copbot.features.participation.coverage.document import By, answers_document, counts_document
from copbot.features.participation.coverage.gathering import coverage, covered
from copbot.features.participation.coverage.views import MOST_ANSWERERS, coverage_table

__all__ = ["MOST_ANSWERERS", "By", "answers_document", "counts_document", "coverage", "coverage_table", "covered"]
