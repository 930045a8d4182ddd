"""The monthly report: a month of a community in sentences and figures, each beside the month before."""
