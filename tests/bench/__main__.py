"""`make bench`: ratios of two things measured in one run. The suite's own fixtures make the place to measure in.

`only` names some of them: `make bench only=opening_day`. The database is one that would survive a power cut, as a
real one must; `DATABASE_URL` names another.
"""

import fcntl
import os
import sys
from pathlib import Path

import pytest

from deploy.embedded import services

_HERE = Path(__file__).parent
_KEPT = _HERE.parents[1] / ".local" / "bench"


def main(only: list[str]) -> int:
    measures = [str(path) for path in sorted(_HERE.glob("measure_*.py")) if not only or path.stem[8:] in only]
    if not measures:
        print(f"No measure is called {' or '.join(only)}.", file=sys.stderr)
        return 2
    arguments = ["-q", "-s", "-o", "python_files=measure_*.py", "-o", "python_functions=measure_*", *measures]
    _KEPT.mkdir(parents=True, exist_ok=True)
    with (_KEPT / "lock").open("w") as lock:
        # Two at once would measure each other.
        fcntl.flock(lock, fcntl.LOCK_EX)
        if "DATABASE_URL" in os.environ:
            return pytest.main(arguments)
        with services.postgres(_KEPT, durable=True) as database:
            os.environ["DATABASE_URL"] = database.url
            return pytest.main(arguments)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
