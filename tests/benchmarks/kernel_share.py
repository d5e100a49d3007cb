"""Share of a finished campaign's CPU time that its kernels took, from the logs of its jobs.

python -m tests.benchmarks.kernel_share results/talk
"""

import re
import sys
from collections import defaultdict
from pathlib import Path

LINE = re.compile(r"^kernels: ([\d.]+) of ([\d.]+) CPU seconds$", re.MULTILINE)


def main(campaign: str) -> None:
    in_kernels: dict[str, float] = defaultdict(float)
    in_all: dict[str, float] = defaultdict(float)
    logs = Path(campaign, "logs")
    for log in sorted(logs.rglob("*.log")):
        stage = log.relative_to(logs).parts[0]
        for kernels, all_of_it in LINE.findall(log.read_text()):
            in_kernels[stage] += float(kernels)
            in_all[stage] += float(all_of_it)
    for stage in in_all:
        print(f"{stage:12s} {in_kernels[stage]:8.1f} of {in_all[stage]:8.1f} CPU seconds")
    kernels, total = sum(in_kernels.values()), sum(in_all.values())
    print(f"{'all jobs':12s} {kernels:8.1f} of {total:8.1f} CPU seconds: {kernels / total:.1%}")


if __name__ == "__main__":
    main(*sys.argv[1:])
