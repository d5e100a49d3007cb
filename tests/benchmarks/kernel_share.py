"""The share of a finished campaign's CPU time spent in its kernels, from the logs of its jobs.

    python -m tests.benchmarks.kernel_share results/talk

Kernels are compiled once, by the first job that needs them. The second number is the share without
the time of compilation.
"""

import re
import sys
from collections import defaultdict
from pathlib import Path

LINE = re.compile(
    r"^kernels: ([\d.]+) of ([\d.]+) CPU seconds, ([\d.]+) to compile or load them$", re.MULTILINE
)


def main(campaign: str) -> None:
    sums: dict[str, list[float]] = defaultdict(lambda: [0.0, 0.0, 0.0])
    logs = Path(campaign, "logs")
    for log in sorted(logs.rglob("*.log")):
        for times in LINE.findall(log.read_text()):
            for stage in (log.relative_to(logs).parts[0], "all jobs"):
                sums[stage] = [
                    total + float(time) for total, time in zip(sums[stage], times, strict=True)
                ]
    for stage in sorted(sums, key=lambda stage: sums[stage][1]):
        kernels, total, compiling = sums[stage]
        print(
            f"{stage:12s} {kernels:8.1f} of {total:8.1f} CPU seconds: {kernels / total:6.1%}; "
            f"without {compiling:6.1f} of compiling: {kernels / (total - compiling):6.1%}"
        )


if __name__ == "__main__":
    main(*sys.argv[1:])
