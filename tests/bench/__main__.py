"""`make bench`: ratios of two things measured in one run. The suite's own fixtures make the place to measure in."""

import sys
from pathlib import Path

import pytest

if __name__ == "__main__":
    measures = [str(path) for path in sorted(Path(__file__).parent.glob("measure_*.py"))]
    sys.exit(
        pytest.main(["-q", "-s", "-o", "python_files=measure_*.py", "-o", "python_functions=measure_*", *measures])
    )
