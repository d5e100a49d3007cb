"""One thread for linear algebra, and the longest files of tests first."""

import os

# Several threads would slow down small matrices on a busy machine.
for threads in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(threads, "1")


def pytest_collection_modifyitems(items):
    """Each process takes file after file: a long one must not be left to the end."""
    items.sort(key=lambda item: "workflow" not in item.path.parts)
