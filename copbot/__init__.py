"""copbot: a Slack bot that facilitates communities of practice."""

__version__ = "0.1.0"
