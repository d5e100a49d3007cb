"""One thread for linear algebra, rare collections, and the longest files of tests first."""

import gc
import os

from glasscore.__main__ import OBJECTS_BETWEEN_COLLECTIONS

# Several threads would slow down small matrices on a busy machine.
for threads in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(threads, "1")
# As in every job.
gc.set_threshold(OBJECTS_BETWEEN_COLLECTIONS)
# Each process takes file after file: a long one must not be left to the end.
LONG = (
    "figures/test_figures.py",
    "workflow/test_runs.py",
    "workflow/test_faults.py",
    "workflow/test_reruns.py",
    "cluster/test_slurm.py",
)


def pytest_collection_modifyitems(items):
    places = {name: place for place, name in enumerate(LONG)}
    items.sort(key=lambda item: places.get("/".join(item.path.parts[-2:]), len(LONG)))
