"""How long ``copbot check`` takes on 500 schedule files, beside a bare parse of the same files.

Run: python tests/benchmarks/checking_files.py [FILES]

Each file has two posts: one at the best hour with ten questions and three templates, one on a cron line with its questions in a
file of their own; sixty templates, a third of them in two languages. The baseline, in the same run and on the same files, reads
them with ruamel.yaml's own loader: no places, no checks, no templates. Both in seconds of the processor, which other work on the
machine does not lengthen; the start of the program is within. Absolute figures differ between machines; the ratio holds.
"""

import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from ruamel.yaml import YAML

FILES = 500
ROUNDS = 3
WANTED_S, WANTED_RATIO = 8.0, 5.0
TEMPLATES = 60


def write_folder(folder: Path, files: int) -> None:
    """A community of that many files in ``schedules`` and ``prompts``."""
    (folder / "schedules/questions").mkdir(parents=True)
    (folder / "prompts").mkdir()
    (folder / "schedules/community.yaml").write_text(
        'community: {id: many, name: Many, timezone: Asia/Bangkok}\nchannels: {discussion: ["#c0"], moderators: "#mods"}\n'
        "roles: {coordinators: [jess@example.org]}\n"
    )
    for number in range(TEMPLATES):
        text = f"Question {number} of {{{{ community.name }}}}\n{{% if question %}}*{{{{ question }}}}*{{% endif %}}\n"
        (folder / f"prompts/p{number}.j2").write_text(text)
        if number % 3 == 0:
            (folder / f"prompts/p{number}.fr.j2").write_text(text)
    for number in range(files - 1):
        (folder / f"schedules/posts-{number}.yaml").write_text(posts(number))
        questions = "".join(f"- What did you learn from case {number} in step {step}?\n" for step in range(20))
        (folder / f"schedules/questions/q{number}.md").write_text(f"# Case {number}\n\n{questions}")


def posts(number: int) -> str:
    names = ", ".join(f"p{(number + step) % TEMPLATES}.j2" for step in range(3))
    questions = "".join(f"      - What surprised you in week {step} of case {number}, and why?\n" for step in range(10))
    return f"""\
posts:
  - id: best-{number}
    channel: "#c{number}"
    when: {{every: week, at: best, on: [tue, wed, thu], between: "08:00-18:00", otherwise: "wed 10:00"}}
    prompt: [{names}]
    questions:
{questions}
  - id: cron-{number}
    channel: "#c{number}"
    when: {{cron: "0 15 * * 5"}}
    text: "Case {number}: {{{{ question }}}}"
    questions: questions/q{number}.md
    skip_holidays: TH
"""


def seconds_of_check(folder: Path) -> tuple[float, float]:
    """By the clock, and of the processor."""
    clean = {key: value for key, value in os.environ.items() if not key.startswith(("COPBOT_", "SLACK_", "DATABASE_"))}
    started, before = time.perf_counter(), _of_children()
    done = subprocess.run(
        [sys.executable, "-m", "copbot", "check", "--json"],
        cwd=folder,
        env=clean,
        capture_output=True,
        text=True,
        check=False,
    )
    taken = time.perf_counter() - started
    if done.returncode != 0:
        raise SystemExit(f"check ended with {done.returncode}: {done.stdout[:500]}{done.stderr[:500]}")
    return taken, _of_children() - before


def _of_children() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def seconds_of_parsing(folder: Path) -> float:
    started = time.process_time()
    for file in sorted((folder / "schedules").glob("*.yaml")):
        YAML(typ="safe", pure=True).load(file.read_text(encoding="utf-8"))
    return time.process_time() - started


def main() -> int:
    files = int(sys.argv[1]) if len(sys.argv) > 1 else FILES
    with tempfile.TemporaryDirectory() as root:
        folder = Path(root)
        write_folder(folder, files)
        runs = [(*seconds_of_check(folder), seconds_of_parsing(folder)) for _ in range(ROUNDS)]
    clock, check, parsing = (statistics.median(column) for column in zip(*runs, strict=True))
    ratio = statistics.median(run[1] / run[2] for run in runs)
    print(f"{files} files, {2 * (files - 1):,} posts; medians of {ROUNDS} runs")
    print(f"{'copbot check, by the clock':<40}{clock:>8.2f} s")
    print(f"{'copbot check, of the processor':<40}{check:>8.2f} s")
    print(f"{'bare parse by ruamel.yaml':<40}{parsing:>8.2f} s")
    print(f"{'ratio':<40}{ratio:>8.2f}")
    good = check <= WANTED_S and ratio <= WANTED_RATIO
    print(
        f"wanted: {WANTED_S:.0f} s of the processor and {WANTED_RATIO:.0f} times the bare parse at most: {'reached' if good else 'MISSED'}"
    )
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
