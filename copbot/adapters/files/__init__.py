"""The coordinators' files: schedules and prompts, read, checked, and told with file, line and column where they
are wrong.
"""

from copbot.adapters.files.folders import fingerprint
from copbot.adapters.files.problem import Problem
from copbot.adapters.files.reading import Loaded, load, load_texts, prompts_of

__all__ = ["Loaded", "Problem", "fingerprint", "load", "load_texts", "prompts_of"]
