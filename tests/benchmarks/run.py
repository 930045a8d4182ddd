"""All measurements, one after the other, each a table with ratios against a baseline of the same run.

Run: ``python tests/benchmarks/run.py`` (some minutes).
"""

import subprocess
import sys
from pathlib import Path


def main() -> int:
    here = Path(__file__)
    failed = 0
    for benchmark in sorted(here.parent.glob("*.py")):
        if benchmark == here:
            continue
        print(f"== {benchmark.stem}", flush=True)
        failed |= subprocess.run([sys.executable, str(benchmark)], check=False).returncode
    return failed


if __name__ == "__main__":
    sys.exit(main())
