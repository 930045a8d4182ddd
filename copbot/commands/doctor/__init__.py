"""``copbot doctor``: each thing that copbot stands on, whether it works, and the one step that mends it.

It changes nothing, neither in the database nor on Slack, and shows no secret. Whatever is broken, all else is still told.
"""

from functools import partial

from copbot.adapters.files import Loaded, load
from copbot.commands.doctor.data import data_findings
from copbot.commands.doctor.findings import Examination, Finding, Look, looked_at
from copbot.commands.doctor.machine import machine_findings
from copbot.commands.doctor.workspace import slack_findings
from copbot.core.ports import Clock
from copbot.settings import Settings

__all__ = ["Examination", "Finding", "examine"]


def examine(settings: Settings, clock: Clock) -> Examination:
    """Look at everything. Asks Slack, and changes nothing there."""
    found = load(settings.copbot_schedules_dir, settings.copbot_prompts_dir)
    looks: dict[str, Look] = {
        "files": lambda: [_files(settings, found)],
        "database": partial(data_findings, settings, clock, found.communities),
        "machine": partial(machine_findings, settings, found.communities),
        "Slack": partial(slack_findings, settings, clock, found.communities),
    }
    return Examination(tuple(one for about, look in looks.items() for one in looked_at(about, [look])))


def _files(settings: Settings, found: Loaded) -> Finding:
    if found.problems:
        more = f" (and {len(found.problems) - 1} more)" if len(found.problems) > 1 else ""
        return Finding("files", False, f"{found.problems[0]}{more}", "mend it there; `copbot check` shows all")
    communities = ", ".join(community.id for community in found.communities)
    says = f"in order: {communities}, with {len(found.prompts)} prompts of {settings.copbot_prompts_dir}"
    return Finding("files", True, says)
