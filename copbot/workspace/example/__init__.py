"""The example community: invented people, their habits and fourteen weeks of their talk, as a Slack export."""

from copbot.workspace.example.export import write_example_export

__all__ = ["write_example_export"]
