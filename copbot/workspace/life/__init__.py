"""Simulated members: people with hours and habits of their own, who live on while the workspace's time is moved."""

from copbot.workspace.life.life import Happened, Life
from copbot.workspace.life.people import Places, populate

__all__ = ["Happened", "Life", "Places", "populate"]
