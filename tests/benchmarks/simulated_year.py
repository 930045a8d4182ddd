"""A year of simulated life with the bot connected: how long it takes, what it needs, and whether all promises hold.

Run: python tests/benchmarks/simulated_year.py [DAYS] [MEMBERS]
"""

import os
import resource
import sys
import time
from datetime import timedelta
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from simulated import broken, human_messages, living, own_messages

DAYS, MEMBERS = 365, 200
WANTED_S = 120.0
A_DAY = timedelta(days=1)


def resident_mib() -> float:
    statm = Path("/proc/self/statm")
    if statm.exists():
        return int(statm.read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 2**20
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def main(days: int, members: int) -> int:
    opened = time.monotonic()
    with living(members) as stage:
        began, memory, before = time.monotonic(), resident_mib(), len(human_messages(stage))
        print(f"{'virtual days':>12} {'people':>7} {'messages':>9} {'by the bot':>11} {'seconds':>8} {'MiB':>6}")
        for day in range(0, days + 1, max(1, days // 12)):
            stage.time.through(stage.clock.now() + min(max(1, days // 12), days - day) * A_DAY)
            people = sum(not user["is_bot"] for user in stage.workspace.users())
            human, own = len(human_messages(stage)) - before, len(own_messages(stage))
            passed = min(days, day + max(1, days // 12))
            seconds = time.monotonic() - began
            print(f"{passed:>12} {people:>7} {human:>9} {own:>11} {seconds:>8.1f} {resident_mib():>6.0f}", flush=True)
            if passed == days:
                break
        stage.settle()
        seconds = time.monotonic() - began
        wrong = broken(stage)
        print(f"\n{days} days of {members} members: {seconds:.1f} s (wanted at most {WANTED_S * days / DAYS:.0f} s)")
        print(f"opened in {began - opened:.1f} s; resident memory from {memory:.0f} to {resident_mib():.0f} MiB")
    for claim in wrong:
        print(f"not so: {claim}")
    print("nothing doubled, lost or left open" if not wrong else f"{len(wrong)} claims do not hold")
    return 1 if wrong or seconds > WANTED_S * days / DAYS else 0


if __name__ == "__main__":
    sys.exit(main(*map(int, [*sys.argv[1:], *(DAYS, MEMBERS)[len(sys.argv) - 1 :]])))
