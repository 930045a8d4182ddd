"""`copbot demo`: a whole community on this machine, and one story told with it."""

from copbot.demo.run import run_demo

__all__ = ["run_demo"]
